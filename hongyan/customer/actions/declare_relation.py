"""Writing down what two customers are to each other, and that it is over (登记关系、结束关系)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.customer.actions.judge_relation import lock_relation
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.relate_all import touch
from hongyan.customer.codes import PartyType, RelationSource, RelationState, RelationType, Upper
from hongyan.customer.models import Customer, Relation, SourceParty
from hongyan.customer.queries.records import find_customers
from hongyan.customer.rules.code import serial_of
from hongyan.customer.rules.declaring import SORTS, Edge, Objection, Side, objection_to
from hongyan.org.codes import Right, Viewer

SURE = 100
RULE_VERSION = 0
"""No rule derived it."""
DECLARE_LOCK = 0x484F4E53

WHY_NOT: Mapping[Objection, tuple[str, str | Promise]] = {
    Objection.SELF: ("other", gettext_lazy("不能与自己建立关系")),
    Objection.TYPES: ("sort", gettext_lazy("这种关系不适用于这两个客户的类型（个人或单位）")),
    Objection.KNOWN: ("other", gettext_lazy("这项关系已经登记或确认")),
    Objection.OTHER_ROLE: ("sort", gettext_lazy("两个客户之间已有同类的另一种关系，请先结束或否定它")),
    Objection.CIRCLE: ("sort", gettext_lazy("会形成循环：对方已在本客户的另一侧")),
    Objection.ONLY_ONE: ("sort", gettext_lazy("这种关系同一时间只能有一个，请先结束原来的")),
}
"""What speaks against a declared relation → the field it is about, and the sentence."""


def declare_relation(
    viewer: Viewer, code: str, other: str, *, role: str, side: Side, starts_on: date | None = None, note: str = "",
) -> Relation:  # fmt: skip
    """Write down that the customer `other` stands at `side` of the customer `code` in a role of `declaring.SORTS`.

    It hangs on a party of the very code that was named, also where that was merged since, so a split takes it along.
    What rules propose of the same type gives way to it. Errors: NotAllowed without the right; NotFound where either is
    out of scope; Invalid for what speaks against it, for a day to come and for a note with somebody's number.
    """
    _ask_right(viewer)
    note = said(note, needed=False)
    if role not in SORTS:
        raise Invalid({"sort": _("请选择关系")})
    if starts_on is not None and starts_on > clock.business_date():
        raise Invalid({"starts_on": _("不能晚于今天")})
    one, two = find_customers(viewer, [code, other])
    with transaction.atomic(), scope.bulk():
        with connection.cursor() as cursor:  # what one declares may close a circle with what another declares
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECLARE_LOCK])
        standing = standing_around([one.pk, two.pk], SORTS[role].type)
        objection = objection_to(role, side, _end(one), _end(two), standing)
        if objection is not None:
            field, why = WHY_NOT[objection]
            raise Invalid({field: str(why)})
        relation = _write(_party(one, code), _party(two, other), role, side, viewer, starts_on, note)
        _give_way(one, two, relation)
        _note(viewer, "customer.declare_relation", relation, (one.code, two.code), after={
            "type": relation.type, "role": role, "starts_on": starts_on.isoformat() if starts_on else "",
        }, purpose=note)  # fmt: skip
    return relation


def end_relation(viewer: Viewer, relation_id: int, *, reason: str, ends_on: date | None = None) -> Relation:
    """Write down that a declared relation is over, on the day `ends_on`, today if nobody says. What rules see of the
    two counts again.

    Errors: NotAllowed without the right; NotFound for one that is over or was derived, or where either is out of scope;
    Invalid without a reason, for one with somebody's number, for a day to come or before it began.
    """
    _ask_right(viewer)
    reason = said(reason, needed=True)
    today = clock.business_date()
    ends_on = ends_on or today
    if ends_on > today:
        raise Invalid({"ends_on": _("不能晚于今天")})
    with transaction.atomic(), scope.bulk():
        relation, codes = lock_relation(viewer, relation_id, RelationSource.DECLARED)
        if relation.starts_on is not None and ends_on < relation.starts_on:
            raise Invalid({"ends_on": _("不能早于开始日期")})
        relation.until, relation.ends_on = clock.now(), ends_on
        relation.ended_by, relation.end_reason = viewer.staff_no, reason
        relation.save(update_fields=["until", "ends_on", "ended_by", "end_reason"])
        touch({relation.party.customer_id or 0, relation.other_party.customer_id or 0})
        _note(viewer, "customer.end_relation", relation, codes, after={
            "type": relation.type, "role": relation.role, "ends_on": ends_on.isoformat(),
        }, purpose=reason)  # fmt: skip
    return relation


_STANDING = """
WITH RECURSIVE around(customer) AS (
    SELECT unnest(%(customers)s::bigint[])
    UNION
    SELECT CASE WHEN relation.upper = 'party' THEN one.customer_id ELSE other.customer_id END
    FROM around
    JOIN customer_sourceparty own ON own.customer_id = around.customer
    JOIN customer_relation relation
      ON (relation.upper = 'other' AND relation.party_id = own.id)
      OR (relation.upper = 'party' AND relation.other_party_id = own.id)
    JOIN customer_sourceparty one ON one.id = relation.party_id
    JOIN customer_sourceparty other ON other.id = relation.other_party_id
    WHERE relation.until IS NULL AND relation.state = 'confirmed' AND relation.type = %(type)s
)
SELECT DISTINCT relation.role, relation.upper, one.customer_id, other.customer_id
FROM around
JOIN customer_sourceparty own ON own.customer_id = around.customer
JOIN customer_relation relation ON own.id IN (relation.party_id, relation.other_party_id)
JOIN customer_sourceparty one ON one.id = relation.party_id
JOIN customer_sourceparty other ON other.id = relation.other_party_id
WHERE relation.until IS NULL AND relation.state = 'confirmed' AND relation.type = %(type)s
  AND one.customer_id <> other.customer_id
  AND ((one.customer_id = ANY(%(customers)s) AND other.customer_id = ANY(%(customers)s))
       OR relation.role = ANY(%(single)s)
       OR (relation.upper = 'other' AND relation.party_id = own.id)
       OR (relation.upper = 'party' AND relation.other_party_id = own.id))
