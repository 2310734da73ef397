"""Input of the pages of consent. The actions check again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.consent.codes import LegalBasis, Proof, Source
from hongyan.core import clock
from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import ConsentPurpose, ContactChannel
from hongyan.org.codes import Line
from hongyan.org.forms.posts import DayField
from hongyan.org.forms.refusable import RefusableForm

_TAKES_CONSENT = [one for one in ConsentPurpose.choices if one[0] != ConsentPurpose.SERVICE]
_SOURCES = [one for one in Source.choices if one[0] != Source.SYSTEM]


class _Channels(forms.MultipleChoiceField):
    """Channels; none chosen means all."""

    def __init__(self) -> None:
        super().__init__(
            label=_("联系渠道"),
            choices=ContactChannel.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("不勾选就是全部渠道"),
        )


class GiveForm(RefusableForm):
    """A consent: for what, of which line, and by what it can be shown."""

    purpose = forms.ChoiceField(label=_("用途"), choices=_TAKES_CONSENT)
    line = forms.ChoiceField(label=pgettext_lazy("同意", "板块"), choices=Line.choices)
    source = forms.ChoiceField(label=_("在哪里说的"), choices=_SOURCES)
    proof = forms.ChoiceField(label=pgettext_lazy("同意", "凭证"), choices=Proof.choices)
    reference = FreeTextInput(label=_("凭证编号"), max_length=100)
    channels = _Channels()


class WithdrawForm(RefusableForm):
    """What is taken back; all of it where nothing is chosen."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=[("", _("全部用途（服务通知除外）")), *ConsentPurpose.choices],
        required=False,
    )
    line = forms.ChoiceField(
        label=pgettext_lazy("同意", "板块"), choices=[("", _("全部板块")), *Line.choices], required=False
    )
    source = forms.ChoiceField(label=_("在哪里说的"), choices=_SOURCES)
    reference = FreeTextInput(label=_("凭证编号（选填）"), max_length=100, required=False)
    channels = _Channels()


class _HourField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SilenceForm(RefusableForm):
    """A wish not to be disturbed."""

    last_day = DayField(label=_("到哪一天为止"), required=False, help_text=_("不填就一直有效"))
    source = forms.ChoiceField(label=_("在哪里说的"), choices=_SOURCES)
    opens = _HourField(
        label=_("每天从几点起"), required=False, help_text=_("只在某个时段不打扰时填写，可以跨过午夜")
    )
    closes = _HourField(label=_("每天到几点止"), required=False)
    reason = FreeTextInput(label=_("说明（选填）"), max_length=200, required=False)
    with_service = forms.BooleanField(label=_("服务通知也不要"), required=False)
    channels = _Channels()


class ReasonForm(RefusableForm):
    """Why a customer is frozen, or no longer."""

    reason = FreeTextInput(label=_("理由"), max_length=300)


class TextForm(RefusableForm):
    """A text to be published."""

    purpose = forms.ChoiceField(label=_("用途"), choices=ConsentPurpose.choices)
    line = forms.ChoiceField(
        label=pgettext_lazy("同意", "板块"), choices=[("", _("全部板块")), *Line.choices], required=False
    )
    basis = forms.ChoiceField(label=_("处理依据"), choices=LegalBasis.choices)
    valid_from = DayField(label=_("从哪天起使用"))
    valid_to = DayField(
        label=_("最后一天"), required=False, help_text=_("不填就一直有效；填了，按它给出的同意到这一天为止")
    )
    text = FreeTextInput(label=_("中文全文"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
    text_en = FreeTextInput(label=_("英文全文"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"valid_from": clock.business_date()})
