"""Review cases as stewards work on them: the queue, and one pair with all that decides it (识别工作台)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.parameters import value_of
from hongyan.customer.codes import CASE_BANDS, MAIN_PART, CaseState, Worth
from hongyan.customer.models import (
    CaseRow,
    Customer,
    Entry,
    Identifier,
    Merge,
    Ownership,
    PairDecision,
    Relationship,
    ReviewCase,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.parameters import CASE_HOLD_MINUTES
from hongyan.customer.rules.merging import (
    AGREEMENTS,
    Objection,
    Standing,
    beneath,
    objections,
    survivor_first,
)
from hongyan.org.codes import Viewer
from hongyan.org.models import Staff
from hongyan.ui.lists import Count, paginate
from hongyan.ui.lists.paging import encode_cursor

CAP = 1000
PAIR = ("customer__survivor", "candidate__survivor")
"""What is read with a case of its two customers."""


def cases_of(viewer: Viewer) -> QuerySet[CaseRow]:
    """The cases a viewer may work on: those of which both customers are seen. Expected index: `case_row_org`."""
    rows = CaseRow.objects.all()
    return rows if viewer.scope.everything else rows.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))


def waiting_cases(viewer: Viewer) -> QuerySet[CaseRow]:
    """Those that wait for somebody's word."""
    return cases_of(viewer).filter(state=CaseState.OPEN)


def holding_since(viewer: Viewer) -> datetime:
    """Who opened a case after this instant is still at it. One query."""
    return clock.now() - timedelta(minutes=int(value_of(CASE_HOLD_MINUTES, units=viewer.unit_chain)))


def free_for(viewer: Viewer, *, since: datetime, of: str = "") -> Q:
    """The condition that nobody else works on a case; `of` leads to the case from what is filtered (`case__`)."""
    return (
        Q(**{f"{of}held_at": None})
        | Q(**{f"{of}held_at__lt": since})
        | Q(**{f"{of}held_by": viewer.staff_no})
    )


def holder_of(viewer: Viewer, case: ReviewCase, *, since: datetime) -> str:
    """The name of somebody else who works on a case that waits, which takes one query; empty when nobody does."""
    if case.state != CaseState.OPEN or case.held_by in {"", viewer.staff_no}:
        return ""
    if case.held_at is None or case.held_at < since:
        return ""
    named = Staff.objects.filter(staff_no=case.held_by).values_list("name", flat=True)
    return named.first() or case.held_by


_CELLS = """
SELECT cell.band, cell.worth, counted.number
FROM unnest(%(bands)s::text[], %(lows)s::int[], %(highs)s::int[], %(worths)s::int[]) AS cell(band, low, high, worth)
CROSS JOIN LATERAL (
    SELECT count(*) AS number
    FROM (
        SELECT FROM customer_caserow AS listed
        WHERE listed.state = 'open' AND listed.worth = cell.worth AND listed.score BETWEEN cell.low AND cell.high
          AND (%(everything)s OR listed.org_no BETWEEN %(lo)s AND %(hi)s)
        LIMIT %(limit)s
    ) AS capped
) AS counted
"""


def waiting_by_worth(viewer: Viewer) -> dict[tuple[str, Worth], Count]:
    """(score band, worth) → how many cases wait, each counted up to 1,000. One query; index `case_row_order`."""
    cells = [(band, low, high, worth) for band, (low, high) in CASE_BANDS.items() for worth in Worth]
    bands, lows, highs, worths = map(list, zip(*cells, strict=True))
    asked: dict[str, Any] = {
        "bands": bands, "lows": lows, "highs": highs, "worths": worths, "limit": CAP + 1,
        "everything": viewer.scope.everything, "lo": viewer.scope.lo, "hi": viewer.scope.hi,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, asked)
        return {
            (band, Worth(worth)): Count(min(number, CAP), is_capped=number > CAP)
            for band, worth, number in cursor.fetchall()
        }


# --- one case


