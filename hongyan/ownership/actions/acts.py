"""What every act on owners takes: the right, a sound reason, somebody to go to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.customer.models import Ownership
from hongyan.org.codes import Right, Tree, Viewer
from hongyan.org.models import Place
from hongyan.ownership.models import TransferItem
from hongyan.ownership.queries.people import Manager, tree_of
from hongyan.ownership.rules import stays_at_unit

LONGEST_REASON = 200


def ask_right(viewer: Viewer, right: Right) -> None:
    """Errors: NotAllowed without the right."""
    if not viewer.may(right):
        raise NotAllowed(right)


def sound_reason(reason: str) -> str:
    """A reason without the space around it. Errors: Invalid when it is empty, too long or holds somebody's number."""
    reason = reason.strip()
    require_no_numbers(reason=reason)
    if not reason:
        raise Invalid({"reason": _("请写明原因")})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("最多 {count} 个字").format(count=LONGEST_REASON)})
    return reason


class Target(NamedTuple):
    """Where a customer goes in a line: a unit, and a manager or its pool."""

    unit_id: int
    manager_id: int | None


def target_at(manager: Manager, *, unit_id: int, org_no: int) -> Target:
    """Under a manager a customer stays at its unit as far as the manager stands over that, else comes to theirs."""
    stays = unit_id == manager.unit_id or stays_at_unit(org_no, manager.at)
    return Target(unit_id if stays else manager.unit_id, manager.staff.pk)


def unit_numbers(owners: Collection[Ownership]) -> dict[tuple[int, str], int]:
    """(unit, line) → the unit's number in the tree that counts for the line. One query."""
    found: dict[tuple[int, Tree], int] = {}
    places = Place.objects.filter(unit_id__in={owner.unit_id for owner in owners})
    for unit_id, tree, number in places.values_list("unit_id", "tree", "lo"):
        found[unit_id, Tree(tree)] = number
    return {(owner.unit_id, owner.line): _number(found, owner) for owner in owners}


def _number(found: Mapping[tuple[int, Tree], int], owner: Ownership) -> int:
    tree = tree_of(owner.line)
    other = Tree.POSTAL if tree == Tree.BANK else Tree.BANK
    return found.get((owner.unit_id, tree), found.get((owner.unit_id, other), 0))


def set_target(item: TransferItem, target: Target) -> None:
    """Write down where an item is to go; not saved."""
    item.to_unit_id, item.to_manager_id = target
