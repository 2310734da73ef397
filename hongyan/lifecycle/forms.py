"""Input of applications: a customer with an agreement, the end of one, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import masking
from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import Settlement
from hongyan.customer.forms_entering import EntryForm
from hongyan.customer.rules.entering import Entered
from hongyan.ledger.codes import BaseProduct
from hongyan.lifecycle.actions.drafts import LONGEST_REASON, Draft
from hongyan.lifecycle.codes import ApplicationKind
from hongyan.lifecycle.models import Application
from hongyan.org.codes import Line, Viewer
from hongyan.org.forms.refusable import RefusableForm

_MASKS = {
    "credential_no": masking.mask_credential,
    "mobile": masking.mask_phone,
    "landline": masking.mask_phone,
    "email": masking.mask_email,
    "address": masking.mask_address,
}
KEPT = ("credential_no", "mobile", "landline", "email", "address", "birth_date")
"""What a draft shows masked when it is opened again; left empty, it stays as it was typed."""


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class ApplicationForm(EntryForm):
    """What is typed of a customer who wants an agreement, and of the agreement."""

    kind = ApplicationKind.CREATE

    families = forms.MultipleChoiceField(
        label=pgettext_lazy("申请", "寄递产品族"),
        choices=BaseProduct.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("邮务、速递的协议须选；两个板块不能同时为一位客户做同一产品族。"),
    )
    valid_from = _day(gettext_lazy("协议生效日期"), required=True)
    valid_to = _day(gettext_lazy("协议失效日期"), help_text=gettext_lazy("不填为长期；申请互斥例外时必填。"))
    settlement = forms.ChoiceField(label=gettext_lazy("结算方式"), choices=Settlement.choices)
    credential_until = _day(gettext_lazy("证件有效期至"))
    is_lifelong = forms.BooleanField(label=gettext_lazy("证件长期有效"), required=False)
    sighted = forms.BooleanField(label=gettext_lazy("已核对证件原件，与本人或单位相符"), required=False)
    exception = FreeTextInput(
        label=gettext_lazy("互斥例外的理由"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("只在“寄递互斥”一项列出协议时填写；例外由省级审批。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        viewer: Viewer,
        data: Mapping[str, Any] | None = None,
        *,
        row: Application | None = None,
        entered: Entered | None = None,
    ) -> None:
        super().__init__(viewer, data)
        self.kept = entered
        if row is None or entered is None:
            return
        _go_on(self, row, entered)
        self.initial = {
            **self.initial,
            "families": row.families, "valid_from": row.valid_from, "valid_to": row.valid_to,
            "settlement": row.settlement, "credential_until": row.credential_until, "is_lifelong": row.is_lifelong,
            "sighted": row.sighted, "exception": row.exception,
        }  # fmt: skip

    @property
    def entered(self) -> Entered:
        """As typed; what was left empty of a draft is what it held before."""
        return _kept_in(super().entered, self.kept)

    def saved(self, row: Application) -> None:
        """Show what was typed as the version that was kept just now."""
        self.data = _as_version(self.data, row)

    @property
    def draft(self) -> Draft:
        """Everything that was said."""
        said = self.cleaned_data
        return Draft(
            entered=self.entered,
            line=said["line"],
            families=tuple(said["families"]),
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            settlement=said["settlement"],
            credential_until=said["credential_until"],
            is_lifelong=said["is_lifelong"],
            sighted=said["sighted"],
            exception=said["exception"],
        )


class ProspectForm(EntryForm):
    """What is typed of somebody who may become a customer."""

    kind = ApplicationKind.PROSPECT

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        viewer: Viewer,
        data: Mapping[str, Any] | None = None,
        *,
        row: Application | None = None,
        entered: Entered | None = None,
    ) -> None:
        super().__init__(viewer, data)
        self.kept = entered
        if row is not None and entered is not None:
            _go_on(self, row, entered)

    @property
    def entered(self) -> Entered:
        """As typed; what was left empty of a draft is what it held before."""
        return _kept_in(super().entered, self.kept)

    def saved(self, row: Application) -> None:
        """Show what was typed as the version that was kept just now."""
        self.data = _as_version(self.data, row)

    @property
    def draft(self) -> Draft:
        """Everything that was said."""
        return Draft(self.entered, self.cleaned_data["line"], ApplicationKind.PROSPECT)


def _go_on(form: EntryForm, row: Application, entered: Entered) -> None:
    """Fill a form with a draft; personal numbers are only told about, masked."""
    form.initial = {
        **form.initial,
        "party_type": entered.party_type, "line": row.line, "name": entered.name, "gender": entered.gender,
        "credential_type": entered.credential_type, "legal_person": entered.legal_person, "version": row.version,
        "key": uuid4(),
    }  # fmt: skip
    for name in KEPT:
        if said := getattr(entered, name):
            shown = _MASKS[name](said) if name in _MASKS else "****"
            told = _("已填 {masked}，不改请留空。").format(masked=shown)
            fields = ("credential_no", "uscc") if name == "credential_no" else (name,)
            for field in fields:
                form.fields[field].help_text = told


def _kept_in(typed: Entered, kept: Entered | None) -> Entered:
    if kept is None or kept.party_type != typed.party_type:
        return typed
    before = {name: getattr(kept, name) for name in KEPT if not getattr(typed, name)}
    return replace(typed, **before)


def _as_version(data: Mapping[str, Any], row: Application) -> QueryDict:
    version = QueryDict(mutable=True)
    version.update(data)
    version["version"] = str(row.version)
    return version


class AskForm(RefusableForm):
    """In which line a customer shall be closed, frozen or unfrozen, and why."""

    line = forms.ChoiceField(label=pgettext_lazy("申请", "范围"), required=False)
    reason = FreeTextInput(
        label=gettext_lazy("理由"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, lines: Sequence[str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4(), "line": lines[0] if lines else ""})
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(line, line_word(line)) for line in lines]


class ConvertForm(forms.Form):
    """That a potential customer wants an agreement, once."""

    key = forms.UUIDField()


class UndoForm(RefusableForm):
    """Why a closing is taken back."""

    reason = FreeTextInput(label=gettext_lazy("恢复的理由"), max_length=LONGEST_REASON)
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(RefusableForm):
    """Why the other mailing line objects."""

    reason = FreeTextInput(
        label=gettext_lazy("异议的理由"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("提出异议时必填。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def line_word(line: str) -> str:
    """A line in words; all lines where none is named."""
    return str(Line(line).label) if line else pgettext("申请", "整个客户")