@dataclass(frozen=True)
class Side:
    """One of the two customers of a case, with what each of its source parties says, the telling one first."""

    customer: Customer
    parties: tuple[SourceParty, ...]
    records: tuple[SourceRecord, ...]

    @cached_property
    def main(self) -> dict[int, SourceRecord]:
        """Party → what it says of the customer itself."""
        return {record.party_id: record for record in self.records if record.part == MAIN_PART}

    @cached_property
    def relationships(self) -> tuple[Relationship, ...]:
        """What the parties are to their lines."""
        found = (getattr(party, "relationship", None) for party in self.parties)
        return tuple(one for one in found if one is not None)

    @property
    def agreements(self) -> tuple[Relationship, ...]:
        """Those of its relationships that rest on an agreement."""
        return tuple(one for one in self.relationships if one.kind in AGREEMENTS)


@dataclass(frozen=True)
class OpenedCase:
    """A case with everything its decision rests on.

    `owners` are those of either customer by line, `decisions` what was said of this pair before, `merges` what was
    merged or split between the two, `objections` what speaks against a merge by one person.
    """

    case: ReviewCase
    row: CaseRow
    sides: tuple[Side, Side]
    owners: tuple[tuple[Ownership, ...], tuple[Ownership, ...]]
    decisions: tuple[PairDecision, ...]
    merges: tuple[Merge, ...]
    objections: tuple[Objection, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for somebody's word."""
        return self.case.state == CaseState.OPEN

    @property
    def entry(self) -> Entry | None:
        """The entry that opened the case, if a person did who typed the customer in and said why it is another."""
        parties = (party for side in self.sides for party in side.parties)
        told = next((party for party in parties if party.pk == self.case.party_id), None)
        return getattr(told, "entry", None)


def find_row(viewer: Viewer, case_id: int) -> CaseRow:
    """A case of the queue. Errors: NotFound for one whose customers the viewer does not both see."""
    row = cases_of(viewer).select_related(*(f"case__{one}" for one in PAIR)).filter(case_id=case_id).first()
    if row is None:
        raise NotFound("review_case", case_id)
    return row


def case_view(row: CaseRow) -> OpenedCase:
    """Everything around a case that `find_row` found. At most six queries."""
    case = row.case
    pair = {one.pk: one for one in (case.customer, case.candidate)}
    standing = {one.survivor_id or one.id for one in pair.values()}
    records = list(
        SourceRecord.objects.filter(party__customer__in=standing, is_current=True)
        .select_related("party__relationship__unit", "party__relationship__manager", "party__entry__maker")
        .order_by("party_id", "part")
    )
    sides = _sides(case, pair, records)
    return OpenedCase(
        case=case,
        row=row,
        sides=sides,
        owners=_owners(sides),
        decisions=_decisions(case),
        merges=_merges(case),
        objections=_objections(sides),
    )


def proposed_survivor(view: OpenedCase) -> int:
    """Which side of a case is proposed to stay, 0 or 1: the one with an agreement, more sources, the older code."""
    standings = [
        Standing(frozenset(one.kind for one in side.relationships), len(side.parties), side.customer.id)
        for side in view.sides
    ]
    survivor, _absorbed = survivor_first(*standings)
    return 0 if survivor == view.sides[0].customer.id else 1


def _sides(
    case: ReviewCase, pair: Mapping[int, Customer], records: Sequence[SourceRecord]
) -> tuple[Side, Side]:
    parties = {record.party_id: record.party for record in records}
    is_of_candidate = _is_of_candidate(case, pair)
    other = {party.id for party in parties.values() if is_of_candidate(party)}
    one, candidate = pair[case.customer_id], pair[case.candidate_id]
    if case.state != CaseState.MERGED:  # decided on is what the codes of the case stand for now
        one, candidate = one.survivor or one, candidate.survivor or candidate
    return (
        side_of(one, [record for record in records if record.party_id not in other], first=case.party_id),
        side_of(candidate, [record for record in records if record.party_id in other], first=case.party_id),
    )


def _is_of_candidate(case: ReviewCase, pair: Mapping[int, Customer]) -> Callable[[SourceParty], bool]:
    """How to tell whose a party is: by its customer while they are two, by where it came from once they are one."""
    one, other = (pair[key].survivor_id or key for key in (case.customer_id, case.candidate_id))
    if one != other:
        return lambda party: party.customer_id == other
    aliases = Customer.objects.filter(survivor=one).values_list("id", "merged_into_id")
    merged_into = dict(aliases)
    beneath_candidate = beneath(case.candidate_id, merged_into)
    if case.customer_id not in beneath_candidate:
        return lambda party: (party.home_id or party.customer_id) in beneath_candidate
    beneath_customer = beneath(case.customer_id, merged_into)
    return lambda party: (party.home_id or party.customer_id) not in beneath_customer


def side_of(customer: Customer, records: Sequence[SourceRecord], *, first: int | None = None) -> Side:
    """One side of a comparison; the party `first` leads, then those with an agreement, then those that say most."""
    filled = Counter(record.party_id for record in records for value in record.fields.values() if value)
    parties = {record.party_id: record.party for record in records}

    def weight(party: SourceParty) -> tuple[bool, bool, int, int]:
        relationship = getattr(party, "relationship", None)
        has_agreement = relationship is not None and relationship.kind in AGREEMENTS
        return party.id == first, has_agreement, filled[party.id], -party.id

    return Side(customer, tuple(sorted(parties.values(), key=weight, reverse=True)), tuple(records))


def _owners(sides: tuple[Side, Side]) -> tuple[tuple[Ownership, ...], tuple[Ownership, ...]]:
    """Who looks after either customer now, by line, with unit and manager; they may stand under an alias."""
    pair = [side.customer.pk for side in sides]
    members = Customer.objects.filter(Q(pk__in=pair) | Q(survivor__in=pair)).values("pk")
    owners = list(
        Ownership.objects.filter(customer__in=members, until=None, gives_way=False)
        .annotate(under=Coalesce("customer__survivor_id", "customer_id"))
        .select_related("unit", "manager")
        .order_by("line")
    )
    one, other = (tuple(owner for owner in owners if owner.under == customer) for customer in pair)
    return one, other


def _objections(sides: tuple[Side, Side]) -> tuple[Objection, ...]:
    """What the valid credentials of the two and their kinds say against one customer. One query."""
    one, other = (side.customer for side in sides)
    if one.pk == other.pk:
        return ()
    keys: dict[int, set[tuple[str, bytes]]] = {one.pk: set(), other.pk: set()}
    held = Identifier.objects.filter(customer__in=keys, kind__startswith="C:")
    for customer, kind, value in held.values_list("customer_id", "kind", "hash"):
        keys[customer].add((kind[2:], bytes(value)))
    kinds = {one.party_type, other.party_type}
    return objections(kinds, frozenset(keys[one.pk]), frozenset(keys[other.pk]))


def _concerning(case: ReviewCase, one: str, other: str) -> Q:
    ids = (case.customer_id, case.candidate_id)
    return Q(**{f"{one}__in": ids, f"{other}__in": ids})


def _decisions(case: ReviewCase) -> tuple[PairDecision, ...]:
    """What was said of a pair before, the latest first."""
    return tuple(
        PairDecision.objects.filter(_concerning(case, "customer", "candidate")).order_by("-at", "-id")
    )


def _merges(case: ReviewCase) -> tuple[Merge, ...]:
    """What was merged, or asked to be, between the two of a pair, the latest first."""
    return tuple(Merge.objects.filter(_concerning(case, "survivor", "absorbed")).order_by("-asked_at", "-id"))


# --- the way through the queue


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cases before and after one in the order of a queue; None at its ends."""

    before: int | None
    after: int | None


def neighbours(
    queue: QuerySet[CaseRow], row: CaseRow, sort_fields: Sequence[str], *, descending: bool
) -> Neighbours:
    """Who stands beside a case in a queue, whether or not the case still belongs to it. Two queries.

    What is decided leaves the queue while its place in the order stays, so work goes on where it was.
    """
    place = _Beyond(encode_cursor([getattr(row, field) for field in (*sort_fields, "pk")]))
    after, before = (
        paginate(queue, place, sort_fields, descending=way, size=1).rows
        for way in (descending, not descending)
    )
    return Neighbours(before[0].pk if before else None, after[0].pk if after else None)


@dataclass(frozen=True, slots=True)
class _Beyond:
    after: str
    before: str = ""
