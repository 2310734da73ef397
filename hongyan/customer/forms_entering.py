"""Input of a new customer: a person's or an organisation's form, read as what was typed so far or as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.errors import Invalid
from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import CredentialType, Gender, PartyType
from hongyan.customer.custom import custom_fields
from hongyan.customer.forms_arranged import ArrangedForm
from hongyan.customer.forms_custom import add_custom, said_of
from hongyan.customer.rules.entering import Entered
from hongyan.customer.rules.layouts import Part
from hongyan.customer.rules.licences import Licence
from hongyan.identity.normalise.credentials import IDENTIFYING
from hongyan.org.codes import Line, Viewer

LONGEST_REASON = 200
_OF_PERSONS = [
    (code, label) for code, label in CredentialType.choices if code not in IDENTIFYING["organisation"]
]
_NEVER_REMEMBERED = {"autocomplete": "off"}
"""The next customer at the counter must not be offered what the last one said."""


def _text(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={**_NEVER_REMEMBERED, **more})


class EntryForm(ArrangedForm):
    """What a customer says of themselves. `uscc` and `legal_person` are asked of organisations, the rest in the middle
    of persons; what the other kind left behind is not read."""

    party_type = forms.ChoiceField(
        label=gettext_lazy("客户类型"),
        choices=PartyType.choices,
        initial=PartyType.PERSON,
        widget=forms.RadioSelect,
    )
    line = forms.ChoiceField(label=pgettext_lazy("新增客户", "板块"))
    name = FreeTextInput(label=gettext_lazy("名称"), max_length=200, widget=_text())
    credential_type = forms.ChoiceField(
        label=gettext_lazy("证件类型"),
        choices=_OF_PERSONS,
        initial=CredentialType.RESIDENT_ID,
        required=False,
    )
    credential_no = forms.CharField(
        label=gettext_lazy("证件号码"), max_length=60, required=False, widget=_text()
    )
    uscc = forms.CharField(
        label=CredentialType.USCC.label,
        max_length=60,
        required=False,
        widget=_text(autocapitalize="characters"),
    )
    legal_person = FreeTextInput(
        label=gettext_lazy("法定代表人"), max_length=60, required=False, widget=_text()
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("性别"),
        choices=[
            ("", pgettext_lazy("性别", "未说明")),
            *((one.value, one.label) for one in (Gender.MALE, Gender.FEMALE)),
        ],
        required=False,
    )
    birth_date = forms.CharField(
        label=gettext_lazy("出生日期"),
        max_length=30,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", **_NEVER_REMEMBERED}),
    )
    mobile = forms.CharField(
        label=gettext_lazy("手机"), max_length=40, required=False, widget=_text(inputmode="tel")
    )
    landline = forms.CharField(
        label=gettext_lazy("固定电话"), max_length=60, required=False, widget=_text(inputmode="tel")
    )
    email = forms.CharField(
        label=gettext_lazy("电子邮箱"), max_length=120, required=False, widget=_text(inputmode="email")
    )
    address = FreeTextInput(label=gettext_lazy("地址"), max_length=300, required=False, widget=_text())
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        viewer: Viewer,
        data: Mapping[str, Any] | None = None,
        *,
        layouts: Mapping[str, Sequence[Part]] = MappingProxyType({}),
    ) -> None:
        super().__init__(data, initial={"key": uuid4()})
        lines = [(code, Line(code).label) for code in viewer.line_codes]
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.required = lines, False
        if len(lines) < 2:
            field.widget = forms.HiddenInput()
        kinds = {one.value for one in PartyType}
        own = [one for one in custom_fields() if any(one.is_for(kind, viewer.line_codes) for kind in kinds)]
        add_custom(self, own, stands={}, is_new=True)
        self._arrange(layouts, (data or {}).get("party_type", PartyType.PERSON))

    def _arrange(self, layouts: Mapping[str, Sequence[Part]], party_type: str) -> None:
        """As the house arranged it for the kind it opens with; what one kind alone hides shows with the other."""
        hidden = {
            kind.value: {one.name for one in layouts.get(kind, ()) if one.is_hidden} for kind in PartyType
        }
        for kind, other in (
            (PartyType.PERSON, PartyType.ORGANISATION),
            (PartyType.ORGANISATION, PartyType.PERSON),
        ):
            for name in (hidden[kind] - hidden[other]) & self.fields.keys():
                self.fields[name].widget.attrs["data-of-kind"] = other.value
        parts = layouts.get(party_type)
        if parts:
            named = {"credential_no": "uscc"} if party_type == PartyType.ORGANISATION else {}
            both = hidden[PartyType.PERSON] & hidden[PartyType.ORGANISATION]
            self.arrange(
                [
                    replace(one, name=named.get(one.name, one.name), is_hidden=one.name in both)
                    for one in parts
                ],
                first=("party_type", "line"),
            )

    @property
    def custom(self) -> dict[str, str]:
        """What was said of the fields that the house defined."""
        return said_of(self)

    @property
    def entered(self) -> Entered:
        """What was typed, as far as it could be read."""
        said = {name: value for name, value in self.cleaned_data.items() if isinstance(value, str)}
        party_type = PartyType(said.get("party_type") or PartyType.PERSON)
        both = {name: said.get(name, "") for name in ("name", "mobile", "landline", "email", "address")}
        if party_type == PartyType.ORGANISATION:
            number, type_ = said.get("uscc", ""), CredentialType.USCC.value
            legal_person = said.get("legal_person", "")
            return Entered(
                party_type, **both, credential_no=number, credential_type=type_, legal_person=legal_person
            )
        of_persons = ("gender", "birth_date", "credential_type", "credential_no")
        return Entered(party_type, **both, **{name: said.get(name, "") for name in of_persons})

    def refuse(self, error: Invalid) -> None:
        """As above; what is wrong with an organisation's number stands beside its own field."""
        if self.entered.party_type == PartyType.ORGANISATION:
            renamed = {"credential_no": "uscc", "credential_type": "uscc"}
            error = Invalid({renamed.get(name, name): text for name, text in error.fields.items()})
        super().refuse(error)

    def ask_to_wait(self, seconds: int) -> None:
        """Say that the allowance of checks is used up, without which nobody is entered."""
        self.add_error(None, wait_words(seconds))


