"""Which forms and panels of a customer can be arranged (版面), of which parts, and how they are for a viewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.customer.codes import LayoutPlace, PartyType
from hongyan.customer.custom import fields_for, label
from hongyan.customer.models import Layout
from hongyan.customer.rules.layouts import Part, arranged
from hongyan.org.codes import Viewer

Text = str | Promise

_BOTH: Mapping[str, Text] = {
    "name": _("名称"),
    "short_name": _("简称"),
    "gender": _("性别"),
    "birth_date": _("出生日期"),
    "credential_type": _("证件类型"),
    "credential_no": _("证件号码"),
    "mobile": _("手机"),
    "landline": _("固定电话"),
    "email": _("电子邮箱"),
    "address": _("地址"),
    "legal_person": _("法定代表人"),
    "industry": _("行业"),
    "scale": _("规模"),
}
_NOT_OF: Mapping[str, frozenset[str]] = {
    PartyType.PERSON: frozenset({"short_name", "legal_person", "industry", "scale"}),
    PartyType.ORGANISATION: frozenset({"gender", "birth_date"}),
}
SIDE: Mapping[str, Text] = {
    "cases": _("待核"),
    "lines": pgettext_lazy("版面", "各板块业务关系"),
    "contacts": _("联系人"),
    "addresses": pgettext_lazy("customer part", "地址"),
    "idle": _("其他板块"),
}
_KEPT_S = 10
_KEPT = frozenset({"name", "credential_type", "credential_no"})
"""Who somebody is cannot be left out of a form; nor can what the house requires."""


def parts_of(place: str, party_type: str) -> dict[str, Text]:
    """The parts of a place in the house's own order, with their labels."""
    if place == LayoutPlace.SIDE:
        return dict(SIDE)
    own = {field.name: label(field) for field in fields_for(party_type)}
    return {name: text for name, text in _BOTH.items() if name not in _NOT_OF[party_type]} | own


def kept_of(place: str, party_type: str) -> frozenset[str]:
    """The parts that cannot be hidden."""
    if place == LayoutPlace.SIDE:
        return frozenset({"cases"})
    return _KEPT | {field.name for field in fields_for(party_type) if field.is_required}


def latest(place: str, party_type: str, role: str) -> Layout | None:
    """The version that holds for exactly one role, or for every role where it is empty. One query."""
    return Layout.objects.filter(place=place, party_type=party_type, role=role).order_by("-version").first()


def layouts_for(viewer: Viewer, place: str) -> dict[str, list[Part]]:
    """How a viewer finds a place arranged, for persons and for organisations: by the role of their post, else for
    everybody; a kind without is as the house has it.

    Kept in memory for ten seconds, since every page of a customer asks and people arrange it rarely.
    """
    newest = _newest(place, int(clock.now().timestamp()) // _KEPT_S)
    found = {kind.value: newest.get((kind, viewer.role)) or newest.get((kind, "")) for kind in PartyType}
    return {
        kind: arranged(list(parts_of(place, kind)), read(parts), kept=kept_of(place, kind))
        for kind, parts in found.items()
        if parts
    }


@lru_cache(maxsize=len(LayoutPlace))
def _newest(place: str, _ten_seconds: int) -> dict[tuple[str, str], Sequence[Any]]:
    rows = Layout.objects.filter(place=place).order_by("version")
    return {(kind, role): parts for kind, role, parts in rows.values_list("party_type", "role", "parts")}


def forget() -> None:
    """Read them anew next time: somebody arranged one."""
    _newest.cache_clear()


def read(stored: Sequence[Any]) -> list[Part]:
    """The parts that a version holds."""
    return [Part(name, section, bool(is_hidden)) for name, section, is_hidden in stored]
