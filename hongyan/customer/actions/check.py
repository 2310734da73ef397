"""Checking a record against all customers before it is written (查重): who may be the same, how sure, and why.

The check sees every customer of the group, for duplicates do not stop at the borders of units. What it tells of a
customer out of the viewer's scope is the band and a masked name; of one in scope, the reasons as well. That alone tells
who is a customer: a person has so many checks an hour, and each is audited.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from hongyan.core import audit, masking, rates, scope, vault
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.customer.actions.place_fresh import placements
from hongyan.customer.actions.prepare import LookUpKey, look_up_keys
from hongyan.customer.models import Customer
from hongyan.customer.parameters import CHECKS_AN_HOUR
from hongyan.identity.normalise import normalise
from hongyan.identity.online.party import Party, party_of
from hongyan.identity.record import Record
from hongyan.identity.verdict import Band, Verdict
from hongyan.org.codes import Right, Viewer

CHECKING = "customer.check"
SHOWN = 10
_MARK_BYTES = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who may be the same.

    Fields: ``band`` join for surely, review for perhaps; ``name`` masked unless the customer is in scope; ``code``,
    ``verdict`` (the reasons) and ``known_by``, masked numbers to know them by, only of a customer in scope. ``id`` is
    for rules that look at all customers, never for whoever asks.
    """

    band: Band
    name: str
    code: str = ""
    verdict: Verdict | None = None
    known_by: tuple[str, ...] = ()
    id: int = field(default=0, repr=False)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a check found: whom the record would join first, then the likeliest, ten at most. Nobody: a new customer.

    Fields: ``mark`` is another one for other people found; ``trace`` for other numbers asked or other people found, and
    empty where no number was asked and nobody found.
    """

    found: tuple[Candidate, ...]
    mark: str = ""
    trace: str = field(default="", repr=False)

    @property
    def band(self) -> Band:
        """What would become of the record: the same as a known customer, perhaps one, or new."""
        return self.found[0].band if self.found else "new"


def check(viewer: Viewer, record: Record, *, told: Collection[str] | None = None) -> Candidates:
    """The customers that a record may be, with the answer that taking it in would give. The check is audited.

    `told` are traces of what was asked and answered before while somebody typed: the same again is not audited again.
    Errors: NotAllowed without the right to read customers; Invalid when the record says nothing to go by.
    """
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    party = party_of(record.kind, normalise(record).row())
    keys = look_up_keys(party)
    if not keys:
        raise Invalid({"": _("资料太少，无法查重。")})
    with scope.bulk():
        found = candidates_for(viewer, party, keys)
    if told is None or (found.trace and found.trace not in told):
        note_check(viewer, found)
    return found


def take_turn(viewer: Viewer) -> int:
    """Count a check at a door: 0 when it may be answered, else in how many seconds the next one may.

    The allowance is the person's, whichever doors they use. A rolled back request, which told nothing, is not counted.
    """
    an_hour = value_of(CHECKS_AN_HOUR, units=viewer.unit_chain)
    return rates.seconds_to_wait(f"check/{viewer.staff_id}", per_minute=an_hour / 60, burst=an_hour)


def candidates_for(viewer: Viewer, party: Party, keys: Sequence[LookUpKey]) -> Candidates:
    """Who a party may be, as far as the viewer may know it. Call it inside `scope.bulk()`."""
    (placed,) = placements([party], [keys])
    verdicts = {review.customer: review.verdict for review in placed.reviews if review.customer}
    if placed.customer is not None and placed.verdict is not None:
        verdicts[placed.customer] = placed.verdict
    ids = sorted(verdicts, key=lambda id_: (id_ != placed.customer, -verdicts[id_].score, id_))[:SHOWN]
    names = dict(Customer.objects.filter(id__in=ids).values_list("id", "name"))
    known_by = ("id", "code", "mobile_masked", "credential_masked")
    seen = Customer.objects.visible_to(viewer).filter(id__in=ids).values_list(*known_by)
    in_scope = {id_: (code, tuple(filter(None, numbers))) for id_, code, *numbers in seen}
    found = tuple(_candidate(id_, verdicts[id_], names[id_], in_scope.get(id_)) for id_ in ids)
    mark = _mark("found", *(f"{id_}:{verdicts[id_].band}" for id_ in ids))
    asked = _numbers(party)
    return Candidates(found, mark, _mark("asked", mark, *asked) if asked or ids else "")


def note_check(viewer: Viewer, found: Candidates) -> None:
    """Write to the audit that somebody asked, and whom they were told of; not what was typed."""
    codes = [one.code for one in found.found if one.code]
    out_of_scope = len(found.found) - len(codes)
    audit.record(
        viewer.actor, CHECKING, "customer", codes[0] if codes else "",
        after={"band": found.band, "out_of_scope": out_of_scope}, count=len(found.found),
    )  # fmt: skip


def _candidate(
    id_: int, verdict: Verdict, name: str, in_scope: tuple[str, tuple[str, ...]] | None
) -> Candidate:
    if in_scope is None:
        return Candidate(verdict.band, masking.mask_name(name), id=id_)
    code, known_by = in_scope
    return Candidate(verdict.band, name, code, verdict, known_by, id=id_)


def _numbers(party: Party) -> list[str]:
    """What is asked of a party that says of nobody else who they are: credential, phones, e-mail."""
    row = party.row
    said = (
        row.get("id_key"),
        row.get("organisation_code"),
        row.get("email"),
        *sorted(row.get("numbers") or ()),
    )
    return [one for one in said if one]


def _mark(*parts: str) -> str:
    """A short keyed hash: ids of customers out of scope could be guessed from a plain one."""
    return vault.blind("check", "\x1f".join(parts))[:_MARK_BYTES].hex()