def refill(form: EntryForm, data: QueryDict, licence: Licence | None) -> None:
    """Let an unbound form show what was typed so far, and what a licence says where it shall be taken.

    A credit code that cannot be right is not taken; what the licence does not say stays as it was typed.
    """
    typed = {
        name: data.getlist(name) if isinstance(field, forms.MultipleChoiceField) else data[name]
        for name, field in form.fields.items()
        if name in data
    }
    form.initial = {**form.initial, **typed}
    if licence is not None:
        said = {name: value for name, value in _said_by(licence).items() if value and name in form.fields}
        form.initial = {**form.initial, **said}


def _said_by(licence: Licence) -> dict[str, object]:
    """Field of a form → what a licence says; how long it holds is how long the credential does."""
    return {
        "party_type": PartyType.ORGANISATION.value,
        "name": licence.name,
        "uscc": licence.credit_code if licence.is_proven else "",
        "legal_person": licence.legal_person,
        "address": licence.address,
        "credential_until": licence.until,
        "is_lifelong": licence.is_endless,
    }


class AgreementForm(forms.Form):
    """What the maker says of those whom the panel shows: `seen` is their mark, `confirm` that they are agreed about."""

    seen = forms.CharField(max_length=16, required=False)
    confirm = forms.BooleanField(required=False)
    reason = FreeTextInput(label=gettext_lazy("理由"), max_length=LONGEST_REASON, required=False)

    @property
    def agreed(self) -> str:
        """The mark of the candidates that the maker agreed about; empty for none."""
        return str(self.cleaned_data.get("seen", "")) if self.cleaned_data.get("confirm") else ""

    @property
    def why(self) -> str:
        """Why it is none of them; what may not stand in a reason is none."""
        return str(self.cleaned_data.get("reason", ""))


def wait_words(seconds: int) -> str:
    """Why a check is not answered now."""
    return _("查重次数已用完，请在 {seconds} 秒后再试。").format(seconds=seconds)
