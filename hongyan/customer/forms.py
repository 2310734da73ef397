"""Input of the customer room's doors."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import Purpose


class PurposeForm(forms.Form):
    """Why somebody asks to see a masked value. The action checks again; this is the page without scripts."""

    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices, widget=forms.RadioSelect)
    note = FreeTextInput(label=_("说明（选填）"), max_length=100, required=False)
