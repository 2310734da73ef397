"""Changing who looks after customers (变更管户): the present owner of a line ends, another begins at the same moment.

Set-based, for one customer or thousands. Scope, list rows and search follow in the same transaction. Why somebody's
customers change hands, and who may decide that, is known to the room above.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from hongyan.core import clock
from hongyan.core.bulk import next_ids
from hongyan.core.personal_numbers import mask_numbers
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.models import Customer, Ownership
from hongyan.customer.notices import tell_of_owners
from hongyan.customer.projections import project


class Change(NamedTuple):
    """Which present owner is to end, and the unit and manager that follow; no manager is the unit's pool."""

    ownership_id: int
    unit_id: int
    manager_id: int | None


class Act(NamedTuple):
    """What a new owner rests on: the `reason` by its code, people's own words for it, and whose act it was."""

    reason: str
    note: str = ""
    by: str = ""


_TOKENS_ADDED = """
INSERT INTO customer_searchtoken (token, org_no, customer_id)
SELECT DISTINCT known.token, scope.org_no, known.customer_id
FROM customer_searchtoken known
JOIN customer_customerscope scope ON scope.customer_id = known.customer_id AND scope.line <> ''
WHERE known.customer_id = ANY(%(customers)s) AND NOT EXISTS (
    SELECT FROM customer_searchtoken same
    WHERE same.token = known.token AND same.org_no = scope.org_no AND same.customer_id = known.customer_id
)
"""
_TOKENS_GONE = """
DELETE FROM customer_searchtoken token
WHERE token.customer_id = ANY(%(customers)s) AND NOT EXISTS (
    SELECT FROM customer_customerscope scope
    WHERE scope.customer_id = token.customer_id AND scope.org_no = token.org_no
)
"""


def change_owners(changes: Sequence[Change], act: Act) -> dict[int, int]:
    """End present owners and begin others; answers ended → begun, by their ids.

    An owner that ended meanwhile is left out: somebody else was faster. Call it inside `scope.bulk()`.
    """
    hold_identity()
    wanted = {change.ownership_id: change for change in changes}
    ended = list(
        Ownership.objects.select_for_update()
        .filter(pk__in=wanted, until=None)
        .order_by("pk")
        .values_list("pk", "customer_id", "line", "unit_id", "gives_way")
    )
    if not ended:
        return {}
    now, begun = clock.now(), next_ids(Ownership, len(ended))
    Ownership.objects.filter(pk__in=[one[0] for one in ended]).update(until=now)
    Ownership.objects.bulk_create(
        Ownership(
            id=new,
            customer_id=customer,
            line=line,
            unit_id=wanted[old].unit_id,
            manager_id=wanted[old].manager_id,
            since=now,
            reason=act.reason,
            note=mask_numbers(act.note),
            by=act.by,
            gives_way=gives_way,
        )
        for new, (old, customer, line, _, gives_way) in zip(begun, ended, strict=True)
    )
    moved = {customer for old, customer, _, unit, _ in ended if wanted[old].unit_id != unit}
    customers = {customer for _, customer, *_ in ended}
    project_owners(customers, moved)
    tell_of_owners(_roots(customers), by=act.by)
    return dict(zip((one[0] for one in ended), begun, strict=True))


def project_owners(customers: Collection[int], moved: Collection[int]) -> None:
    """Project those whose owner changed, or who assists; those `moved` to other units are found there from now on."""
    roots = _roots(customers)
    project(roots, replace=roots)
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(_TOKENS_ADDED, {"customers": _roots(moved)})
            cursor.execute(_TOKENS_GONE, {"customers": _roots(moved)})


def _roots(customers: Iterable[int]) -> list[int]:
    """The customers that some codes stand for now."""
    rows = Customer.objects.filter(pk__in=list(customers)).values_list("pk", "survivor_id")
    return sorted({survivor or customer for customer, survivor in rows})


def raise_owners(units: Collection[int], *, before: datetime) -> int:
    """Let what lies in the pools of units since `before` or longer rise to the pool of the county; how many there were.

    The customers stay at their units, and whoever saw them sees them still. Call it inside `scope.bulk()`.
    """
    pooled = Ownership.objects.filter(until=None, gives_way=False, manager=None, risen_at=None)
    return pooled.filter(unit_id__in=units, since__lte=before).update(risen_at=clock.now())


def owners_alike(ownerships: Collection[int]) -> dict[int, list[int]]:
    """Standing owner → the owners of the same line under other codes of the same customer, which give way to it.

    They change hands together: else a merge would bring an owner back that people took away. Two queries, mostly one.
    """
    standing = Ownership.objects.filter(pk__in=ownerships, until=None, gives_way=False)
    rows = list(standing.values_list("pk", "line", "customer_id", "customer__survivor_id"))
    roots = {survivor or customer for _, _, customer, survivor in rows}
    aliases = Customer.objects.filter(survivor_id__in=roots).values_list("pk", "survivor_id")
    root_of = dict(aliases)
    if not root_of:
        return {}
    members = [*root_of, *root_of.values()]
    others: dict[tuple[int, str], list[int]] = {}
    giving = Ownership.objects.filter(customer_id__in=members, until=None, gives_way=True).order_by("pk")
    for key, line, customer in giving.values_list("pk", "line", "customer_id"):
        others.setdefault((root_of.get(customer, customer), line), []).append(key)
    alike = {key: others.get((survivor or customer, line), []) for key, line, customer, survivor in rows}
    return {key: found for key, found in alike.items() if found}
