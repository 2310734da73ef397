"""What stands for a customer with everything merged into it (归并后的管户): trees of merges, and their owners.

An owner stays under the code it was given to. Which of several owners of one line counts is calculated from the tree of
merges and what people chose with each, so it comes out right however merges and splits follow each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from hongyan.customer.codes import Kind, MergeState
from hongyan.customer.models import Customer, Merge, Ownership
from hongyan.customer.rules.merging import Branch, Owner, Tree, standing_owner
from hongyan.customer.rules.ownership import best_kind

Trees = Mapping[int, Sequence[int]]
"""Survivor → itself, then all its aliases."""


def trees_of(customers: Collection[int]) -> dict[int, list[int]]:
    """Those of some customers that others were merged into, with all their aliases. One query."""
    found: dict[int, list[int]] = {}
    if not customers:
        return found
    aliases = Customer.objects.filter(survivor_id__in=list(customers)).order_by("id")
    for alias, survivor in aliases.values_list("id", "survivor_id"):
        found.setdefault(survivor, [survivor]).append(alias)
    return found


def settle_owners(trees: Trees) -> None:
    """Decide which owner counts in each line of survivors: of several, all but one give way."""
    if not trees:
        return
    members = [member for tree in trees.values() for member in tree]
    owners, tree = present_owners(trees), branches_of(trees)
    found = (
        standing_owner(survivor, line, owners=owners, tree=tree)
        for survivor in trees
        for line in {line for _, line in owners}
    )
    standing = [owner.id for owner in found if owner]
    present = Ownership.objects.filter(customer_id__in=members, until=None)
    present.filter(gives_way=False).exclude(id__in=standing).update(gives_way=True)
    present.filter(gives_way=True, id__in=standing).update(gives_way=False)


def branches_of(trees: Trees) -> Tree:
    """Customer → what was merged into it, in the order of the merges, with the owners that were chosen. One query."""
    found: dict[int, list[Branch]] = defaultdict(list)
    members = [member for tree in trees.values() for member in tree]
    merges = Merge.objects.filter(survivor_id__in=members, state=MergeState.DONE).order_by("done_at", "id")
    for survivor, absorbed, choices in merges.values_list("survivor_id", "absorbed_id", "choices"):
        found[survivor].append(Branch(absorbed, choices.get("owners", {})))
    return found


_OWNERS = """
SELECT ownership.id, ownership.customer_id, ownership.line, ownership.since,
       array(SELECT relationship.kind
             FROM customer_relationship relationship
             JOIN customer_sourceparty party ON party.id = relationship.party_id
             WHERE relationship.customer_id = member.survivor_id AND relationship.line = ownership.line
               AND coalesce(party.home_id, party.customer_id) = ownership.customer_id
               AND (relationship.unit_id = ownership.unit_id) = at_unit.asked)
FROM unnest(%s::bigint[], %s::bigint[]) AS member(id, survivor_id)
JOIN customer_ownership ownership ON ownership.customer_id = member.id AND ownership.until IS NULL
CROSS JOIN (VALUES (true), (false)) AS at_unit(asked)
ORDER BY ownership.id, at_unit.asked
"""


def present_owners(trees: Trees) -> dict[tuple[int, str], Owner]:
    """(customer, line) → its own present owner, of survivors and aliases alike. One query.

    The kind is the best among the relationships at the owner's unit, else among all in the line: they may have moved.
    """
    pairs = [(member, survivor) for survivor, tree in trees.items() for member in tree]
    found: dict[tuple[int, str], Owner] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [[member for member, _ in pairs], [survivor for _, survivor in pairs]])
        for key, customer, line, since, kinds in cursor.fetchall():
            if kinds or (customer, line) not in found:
                # those at the unit come last and count where there are any
                kind = best_kind(kinds) if kinds else Kind.POTENTIAL.value
                found[customer, line] = Owner(key, customer, line, kind, since)
    return found
