"""The list of approvals (审批): what waits for me, what I asked for, what I decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.org import approvals
from hongyan.org.codes import ApprovalState, Line, Right, Risk, Viewer
from hongyan.org.models import Approval
from hongyan.org.queries.approvals import decided_by, made_by, to_decide, visible_approvals, with_steps
from hongyan.org.queries.tree import beneath, unit_choice, unit_choices
from hongyan.org.routes import who
from hongyan.ui import cells
from hongyan.ui.lists import (
    BulkAction,
    Choice,
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    ListState,
    MultiFilter,
    Sort,
    TreeFilter,
    asks_nothing,
)

TODO = "todo"
_ROWS = {TODO: to_decide, "mine": made_by, "decided": decided_by}
BOXES: dict[str, str | Promise] = {
    TODO: pgettext_lazy("审批", "待我审批"),
    "mine": pgettext_lazy("审批", "我提交的"),
    "decided": pgettext_lazy("审批", "我审批过的"),
}
STATES = {
    ApprovalState.PENDING: "info",
    ApprovalState.APPROVED: "good",
    ApprovalState.REJECTED: "bad",
    ApprovalState.RECALLED: "off",
    ApprovalState.EXPIRED: "warn",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One box as a tab of the list; nobody may change or remove it."""

    key: str
    name: str
    query: str
    is_shared: bool = False
    is_pinned: bool = False
    is_default: bool = False
    save_url: str = ""
    delete_url: str = ""
    seen: str = ""


_QUERIES = {
    TODO: "box=todo&sort=due&cols=kind%2Cnumber%2Casked%2Cmaker%2Crisk%2Creason%2Cdue",
    "mine": "box=mine&cols=kind%2Cnumber%2Casked%2Crisk%2Cstate%2Cwaits_at%2Cdue",
    "decided": "box=decided",
}
"""What waits for the viewer is pending, and here; what the viewer asked for is the viewer's. So no column says it."""


def tabs() -> list[Tab]:
    """The boxes in the reader's language."""
    return [Tab(key, str(name), _QUERIES[key], is_default=key == TODO) for key, name in BOXES.items()]


def opening(query: QueryDict) -> QueryDict:
    """What the list opens with: what waits for the viewer, unless the address asks for anything else."""
    return QueryDict(f"view={TODO}&{_QUERIES[TODO]}") if asks_nothing(query) else query


def rows_of(viewer: Viewer, state: ListState) -> QuerySet[Approval]:
    """The requests of the box the list stands at, before its filters; all that concern the viewer without one."""
    return with_steps(_ROWS.get(state.values.get("box", ""), visible_approvals)(viewer))


def spec_for(state: ListState) -> ListSpec:
    """The list with its batch where something can be decided, and without it elsewhere."""
    return state.spec if state.values.get("box") == TODO else replace(state.spec, bulk_actions=())


def state_of(approval: Approval) -> SafeString:
    """How a request stands; the ends quietly, what needs somebody as a badge."""
    state = ApprovalState(approval.state)
    shown = cells.badge if state in {ApprovalState.REJECTED, ApprovalState.EXPIRED} else cells.state_dot
    return shown(state.label, STATES[state])  # type: ignore[arg-type]


def due_of(approval: Approval) -> SafeString | str:
    """When the step that is open is over."""
    if approval.due_at is None:
        return cells.none_yet()
    if approval.due_at <= clock.now():
        return cells.badge(_("已超时"), "bad")
    return cells.when(approval.due_at)


def risk_of(approval: Approval) -> SafeString | str:
    """Only a high risk is worth a badge."""
    risk = Risk(approval.risk)
    return cells.badge(risk.label, "warn") if risk == Risk.HIGH else str(risk.label)


def maker_of(approval: Approval) -> SafeString:
    """Who asks, and where."""
    return cells.named(approval.maker.name, key=approval.maker.staff_no, detail=str(approval.place.unit))


def asked_of(approval: Approval) -> str:
    """What is asked, in one line; the rows were told it together (`queries.approvals.tell_asked`)."""
    return approval.asked  # type: ignore[attr-defined,no-any-return]


def _asked_cell(approval: Approval) -> SafeString | str:
    """The line in full: its end is what it is about, so it wraps where the column is too narrow."""
    text = asked_of(approval)
    return cells.whole(text) if text else ""


def waits_at(approval: Approval) -> str:
    """Whose turn it is."""
    return pgettext("审批", "；").join(
        pgettext("岗位", "{unit} · {role}").format(unit=step.place.unit, role=who(step.roles))
        for step in approval.open_steps  # type: ignore[attr-defined]
    )


def amount_of(approval: Approval) -> SafeString:
    """The amount as the kind counts it; none where there is none."""
    if not approval.amount:
        return cells.none_yet()
    return cells.number(approval.amount, digits=2 if approval.amount % 1 else 0)


