"""Input of to-dos (待办)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.desk.actions.tasks import LONGEST_REASON, LONGEST_TITLE, Wanted
from hongyan.desk.codes import REMINDERS, Priority, Repeat
from hongyan.org.forms.refusable import RefusableForm

_DAY = {"type": "date"}
_WORDS = forms.Textarea(attrs={"rows": 3})


def _day() -> forms.DateField:
    return forms.DateField(
        label=pgettext_lazy("待办", "到期日"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


def _time() -> forms.TimeField:
    return forms.TimeField(
        label=pgettext_lazy("待办", "几点"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("不填就是当天之内。"),
    )


def _colleague() -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("待办", "交给谁（工号）"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"}),
    )


def _reason() -> FreeTextInput:
    return FreeTextInput(label=_("原因"), max_length=LONGEST_REASON, widget=_WORDS)


class SeenForm(RefusableForm):
    """A form over a to-do, which knows what its reader saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class TaskForm(SeenForm):
    """What is to be done until when; whoever assigns to others chooses by whom."""

    title = FreeTextInput(label=pgettext_lazy("待办", "做什么"), max_length=LONGEST_TITLE)
    due_on = _day()
    due_time = _time()
    priority = forms.TypedChoiceField(
        label=_("优先级"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL.value
    )
    remind = forms.TypedChoiceField(
        label=_("提醒"),
        choices=[("", pgettext_lazy("提醒", "不提醒")), *REMINDERS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    repeat = forms.ChoiceField(
        label=pgettext_lazy("待办", "重复"),
        choices=[("", pgettext_lazy("待办", "不重复")), *Repeat.choices],
        required=False,
    )

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = colleagues
        if colleagues:
            self.fields["staff_no"] = _colleague()
            self.fields["staff_no"].required = False
            self.fields["staff_no"].help_text = _("不填就是自己做。")

    @property
    def wanted(self) -> Wanted:
        """What was typed, as the action takes it."""
        given = self.cleaned_data
        return Wanted(
            title=given["title"],
            due_on=given["due_on"],
            due_time=given["due_time"],
            priority=given["priority"],
            repeat=given["repeat"],
            remind_minutes=given["remind"],
        )


class PostponeForm(SeenForm):
    """Until when it waits, and why."""

    due_on = _day()
    due_time = _time()
    reason = _reason()


class DelegateForm(SeenForm):
    """Who does it from now on, and why."""

    staff_no = _colleague()
    reason = _reason()

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = colleagues


class FinishForm(SeenForm):
    """What came of it."""

    result = FreeTextInput(
        label=pgettext_lazy("待办", "结果（选填）"), max_length=LONGEST_REASON, widget=_WORDS, required=False
    )


class DropForm(SeenForm):
    """Why it will not be done."""

    reason = _reason()
