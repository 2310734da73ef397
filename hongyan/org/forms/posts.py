"""Input of the pages where posts are requested, ended and lent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import clock
from hongyan.core.free_text import FreeTextInput
from hongyan.org.codes import Line, Role, Viewer
from hongyan.org.forms.refusable import RefusableForm
from hongyan.org.models import Post
from hongyan.org.rights import GRANTS
from hongyan.ui.lists import Choice


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PostForm(RefusableForm):
    """A post for somebody, at first `like` the one they have.

    All roles are offered, so that the page can say why one cannot be had.
    """

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    unit = forms.CharField(label=gettext_lazy("机构代码"), max_length=20)
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("业务板块"), choices=Line.choices, widget=forms.CheckboxSelectMultiple
    )
    until = DayField(label=gettext_lazy("截止日期"))
    reason = FreeTextInput(label=gettext_lazy("申请原因"), max_length=200)

    def __init__(
        self, data: object = None, *, viewer: Viewer, like: Post, units: Sequence[Choice], days: int
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
        role.choices = _roles(GRANTS.get(viewer.role, frozenset()))

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


def _roles(grantable: frozenset[Role]) -> list[Any]:
    """All roles, those the viewer's role may request first."""
    offered = [(role.value, role.label) for role in Role if role in grantable]
    others = [(role.value, role.label) for role in Role if role not in grantable]
    groups = ((_("可以申请"), offered), (_("不能由您的岗位申请"), others))
    return [("", _("请选择")), *((name, choices) for name, choices in groups if choices)]
