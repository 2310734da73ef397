"""What of the organisation a person may change by a file they bring (人工送来的机构、岗位文件). Pure.

A file of the personnel system is the house's word. One that a person sends is theirs: it reaches no further than they
do, gives them nothing, and does alone nothing that takes two people.
"""

from __future__ import annotations

from hongyan.org.codes import Bringer, PostRow, UnitRow
from hongyan.org.rights import GUARDED_ROLES
from hongyan.org.rules.deliveries import Seat

Bar = tuple[str, str]
"""The field at fault and the reason's code, as in `codes.Refusal`."""


def bar_of_post(
    row: PostRow, *, org_no: int, is_elsewhere: bool, is_guardian: bool, by: Bringer
) -> Bar | None:
    """What keeps somebody from giving or changing a post; None when nothing does.

    `org_no` is the number of the post's unit; whoever `is_elsewhere` has posts beyond the scope too, which others keep.
    Who `is_guardian` mainly holds a post that guards others, which another main post would set back.
    """
    if row.role in GUARDED_ROLES or (is_guardian and row.is_primary):
        return "role", "guarded_role"
    if row.staff_no == by.staff_no:
        return "staff_no", "own_post"
    if not by.scope.covers(org_no):
        return "unit_code", "beyond_scope"
    return ("staff_no", "beyond_scope") if is_elsewhere else None


def bar_of_unit(row: UnitRow, *, seat: Seat | None, org_no: int | None, by: Bringer) -> Bar | None:
    """What keeps somebody from opening or changing a unit; None when nothing does.

    `seat` is where it stands and `org_no` its number; of a new one, None and the number of its parent, None again where
    that is as new.
    """
    if seat is not None and seat != Seat(row.parent_code or None, row.level):
        return "parent_code", "moved_by_hand"
    return None if org_no is None or by.scope.covers(org_no) else ("code", "beyond_scope")
