"""The console's three parts, on every page of it (来源系统、批次、隔离区)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the console's three parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


def sections(active: str) -> list[SectionLink]:
    """The console's parts, the one called `active` marked."""
    return [
        _section("systems", pgettext_lazy("接入台", "来源系统"), icon="plug-connected", active=active),
        _section("deliveries", pgettext_lazy("接入台", "批次"), icon="database-import", active=active),
        _section(
            "quarantine", gettext_lazy("隔离区"), icon="alert-triangle", active=active, query="?state=open"
        ),
    ]


def _section(name: str, label: Text, *, icon: str, active: str, query: str = "") -> SectionLink:
    return SectionLink(label, reverse(f"integration:{name}") + query, icon, name == active)
