"""Opening a customer's page (打开客户): a read of personal data, which leaves a trace (BARS A 9).

Whoever does not look after the customer says first what for (PSB-021): in this session, or with the call itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed, NotFound, PurposeNeeded
from hongyan.core.parameters import value_of
from hongyan.customer.actions.reveal import check_purpose
from hongyan.customer.codes import Purpose
from hongyan.customer.models import Customer, Ownership, Share
from hongyan.customer.parameters import PURPOSE_MINUTES
from hongyan.customer.queries.history import ASKING, OPENING, STATING
from hongyan.customer.queries.records import (
    CustomerRecord,
    assists,
    find_customer,
    owners_of,
    record_of,
)
from hongyan.customer.queries.shares import as_guest, find_share
from hongyan.customer.rules.ownership import Keeper, is_own
from hongyan.org.codes import Right, Viewer


def open_record(viewer: Viewer, customer: Customer, *, part: str, purpose: str = "") -> CustomerRecord:
    """Everything around a customer, and the audit that somebody looked; `part` is what was looked at.

    `purpose` is what for, if it was not said before in the session. Errors: NotAllowed without the right to read
    customers, PurposeNeeded for somebody else's customer, Invalid for a purpose we do not know.
    """
    _check_right(viewer)
    with transaction.atomic(savepoint=False):
        record = record_of(viewer, customer)
        _note(viewer, customer, record.owners, part=part, purpose=purpose)
        return record


@dataclass(slots=True)
class Reading:
    """A customer that was found, and who reads it: a guest where it is shared with them, who looked at `part`."""

    viewer: Viewer
    customer: Customer
    share: Share | None = None
    part: str = ""

    def open(self, part: str) -> CustomerRecord:
        """Everything around the customer, audited. A guest says no purpose: whoever shared it did. Errors: as above."""
        if self.share is None:
            return open_record(self.viewer, self.customer, part=part)
        _check_right(self.viewer)
        self.part = part
        return record_of(self.viewer, self.customer)


@contextmanager
def reading(viewer: Viewer, code: str) -> Iterator[Reading]:
    """Find a customer in the viewer's scope, else among those shared with them, to be read as a guest inside the block.

    Whoever finds it in scope pays nothing for that. Errors: NotFound.
    """
    customer = _in_scope(viewer, code)
    if customer is not None:
        yield Reading(viewer, customer)
        return
    with as_guest(viewer) as guest:
        share = find_share(guest, code)
        if share is None:
            raise NotFound("customer", code[:20])
        found = Reading(guest, share.customer, share)
        yield found
    if found.part:  # in the viewer's own scope, where those who watch over them look for it
        after = {"part": found.part, "share": share.pk}
        audit.record(viewer.actor, OPENING, "customer", found.customer.code, after=after)


def _in_scope(viewer: Viewer, code: str) -> Customer | None:
    try:
        return find_customer(viewer, code)
    except NotFound:
        if viewer.scope.everything:
            raise
        return None


def open_code(viewer: Viewer, code: str, *, part: str, purpose: str = "") -> CustomerRecord:
    """`open_record` by a code or alias. Errors: as there, and NotFound out of scope."""
    _check_right(viewer)
    return open_record(viewer, find_customer(viewer, code), part=part, purpose=purpose)


def open_part(
    viewer: Viewer, customer: Customer, *, part: str, owners: Iterable[Ownership] | None = None
) -> None:
    """Audit that somebody looked at what another room keeps of a customer, under the same rule. Errors: as above.

    `owners` are the customer's, where the caller has read them already.
    """
    _check_right(viewer)
    with transaction.atomic(savepoint=False):
        found = owners_of(customer) if owners is None else owners
        _note(viewer, customer, found, part=part, purpose="")


def note_asking(viewer: Viewer, customer: Customer) -> None:
    """Audit that somebody was asked for a purpose: the page tells the customer's name and whose it is.

    Errors: NotAllowed without the right to read customers.
    """
    _check_right(viewer)
    audit.record(viewer.actor, ASKING, "customer", customer.code)


@dataclass(frozen=True, slots=True)
class Stated:
    """A purpose that was written down, and for how many minutes it holds."""

    purpose: str
    minutes: int


def state_purpose(viewer: Viewer, customer: Customer, *, purpose: str, note: str = "") -> Stated:
    """Write down what somebody needs a customer of others for. The door keeps it for the session.

    Errors: NotAllowed without the right to read customers, Invalid for a purpose we do not know or a long note.
    """
    _check_right(viewer)
    check_purpose(purpose, note)
    minutes = minutes_of(viewer)
    after = {"note": note, "minutes": minutes}
    audit.record(viewer.actor, STATING, "customer", customer.code, after=after, purpose=purpose)
    return Stated(purpose, minutes)


def minutes_of(viewer: Viewer) -> int:
    """How long a stated purpose holds for a viewer."""
    return int(value_of(PURPOSE_MINUTES, units=viewer.unit_chain))


def _note(
    viewer: Viewer, customer: Customer, owners: Iterable[Ownership], *, part: str, purpose: str
) -> None:
    what_for = purpose or viewer.purposes.get(customer.code, "")
    if what_for and what_for not in Purpose.values:
        raise Invalid({"purpose": _("请选择用途")})
    keepers = [Keeper(owner.line, owner.unit_id, owner.manager_id) for owner in owners]
    is_theirs = is_own(
        keepers, role=viewer.role, people=viewer.people, unit_id=viewer.unit_id, lines=viewer.line_codes
    )
    if not (what_for or is_theirs or assists(viewer.people, customer)):
        raise PurposeNeeded(OPENING, "customer", customer.code)
    audit.record(viewer.actor, OPENING, "customer", customer.code, after={"part": part}, purpose=what_for)


def _check_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
