"""Parameters (参数): every rule with a number in it, with default, effective date and history.

A room declares its parameters once with `define` in its `parameters` module; rules receive the resolved values as
arguments. Resolution looks for the nearest unit of the chain that has a value in force on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.core.models import ParameterValue
from hongyan.core.parameter_tables import Column, read_rows


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter: `kind` is int, decimal, bool, text, list or table; `unit` is what the number counts.

    `is_guarded` marks what binds those who could set it: who checks, what leaves the house, how long traces stay.
    A text with `choices` takes one of them. A table has `columns`; its value is a list of rows, and `check` raises
    Invalid for rows that make no sense together.
    """

    key: str
    default: Any
    kind: str
    label: str | Promise
    unit: str | Promise = ""
    source: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    check: Callable[[Any], None] | None = None
    is_guarded: bool = False

    def parse(self, text: str) -> Any:
        """The typed value of a text from a form. Errors: Invalid naming the parameter."""
        if self.kind == "table":
            return self._parse_table(text)
        try:
            value = _PARSERS[self.kind](text.strip())
        except (ValueError, InvalidOperation) as error:
            raise Invalid({"value": _("不是有效的{kind}").format(kind=_KIND_NAMES[self.kind])}) from error
        if self.choices and value not in self.choices:
            raise Invalid({"value": _("只能是 {choices}").format(choices=" / ".join(self.choices))})
        if self.minimum is not None and Decimal(str(value)) < self.minimum:
            raise Invalid({"value": _("不能小于 {limit}").format(limit=self.minimum)})
        if self.maximum is not None and Decimal(str(value)) > self.maximum:
            raise Invalid({"value": _("不能大于 {limit}").format(limit=self.maximum)})
        return value

    def _parse_table(self, text: str) -> list[dict[str, Any]]:
        rows = read_rows(self.columns, text)
        if self.check:
            self.check(rows)
        return rows


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


_PARSERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "decimal": lambda text: str(Decimal(text)),
    "bool": _truth,
    "text": str,
    "list": lambda text: [part.strip() for part in text.replace("，", ",").split(",") if part.strip()],
}
_KIND_NAMES = {
    "int": gettext_lazy("整数"),
    "decimal": gettext_lazy("小数"),
    "bool": gettext_lazy("是否"),
    "text": gettext_lazy("文本"),
    "list": pgettext_lazy("值的种类", "列表"),
}

_registry: dict[str, Parameter] = {}


def define(parameter: Parameter) -> Parameter:
    """Declare a parameter; a key is declared once."""
    if parameter.key in _registry:
        raise ValueError(f"parameter {parameter.key} is declared twice")
    _registry[parameter.key] = parameter
    return parameter


def all_parameters() -> list[Parameter]:
    """All declared parameters by key."""
    return [_registry[key] for key in sorted(_registry)]


def find(key: str) -> Parameter | None:
    """The declaration of a key, or None."""
    return _registry.get(key)


def rows_in_force(
    *,
    units: Sequence[int] = (),
    line: str = "",
    on: date | None = None,
    keys: Collection[str] | None = None,
) -> dict[str, ParameterValue]:
    """For each parameter with a stored value: the row in force on a day for the nearest unit. One query.

    `units` is the chain of unit ids from the nearest up to the root; a value for a line wins over one for all
    lines at the same unit. `keys` asks for some parameters only.
    """
    return _nearest(_stored(units, line, on, keys), units)


def _stored(
    units: Collection[int], line: str, on: date | None, keys: Collection[str] | None
) -> QuerySet[ParameterValue]:
    stored = ParameterValue.objects.filter(
        Q(unit_id__isnull=True) | Q(unit_id__in=list(units)),
        line__in={"", line},
        effective_from__lte=on or clock.business_date(),
    )
    return stored if keys is None else stored.filter(key__in=keys)


def _nearest(stored: Iterable[ParameterValue], units: Sequence[int]) -> dict[str, ParameterValue]:
    """For each parameter, of rows that hold for a chain of units, the nearest one."""
    distance = {unit: position for position, unit in enumerate(units)}

    def nearness(row: ParameterValue) -> tuple[int, int, int]:
        unit_distance = len(distance) if row.unit_id is None else distance[row.unit_id]
        return unit_distance, 0 if row.line else 1, -row.effective_from.toordinal()

    return {row.key: row for row in sorted(stored, key=nearness, reverse=True)}  # the nearest is written last


def value_of(
    parameter: Parameter, *, units: Sequence[int] = (), line: str = "", on: date | None = None
) -> Any:
    """The value in force on a day for the nearest unit; the declared default when nothing is stored. One query."""
    (value,) = values_of(parameter, units=units, line=line, on=on)
    return value


def values_of(
    *parameters: Parameter, units: Sequence[int] = (), line: str = "", on: date | None = None
) -> tuple[Any, ...]:
    """The values in force of several parameters, in their order. One query for all."""
    rows = rows_in_force(units=units, line=line, on=on, keys=[one.key for one in parameters])
    return _values(parameters, rows)


def values_by_chain(
    *parameters: Parameter, chains: Collection[tuple[int, ...]], line: str = "", on: date | None = None
) -> dict[tuple[int, ...], tuple[Any, ...]]:
    """`values_of` for several chains of units: each with its values. One query for all."""
    units = {unit for chain in chains for unit in chain}
    stored = list(_stored(units, line, on, [one.key for one in parameters]))
    return {
        chain: _values(parameters, _nearest((row for row in stored if row.unit_id in {None, *chain}), chain))
        for chain in chains
    }


def _values(parameters: Sequence[Parameter], rows: Mapping[str, ParameterValue]) -> tuple[Any, ...]:
    return tuple(rows[one.key].value if one.key in rows else one.default for one in parameters)
