"""The list of requested posts (岗位申请)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.org.codes import ApprovalState, Right, Role
from hongyan.org.models import PostRequest, Staff
from hongyan.org.queries.staff import find_by_text
from hongyan.org.queries.viewers import post_label
from hongyan.ui import cells
from hongyan.ui.lists import Choice, ChoiceFilter, Column, EmptyState, ListSpec, MultiFilter, Sort, TextFilter

TONES = {
    ApprovalState.PENDING: "info",
    ApprovalState.APPROVED: "good",
    ApprovalState.REJECTED: "bad",
    ApprovalState.RECALLED: "off",
    ApprovalState.EXPIRED: "warn",
}


def _state(request: PostRequest) -> SafeString:
    state = ApprovalState(request.state)
    return cells.state_dot(state.label, TONES[state])  # type: ignore[arg-type]


def _by_person(requests: QuerySet[Any], text: str) -> QuerySet[Any]:
    return requests.filter(staff__in=find_by_text(Staff.objects.all(), text))


POST_REQUESTS = ListSpec(
    key="post-requests",
    title=gettext_lazy("岗位申请"),
    columns=(
        Column(
            "at",
            gettext_lazy("申请时间"),
            lambda request: cells.when(request.requested_at),
            sort="at",
            width="l",
            phone_role="aside",
        ),
        Column(
            "staff",
            gettext_lazy("人员"),
            lambda request: cells.named(
                request.staff.name, key=request.staff.staff_no, detail=request.staff.staff_no
            ),
            width="l",
            phone_role="title",
        ),
        Column(
            "post",
            gettext_lazy("申请的岗位"),
            lambda request: post_label(request.role, str(request.place.unit)),
            phone_role="subtitle",
        ),
        Column(
            "lines",
            gettext_lazy("业务板块"),
            lambda request: cells.chips(cells.Chip(line.label) for line in request.lines),
            width="m",
        ),
        Column("until", gettext_lazy("截止日期"), lambda request: cells.when(request.valid_to), width="m"),
        Column("maker", gettext_lazy("申请人"), lambda request: str(request.maker), width="m"),
        Column("reason", gettext_lazy("申请原因"), lambda request: request.reason, default=False),
        Column("state", pgettext_lazy("审批", "状态"), _state, width="m", phone_role="meta"),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("姓名或工号"),
            placeholder=gettext_lazy("姓名、拼音或工号"),
            quick=True,
            narrow=_by_person,
        ),
        ChoiceFilter(
            key="state",
            label=pgettext_lazy("审批", "状态"),
            quick=True,
            choices=tuple(Choice(state, state.label) for state in ApprovalState),
        ),
        MultiFilter(
            key="role",
            label=gettext_lazy("角色"),
            quick=True,
            choices=tuple(Choice(role, role.label) for role in Role),
        ),
    ),
    sorts=(Sort("at", gettext_lazy("申请时间"), ("requested_at",), is_descending=True),),
    default_sort="-at",
    empty=EmptyState(
        gettext_lazy("还没有岗位申请"),
        gettext_lazy("在人员页面为同事申请岗位；批准后立即生效，到截止日期自动结束。"),
        icon="id-badge-2",
    ),
    row_url=lambda request: (
        reverse("org:approval", args=[request.approval_id]) if request.approval_id else ""
    ),
    export_right=Right.POST_REQUEST,
    is_marked=True,
)
