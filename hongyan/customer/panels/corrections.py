"""Corrections in words (更正): what a checker decides by, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit, masking
from hongyan.customer.codes import Purpose
from hongyan.customer.custom import Own, is_custom
from hongyan.customer.models import Correction
from hongyan.customer.panels.words import LABELS, word_of
from hongyan.customer.queries.corrections import find_correction
from hongyan.customer.queries.history import OPENING
from hongyan.org.approvals import Fact
from hongyan.org.codes import Viewer
from hongyan.ui.records import Field


def changes_of(row: Correction) -> list[Field]:
    """Each corrected field: before → after, personal data masked."""
    own = Own()
    return [
        Field(
            own.label(head, LABELS),
            f"{shown_as(head, before, own)} → {shown_as(head, after, own)}",
            is_wide=True,
        )
        for head, (before, after) in row.shown.items()
    ]


def shown_as(head: str, value: str, own: Own) -> str:
    """A golden value as people read it."""
    if not value:
        return "—"
    if is_custom(head):
        return own.word(head, value)
    return masking.mask_address(value) if head == "address" else str(word_of(head, value))


def correction_facts(viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What a checker decides by; that it was read is audited, for it names a customer. Errors: NotFound."""
    row = find_correction(viewer, int(subject))
    audit.record(
        viewer.actor, OPENING, "customer", row.customer.code,
        after={"part": "correction"}, purpose=Purpose.APPROVAL,
    )  # fmt: skip
    named = _("{name}（{code}）").format(name=row.customer.name, code=row.customer.code)
    return [(pgettext("更正", "客户"), named), *changes_of(row)]


def corrections_asked(subjects: Collection[str]) -> dict[str, str]:
    """What each of some requests would correct, by code and fields; those out of scope are left out. One query."""
    rows = Correction.objects.filter(pk__in=[int(one) for one in subjects]).select_related("customer")
    listed, own = pgettext("list separator", "、"), Own()
    return {
        str(row.pk): f"{row.customer.code} {listed.join(str(own.label(head, LABELS)) for head in row.heads)}"
        for row in rows
    }


def correction_url(subject: str) -> str:
    """Where the customer of a correction stands."""
    code = Correction.objects.filter(pk=int(subject)).values_list("customer__code", flat=True).first()
    return reverse("customer:correct", args=[code]) if code else ""
