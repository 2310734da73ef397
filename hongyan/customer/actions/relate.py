"""Relationships and owners (业务关系、管户): what a party is to its line, and who looks after the customer there."""

from __future__ import annotations

from typing import Any

from django.db import connection

from hongyan.core.bulk import copy_rows
from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.prepare import Prepared
from hongyan.customer.codes import PartyRecord
from hongyan.customer.models import Ownership, Relationship
from hongyan.customer.rules.ownership import takes_over
from hongyan.customer.rules.standing import Standing, told_by_file
from hongyan.org.models import Staff, Unit


def write_relationships(
    fresh: list[Prepared], parties: list[int], customers: list[int], chunk: Chunk
) -> None:
    units = _ids(Unit, "code", {item.record.unit_code for item in fresh})
    managers = _ids(Staff, "staff_no", {item.record.manager_no for item in fresh if item.record.manager_no})
    copy_rows(
        Relationship,
        ("party_id", "customer_id", "line", "kind", "status", "unit_id", "manager_id", "sub_code", *_AGREEMENT),
        (
            (party, customer, item.record.line, item.record.kind.value, item.record.status.value,
             units[item.record.unit_code], managers.get(item.record.manager_no), item.record.key, *_agreement(item))
            for item, party, customer in zip(fresh, parties, customers, strict=True)
        ),
    )  # fmt: skip
    _assign_owners(fresh, customers, units, managers, chunk)


_AGREEMENT = ("agreement_no", "signed_on", "valid_from", "valid_to", "settlement")


def _agreement(item: Prepared) -> tuple[Any, ...]:
    fields = item.fields
    return (
        fields.get("agreement_no", ""),
        *(fields.get(name) or None for name in ("signed_on", "valid_from", "valid_to")),
        fields.get("settlement", ""),
    )


def update_relationships(changed: list[tuple[Prepared, Known]], chunk: Chunk) -> None:
    """Bring the relationships of known parties up to date; an owner whose outlet or manager moved moves along.

    A status that people hold stays; what the source says of it is kept beside it.
    """
    units = _ids(Unit, "code", {item.record.unit_code for item, _ in changed})
    managers = _ids(
        Staff, "staff_no", {item.record.manager_no for item, _ in changed if item.record.manager_no}
    )
    before = Relationship.objects.select_related("party").in_bulk([stored.party_id for _, stored in changed])
    for item, stored in changed:
        record, old = item.record, before[stored.party_id]
        unit, manager = units[record.unit_code], managers.get(record.manager_no)
        standing = told_by_file(Standing(old.status, old.said_status), record.status)
        Relationship.objects.filter(party_id=stored.party_id).update(
            kind=record.kind,
            status=standing.status,
            said_status=standing.said,
            unit_id=unit,
            manager_id=manager,
            **dict(zip(_AGREEMENT, _agreement(item), strict=True)),
        )
        if (unit, manager) != (old.unit_id, old.manager_id):
            _move_owner(old, unit, manager, chunk)


def _move_owner(old: Relationship, unit: int, manager: int | None, chunk: Chunk) -> None:
    """The owner follows the relationship it rests on; an owner that rests on another one stays.

    It stands under the code where the party is at home, also while that is merged into another.
    """
    customer = old.party.home_id or old.customer_id
    rested = Ownership.objects.filter(
        customer_id=customer, line=old.line, until=None, unit_id=old.unit_id, manager_id=old.manager_id
    )
    if rested.update(until=chunk.now):
        Ownership.objects.create(
            customer_id=customer,
            line=old.line,
            unit_id=unit,
            manager_id=manager,
            since=chunk.now,
            reason="relationship_moved",
        )


def _assign_owners(
    fresh: list[Prepared],
    customers: list[int],
    units: dict[str, int],
    managers: dict[str, int],
    chunk: Chunk,
) -> None:
    """The first relationship in a line owns the customer; a higher kind takes over. The change is dated."""
    owners = _current_owners(set(customers) - chunk.fresh)
    proposed: dict[tuple[int, str], PartyRecord] = {}
    for item, customer in zip(fresh, customers, strict=True):
        owned = (customer, item.record.line)
        kind = proposed[owned].kind if owned in proposed else owners.get(owned)
        if takes_over(item.record.kind, kind, is_known=customer not in chunk.fresh):
            proposed[owned] = item.record
    replaced = [owned for owned in proposed if owned in owners]
    for customer, line in replaced:
        Ownership.objects.filter(customer_id=customer, line=line, until=None).update(until=chunk.now)
    copy_rows(
        Ownership,
        ("customer_id", "line", "unit_id", "manager_id", "since", "reason"),
        (
            (customer, line, units[record.unit_code], managers.get(record.manager_no), chunk.stamp,
             "higher_kind" if (customer, line) in owners else "first_relationship")
            for (customer, line), record in proposed.items()
        ),
    )  # fmt: skip


_OWNERS = """
SELECT ownership.customer_id, ownership.line,
       coalesce(min(relationship.kind) FILTER (WHERE relationship.unit_id = ownership.unit_id), min(relationship.kind))
FROM customer_ownership ownership
JOIN customer_relationship relationship
  ON relationship.customer_id = ownership.customer_id AND relationship.line = ownership.line
JOIN customer_sourceparty party ON party.id = relationship.party_id AND party.home_id IS NULL
WHERE ownership.until IS NULL AND ownership.customer_id = ANY(%s)
GROUP BY 1, 2
"""


def _current_owners(customers: set[int]) -> dict[tuple[int, str], str]:
    """(customer, line) → kind of the relationship on which the present owner rests.

    When its party has moved to another outlet since, the highest kind in the line speaks for it.
    """
    if not customers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [sorted(customers)])
        return {(customer, line): kind for customer, line, kind in cursor.fetchall()}


def _ids(model: type[Unit] | type[Staff], column: str, values: set[str]) -> dict[str, int]:
    return dict(model.objects.filter(**{f"{column}__in": values}).values_list(column, "id"))
