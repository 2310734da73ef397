"""Input of notes and calls."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.core.free_text import FreeTextInput
from hongyan.desk.actions.notes import LONGEST_CALL_MINUTES, LONGEST_TEXT, Call
from hongyan.desk.codes import CallDirection, CallResult
from hongyan.org.forms.refusable import RefusableForm

_WORDS = forms.Textarea(attrs={"rows": 5})


class NoteForm(RefusableForm):
    """A note in somebody's own words."""

    text = FreeTextInput(label=_("备注内容"), max_length=LONGEST_TEXT, widget=_WORDS)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def call(self) -> Call | None:
        """A note is no call."""
        return None


class MendForm(NoteForm):
    """The same for what stands there already; of a call the words may be left empty."""

    def __init__(self, *args: object, needs_text: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].required = needs_text


class CallForm(RefusableForm):
    """A call for the log."""

    direction = forms.ChoiceField(
        label=_("呼入还是呼出"), choices=CallDirection.choices, widget=forms.RadioSelect
    )
    at = forms.DateTimeField(
        label=_("通话时间"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    result = forms.ChoiceField(label=_("通话结果"), choices=CallResult.choices, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label=_("时长（分钟）"), min_value=0, max_value=LONGEST_CALL_MINUTES, required=False
    )
    text = FreeTextInput(label=_("说了什么（选填）"), max_length=LONGEST_TEXT, widget=_WORDS, required=False)

    @property
    def call(self) -> Call:
        """What was typed, as the action takes it."""
        given = self.cleaned_data
        return Call(given["at"], given["direction"], given["result"], given["minutes"] or 0)
