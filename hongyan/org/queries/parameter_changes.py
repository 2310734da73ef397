"""Changes of guarded parameters that wait for a colleague: in words, and whether they still hold (参数修改申请)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.models import ParameterValue
from hongyan.core.parameter_tables import Column, Row, shown_rows
from hongyan.core.parameters import Parameter
from hongyan.org.codes import ApprovalState, Line, Viewer
from hongyan.org.models import ParameterChange, Place
from hongyan.org.queries.approvals import visible_approvals
from hongyan.org.queries.parameters import find_parameter, shown_value, value_before

CHANGE_KIND = "parameter"
"""What approvals call the change of a guarded parameter; their subject is its number."""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row of a table that goes, comes or becomes another: the words of each cell before and after, empty for none.

    `what` is gone, new or changed; cells that are empty both times are left out.
    """

    what: str
    cells: Sequence[tuple[str | Promise, str, str]]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change in words: from what to what, where; of a table the `rows` that change, and how many are `left` alone."""

    change: ParameterChange
    parameter: Parameter
    before: str
    after: str
    rows: Sequence[ChangedRow]
    left: int
    set_for: str
    line: str
    approval_id: int | None


def shown_change(change: ParameterChange, *, approval_id: int | None = None) -> ShownChange:
    """A change in words. Errors: NotFound when nobody declares its parameter any more."""
    parameter = find_parameter(change.key)
    rows, left = (
        changed_rows(parameter.columns, change.before, change.value) if parameter.columns else ([], 0)
    )
    return ShownChange(
        change=change,
        parameter=parameter,
        before=shown_value(change.before),
        after=shown_value(change.value),
        rows=rows,
        left=left,
        set_for=str(change.unit) if change.unit else _("全集团"),
        line=str(Line(change.line).label) if change.line else pgettext("业务板块", "全部"),
        approval_id=approval_id,
    )


def changed_rows(
    columns: Sequence[Column], before: Sequence[Row], after: Sequence[Row]
) -> tuple[list[ChangedRow], int]:
    """The rows in which two tables differ, and how many they share.

    >>> columns = [Column("who", "谁"), Column("hours", "小时")]
    >>> rows, left = changed_rows(columns, [{"who": "a", "hours": 24}], [{"who": "a", "hours": 8}, {"who": "b"}])
    >>> [(row.what, row.cells) for row in rows], left
    ([('changed', [('谁', 'a', 'a'), ('小时', '24', '8')]), ('new', [('谁', '', 'b')])], 0)
    """
    old, new = ([tuple(row) for row in shown_rows(columns, rows)] for rows in (before, after))
    found, left = [], 0
    for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            left += last - first
            continue
        for one, other in zip_longest(old[first:last], new[start:end], fillvalue=()):
            found.append(_changed_row(columns, one, other))
    return found, left


def _changed_row(columns: Sequence[Column], before: Sequence[str], after: Sequence[str]) -> ChangedRow:
    """A row and what it becomes; one that is empty is none."""
    what = "changed" if before and after else "gone" if before else "new"
    cells = zip_longest((column.label for column in columns), before, after, fillvalue="")
    return ChangedRow(what, [cell for cell in cells if cell[1] or cell[2]])


def waiting_changes(viewer: Viewer, parameter: Parameter) -> list[ShownChange]:
    """Changes of a parameter that wait, with the number of their approval where the viewer sees it. Two queries."""
    waiting = ParameterChange.objects.filter(key=parameter.key, state=ApprovalState.PENDING)
    rows = list(waiting.select_related("unit", "maker").order_by("pk"))
    subjects = [str(row.pk) for row in rows]
    seen = visible_approvals(viewer).filter(kind=CHANGE_KIND, subject__in=subjects) if rows else ()
    numbers = {approval.subject: approval.pk for approval in seen}
    return [shown_change(row, approval_id=numbers.get(str(row.pk))) for row in rows]


def is_out_of_date(change: ParameterChange) -> bool:
    """Whether what would hold without a waiting change, or once it took one back, is another than its maker saw."""
    today, parameter, place = clock.business_date(), find_parameter(change.key), place_of(change.unit_id)
    if change.takes_back:
        coming = ParameterValue.objects.filter(pk=change.takes_back, effective_from__gt=today)
        left = value_before(parameter, place, change.line, change.effective_from - timedelta(days=1))
        return ([row.value for row in coming], left) != ([change.before], change.value)
    found = value_before(parameter, place, change.line, max(change.effective_from, today))
    return bool(found != change.before)


def place_of(unit_id: int | None) -> Place | None:
    """Where a unit stands, None for the whole group. Errors: NotFound for a unit that stands nowhere any more."""
    if unit_id is None:
        return None
    place = Place.objects.select_related("unit").filter(unit_id=unit_id).order_by("lo").first()
    if place is None:
        raise NotFound("unit", unit_id)
    return place
