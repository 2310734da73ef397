"""Saying what two customers are to each other, where the rules only guess (确认或否定关系)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from hongyan.core import audit, clock, scope
from hongyan.core.errors import NotAllowed, NotFound
from hongyan.customer.actions.merge import said
from hongyan.customer.codes import RelationSource, RelationState
from hongyan.customer.models import Customer, Relation
from hongyan.org.codes import Right, Viewer


def judge_relation(viewer: Viewer, relation_id: int, state: RelationState, *, reason: str = "") -> Relation:
    """Confirm or refuse a relation; PROPOSED takes back what was said. Saying the same again changes nothing.

    After merges several relations may say the same of two customers: all of them are judged together. What somebody
    declared is not judged, it ends (`declare_relation.end_relation`).
    Errors: NotAllowed without the right; NotFound for one that is over or was declared, or where one of the two is out
    of scope; Invalid for a reason that is too long or holds somebody's number.
    """
    if not viewer.may(Right.CUSTOMER_RELATE):
        raise NotAllowed(Right.CUSTOMER_RELATE)
    reason = said(reason, needed=False)
    with transaction.atomic(), scope.bulk():
        relation, codes = lock_relation(viewer, relation_id, RelationSource.DERIVED)
        if relation.state == state:
            return relation
        before, word = relation.state, state != RelationState.PROPOSED
        same = _of_the_same(relation)
        same.update(
            state=state,
            decided_by=viewer.staff_no if word else "",
            decided_at=clock.now() if word else None,
            reason=reason,
        )
        relation.refresh_from_db()
        for code, other in (codes, codes[::-1]):
            audit.record(
                viewer.actor, f"customer.relation_{state}", "customer", code, before={"state": before},
                after={"state": state, "type": relation.type, "role": relation.role, "other": other}, purpose=reason,
            )  # fmt: skip
    return relation


def lock_relation(
    viewer: Viewer, relation_id: int, source: RelationSource
) -> tuple[Relation, tuple[str, str]]:
    """A relation in force, locked, and the codes of its two customers. Call it inside `scope.bulk()`.

    Errors: NotFound, also where one of the two is out of scope.
    """
    rows = Relation.objects.select_for_update(of=("self",)).select_related("party", "other_party")
    relation = rows.filter(pk=relation_id, until=None, source=source).first()
    if relation is not None:
        # a party that has relations has a customer
        one, other = relation.party.customer_id or 0, relation.other_party.customer_id or 0
        seen = Customer.objects.visible_to(viewer).filter(pk__in=(one, other))
        codes = dict(seen.values_list("pk", "code"))
        if one in codes and other in codes:
            return relation, (codes[one], codes[other])
    raise NotFound("relation", relation_id)


def _of_the_same(relation: Relation) -> QuerySet[Relation]:
    one, other = relation.party.customer_id, relation.other_party.customer_id
    pair = Q(party__customer=one, other_party__customer=other) | Q(
        party__customer=other, other_party__customer=one
    )
    return Relation.objects.filter(pair, type=relation.type, until=None, source=RelationSource.DERIVED)
