"""Input of data quality. The actions check again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.org.forms.refusable import RefusableForm
from hongyan.quality.codes import Nationality, Occupation

_OPEN = ("", pgettext_lazy("选项", "不清楚"))


class DiligenceForm(RefusableForm):
    """What a person's papers say."""

    nationality = forms.ChoiceField(
        label=pgettext_lazy("资料项", "国籍"), choices=[_OPEN, *Nationality.choices], required=False
    )
    occupation = forms.ChoiceField(
        label=pgettext_lazy("资料项", "职业"), choices=[_OPEN, *Occupation.choices], required=False
    )
    credential_until = forms.DateField(
        label=_("证件有效期至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_lifelong = forms.BooleanField(label=_("证件长期有效"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)
