"""The list of reorganisations (机构调整)."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.org.codes import ReorganisationState, Right
from hongyan.org.models import Reorganisation
from hongyan.ui import cells
from hongyan.ui.lists import Action, Choice, ChoiceFilter, Column, EmptyState, ListSpec, Sort, TextFilter

SHOWN_UNITS = 3
TONES = {
    ReorganisationState.PENDING: "info",
    ReorganisationState.WAITING: "info",
    ReorganisationState.DONE: "good",
    ReorganisationState.REFUSED: "bad",
    ReorganisationState.RECALLED: "off",
    ReorganisationState.FAILED: "bad",
    ReorganisationState.STALE: "warn",
}


def state_of(row: Reorganisation) -> SafeString:
    """How it stands, in words."""
    state = ReorganisationState(row.state)
    return cells.state_dot(state.label, TONES[state])  # type: ignore[arg-type]


def units_of(row: Reorganisation) -> str:
    """The first of the units that move, and how many there are where these are more; `name_units` named them."""
    names = row.unit_names  # type: ignore[attr-defined]
    shown = pgettext("列举", "、").join(names[:SHOWN_UNITS])
    return (
        shown
        if len(names) <= SHOWN_UNITS
        else _("{units} 等 {count} 个").format(units=shown, count=len(names))
    )


REORGANISATIONS = ListSpec(
    key="reorganisations",
    title=gettext_lazy("机构调整"),
    columns=(
        Column(
            "at",
            gettext_lazy("申请时间"),
            lambda row: cells.when(row.requested_at),
            sort="at",
            width="l",
            phone_role="aside",
        ),
        Column("units", gettext_lazy("调整的机构"), units_of, phone_role="title"),
        Column("parent", gettext_lazy("新的上级机构"), lambda row: str(row.parent), phone_role="subtitle"),
        Column(
            "on",
            gettext_lazy("生效日期"),
            lambda row: cells.when(row.effective_on),
            sort="on",
            width="m",
            phone_role="meta",
        ),
        Column("maker", gettext_lazy("申请人"), lambda row: str(row.maker), width="m"),
        Column("reason", gettext_lazy("调整原因"), lambda row: row.reason, default=False),
        Column("state", pgettext_lazy("机构调整", "状态"), state_of, width="m", phone_role="meta"),
    ),
    filters=(
        ChoiceFilter(
            key="state",
            label=pgettext_lazy("机构调整", "状态"),
            quick=True,
            choices=tuple(Choice(state, state.label) for state in ReorganisationState),
        ),
        TextFilter(
            key="unit",
            label=gettext_lazy("机构代码"),
            quick=True,
            max_length=20,
            narrow=lambda rows, code: rows.filter(unit_codes__contains=[code]),
        ),
    ),
    sorts=(
        Sort("at", gettext_lazy("申请时间"), ("requested_at",), is_descending=True),
        Sort("on", gettext_lazy("生效日期"), ("effective_on",), is_descending=True),
    ),
    default_sort="-at",
    actions=(
        Action(
            gettext_lazy("新的调整"),
            reverse_lazy("org:new_reorganisation"),
            icon="plus",
            is_primary=True,
        ),
    ),
    empty=EmptyState(
        gettext_lazy("还没有机构调整"),
        gettext_lazy("把机构移到另一个上级机构时，先预览影响，审批后在生效日自动执行。"),
        icon="sitemap",
    ),
    row_url=lambda row: reverse("org:reorganisation", args=[row.pk]),
    export_right=Right.REORGANISE,
)
