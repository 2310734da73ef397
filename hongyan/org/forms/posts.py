"""Input of the pages where posts are requested, ended and lent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.core.free_text import FreeTextInput
from hongyan.org.codes import EXCLUSIVE_ROLES, Line, Role, Viewer
from hongyan.org.forms.refusable import RefusableForm
from hongyan.org.models import Post
from hongyan.org.rights import LEVELS
from hongyan.org.rules.posts import Fault, fault_anywhere
from hongyan.ui.lists import Choice


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoleSelect(forms.Select):
    """Roles to choose from. Those that cannot be had stand there too, under the reason, and cannot be chosen."""

    closed: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.closed:
            option["attrs"]["disabled"] = True
        return option


class PostForm(RefusableForm):
    """A post for somebody, who holds or will hold some roles, at first `like` the one they have."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), widget=RoleSelect)
    unit = forms.CharField(label=gettext_lazy("机构代码"), max_length=20)
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("业务板块"), choices=Line.choices, widget=forms.CheckboxSelectMultiple
    )
    until = DayField(label=gettext_lazy("截止日期"))
    reason = FreeTextInput(label=gettext_lazy("申请原因"), max_length=200)

    def __init__(
        self,
        data: object = None,
        *,
        viewer: Viewer,
        like: Post,
        held: Collection[Role],
        units: Sequence[Choice],
        days: int,
    ) -> None:
        today = clock.business_date()
        last = today + timedelta(days=days)
        initial = {"unit": like.place.unit.code, "until": last, "lines": like.line_codes}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.units = units
        self.fields["unit"].widget.attrs.update(list="units", autocomplete="off")
        self.fields["until"].help_text = _("最长 {count} 天").format(count=days)
        self.fields["until"].widget.attrs.update(min=today.isoformat(), max=last.isoformat())
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(role.widget, RoleSelect)
        speaks = {role: fault_anywhere(role, like.staff_id, held, by=viewer) for role in Role}
        role.choices = _roles(speaks)
        role.widget.closed = frozenset(role.value for role, fault in speaks.items() if fault)

    @property
    def wanted(self) -> dict[str, Any]:
        """The checked input as arguments of `request_post`."""
        given = self.cleaned_data
        return {
            "unit_code": given["unit"],
            "role": Role(given["role"]),
            "lines": [Line(line) for line in given["lines"]],
            "until": given["until"],
            "reason": given["reason"],
        }


class ReasonForm(RefusableForm):
    """Why a post is ended."""

    reason = FreeTextInput(label=gettext_lazy("结束原因"), max_length=200)


class CodeForm(RefusableForm):
    """Why somebody needs a code to set a password with."""

    reason = FreeTextInput(label=gettext_lazy("申请原因"), max_length=200)


class LendForm(RefusableForm):
    """To whom the present post is lent, and for which days."""

    staff_no = forms.CharField(
        label=gettext_lazy("受托人工号"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    first = DayField(label=pgettext_lazy("代理", "从"))
    last = DayField(label=pgettext_lazy("代理", "到"))
    reason = FreeTextInput(label=gettext_lazy("委托原因"), max_length=200)

    def __init__(self, data: object = None, *, days: int) -> None:
        today = clock.business_date()
        super().__init__(data, initial={"first": today})  # type: ignore[arg-type]
        for name in ("first", "last"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
        self.fields["last"].help_text = _("最长 {count} 天").format(count=days)


def _roles(speaks: Mapping[Role, Fault | None]) -> list[Any]:
    """All roles, those that can be had first, the others under what speaks against them."""
    groups: dict[str, list[tuple[str, str]]] = {_("可以申请"): []}
    for role, fault in speaks.items():
        why = _why_closed(fault, role) if fault else _("可以申请")
        groups.setdefault(why, []).append((role.value, _at_levels(role)))
    return [("", _("请选择")), *((why, roles) for why, roles in groups.items() if roles)]


def _at_levels(role: Role) -> str:
    """A role, with the levels where alone there is one."""
    if role not in LEVELS:
        return str(role.label)
    levels = pgettext("列举", "、").join(str(level.label) for level in sorted(LEVELS[role]))
    return _("{role}（{levels}）").format(role=role.label, levels=levels)


def _why_closed(fault: Fault, role: Role) -> str:
    if fault == Fault.ROLE and role in EXCLUSIVE_ROLES:
        return _("三员相互制约，您的岗位不能申请")
    return {
        Fault.ONESELF: _("不能为自己申请岗位"),
        Fault.EXCLUSIVE: _("系统管理员、安全管理员、审计不能由同一人担任，此人已任其一"),
        Fault.LEVEL: _("您的范围内没有这一层级的机构"),
    }.get(fault, _("不能由您的岗位申请"))
