"""Input of the intake console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core.errors import Invalid
from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import PartyType
from hongyan.customer.custom import custom_fields, label
from hongyan.integration.codes import Connection, Known
from hongyan.integration.descriptors import DataClass, Field, FieldType, RecordKind, all_descriptors
from hongyan.integration.import_rules import SYNONYMS
from hongyan.integration.reasons import sentence
from hongyan.integration.words import TARGETS, short_name
from hongyan.org.codes import Line
from hongyan.org.forms.files import FilesField
from hongyan.ui.lists import Choice

LONGEST_VALUE = 2000


class SystemForm(forms.Form):
    """How a source system stands, in a word and a sentence, and for which unit it delivers.

    `units` are the units that may be chosen; without any the unit stays as it is and is only shown, under `home`.
    """

    connection = forms.ChoiceField(label=gettext_lazy("接入状态"), choices=Connection.choices)
    unit = forms.ChoiceField(
        label=gettext_lazy("默认归属机构"),
        required=False,
        help_text=gettext_lazy("机构不明的隔离行由这个机构修正。"),
    )
    note = FreeTextInput(
        label=gettext_lazy("备注"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: object = None, *, initial: dict[str, object], units: Sequence[Choice], home: str
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        field, current = self.fields["unit"], str(initial["unit"])
        assert isinstance(field, forms.ChoiceField)
        offered = [(unit.value, f"{'　' * unit.depth}{unit.label}") for unit in units]
        kept = [] if any(value == current for value, _label in offered) else [(current, home)]
        field.choices = kept + offered
        field.disabled = not units

    def clean_unit(self) -> str:
        """The unit; one that is not the sender's to change must not be sent. Django alone would pass over it."""
        unit = str(self.cleaned_data["unit"])
        if self.fields["unit"].disabled and self.data.get("unit", unit) != unit:
            raise forms.ValidationError(_("只能在您的数据范围内改换机构"))
        return unit


class ReasonForm(forms.Form):
    """Why something is given up or taken back."""

    reason = FreeTextInput(label=gettext_lazy("原因"), max_length=200)


class UploadForm(forms.Form):
    """Which system, and which files."""

    system = forms.ChoiceField(label=gettext_lazy("来源系统"))
    sent = FilesField(label=gettext_lazy("文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].choices = [(one.code, short_name(one)) for one in all_descriptors()]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class MendField:
    """One column of a row: its input, what our field is called, what was wrong, and what may stand there."""

    bound: forms.BoundField
    target: str
    problems: Sequence[str]
    allowed: str
    is_required: bool
    is_secret: bool

    @property
    def control(self) -> SafeString:
        """The input, looking as all inputs do."""
        looks = "form-control is-invalid" if self.problems else "form-control"
        return self.bound.as_widget(attrs={**self.bound.field.widget.attrs, "class": looks})


class MendForm(forms.Form):
    """All columns of a quarantined row as its record kind declares them, holding what was delivered.

    Nothing is required here: the rules of the connector judge the row again, as they judge a file.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: RecordKind,
        values: Mapping[str, str],
        reasons: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(data, prefix="column")
        self.kind = kind
        self.reasons = reasons
        for place, column in enumerate(kind.columns):
            self.fields[str(place)] = forms.CharField(
                label=column,
                required=False,
                strip=False,
                max_length=LONGEST_VALUE,
                initial=values.get(column, ""),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    @property
    def values(self) -> dict[str, str]:
        """What was entered, by source column; a column that was not sent keeps its value."""
        return {
            column: self.cleaned_data[str(place)]
            for place, column in enumerate(self.kind.columns)
            if self.add_prefix(str(place)) in self.data
        }

    @property
    def faulty(self) -> list[MendField]:
        """Columns that broke a rule."""
        return [field for field in self._columns if field.problems]

    @property
    def sound(self) -> list[MendField]:
        """All the others."""
        return [field for field in self._columns if not field.problems]

    @property
    def problems_of_row(self) -> list[str]:
        """What is wrong with the row as a whole."""
        return [sentence(one) for one in self.reasons if one["field"] not in self.kind.columns]

    @property
    def _columns(self) -> list[MendField]:
        return [self._column(place, column) for place, column in enumerate(self.kind.columns)]

    def _column(self, place: int, column: str) -> MendField:
        declared = [field for field in self.kind.fields if field.column == column]
        problems = [sentence(one) for one in self.reasons if one["field"] == column]
        target = next((field.target for field in declared if field.target), "")
        ours = str(TARGETS.get(target, target))
        return MendField(
            bound=self[str(place)],
            target="" if ours == column else ours,
            problems=problems,
            allowed=allowed_in(declared),
            is_required=any(field.required for field in declared),
            is_secret=any(field.data_class is DataClass.C2 for field in declared),
        )


def allowed_in(declared: Sequence[Field]) -> str:
    """What may stand in a column, in words; empty when anything may.

    A column may be declared twice, for two of our fields; a code must be known to both.
    """
    codes = next(
        (field.codes for field in declared if field.type is FieldType.CODE and field.default is None), None
    )
    if codes:
        return _("可填：{codes}").format(codes=_("、").join(codes))
    first = declared[0]
    if first.type in {FieldType.DATE, FieldType.MOMENT}:
        return _("日期，如 20261122 或 2026-11-22")
    if first.max_length:
        return _("最多 {limit} 个字符").format(limit=first.max_length)
    return ""


class ImportFileForm(forms.Form):
    """One file of customers."""

    sent = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("CSV（UTF-8 或 GB18030）或 Excel 工作簿（.xlsx），第一行是列名。"),
    )


class MapForm(forms.Form):
    """What each column of a file is, and what its rows are to become."""

    party_type = forms.ChoiceField(label=gettext_lazy("名单上是"), choices=PartyType.choices)
    line = forms.ChoiceField(label=gettext_lazy("业务板块"))
    unit = forms.CharField(
        label=gettext_lazy("归属机构代码"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("没有机构列的行归这个机构；留空为您的机构。"),
    )
    known = forms.ChoiceField(
        label=gettext_lazy("遇到已有客户"), choices=Known.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        headers: Sequence[str],
        mapping: Sequence[str],
        lines: Sequence[str],
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.places = [f"column-{place}" for place in range(len(headers))]
        targets = [
            ("", _("不导入")),
            *((target, str(TARGETS[target])) for target in SYNONYMS),
            *((field.name, label(field)) for field in custom_fields() if field.is_importable),
        ]
        for name, header, target in zip(self.places, headers, mapping, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=header,
                choices=targets,
                required=False,
                initial=target,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        line = self.fields["line"]
        assert isinstance(line, forms.ChoiceField)
        line.choices = [(code, Line(code).label) for code in lines]

    @property
    def columns(self) -> list[forms.BoundField]:
        """The choices of the columns, in the order of the file."""
        return [self[name] for name in self.places]

    @property
    def mapping(self) -> list[str]:
        """Our field for each column; empty for one that is left out."""
        return [self.cleaned_data[name] for name in self.places]

    def refuse(self, error: Invalid) -> None:
        """Take over the sentences of an action."""
        for name, text in error.fields.items():
            self.add_error(name if name in self.fields else None, text)
