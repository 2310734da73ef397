"""Input of a new value of a parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.core.free_text import FreeTextInput
from hongyan.core.parameter_tables import DIVIDER, Column
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Line
from hongyan.org.forms.refusable import RefusableForm
from hongyan.ui.lists import Choice

LONGEST_TABLE = 8000
MOST_ROWS = 60
BLANK_ROWS = 3
"""Empty rows a table is offered with, to add to it; a row that is left empty is left out."""


class TableWidget(forms.Widget):
    """A table of inputs, one row a line of the text and one input a cell, divided as `core.parameter_tables` reads."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns

    def render(
        self,
        name: str,
        value: str | None,
        attrs: Mapping[str, Any] | None = None,
        renderer: object = None,  # noqa: ARG002  Django's signature
    ) -> SafeString:
        lines = [line.split(DIVIDER) for line in (value or "").splitlines()]
        blank = [""] * len(self.columns)
        rows = [(line + blank)[: len(self.columns)] for line in lines] + [blank] * BLANK_ROWS
        context = {
            "columns": self.columns,
            "rows": [
                [
                    (column, f"{name}-{number}-{column.key}", cell.strip())
                    for column, cell in zip(self.columns, row, strict=True)
                ]
                for number, row in enumerate(rows[:MOST_ROWS])
            ],
            "id": (attrs or {}).get("id", ""),
        }
        return render_to_string("org/parts/table_input.html", context)

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> str | None:  # noqa: ARG002
        """The text of a whole table, or its cells put together; a divider typed into a cell ends nothing."""
        if name in data:
            return str(data[name])
        rows = (
            [data.get(f"{name}-{number}-{column.key}", "") for column in self.columns]
            for number in range(MOST_ROWS)
        )
        return "\n".join(DIVIDER.join(map(_plain, row)) for row in rows if any(row)) or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None


class ParameterForm(RefusableForm):
    """The value is read as text and typed by the parameter; the units offered are those the viewer may edit for."""

    value = FreeTextInput(label=gettext_lazy("新的值"), max_length=500)
    effective_from = forms.DateField(
        label=gettext_lazy("生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    unit = forms.ChoiceField(label=gettext_lazy("适用机构"), required=False)
    line = forms.ChoiceField(label=gettext_lazy("业务板块"), required=False)
    reason = FreeTextInput(label=gettext_lazy("修改原因"), max_length=200)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: object = None,
        *,
        parameter: Parameter,
        units: Sequence[Choice],
        is_group: bool,
        value: str = "",
        seen: str = "",
    ) -> None:
        self.parameter = parameter
        today = clock.business_date()
        super().__init__(data, initial={"effective_from": today, "value": value, "seen": seen})  # type: ignore[arg-type]
        everywhere = [("", _("全集团"))] if is_group else []
        self._offer("unit", everywhere + [(unit.value, f"{'　' * unit.depth}{unit.label}") for unit in units])
        self._offer(
            "line", [("", pgettext("业务板块", "全部")), *((line.value, str(line.label)) for line in Line)]
        )
        self.fields["effective_from"].widget.attrs["min"] = today.isoformat()
        self.fields["value"].help_text = _allowed(parameter)
        if parameter.kind == "table":
            self.fields["value"] = FreeTextInput(
                label=_("新的值"),
                max_length=LONGEST_TABLE,
                help_text=self.fields["value"].help_text,
                widget=TableWidget(parameter.columns),
            )
        elif parameter.kind == "bool":
            choices = [("true", pgettext("参数值", "是")), ("false", pgettext("参数值", "否"))]
            self.fields["value"].widget = forms.Select(choices=choices)
        elif parameter.choices:
            self.fields["value"].widget = forms.Select(choices=[(one, one) for one in parameter.choices])
            self.fields["value"].help_text = ""
        elif parameter.kind in {"int", "decimal"}:
            self.fields["value"].widget.attrs.update(inputmode="decimal", autocomplete="off")

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_value(self) -> str:
        """The value as typed, if the parameter takes it."""
        text = str(self.cleaned_data["value"])
        try:
            self.parameter.parse(text)
        except Invalid as error:
            raise forms.ValidationError(list(error.fields.values())) from error
        return text

    def clean_effective_from(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        if day < clock.business_date():
            raise forms.ValidationError(_("生效日期不能早于今天"))
        return day

    @property
    def wanted(self) -> dict[str, Any]:
        """The checked input as arguments of `set_parameter`."""
        given = self.cleaned_data
        return {
            "value": given["value"],
            "unit_code": given["unit"],
            "line": given["line"],
            "effective_from": given["effective_from"],
            "reason": given["reason"],
            "seen": given["seen"],
        }


def _plain(cell: str) -> str:
    return " ".join(str(cell).replace(DIVIDER, " ").split())


def _allowed(parameter: Parameter) -> str:
    """The limits in words, with the unit of the number."""
    low, high, unit = parameter.minimum, parameter.maximum, parameter.unit
    if parameter.choices:
        return " / ".join(parameter.choices)
    if parameter.kind == "table":
        return _("空行不计；多个角色用顿号分隔")
    if parameter.kind == "list":
        return _("用逗号分隔，次序有意义")
    if low is not None and high is not None:
        return _("{low} 至 {high} {unit}").format(low=low, high=high, unit=unit).strip()
    if low is not None:
        return _("不小于 {low} {unit}").format(low=low, unit=unit).strip()
    if high is not None:
        return _("不大于 {high} {unit}").format(high=high, unit=unit).strip()
    return str(unit)
