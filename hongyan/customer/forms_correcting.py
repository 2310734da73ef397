"""Input of a correction: the golden values to write over; identifiers are typed anew or left as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import masking
from hongyan.core.free_text import FreeTextInput
from hongyan.customer.actions.correct import seen_of
from hongyan.customer.codes import CredentialType, Gender, Industry, PartyType, Scale
from hongyan.customer.custom import fields_for, label
from hongyan.customer.forms_arranged import ArrangedForm
from hongyan.customer.forms_custom import add_custom, said_of
from hongyan.customer.models import Customer
from hongyan.customer.rules.correcting import TYPED
from hongyan.customer.rules.layouts import Part
from hongyan.identity.normalise.credentials import IDENTIFYING

LONGEST_REASON = 300
_NONE = ("", "—")
_TYPED_ANEW = ("credential_no", "mobile", "landline", "email", "address")
"""Shown masked, so a form cannot carry what stands there: empty means left as it is."""
_OF_PERSONS = {"gender", "birth_date"}
_OF_ORGANISATIONS = {"short_name", "legal_person", "industry", "scale"}


def _text(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **more})


class CorrectionForm(ArrangedForm):
    """The golden values of one customer; `typed` are those that the maker changed."""

    name = FreeTextInput(label=gettext_lazy("名称"), max_length=200, widget=_text())
    short_name = FreeTextInput(label=gettext_lazy("简称"), max_length=100, required=False, widget=_text())
    gender = forms.ChoiceField(
        label=gettext_lazy("性别"),
        choices=[_NONE, *((one.value, one.label) for one in (Gender.MALE, Gender.FEMALE))],
        required=False,
    )
    birth_date = forms.CharField(
        label=gettext_lazy("出生日期"),
        max_length=30,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
    )
    credential_type = forms.ChoiceField(label=gettext_lazy("证件类型"), required=False)
    credential_no = forms.CharField(
        label=gettext_lazy("证件号码"), max_length=60, required=False, widget=_text()
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
    legal_person = FreeTextInput(
        label=gettext_lazy("法定代表人"), max_length=60, required=False, widget=_text()
    )
    industry = forms.ChoiceField(
        label=gettext_lazy("行业"), choices=[_NONE, *Industry.choices], required=False
    )
    scale = forms.ChoiceField(label=gettext_lazy("规模"), choices=[_NONE, *Scale.choices], required=False)
    clear = forms.MultipleChoiceField(
        label=pgettext_lazy("更正", "清空有误的值"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "现在的值有误、又没有正确的值时勾选；其他各项直接删去即可。来源再说同样的值也不采用，直到有人更正。"
        ),
    )
    reason = FreeTextInput(
        label=pgettext_lazy("更正", "更正的理由"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("依据是什么：客户出示的证件、来电、来函等。不要写号码。"),
        widget=_text(),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(
        self,
        customer: Customer,
        data: Mapping[str, Any] | None = None,
        *,
        parts: Sequence[Part] | None = None,
        only: str = "",
    ) -> None:
        """`only` leaves one field to be corrected where it stands, with what goes with it."""
        self.stands = _stands(customer)
        super().__init__(data, initial={**self.stands, "key": uuid4(), "seen": seen_of(customer)})
        is_person = customer.party_type == PartyType.PERSON
        for name in _OF_ORGANISATIONS if is_person else _OF_PERSONS:
            del self.fields[name]
        masked: list[tuple[str, Any]] = []
        for name in _TYPED_ANEW:
            shown = getattr(customer, f"{name.removesuffix('_no')}_masked", "") or masking.mask_address(
                customer.address if name == "address" else ""
            )
            field = self.fields[name]
            field.widget.attrs["placeholder"] = shown
            if shown:
                field.help_text = gettext_lazy("不改就留空")
                masked.append((name, field.label))
        own = fields_for(customer.party_type)
        add_custom(self, own, stands=customer.custom, is_new=False)
        self.own = {
            field.name: "" if field.is_sealed else customer.custom.get(field.code, "") for field in own
        }
        types = self.fields["credential_type"]
        assert isinstance(types, forms.ChoiceField)
        of_kind = IDENTIFYING["person" if is_person else "organisation"]
        of_other = IDENTIFYING["organisation" if is_person else "person"]
        types.choices = [
            _NONE,
            *(
                (code, label)
                for code, label in CredentialType.choices
                if code in of_kind or code not in of_other
            ),
        ]
        masked += [
            (field.name, label(field)) for field in own if field.is_sealed and field.code in customer.custom
        ]
        self.arrange(parts)
        self._narrow(only)
        _offer(self.fields["clear"], [one for one in masked if one[0] in self.fields])
        if not self.fields["clear"].choices:  # type: ignore[attr-defined]
            del self.fields["clear"]
        last = ("clear", "reason")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def _narrow(self, only: str) -> None:
        if only not in self.fields:
            return
        kept = {only, "reason", "key", "seen", "clear"}
        kept |= {"credential_type"} if only == "credential_no" else set()
        self.fields = {name: field for name, field in self.fields.items() if name in kept}
        self.parts = ()

    def clean(self) -> dict[str, Any]:
        """Nothing is filled in and emptied at once."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in said.get("clear", ()):
            if said.get(name):
                self.add_error(name, _("要么填写，要么清空"))
        return said

    @property
    def typed(self) -> dict[str, str]:
        """Field → new value, of those that differ from what the form was filled with; empty where none shall stand."""
        said = {name: str(self.cleaned_data.get(name) or "") for name in TYPED if name in self.fields}
        own = {name: value for name, value in said_of(self).items() if value != self.own.get(name, "")}
        changed = {
            name: value
            for name, value in said.items()
            if (value if name in _TYPED_ANEW else value != self.stands.get(name, ""))
        }
        if not changed.get("credential_type", "-"):  # without a number it says nothing
            del changed["credential_type"]
        emptied = dict.fromkeys(self.cleaned_data.get("clear", ()), "")
        return {**emptied, **changed, **own}

    def show_again(self, customer: Customer) -> None:
        """Go on from what stands there now: the next save is about that."""
        data = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        data["seen"] = seen_of(customer)
        self.data = data


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = choices


def _stands(customer: Customer) -> dict[str, str]:
    gender = "" if customer.gender == Gender.UNKNOWN else customer.gender
    born = customer.birth_date.isoformat() if customer.birth_date else ""
    names = ("name", "short_name", "credential_type", "legal_person", "industry", "scale")
    return {**{name: getattr(customer, name) for name in names}, "gender": gender, "birth_date": born}
