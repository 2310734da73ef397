"""Who belongs to a customer: family, company tree, legal representatives (客户关系)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from hongyan.core import masking, scope
from hongyan.core.errors import NotFound
from hongyan.customer.codes import PartyType, RelationSource, RelationState, RelationType, Upper
from hongyan.customer.models import Customer, Relation, Relationship, SourceParty
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.rules.declaring import ONE_ROLE, Side
from hongyan.identity.relations.grounds import Ground
from hongyan.org.codes import Viewer

HIDDEN = "…"
MOST_BUSINESS = 5
"""So many business relationships of a related customer are shown."""
MOST_ENDED = 20
"""So many declared relations that are over are shown."""
MOST_SHOWN = 200
"""So many relations of one customer are shown at most: more branches than that are a list of their own."""


@dataclass(frozen=True, slots=True)
class Business:
    """A business relationship of a related customer: its line, kind and sub-code (V36-i02)."""

    line: str
    kind: str
    sub_code: str


@dataclass(frozen=True, slots=True)
class Related:
    """Somebody who belongs to a customer.

    Fields: `side` where they stand: above (parent, company), below, or neither; `code` is empty and `name` masked
    where they are out of the viewer's scope; `grounds` the strongest first; `business` of whoever is in scope alone.
    """

    id: int
    customer: int
    code: str
    name: str
    party_type: str
    type: str
    role: str
    side: Side
    state: str
    source: str
    confidence: int
    grounds: tuple[Ground, ...]
    since: datetime
    decided_by: str
    reason: str
    starts_on: date | None = None
    ends_on: date | None = None
    ended_by: str = ""
    end_reason: str = ""
    business: tuple[Business, ...] = ()

    @property
    def is_declared(self) -> bool:
        """Whether a person said it, rather than rules."""
        return self.source == RelationSource.DECLARED


@dataclass(frozen=True, slots=True)
class Relations:
    """What is known. `tree` has whoever else belongs to the company that this one is a part of; `ended` the declared
    relations that are over, the latest first.

    `is_cut` says that there are more than the `MOST_SHOWN` surest.
    """

    related: tuple[Related, ...]
    tree: tuple[Related, ...] = ()
    ended: tuple[Related, ...] = ()
    is_cut: bool = False

    @property
    def company(self) -> Related | None:
        """The company that this customer is a part of, the surest where there are two."""
        return next(
            (one for one in self.related if one.type == RelationType.GROUP and one.side == "upper"), None
        )


def relations_of(viewer: Viewer, record: CustomerRecord) -> Relations:
    """The relations of a customer that was opened, the surest first; what was refused comes last.

    Past the scope, since families and companies do not stop at the borders of units: out of it a name is masked.
    One query.
    """
    parties = [party.id for party in record.parties]
    is_company = record.customer.party_type == PartyType.ORGANISATION
    asked = _hung_on(viewer, parties).union(
        _over(viewer, parties), *(_of_company(viewer, parties) if is_company else ())
    )
    with scope.bulk():
        found = list(asked)
    rows = [row for row in found if row.until is None]
    own = [row for row in rows if row.party_id in parties or row.other_party_id in parties]
    related = tuple(_best(_told(record.customer.id, own)))
    company = Relations(related).company
    around = _best(_told(company.customer, rows)) if company else ()
    known = {one.customer for one in related} | {record.customer.id}
    parts = (one for one in around if one.type == RelationType.GROUP and one.side == "lower")
    tree = tuple(one for one in parts if one.customer not in known and one.state != RelationState.REFUSED)
    is_cut = len(own) > MOST_SHOWN or len(tree) > MOST_SHOWN
    over = sorted((row for row in found if row.until), key=lambda row: (row.until, row.pk), reverse=True)
    ended = tuple(_told(record.customer.id, over))
    return Relations(related[:MOST_SHOWN], tree[:MOST_SHOWN], ended, is_cut)


def declared_relation(viewer: Viewer, customer: Customer, relation_id: int) -> Related:
    """A declared relation in force of a customer, as it sees it.

    Errors: NotFound for another's, one that is over or derived, and where the other one is out of scope.
    """
    rows = in_force(viewer).filter(pk=relation_id, source=RelationSource.DECLARED)
    found = next(_told(customer.pk, rows), None)
    if found is None or not found.code:
        raise NotFound("relation", relation_id)
    return found


def _over(viewer: Viewer, parties: Sequence[int]) -> QuerySet[Relation]:
    hung = Q(party_id__in=parties) | Q(other_party_id__in=parties)
    rows = _seen(viewer, Relation.objects.filter(hung, until__isnull=False, source=RelationSource.DECLARED))
    return rows.order_by("-until", "-id")[:MOST_ENDED]


def in_force(viewer: Viewer) -> QuerySet[Relation]:
    """Relations in force with their customers, and whether the viewer may see either of them."""
    return _seen(viewer, Relation.objects.filter(until=None))


def _seen(viewer: Viewer, relations: QuerySet[Relation]) -> QuerySet[Relation]:
    rows = relations.select_related("party__customer", "other_party__customer")
    visible = Customer.objects.visible_to(viewer)
    return rows.annotate(
        one_business=_business_of("party__customer_id"),
        other_business=_business_of("other_party__customer_id"),
        one_seen=Exists(visible.filter(pk=OuterRef("party__customer_id"))),
        other_seen=Exists(visible.filter(pk=OuterRef("other_party__customer_id"))),
    )


def _hung_on(viewer: Viewer, parties: Sequence[int]) -> QuerySet[Relation]:
    hung = Q(party_id__in=parties) | Q(other_party_id__in=parties)
    return in_force(viewer).filter(hung).order_by("-confidence", "id")[: MOST_SHOWN + 1]


def _of_company(viewer: Viewer, parties: Sequence[int]) -> Iterator[QuerySet[Relation]]:
    """The relations of the companies that some parties are a part of; each an index look-up of its own.

    By arrays, which the planner reads first: joined, it took minutes over a company of 230 customers.
    """
    groups = Relation.objects.filter(until=None, type=RelationType.GROUP).exclude(state=RelationState.REFUSED)
    above = groups.filter(party_id__in=parties, upper=Upper.OTHER).values("other_party__customer")
    before = groups.filter(other_party_id__in=parties, upper=Upper.PARTY).values("party__customer")
    for companies in (above, before):
        of_it = SourceParty.objects.filter(any_of("customer_id", companies)).values("id")
        for side in ("party_id", "other_party_id"):
            rows = in_force(viewer).filter(any_of(side, of_it), type=RelationType.GROUP)
            yield rows.order_by("-confidence", "id")[: MOST_SHOWN + 2]  # one of them is the opened customer


def any_of(column: str, rows: QuerySet[Any, Any]) -> Func:
    """That a column is any of what a query answers, which is read first."""
    array = ArraySubquery(rows)
    return Func(
        F(column), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
    )


def _told(own: int, rows: Iterable[Relation]) -> Iterator[Related]:
    """The rows that are of the customer `own`, as it sees them; its own parties are no relatives of each other."""
    for row in rows:
        one, other = row.party.customer, row.other_party.customer
        if one is None or other is None or one.id == other.id or own not in (one.id, other.id):
            continue
        is_first = one.id == own
        side = _side(row.upper, is_first=is_first)
        seen = row.other_seen if is_first else row.one_seen  # type: ignore[attr-defined]
        business = row.other_business if is_first else row.one_business  # type: ignore[attr-defined]
        yield _related(row, other if is_first else one, side, business if seen else (), is_seen=seen)


def _side(upper: str, *, is_first: bool) -> Side:
    if upper == Upper.NEITHER:
        return ""
    return "lower" if (upper == Upper.PARTY) == is_first else "upper"


def _business_of(customer: str) -> ArraySubquery:
    """The business relationships of a customer, with the row: one query more for them would be one too many."""
    rows = Relationship.objects.filter(customer_id=OuterRef(customer)).order_by("line", "kind", "sub_code")
    return ArraySubquery(
        rows.values(told=JSONObject(line="line", kind="kind", sub_code="sub_code"))[:MOST_BUSINESS]
    )


def _related(
    row: Relation, other: Customer, side: Side, business: Iterable[Mapping[str, str]], *, is_seen: bool
) -> Related:
    grounds = tuple(Ground(*ground) for ground in row.evidence)
    if not is_seen:  # what the grounds show is a part of a name, or tells an age
        grounds = tuple(replace(one, said=HIDDEN if one.said else "") for one in grounds)
    return Related(
        id=row.pk,
        customer=other.pk,
        code=other.code if is_seen else "",
        name=other.name if is_seen else masking.mask_name(other.name),
        party_type=other.party_type,
        type=row.type,
        role=row.role,
        side=side,
        state=row.state,
        source=row.source,
        confidence=row.confidence,
        grounds=grounds,
        since=row.since,
        decided_by=row.decided_by,
        reason=row.reason if is_seen else "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended_by=row.ended_by,
        end_reason=row.end_reason if is_seen else "",
        business=tuple(Business(**one) for one in business),
    )


_FIRST = (RelationState.CONFIRMED, RelationState.PROPOSED, RelationState.REFUSED)


def _best(found: Iterable[Related]) -> Iterator[Related]:
    """One of those that say the same of the same customer: what a person said, else the surest.

    Of some types a person may declare several roles of two (LOG-004); what rules find of such a type is one more.
    """
    ranked = sorted(found, key=lambda one: (_FIRST.index(RelationState(one.state)), -one.confidence, one.id))
    best: dict[tuple[int, str, str, str], Related] = {}
    for one in ranked:
        is_one = one.type in ONE_ROLE
        best.setdefault((one.customer, one.type, "" if is_one else one.role, "" if is_one else one.side), one)
    yield from best.values()
