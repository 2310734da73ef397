"""Tags of the ledger's pages: ``{% load ledger %}``."""

from __future__ import annotations

from django import template

from hongyan.customer.queries.systems import system_name
from hongyan.ledger.words import line_mark, source_name, spoken

register = template.Library()
register.simple_tag(system_name, name="system_of")
register.simple_tag(spoken)
register.simple_tag(source_name)
register.simple_tag(line_mark)
