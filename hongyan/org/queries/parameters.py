"""Parameters as the viewer's unit meets them: the value in force, where it comes from, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from hongyan.core import clock, parameters
from hongyan.core.errors import NotFound
from hongyan.core.models import ParameterValue
from hongyan.core.parameter_tables import Column, Row, shown_rows, typed_rows
from hongyan.core.parameters import Parameter
from hongyan.org.codes import ApprovalState, Line, Right, Viewer
from hongyan.org.models import ParameterChange, Place, Staff, Unit
from hongyan.org.queries.approvals import visible_approvals
from hongyan.org.queries.tree import visible_places
from hongyan.org.rights import GUARDIANS

ROOMS = {
    "approval": pgettext_lazy("参数", "审批矩阵"),
    "audit": pgettext_lazy("参数", "审计与水印"),
    "customer": gettext_lazy("客户"),
    "identity": gettext_lazy("客户识别"),
    "intake": gettext_lazy("数据接入"),
    "org": gettext_lazy("机构、登录与审计"),
    "outgoing": pgettext_lazy("参数", "出站调用"),
}
"""What the first part of a parameter's key is called; another one is shown as it is."""


CHANGE_KIND = "parameter"
"""What approvals call the change of a guarded parameter; their subject is its number."""


@dataclass(frozen=True)
class InForce:
    """A parameter with the value that holds today for the viewer's unit; `row` is None where the default holds."""

    parameter: Parameter
    row: ParameterValue | None
    set_for: str
    set_by: str

    @property
    def value(self) -> Any:
        return self.parameter.default if self.row is None else self.row.value

    @property
    def shown_value(self) -> str:
        return shown_value(self.value)

    @property
    def shown_default(self) -> str:
        return shown_value(self.parameter.default)

    @property
    def cells(self) -> list[list[str]]:
        """A table's rows in words; empty for any other kind."""
        return cells_of(self.parameter, self.value)

    @property
    def default_cells(self) -> list[list[str]]:
        return cells_of(self.parameter, self.parameter.default)


@dataclass(frozen=True)
class HistoricValue:
    """One stored value; `state` is current, coming or past (replaced by a later one for the same unit and line)."""

    parameter: Parameter
    row: ParameterValue
    set_for: str
    line: str
    set_by: str
    state: str
    may_withdraw: bool

    @property
    def shown_value(self) -> str:
        return shown_value(self.row.value)

    @property
    def cells(self) -> list[list[str]]:
        return cells_of(self.parameter, self.row.value)


@dataclass(frozen=True)
class StoredValues:
    """All stored values of a parameter as `core.versions` compares them; `last` is the one set last, in words."""

    facts: Mapping[str, object]
    last: str


