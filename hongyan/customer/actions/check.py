"""Checking a record against all customers before it is written (查重): who may be the same, how sure, and why.

The check sees every customer of the group, for duplicates do not stop at the borders of units. What it tells of a
customer out of the viewer's scope is the band and a masked name; of one in scope, the reasons as well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hongyan.core import audit, masking, scope
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.customer.actions.place_fresh import placements
from hongyan.customer.actions.prepare import look_up_keys
from hongyan.customer.models import Customer
from hongyan.identity.normalise import normalise
from hongyan.identity.online.party import party_of
from hongyan.identity.record import Record
from hongyan.identity.verdict import Band, Verdict
from hongyan.org.codes import Right, Viewer

CHECKING = "customer.check"
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who may be the same.

    Fields: ``band`` join for surely, review for perhaps; ``name`` masked unless the customer is in scope; ``code`` and
    ``verdict``, the reasons, only of a customer in scope.
    """

    band: Band
    name: str
    code: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a check found, the likeliest first, ten at most; nobody means that the record is a new customer."""

    found: tuple[Candidate, ...]

    @property
    def band(self) -> Band:
        """What would become of the record: the same as a known customer, perhaps one, or new."""
        return self.found[0].band if self.found else "new"


def check(viewer: Viewer, record: Record) -> Candidates:
    """The customers that a record may be, with the answer that taking it in would give. The check is audited.

    Errors: NotAllowed without the right to read customers; Invalid when the record says nothing to go by.
    """
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    party = party_of(record.kind, normalise(record).row())
    keys = look_up_keys(party)
    if not keys:
        raise Invalid({"": _("资料太少，无法查重。")})
    with scope.bulk():
        (placed,) = placements([party], [keys])
        verdicts = {review.customer: review.verdict for review in placed.reviews if review.customer}
        if placed.customer is not None and placed.verdict is not None:
            verdicts[placed.customer] = placed.verdict
        likeliest = sorted(verdicts, key=lambda id_: (-verdicts[id_].score, id_))[:SHOWN]
        names = _names(likeliest)
    codes = dict(Customer.objects.visible_to(viewer).filter(id__in=likeliest).values_list("id", "code"))
    found = Candidates(tuple(_candidate(verdicts[id_], names[id_], codes.get(id_)) for id_ in likeliest))
    audit.record(
        viewer.actor, CHECKING, "customer", next(filter(None, (one.code for one in found.found)), ""),
        after={"band": found.band, "out_of_scope": len(likeliest) - len(codes)}, count=len(likeliest),
    )  # fmt: skip
    return found


def _names(customers: Collection[int]) -> dict[int, str]:
    return dict(Customer.objects.filter(id__in=customers).values_list("id", "name"))


def _candidate(verdict: Verdict, name: str, code: str | None) -> Candidate:
    if code is None:
        return Candidate(verdict.band, masking.mask_name(name))
    return Candidate(verdict.band, name, code, verdict)
