"""The form for one day of the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.core.versions import mark
from hongyan.org.queries.calendar import ShownDay

_STATEMENTS = {"working": True, "off": False, "week": None}


class DayForm(forms.Form):
    """Whether a day is worked, what it is called, and on what that rests."""

    statement = forms.ChoiceField(
        label=gettext_lazy("这一天"),
        choices=[
            ("working", pgettext_lazy("工作日历", "上班")),
            ("off", pgettext_lazy("工作日历", "休息")),
            ("week", pgettext_lazy("工作日历", "按星期")),
        ],
        widget=forms.RadioSelect,
    )
    note = FreeTextInput(
        label=gettext_lazy("名称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("例如 春节、春节调休"),
    )
    reason = FreeTextInput(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("例如放假通知的文号")
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, shown: ShownDay) -> None:
        said = "week" if shown.row is None else "working" if shown.row.is_working else "off"
        note = shown.row.note if shown.row else ""
        initial = {"statement": said, "note": note, "seen": mark(shown.said)}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]

    @property
    def wanted(self) -> dict[str, Any]:
        """The checked input as arguments of `set_day`."""
        given = self.cleaned_data
        return {
            "is_working": _STATEMENTS[given["statement"]],
            "note": given["note"],
            "reason": given["reason"],
            "seen": given["seen"],
        }
