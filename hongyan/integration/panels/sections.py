"""The console's parts, on every page of it (来源系统、批次、接入日历、隔离区)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.config.home import real_data

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the console's parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


def sections(active: str) -> list[SectionLink]:
    """The console's parts, the one called `active` marked; that of public data only where they are."""
    parts = [
        _section("systems", pgettext_lazy("接入台", "来源系统"), icon="plug-connected", active=active),
        _section("deliveries", pgettext_lazy("接入台", "批次"), icon="database-import", active=active),
        _section("calendar", gettext_lazy("接入日历"), icon="calendar-check", active=active),
        _section(
            "quarantine", gettext_lazy("隔离区"), icon="alert-triangle", active=active, query="?state=open"
        ),
    ]
    if real_data() is not None:
        parts.append(_section("findings", gettext_lazy("公开数据"), icon="database-search", active=active))
    return parts


def _section(name: str, label: Text, *, icon: str, active: str, query: str = "") -> SectionLink:
    return SectionLink(label, reverse(f"integration:{name}") + query, icon, name == active)
