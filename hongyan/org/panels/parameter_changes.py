"""What a checker of a guarded parameter's change decides by (参数修改)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hongyan.core import parameters
from hongyan.org.approvals import Fact
from hongyan.org.codes import ApprovalState, Viewer
from hongyan.org.models import ParameterChange
from hongyan.org.panels.words import asked_line
from hongyan.org.queries.parameter_changes import is_out_of_date, shown_change
from hongyan.ui import cells
from hongyan.ui.records import Field


def change_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Which parameter, from what to what, where and from when."""
    change = ParameterChange.objects.select_related("unit").get(pk=int(subject))
    shown = shown_change(change)
    what = _("撤回还没有生效的值") if change.takes_back else _("设置新的值")
    facts: list[Fact] = [
        Field(_("参数"), format_html("{} {}", shown.parameter.label, cells.code(change.key)), is_wide=True),
        (_("办理事项"), what),
        (_("适用机构"), shown.set_for),
        (_("业务板块"), shown.line),
        (_("生效日期"), cells.when(change.effective_from)),
        Field(
            pgettext("参数", "修改"),
            render_to_string("org/parts/parameter_change.html", {"shown": shown}),
            is_wide=True,
        ),
    ]
    if change.state == ApprovalState.PENDING and is_out_of_date(change):
        facts.append((_("是否过时"), cells.badge(_("申请之后已变，不能再通过"), "warn")))
    return facts


def changes_asked(subjects: Collection[str]) -> dict[str, str]:
    """Which parameter would become what; of a table, how many of its rows change."""
    changes = ParameterChange.objects.select_related("unit").filter(pk__in=subjects)
    return {str(one.pk): _change_line(one) for one in changes if parameters.find(one.key)}


def _change_line(change: ParameterChange) -> str:
    shown = shown_change(change)
    if shown.parameter.columns:
        count = len(shown.rows)
        becomes = ngettext("{count} 行有改动", "{count} 行有改动", count).format(count=count)
    else:
        becomes = f"{shown.before} → {shown.after} {shown.parameter.unit}".rstrip()
    return asked_line(shown.parameter.label, becomes)


def change_url(subject: str) -> str:
    """The page of the parameter."""
    return reverse("org:parameter", args=[ParameterChange.objects.get(pk=int(subject)).key])
