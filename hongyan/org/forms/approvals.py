"""Input of a decision, and of a request taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.org.codes import Verdict


class DecisionForm(forms.Form):
    """Yes or no with a reason, which a refusal needs; `version` is the state of things the checker saw."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = FreeTextInput(
        label=gettext_lazy("意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == Verdict.REJECT and not given.get("reason"):
            self.add_error("reason", _("请写明驳回的原因"))
        return given


class RecallForm(forms.Form):
    """Why a request is taken back."""

    reason = FreeTextInput(label=gettext_lazy("撤回原因"), max_length=200)
