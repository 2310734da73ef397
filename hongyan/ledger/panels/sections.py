"""The parts of the ledger, on every page of it (业务月报、业务明细、产品目录、邮储入库)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hongyan.ledger.queries.access import lines_of
from hongyan.org.codes import Line, Viewer

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the ledger's parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


def sections(viewer: Viewer, active: str) -> list[SectionLink]:
    """The ledger's parts that the viewer's post has something in, the one called `active` marked."""
    offered = [
        ("units", gettext_lazy("业务月报"), "chart-bar", True),
        ("facts", gettext_lazy("业务明细"), "list-search", True),
        ("products", gettext_lazy("产品目录"), "packages", True),
        ("bank_intake", gettext_lazy("邮储入库"), "building-bank", Line.BANK in lines_of(viewer)),
    ]
    return [
        SectionLink(label, reverse(f"ledger:{name}"), icon, name == active)
        for name, label, icon, is_offered in offered
        if is_offered
    ]