"""


def standing_around(customers: Collection[int], type_: RelationType) -> list[Edge]:
    """What is declared or confirmed of a type between some customers and with all who stand above them.

    Call it inside `scope.bulk()`. What stands below is left out, where there may be any number of it.
    """
    single = [role for role, sort in SORTS.items() if sort.one_below]
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"customers": list(customers), "type": type_.value, "single": single})
        return [
            Edge(role, other, one) if upper == Upper.OTHER else Edge(role, one, other)
            for role, upper, one, other in cursor.fetchall()
        ]


def _write(
    own: SourceParty, other: SourceParty, role: str, side: Side, viewer: Viewer, starts_on: date | None, note: str,
) -> Relation:  # fmt: skip
    first, last = sorted((own, other), key=lambda party: party.pk)
    above = {"upper": other.pk, "lower": own.pk, "": None}[side]
    now = clock.now()
    return Relation.objects.create(
        party=first, other_party=last, type=SORTS[role].type, role=role,
        upper=Upper.NEITHER if above is None else Upper.PARTY if above == first.pk else Upper.OTHER,
        source=RelationSource.DECLARED, state=RelationState.CONFIRMED, confidence=SURE, rule_version=RULE_VERSION,
        since=now, decided_by=viewer.staff_no, decided_at=now, reason=note, starts_on=starts_on,
    )  # fmt: skip


def _give_way(one: Customer, two: Customer, declared: Relation) -> None:
    """What rules propose of the same two and type ends: somebody knows better."""
    pair = Q(party__customer=one, other_party__customer=two) | Q(
        party__customer=two, other_party__customer=one
    )
    proposed = Relation.objects.filter(
        pair, type=declared.type, until=None, source=RelationSource.DERIVED, state=RelationState.PROPOSED
    )
    proposed.update(until=clock.now())


def _party(customer: Customer, code: str) -> SourceParty:
    """The first party whose home is the code that was named; of a survivor without any of its own, its first."""
    parties = list(SourceParty.objects.filter(customer=customer).order_by("id"))
    named = serial_of(code)
    if not parties:
        raise Conflict(_("该客户没有来源记录，不能登记关系。"))
    return next((one for one in parties if (one.home_id or one.customer_id) == named), parties[0])


def _end(customer: Customer) -> tuple[int, PartyType]:
    return customer.pk, PartyType(customer.party_type)


def _note(
    viewer: Viewer, act: str, relation: Relation, codes: tuple[str, str], *, after: Mapping[str, Any], purpose: str,
) -> None:  # fmt: skip
    for code, other in (codes, codes[::-1]):
        audit.record(
            viewer.actor, act, "customer", code, after={**after, "relation": relation.pk, "other": other},
            purpose=purpose,
        )  # fmt: skip


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_RELATE):
        raise NotAllowed(Right.CUSTOMER_RELATE)