def _as_it_is(rows: QuerySet[Any], _value: object) -> QuerySet[Any]:
    """The box is chosen by `rows_of`, which knows the viewer."""
    return rows


def _kinds(_viewer: object) -> Sequence[Choice]:
    return [Choice(key, label) for key, label in approvals.labels().items()]


def _submitted(rows: QuerySet[Any], days: DateRange) -> QuerySet[Any]:
    """Requests made on the business days from start to end, both included."""
    if days.start:
        rows = rows.filter(submitted_at__gte=datetime.combine(days.start, time.min, BUSINESS_ZONE))
    if days.end:
        after = datetime.combine(days.end + timedelta(days=1), time.min, BUSINESS_ZONE)
        rows = rows.filter(submitted_at__lt=after)
    return rows


APPROVALS = ListSpec(
    key="approvals",
    title=pgettext_lazy("页面", "审批"),
    columns=(
        Column(
            "kind",
            gettext_lazy("事项"),
            lambda approval: approvals.label_of(approval.kind),
            width="m",
            phone_role="title",
        ),
        Column(
            "number",
            gettext_lazy("编号"),
            lambda approval: cells.code(str(approval.pk)),
            width="xs",
            phone_role="aside",
        ),
        Column("asked", gettext_lazy("申请内容"), _asked_cell, phone_role="subtitle"),
        Column("maker", gettext_lazy("申请人"), maker_of, width="l", phone_role="meta"),
        Column(
            "amount",
            gettext_lazy("金额或数量"),
            amount_of,
            sort="amount",
            width="s",
            align="end",
            default=False,
        ),
        Column(
            "line",
            gettext_lazy("业务板块"),
            lambda approval: approval.get_line_display() if approval.line else cells.none_yet(),
            width="s",
            default=False,
        ),
        Column("risk", pgettext_lazy("列", "风险"), risk_of, width="xs", phone_role="fact"),
        Column(
            "reason", gettext_lazy("申请原因"), lambda approval: approval.reason, width="l", phone_role="meta"
        ),
        Column("state", pgettext_lazy("审批", "状态"), state_of, width="s", phone_role="meta"),
        Column("waits_at", gettext_lazy("等待"), waits_at, width="xl", default=False, phone_role="meta"),
        Column("due", gettext_lazy("时限"), due_of, sort="due", width="m", phone_role="fact"),
        Column(
            "submitted",
            gettext_lazy("提交时间"),
            lambda approval: cells.when(approval.submitted_at),
            sort="submitted",
            width="m",
            default=False,
        ),
    ),
    filters=(
        ChoiceFilter(
            key="box",
            label=gettext_lazy("与我的关系"),
            narrow=_as_it_is,
            choices=tuple(Choice(key, label) for key, label in BOXES.items()),
            by_tabs=True,
        ),
        MultiFilter(key="kind", label=gettext_lazy("事项"), quick=True, choices=_kinds),
        MultiFilter(
            key="state",
            label=pgettext_lazy("审批", "状态"),
            quick=True,
            choices=tuple(Choice(state, state.label) for state in ApprovalState),
        ),
        MultiFilter(
            key="risk",
            label=pgettext_lazy("列", "风险"),
            quick=True,
            choices=tuple(Choice(str(risk.value), risk.label) for risk in Risk),
        ),
        ChoiceFilter(
            key="line",
            label=gettext_lazy("业务板块"),
            choices=tuple(Choice(line, line.label) for line in Line),
        ),
        TreeFilter(
            key="unit",
            label=pgettext_lazy("筛选", "机构"),
            narrow=lambda rows, code: rows.filter(beneath(code, place="place__")),
            find=unit_choice,
            options=unit_choices,
        ),
        DateRangeFilter(key="submitted", label=gettext_lazy("提交时间"), narrow=_submitted),
    ),
    sorts=(
        Sort("submitted", gettext_lazy("提交时间"), ("submitted_at",), is_descending=True),
        Sort("due", gettext_lazy("时限"), ("due_at",)),
        Sort("amount", gettext_lazy("金额或数量"), ("amount",), is_descending=True),
    ),
    default_sort="-submitted",
    bulk_actions=(
        BulkAction(
            "approve", gettext_lazy("批量通过（仅低风险）"), reverse_lazy("org:approve_many"), icon="checks"
        ),
    ),
    empty=EmptyState(
        gettext_lazy("没有需要审批的申请"),
        gettext_lazy("别人提交、轮到您审批的申请会出现在这里；您提交的也能在这里查到进度。"),
        icon="checkbox",
    ),
    row_url=lambda approval: reverse("org:approval", args=[approval.pk]),
    export_right=Right.ORG_EXPORT,
    is_marked=True,
)
