"""Input of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.core.free_text import FreeTextInput
from hongyan.desk.actions.exports import LONGEST_NOTE
from hongyan.desk.actions.mass import LONGEST_REASON
from hongyan.desk.actions.saved_views import LONGEST_NAME
from hongyan.desk.actions.schedules import LONGEST_NAME as LONGEST_SCHEDULE
from hongyan.desk.codes import Every, ExportFormat, Weekday
from hongyan.org.forms.refusable import RefusableForm


class SavedViewForm(forms.Form):
    """What its owner can change about a saved view."""

    name = FreeTextInput(label=_("名称"), max_length=LONGEST_NAME)
    is_pinned = forms.BooleanField(label=_("置顶：排在其他视图前面"), required=False)
    is_default = forms.BooleanField(label=_("默认：打开列表时先用这个视图"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(label=_("共享给本单位及下级单位的同事"), required=False)


class ExportForm(forms.Form):
    """What an export is written as and what it is for; the purposes are those of the list."""

    file_format = forms.ChoiceField(
        label=_("文件格式"),
        widget=forms.RadioSelect,
    )
    purpose = forms.ChoiceField(label=_("用途"), widget=forms.RadioSelect)
    note = FreeTextInput(label=_("说明（选填）"), max_length=LONGEST_NOTE, required=False)

    def __init__(
        self,
        *args: Any,
        purposes: Sequence[tuple[str, str | Promise]],
        formats: Sequence[ExportFormat],
        needs_note: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["file_format"].choices = _named(formats)  # type: ignore[attr-defined]
        self.initial.setdefault("file_format", formats[0])
        if len(purposes) == 1:
            self.initial.setdefault("purpose", purposes[0][0])
        if needs_note:
            self.fields["note"].label = _("说明：为什么要导出")
            self.fields["note"].required = True


class ScheduleForm(forms.Form):
    """When a list is taken away, as what and what for; the purposes are those of the list."""

    name = FreeTextInput(label=_("名称"), max_length=LONGEST_SCHEDULE)
    every = forms.ChoiceField(
        label=_("多久一次"), choices=Every.choices, initial=Every.WEEK, widget=forms.RadioSelect
    )
    weekday = forms.TypedChoiceField(
        label=_("每周的哪一天"), choices=Weekday.choices, coerce=int, help_text=_("每周一次时才用。")
    )
    day = forms.IntegerField(
        label=_("每月几日"), min_value=1, max_value=28, initial=1, help_text=_("每月一次时才用，最晚 28 日。")
    )
    hour = forms.IntegerField(
        label=_("几点"), min_value=0, max_value=23, initial=8, help_text=_("北京时间，0 至 23 点。")
    )
    file_format = forms.ChoiceField(
        label=_("文件格式"),
        widget=forms.RadioSelect,
    )
    purpose = forms.ChoiceField(label=_("用途"), widget=forms.RadioSelect)
    note = FreeTextInput(label=_("说明：为什么要定时导出"), max_length=LONGEST_NOTE)

    def __init__(
        self,
        *args: Any,
        purposes: Sequence[tuple[str, str | Promise]],
        formats: Sequence[ExportFormat],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["file_format"].choices = _named(formats)  # type: ignore[attr-defined]
        self.initial.setdefault("file_format", formats[0])


def _named(formats: Sequence[ExportFormat]) -> list[tuple[str, str | Promise]]:
    return [(one.value, one.label) for one in formats]


class MassForm(RefusableForm):
    """What an act on many rows is asked to do, and why; each act adds its own fields, whose clean values are codes."""

    reason = FreeTextInput(
        label=_("原因"), max_length=LONGEST_REASON, help_text=_("为什么改，会记入审计。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def given(self) -> dict[str, Any]:
        """What was asked for, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}
