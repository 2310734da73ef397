"""Input of contact persons: who it is and how to reach them; that it is over (联系人)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.actions.keep_contact import LONGEST, contact_seen
from hongyan.customer.actions.merge import LONGEST_REASON
from hongyan.customer.actions.prepare import MASKED_FORM
from hongyan.customer.codes import ContactChannel, ContactLanguage, ContactRole, ContactTime
from hongyan.customer.models import SourceRecord
from hongyan.customer.rules.contacts import OPEN, SECRET
from hongyan.org.forms.refusable import RefusableForm

_NONE = ("", "—")


def _text(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **more})


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[_NONE, *choices], required=False)


class ContactForm(RefusableForm):
    """One contact person; of one that stands, numbers are typed anew, left as they are or emptied."""

    contact_name = FreeTextInput(
        label=gettext_lazy("联系人姓名"), max_length=LONGEST["contact_name"], widget=_text()
    )
    role = _choice(pgettext_lazy("联系人", "角色"), ContactRole.choices)
    mobile = forms.CharField(
        label=gettext_lazy("手机"), max_length=40, required=False, widget=_text(inputmode="tel")
    )
    landline = forms.CharField(
        label=gettext_lazy("固定电话"), max_length=60, required=False, widget=_text(inputmode="tel")
    )
    email = forms.CharField(
        label=gettext_lazy("电子邮箱"), max_length=120, required=False, widget=_text(inputmode="email")
    )
    birthday = forms.CharField(
        label=gettext_lazy("生日"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("月-日，知道年份时写年-月-日，如 03-15、1980-03-15"),
        widget=_text(),
    )
    preferred_channel = _choice(gettext_lazy("联系方式偏好"), ContactChannel.choices)
    preferred_time = _choice(gettext_lazy("方便的时间"), ContactTime.choices)
    preferred_language = _choice(gettext_lazy("沟通语言"), ContactLanguage.choices)
    note = FreeTextInput(
        label=pgettext_lazy("联系人", "备注"),
        max_length=LONGEST["note"],
        required=False,
        help_text=gettext_lazy("只写工作所需；不要写号码。"),
        widget=_text(),
    )
    clear = forms.MultipleChoiceField(
        label=pgettext_lazy("联系人", "清空"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, record: SourceRecord | None = None) -> None:
        said = record.fields if record else {}
        initial = {name: said.get(name, "") for name in OPEN}
        super().__init__(data, initial={**initial, "seen": contact_seen(record) if record else ""})
        masked = [name for name in SECRET if said.get(MASKED_FORM[name])]
        for name in masked:
            self.fields[name].widget.attrs["placeholder"] = said[MASKED_FORM[name]]
            self.fields[name].help_text = gettext_lazy("不改就留空")
        clear = self.fields["clear"]
        assert isinstance(clear, forms.MultipleChoiceField)
        clear.choices = [(name, self.fields[name].label) for name in masked]
        if not masked:
            del self.fields["clear"]

    @property
    def typed(self) -> dict[str, str]:
        """Field → what was typed."""
        return {name: self.cleaned_data[name] for name in (*OPEN, *SECRET)}

    @property
    def cleared(self) -> frozenset[str]:
        """The numbers to be emptied."""
        return frozenset(self.cleaned_data.get("clear", ()))

    def show_again(self, record: SourceRecord) -> None:
        """Go on from what stands there now: the next save is about that."""
        data = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        data["seen"] = contact_seen(record)
        self.data = data


class EndContactForm(RefusableForm):
    """That somebody is a contact no more, and why."""

    reason = FreeTextInput(label=gettext_lazy("理由"), max_length=LONGEST_REASON)
