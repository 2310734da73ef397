"""Doors of layouts: which there are, and arranging one (版面). Every step works without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hongyan.core.errors import Conflict, NotFound
from hongyan.customer.actions.arrange import arrange, may_arrange
from hongyan.customer.codes import LayoutPlace, PartyType
from hongyan.customer.forms_arranged import LayoutForm
from hongyan.customer.layouts import Text, kept_of, latest, parts_of, read
from hongyan.customer.models import Layout
from hongyan.customer.rules.layouts import Part, arranged, grouped, moved
from hongyan.org.access import needs
from hongyan.org.codes import Right, Role
from hongyan.org.requests import ViewerRequest

SHOWN_VERSIONS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One part as the page shows it, with its place from 1."""

    part: Part
    place: int
    label: Text
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Arranged:
    """A layout that somebody made for a place, a kind and a role."""

    row: Layout
    label: str
    url: str


@require_safe
@needs(Right.PARAMETER_READ)
def layouts(request: ViewerRequest) -> HttpResponse:
    """What can be arranged, and for which roles it is."""
    newest = Layout.objects.order_by("place", "party_type", "role", "-version")
    rows = newest.distinct("place", "party_type", "role").select_related("maker")
    made = [
        Arranged(row, _name(row.place, row.party_type, row.role), _url(row.place, row.party_type, row.role))
        for row in rows
        if row.parts
    ]
    context = {
        "made": made,
        "choices": [
            (f"{place.label} · {kind.label}", _url(place, kind, ""))
            for place in LayoutPlace
            for kind in PartyType
        ],
    }
    return render(request, "customer/layouts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PARAMETER_READ)
def layout(request: ViewerRequest, place: str, kind: str, role: str = "") -> HttpResponse:
    """One layout; posted, it is moved, looked at, saved, or set back to the default."""
    if place not in LayoutPlace.values or kind not in PartyType.values or (role and role not in Role.values):
        raise NotFound("layout", f"{place}/{kind}/{role}"[:60])
    names, kept = parts_of(place, kind), kept_of(place, kind)
    now = latest(place, kind, role)
    parts = arranged(list(names), read(now.parts) if now else [], kept=kept)
    problem, status = "", 200
    if request.method == "POST":
        form = LayoutForm(parts, request.POST)
        is_sound, asked = form.is_valid(), request.POST.get("act", "")
        parts = arranged(list(names), form.said, kept=kept)
        if asked in ("save", "reset") and (is_sound or asked == "reset"):
            try:
                seen = request.POST.get("seen", "")
                arrange(request.viewer, place, kind, role, parts if asked == "save" else [], seen=seen)
            except Conflict as error:
                problem, status = error.message, 409
            else:
                messages.success(request, _("版面已保存。") if asked == "save" else _("已恢复默认版面。"))
                return redirect(_url(place, kind, role))
        else:
            problem, status = form.problem, 200 if is_sound else 422
            way, _colon, name = asked.partition(":")
            parts = moved(parts, name, {"up": -1, "down": 1}.get(way, 0))
    versions = Layout.objects.filter(place=place, party_type=kind, role=role).select_related("maker")
    context = {
        "name": _name(place, kind, role),
        "rows": _rows(parts, names, kept),
        "preview": [(title, [names[name] for name in found]) for title, found in grouped(parts)],
        "seen": now.version if now else 0,
        "versions": versions.order_by("-version")[:SHOWN_VERSIONS],
        "roles": [
            ("", _("所有岗位"), _url(place, kind, ""), role == ""),
            *((one.value, str(one.label), _url(place, kind, one.value), role == one.value) for one in Role),
        ],
        "is_form": place == LayoutPlace.FORM,
        "may_arrange": may_arrange(request.viewer),
        "problem": problem,
    }
    return render(request, "customer/layout.html", context, status=status)


def _rows(parts: Sequence[Part], names: dict[str, Text], kept: frozenset[str]) -> list[Row]:
    return [Row(part, place, names[part.name], part.name in kept) for place, part in enumerate(parts, 1)]


def _name(place: str, kind: str, role: str) -> str:
    whose = Role(role).label if role else _("所有岗位")
    return f"{LayoutPlace(place).label} · {PartyType(kind).label} · {whose}"


def _url(place: str, kind: str, role: str) -> str:
    if role:
        return reverse("customer:role_layout", args=[place, kind, role])
    return reverse("customer:layout", args=[place, kind])
