"""Parameters as the viewer's unit meets them: the value in force, where it comes from, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from hongyan.core import clock, parameters
from hongyan.core.errors import NotFound
from hongyan.core.models import ParameterValue
from hongyan.core.parameter_tables import shown_rows, typed_rows
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.models import Place, Staff, Unit
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


def value_before(parameter: Parameter, place: Place | None, line: str, day: date) -> Any:
    """What would hold for a place and line on a day without a new value."""
    return parameters.value_of(parameter, units=place.chain if place else (), line=line, on=day)


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


def place_to_edit(viewer: Viewer, code: str) -> Place | None:
    """The unit a new value is meant for; None for a code that is not the viewer's to edit."""
    return visible_places(viewer).filter(unit__code=code).order_by("lo").first()


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
