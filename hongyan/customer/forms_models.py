"""Input of the doors of models."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.actions.merge import LONGEST_REASON


class ModelUseForm(forms.Form):
    """Why a model is to be put in force."""

    reason = FreeTextInput(
        label=_("理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
