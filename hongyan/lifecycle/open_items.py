"""What stands against closing a customer (未了事项): a plain list of checks that rooms lend.

A room above lends its own by `open_items.lend(check)` when it starts; those of the rooms beneath are in
`queries.open_items`. Each answers for a customer and what it is to its lines, with the line of each item.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hongyan.core import scope
from hongyan.customer.models import Customer, Relationship
from hongyan.lifecycle.codes import OpenItem
from hongyan.lifecycle.queries import open_items as beneath
from hongyan.org.codes import Viewer

Check = Callable[[Viewer, Customer, Sequence[Relationship]], Sequence[OpenItem]]

_CHECKS: list[Check] = [
    beneath.relationships,
    beneath.holdings,
    beneath.items_under_way,
    beneath.waiting_applications,
    beneath.waiting_merges,
]


def lend(check: Check) -> None:
    """Let another room's open items block too."""
    _CHECKS.append(check)


def open_items(viewer: Viewer, customer: Customer, held: Sequence[Relationship]) -> list[OpenItem]:
    """Everything that is not over with a customer, in the order of the checks; see `rules.applications.standing`."""
    with scope.bulk():
        return [item for check in _CHECKS for item in check(viewer, customer, held)]
