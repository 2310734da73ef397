"""Looking at a merge before and after it is made (打开归并): both customers are read, which leaves a trace.

A steward has no customer of their own here; to verify who is who is what for (PSB-020). A merge that stands is its own
purpose, by its number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from hongyan.core import audit, scope
from hongyan.core.errors import NotAllowed
from hongyan.customer.codes import MergeState, Purpose
from hongyan.customer.evidence import verdict_between
from hongyan.customer.models import Customer, Merge
from hongyan.customer.queries.history import OPENING
from hongyan.customer.queries.merges import MergePreview, SplitPreview, find_merge, preview_merge, split_of
from hongyan.customer.queries.records import CustomerRecord, find_customer, record_of
from hongyan.customer.rules.merging import NO_CHOICES, Choices
from hongyan.org.codes import Right, Viewer


@dataclass(frozen=True, slots=True)
class OpenedMerge:
    """One merge, and what its split would give back where it is in force."""

    row: Merge
    split: SplitPreview | None


def look_at_merge(
    viewer: Viewer, survivor_code: str, absorbed_code: str, choices: Choices = NO_CHOICES
) -> MergePreview:
    """A dry run of a merge. Errors: NotAllowed without the right; otherwise as `preview_merge`."""
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        seeing = preview_merge(viewer, survivor_code, absorbed_code, choices)
        codes = (seeing.survivor.code, seeing.absorbed.code)
        audit.record_each(
            viewer.actor, OPENING, "customer", codes, after={"part": "merge"}, purpose=Purpose.VERIFY
        )
        with scope.bulk():
            verdict = verdict_between(seeing.survivor.pk, seeing.absorbed.pk)
    return replace(seeing, verdict=verdict)


def open_merge(viewer: Viewer, merge_id: int) -> OpenedMerge:
    """A merge as it stands. Errors: NotAllowed without the right; NotFound when either customer is out of scope."""
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        row = find_merge(viewer, merge_id)
        for customer in (row.survivor, row.absorbed):
            _note(viewer, customer, row.number)
        return OpenedMerge(row, split_of(row) if row.state == MergeState.DONE else None)


def look_at_customer(viewer: Viewer, code: str) -> Customer:
    """A customer that somebody wants to merge. Errors: NotAllowed without the right; NotFound out of scope."""
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        customer = find_customer(viewer, code)
        _note(viewer, customer, Purpose.VERIFY)
    return customer


def look_at_parties(viewer: Viewer, code: str) -> CustomerRecord:
    """A customer's source parties, of which some may be taken out. Errors: NotAllowed; NotFound out of scope."""
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        record = record_of(viewer, find_customer(viewer, code))
        _note(viewer, record.customer, Purpose.VERIFY)
    return record


def _note(viewer: Viewer, customer: Customer, purpose: str) -> None:
    audit.record(viewer.actor, OPENING, "customer", customer.code, after={"part": "merge"}, purpose=purpose)


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
