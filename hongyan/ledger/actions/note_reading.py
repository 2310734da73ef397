"""Writing down that somebody read a customer's facts (查阅留痕): a read of personal data (BARS A 9)."""

from __future__ import annotations

from django.db import transaction

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.customer.queries.history import OPENING
from hongyan.org.codes import Right, Viewer

OPENING_FACT = "fact.open"
"""The act of looking at a fact of nobody the viewer may know."""


def note_reading(viewer: Viewer, code: str, *, part: str, purpose: str = "") -> None:
    """Audit that facts of a customer were read; `part` is what was looked at, `purpose` what for where it was asked.

    Errors: NotAllowed without the right to read the ledger.
    """
    if not viewer.may(Right.LEDGER_READ):
        raise NotAllowed(Right.LEDGER_READ)
    with transaction.atomic(savepoint=False):
        audit.record(viewer.actor, OPENING, "customer", code, after={"part": part}, purpose=purpose)


def note_fact(viewer: Viewer, system: str, number: str) -> None:
    """Audit that a fact was read whose customer the viewer does not know. Errors: as above."""
    if not viewer.may(Right.LEDGER_READ):
        raise NotAllowed(Right.LEDGER_READ)
    audit.record(viewer.actor, OPENING_FACT, "fact", f"{system} {number}")
