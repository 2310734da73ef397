"""Input of a new value of a parameter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Line
from hongyan.ui.lists import Choice


class ParameterForm(forms.Form):
    """The value is read as text and typed by the parameter; the units offered are those the viewer may edit for."""

    value = forms.CharField(label=gettext_lazy("新的值"), max_length=500)
    effective_from = forms.DateField(
        label=gettext_lazy("生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    unit = forms.ChoiceField(label=gettext_lazy("适用机构"), required=False)
    line = forms.ChoiceField(label=gettext_lazy("业务板块"), required=False)
    reason = forms.CharField(label=gettext_lazy("修改原因"), max_length=200)

    def __init__(
        self,
        data: object = None,
        *,
        parameter: Parameter,
        units: Sequence[Choice],
        is_group: bool,
        value: str = "",
    ) -> None:
        self.parameter = parameter
        today = clock.business_date()
        super().__init__(data, initial={"effective_from": today, "value": value})  # type: ignore[arg-type]
        everywhere = [("", _("全集团"))] if is_group else []
        self._offer("unit", everywhere + [(unit.value, f"{'　' * unit.depth}{unit.label}") for unit in units])
        self._offer(
            "line", [("", pgettext("业务板块", "全部")), *((line.value, str(line.label)) for line in Line)]
        )
        self.fields["effective_from"].widget.attrs["min"] = today.isoformat()
        self.fields["value"].help_text = _allowed(parameter)
        if parameter.kind == "bool":
            choices = [("true", pgettext("参数值", "是")), ("false", pgettext("参数值", "否"))]
            self.fields["value"].widget = forms.Select(choices=choices)
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
        }


def _allowed(parameter: Parameter) -> str:
    """The limits in words, with the unit of the number."""
    low, high, unit = parameter.minimum, parameter.maximum, parameter.unit
    if parameter.choices:
        return " / ".join(parameter.choices)
    if parameter.kind == "list":
        return _("用逗号分隔，次序有意义")
    if low is not None and high is not None:
        return _("{low} 至 {high} {unit}").format(low=low, high=high, unit=unit).strip()
    if low is not None:
        return _("不小于 {low} {unit}").format(low=low, unit=unit).strip()
    if high is not None:
        return _("不大于 {high} {unit}").format(high=high, unit=unit).strip()
    return str(unit)
