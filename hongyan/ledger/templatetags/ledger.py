"""Tags of the ledger's pages: ``{% load ledger %}``."""

from __future__ import annotations

from django import template

from hongyan.customer.queries.systems import system_name
from hongyan.ledger.words import source_name, spoken
from hongyan.org.codes import Line

register = template.Library()
register.simple_tag(system_name, name="system_of")
register.simple_tag(spoken)
register.simple_tag(source_name)


@register.simple_tag
def line_name(code: str) -> str:
    """A line in words."""
    return str(Line(code).label)
