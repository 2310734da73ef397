"""Input of the request desk (个人权利请求). The actions check again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.consent.actions.requests import LONGEST_ANSWER, LONGEST_ASKED, LONGEST_NOTE
from hongyan.consent.codes import IdentityProof, RequestKind, Source
from hongyan.consent.models import PersonRequest
from hongyan.core.free_text import FreeTextInput
from hongyan.org.forms.refusable import RefusableForm

_SOURCES = [one for one in Source.choices if one[0] != Source.SYSTEM]


def _long(label: Any, most: int, rows: int) -> FreeTextInput:
    return FreeTextInput(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


class ReceiveForm(RefusableForm):
    """What a person asks, and how it came."""

    kind = forms.ChoiceField(label=pgettext_lazy("个人权利请求", "请求事项"), choices=RequestKind.choices)
    source = forms.ChoiceField(label=_("在哪里提出"), choices=_SOURCES)
    asked = _long(_("请求内容"), LONGEST_ASKED, 4)


class StepForm(RefusableForm):
    """A step of a request as somebody sees it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: PersonRequest, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"version": row.version})


class VerifyForm(StepForm):
    """By what the person is known."""

    identity = forms.ChoiceField(label=_("核身方式"), choices=IdentityProof.choices, widget=forms.RadioSelect)
    note = FreeTextInput(
        label=_("核身说明（选填）"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("不要写证件号码或电话"),
    )


class AnswerForm(StepForm):
    """What the person is answered."""

    text = _long(_("答复内容"), LONGEST_ANSWER, 5)
    with_freeze = forms.BooleanField(
        label=_("同时冻结客户资料"),
        required=False,
        help_text=_("法律要求保存的记录不能删除：冻结以后只保存，不再使用。"),
    )

    def __init__(self, row: PersonRequest, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(row, data)
        if row.kind != RequestKind.ERASE:
            del self.fields["with_freeze"]
        else:
            self.initial["with_freeze"] = True


class RefuseForm(StepForm):
    """Why a request is refused."""

    text = _long(_("拒绝的理由"), LONGEST_ANSWER, 3)
