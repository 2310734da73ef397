"""Input of the log of exceptions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.core.free_text import FreeTextInput
from hongyan.org.actions.handle_exception import LONGEST_NOTE


class HandlingForm(forms.Form):
    """What was done about an exception."""

    note = FreeTextInput(
        label=_("如何处理"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