def shown_value(value: Any) -> str:
    """A value in words; of a table, how many rows it has.

    >>> shown_value(["a", "b"]), shown_value(5), shown_value("0.80")
    ('a, b', '5', '0.80')
    """
    if isinstance(value, bool):
        return pgettext("参数值", "是") if value else pgettext("参数值", "否")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return ngettext("{count} 行", "{count} 行", len(value)).format(count=len(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def typed_value(parameter: Parameter, value: Any) -> str:
    """A value as it is typed into a form.

    >>> one = Parameter(key="", default=None, kind="text", label="")
    >>> typed_value(one, True), typed_value(one, ["a", "b"]), typed_value(one, 5)
    ('true', 'a, b', '5')
    """
    if parameter.kind == "table":
        return typed_rows(parameter.columns, value)
    return str(value).lower() if isinstance(value, bool) else shown_value(value)


def cells_of(parameter: Parameter, value: Any) -> list[list[str]]:
    """The rows of a table's value in words, cell by cell; empty for any other kind."""
    return shown_rows(parameter.columns, value) if parameter.kind == "table" else []


def find_parameter(key: str) -> Parameter:
    """Errors: NotFound for a key that no room declared."""
    parameter = parameters.find(key)
    if parameter is None:
        raise NotFound("parameter", key)
    return parameter


def parameters_in_force(viewer: Viewer) -> list[tuple[str, list[InForce]]]:
    """All declared parameters by room; a fixed number of queries."""
    rows = parameters.rows_in_force(units=viewer.unit_chain)
    units, people = _unit_names(rows.values()), _people(rows.values())
    shown = [_in_force(parameter, rows, units, people) for parameter in parameters.all_parameters()]
    by_room = groupby(shown, key=lambda one: one.parameter.key.partition(".")[0])
    return [(str(ROOMS.get(room, room)), list(group)) for room, group in by_room]


def parameter_in_force(viewer: Viewer, parameter: Parameter) -> InForce:
    """One parameter as the viewer's unit meets it."""
    rows = parameters.rows_in_force(units=viewer.unit_chain, keys=[parameter.key])
    return _in_force(parameter, rows, _unit_names(rows.values()), _people(rows.values()))


def values_of(viewer: Viewer, parameter: Parameter) -> QuerySet[ParameterValue]:
    """The stored values that concern the viewer: of the own unit, the units above, and those in scope."""
    values = ParameterValue.objects.filter(key=parameter.key)
    if viewer.scope.everything:
        return values
    in_scope = visible_places(viewer).values("unit")
    return values.filter(Q(unit_id=None) | Q(unit_id__in=viewer.unit_chain) | Q(unit_id__in=in_scope))


def stored_values(viewer: Viewer, parameter: Parameter) -> StoredValues:
    """The stored values that concern the viewer. One query."""
    rows = list(values_of(viewer, parameter).order_by("set_at", "pk"))
    facts = {f"{row.unit_id}/{row.line}/{row.effective_from}": row.value for row in rows}
    last = f"{shown_value(rows[-1].value)} · {rows[-1].effective_from} · {rows[-1].reason}" if rows else ""
    return StoredValues(facts, last)


def history_of(viewer: Viewer, parameter: Parameter) -> list[HistoricValue]:
    """The values that concern the viewer, the latest first."""
    today = clock.business_date()
    rows = list(values_of(viewer, parameter).order_by("-effective_from", "unit_id", "line"))
    units, people = _unit_names(rows), _people(rows)
    editable = editable_units(viewer, {row.unit_id for row in rows}) if may_set(viewer, parameter) else set()
    current = _current(rows, today)
    return [
        HistoricValue(
            parameter=parameter,
            row=row,
            set_for=units[row.unit_id],
            line=str(Line(row.line).label) if row.line else pgettext("业务板块", "全部"),
            set_by=people.get(row.set_by, row.set_by),
            state="coming" if row.effective_from > today else "current" if row in current else "past",
            may_withdraw=row.effective_from > today and row.unit_id in editable,
        )
        for row in rows
    ]


def may_set(viewer: Viewer, parameter: Parameter) -> bool:
    """Whether somebody sets a parameter: with the right; a guarded one as a guardian at the top, with another one."""
    is_guardian = viewer.scope.everything and viewer.role in GUARDIANS
    return viewer.may(Right.PARAMETER_EDIT) and (is_guardian or not parameter.is_guarded)


def editable_units(viewer: Viewer, units: Iterable[int | None]) -> set[int | None]:
    """Those of some units the viewer may set a value for: in scope; everywhere (None) from the top of the group."""
    if viewer.scope.everything:
        return set(units)
    named = [unit for unit in units if unit is not None]
    return set(visible_places(viewer).filter(unit__in=named).values_list("unit_id", flat=True))


# --- changes of guarded ones that wait for a colleague


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


def value_before(parameter: Parameter, place: Place | None, line: str, day: date) -> Any:
    """What would hold for a place and line on a day without a new value."""
    return parameters.value_of(parameter, units=place.chain if place else (), line=line, on=day)


def place_of(unit_id: int | None) -> Place | None:
    """Where a unit stands, None for the whole group. Errors: NotFound for a unit that stands nowhere any more."""
    if unit_id is None:
        return None
    place = Place.objects.select_related("unit").filter(unit_id=unit_id).order_by("lo").first()
    if place is None:
        raise NotFound("unit", unit_id)
    return place


def _current(rows: Sequence[ParameterValue], today: date) -> list[ParameterValue]:
    """The newest row not in the future of each unit and line; rows come newest first."""
    found: dict[tuple[int | None, str], ParameterValue] = {}
    for row in rows:
        if row.effective_from <= today:
            found.setdefault((row.unit_id, row.line), row)
    return list(found.values())


def _in_force(
    parameter: Parameter,
    rows: Mapping[str, ParameterValue],
    units: Mapping[int | None, str],
    people: Mapping[str, str],
) -> InForce:
    row = rows.get(parameter.key)
    if row is None:
        return InForce(parameter, None, "", "")
    return InForce(parameter, row, units[row.unit_id], people.get(row.set_by, row.set_by))


def _unit_names(rows: Iterable[ParameterValue]) -> dict[int | None, str]:
    units = Unit.objects.in_bulk({row.unit_id for row in rows if row.unit_id is not None})
    return {None: _("全集团"), **{number: str(unit) for number, unit in units.items()}}


def _people(rows: Iterable[ParameterValue]) -> dict[str, str]:
    return dict(
        Staff.objects.filter(staff_no__in={row.set_by for row in rows}).values_list("staff_no", "name")
    )


def place_to_edit(viewer: Viewer, code: str) -> Place | None:
    """The unit a new value is meant for; None for a code that is not the viewer's to edit."""
    return visible_places(viewer).filter(unit__code=code).order_by("lo").first()
