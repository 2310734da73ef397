"""Input of the pages where owners change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import clock
from hongyan.core.free_text import FreeTextInput
from hongyan.org.forms.refusable import RefusableForm
from hongyan.ownership.actions.acts import LONGEST_REASON
from hongyan.ownership.codes import Act
from hongyan.ownership.queries.people import Manager
from hongyan.ownership.rules import Share

SHARES = 6
"""So many managers share what one leaves; more are served by a second act."""

_TYPED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def manager_words(one: Manager) -> str:
    """A manager to choose from: who, where, and how many they can still take."""
    told = pgettext_lazy("客户经理", "{name} · {unit} · 还可管 {room} 户")
    return str(told).format(name=one.staff.name, unit=one.unit_name, room=one.room)


class ChangeForm(RefusableForm):
    """Who looks after one customer in one line from now on, and why."""

    staff_no = forms.CharField(
        label=gettext_lazy("新客户经理工号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={**_TYPED, "list": "managers"}),
    )
    unit = forms.CharField(
        label=gettext_lazy("或转入其他机构的待分配池（机构代码）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=_TYPED),
    )
    reason = FreeTextInput(label=gettext_lazy("变更原因"), max_length=LONGEST_REASON)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: object = None, *, act: Act, managers: Sequence[Manager], seen: str) -> None:
        super().__init__(data, initial={"seen": seen})  # type: ignore[arg-type]
        self.managers = [(one.staff.staff_no, manager_words(one)) for one in managers]
        if act != Act.ADJUST:
            del self.fields["unit"]
        if act in {Act.DISSOLVE, Act.GIVE_BACK}:
            del self.fields["staff_no"]
        else:
            self.fields["staff_no"].help_text = _(
                "本机构范围内立即生效；转到范围外要由共同的上级负责人审批。"
            )


class PlanForm(RefusableForm):
    """How chosen customers are shared out: up to six managers with a count each; the pool takes the others."""

    reason = FreeTextInput(label=gettext_lazy("变更原因"), max_length=LONGEST_REASON)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: object = None,
        *,
        managers: Sequence[Manager],
        shares: Sequence[Share],
        reason: str,
        seen: str,
    ) -> None:
        initial: dict[str, Any] = {"reason": reason, "seen": seen}
        for number, share in enumerate(shares[:SHARES], 1):
            initial |= {f"to_{number}": str(share.manager_id), f"count_{number}": share.size}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        offered = [("", "—"), *((str(one.staff.pk), manager_words(one)) for one in managers)]
        for number in range(1, SHARES + 1):
            self.fields[f"to_{number}"] = forms.ChoiceField(
                label=_("客户经理 {number}").format(number=number), choices=offered, required=False
            )
            self.fields[f"count_{number}"] = forms.IntegerField(
                label=_("户数 {number}").format(number=number), min_value=1, required=False
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each manager together."""
        return [(self[f"to_{number}"], self[f"count_{number}"]) for number in range(1, SHARES + 1)]

    @property
    def shares(self) -> list[Share]:
        """What was asked for."""
        given = self.cleaned_data
        return [
            Share(int(given[f"to_{number}"]), given[f"count_{number}"])
            for number in range(1, SHARES + 1)
            if given[f"to_{number}"]
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, SHARES + 1):
            manager, count = given.get(f"to_{number}"), given.get(f"count_{number}")
            if manager and not count and f"count_{number}" not in self.errors:
                self.add_error(f"count_{number}", _("请填写户数"))
            if count and not manager:
                self.add_error(f"to_{number}", _("请选择客户经理"))
        return given


class DeclineForm(RefusableForm):
    """Why a customer of the bank stays where it is."""

    reason = FreeTextInput(label=gettext_lazy("不采纳的原因"), max_length=LONGEST_REASON)


def _day(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class AssistForm(RefusableForm):
    """Who assists with a customer, from when, and why."""

    staff_no = forms.CharField(
        label=gettext_lazy("协办客户经理工号"),
        max_length=20,
        widget=forms.TextInput(attrs={**_TYPED, "list": "managers"}),
    )
    since = _day(gettext_lazy("生效日"), gettext_lazy("不填即今天"))
    reason = FreeTextInput(label=gettext_lazy("协办原因"), max_length=LONGEST_REASON)

    def __init__(self, data: object = None, *, managers: Sequence[Manager]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.managers = [(one.staff.staff_no, manager_words(one)) for one in managers]


class EndAssistingForm(RefusableForm):
    """Until when somebody assists, and why no longer."""

    until = _day(gettext_lazy("从哪天起不再协办"), gettext_lazy("不填即今天"))
    reason = FreeTextInput(label=gettext_lazy("结束原因"), max_length=LONGEST_REASON)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ShareForm(RefusableForm):
    """With whom a customer is shared, up to which day, and why."""

    staff_no = forms.CharField(
        label=gettext_lazy("同事的工号"),
        max_length=20,
        help_text=gettext_lazy("输入姓名可以从本县同事中选择；其他同事请填工号。"),
        widget=forms.TextInput(attrs={**_TYPED, "list": "colleagues"}),
    )
    until = forms.DateField(label=gettext_lazy("共享到哪天"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = FreeTextInput(label=gettext_lazy("共享原因"), max_length=LONGEST_REASON)

    def __init__(self, data: object = None, *, colleagues: Sequence[tuple[str, str]], last: date) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.colleagues = colleagues
        today = clock.business_date()
        self.fields["until"].widget.attrs.update({"min": str(today), "max": str(last)})
        self.fields["until"].help_text = _("最晚到 {day}").format(day=last)
