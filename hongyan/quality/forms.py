"""Input of data quality. The actions check again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import PartyType
from hongyan.org.codes import Line
from hongyan.org.forms.refusable import RefusableForm
from hongyan.quality.actions.campaigns import LONGEST_NAME
from hongyan.quality.codes import Item, Nationality, Occupation

_OPEN = ("", pgettext_lazy("选项", "不清楚"))


class CampaignForm(RefusableForm):
    """What a campaign asks for, of whom, by when."""

    name = FreeTextInput(label=_("活动名称"), max_length=LONGEST_NAME)
    items = forms.MultipleChoiceField(
        label=_("补录哪些资料"), choices=Item.choices, widget=forms.CheckboxSelectMultiple
    )
    party_type = forms.ChoiceField(
        label=_("客户类别"), choices=[("", _("全部")), *PartyType.choices], required=False
    )
    line = forms.ChoiceField(label=_("业务板块"), choices=[("", _("全部")), *Line.choices], required=False)
    unit_code = forms.ChoiceField(label=_("机构"), required=False)
    due_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_code"].choices = units  # type: ignore[attr-defined]


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
