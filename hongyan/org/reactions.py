"""What the organisation does when an approval ends, and what takes approval here.

Posts (岗位授予), accounts that guard others (账号办理), guarded parameters (参数修改), moves of units (机构调整).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from hongyan.core import parameters
from hongyan.core.events import on
from hongyan.org import approvals
from hongyan.org.actions import accounts, change_parameter, posts, reorganise
from hongyan.org.approvals import Fact, Kind
from hongyan.org.codes import AccountAct, ApprovalDecided, ApprovalState, Level, Role, Viewer
from hongyan.org.lists.reorganisations import units_of
from hongyan.org.models import AccountRequest, ParameterChange, PostRequest, Reorganisation, Staff
from hongyan.org.panels import account_state
from hongyan.org.queries.parameters import CHANGE_KIND, is_out_of_date, shown_change
from hongyan.org.queries.posts import KIND, KINDS, PRIVILEGED_KIND
from hongyan.org.queries.reorganisations import name_units, shown_units
from hongyan.org.queries.viewers import current_roles, post_label, posts_ahead
from hongyan.org.rights import PRIVILEGED, RIGHTS
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.ui import cells
from hongyan.ui.records import Field


@on(ApprovalDecided)
def settle_post_request(event: ApprovalDecided) -> None:
    """An approved request becomes a post."""
    if event.kind in KINDS:
        posts.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_account_request(event: ApprovalDecided) -> None:
    """An approved end of a post is one; an approved code is its maker's to take."""
    if event.kind == accounts.KIND:
        accounts.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_parameter_change(event: ApprovalDecided) -> None:
    """An approved change of a guarded parameter is made."""
    if event.kind == CHANGE_KIND:
        change_parameter.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_reorganisation(event: ApprovalDecided) -> None:
    """An approved reorganisation waits for its day."""
    if event.kind == reorganise.KIND:
        reorganise.settle(int(event.subject), event.state)


def _facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Who would get which role where, what they hold already, and what the role lets them do besides."""
    request = PostRequest.objects.select_related("staff", "place__unit").get(pk=int(subject))
    held = current_roles(request.staff_id)
    privileged = RIGHTS[Role(request.role)] & PRIVILEGED
    return (
        (
            _("人员"),
            cells.named(request.staff.name, key=request.staff.staff_no, detail=request.staff.staff_no),
        ),
        (_("申请的岗位"), post_label(request.role, str(request.place.unit))),
        (_("业务板块"), cells.chips(cells.Chip(line.label) for line in request.lines)),
        (_("截止日期"), cells.when(request.valid_to)),
        (_("已任角色"), pgettext("列举", "、").join(str(role.label) for role in held)),
        (_("特权"), pgettext("列举", "、").join(str(right.label) for right in sorted(privileged)) or _("无")),
    )


def _asked(subjects: Collection[str]) -> dict[str, str]:
    """Who would get which post."""
    rows = PostRequest.objects.select_related("staff", "place__unit").filter(pk__in=subjects)
    return {str(row.pk): _line(_named(row.staff), post_label(row.role, str(row.place.unit))) for row in rows}


def _line(subject: str | Promise, what: str) -> str:
    return _("{subject}：{what}").format(subject=subject, what=what)


def _named(staff: Staff) -> str:
    return f"{staff.name} {staff.staff_no}"


def _url(_subject: str) -> str:
    return reverse("org:post_requests")


def _account_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Whose account it is, what they may do with it, and what would be done to it."""
    request = AccountRequest.objects.select_related("staff", "post__place__unit").get(pk=int(subject))
    staff, post = request.staff, request.post
    held = posts_ahead(staff.pk)
    what = AccountAct(request.act)
    return (
        (_("人员"), cells.named(staff.name, key=staff.staff_no, detail=staff.staff_no)),
        (_("办理事项"), str(what.label)),
        (_("结束的岗位"), post_label(post.role, str(post.place.unit)))
        if post
        else (_("账号"), account_state(staff)),
        Field(
            _("现任和代理的岗位"),
            pgettext("列举", "、").join(post_label(one.role, str(one.place.unit)) for one in held),
            is_wide=True,
        ),
        Field(_("后果"), str(_CONSEQUENCES[what]), is_wide=True),
    )


_CONSEQUENCES = {
    AccountAct.ACTIVATE: gettext_lazy(
        "申请人领取激活码并当面或电话告知本人；用它设置新密码后，原密码、两步验证和接口令牌失效。"
    ),
    AccountAct.END_POST: gettext_lazy("批准后立即结束，从此人下一次操作起不能再用这个岗位。"),
}


def _account_asked(subjects: Collection[str]) -> dict[str, str]:
    """What would be done to whose account."""
    rows = AccountRequest.objects.select_related("staff", "post__place__unit").filter(pk__in=subjects)
    return {str(row.pk): _line(_named(row.staff), _act_of(row)) for row in rows}


def _act_of(row: AccountRequest) -> str:
    what = str(AccountAct(row.act).label)
    if row.post is None:
        return what
    return f"{what} {post_label(row.post.role, str(row.post.place.unit))}"


def _account_url(subject: str) -> str:
    request = AccountRequest.objects.select_related("staff").get(pk=int(subject))
    return reverse("org:staff", args=[request.staff.staff_no])


def _change_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
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


def _change_asked(subjects: Collection[str]) -> dict[str, str]:
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
    return _line(shown.parameter.label, becomes)


def _change_url(subject: str) -> str:
    return reverse("org:parameter", args=[ParameterChange.objects.get(pk=int(subject)).key])


def _move_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What moves where on which day, and how much that changes."""
    row = Reorganisation.objects.select_related("parent").get(pk=int(subject))
    foreseen = row.preview
    return (
        (_("调整的机构"), pgettext("列举", "、").join(shown_units(row.unit_codes).values())),
        (_("新的上级机构"), str(row.parent)),
        (_("生效日期"), cells.when(row.effective_on)),
        (_("涉及人员"), cells.number(foreseen["staff"])),
        (_("更新编号的数据行"), cells.number(sum(foreseen["rows"].values()))),
        (_("数据范围变化的岗位"), cells.number(sum(reach["posts"] for reach in foreseen["reach"]))),
        (_("取值变化的参数"), cells.number(len(foreseen["agreed"]["parameters"]))),
    )


def _move_asked(subjects: Collection[str]) -> dict[str, str]:
    """Which units would move where, and when."""
    rows = list(Reorganisation.objects.select_related("parent").filter(pk__in=subjects))
    name_units(rows)
    return {
        str(row.pk): _("{units} → {parent}，{day} 起").format(
            units=units_of(row), parent=row.parent, day=row.effective_on
        )
        for row in rows
    }


approvals.register(
    Kind(
        KIND,
        gettext_lazy("岗位申请"),
        _facts,
        _url,
        asked=_asked,
        route=(Check(1, (HEAD, Role.SECURITY_ADMIN.value)),),
    )
)
approvals.register(
    Kind(
        PRIVILEGED_KIND,
        gettext_lazy("特权岗位申请"),
        _facts,
        _url,
        asked=_asked,
        route=(Check(1, (Role.SECURITY_ADMIN.value, Role.GROUP_ADMIN.value)),),
    )
)
GUARDIANS_CHECK = (
    Check(1, (Role.SECURITY_ADMIN.value, Role.GROUP_ADMIN.value), level=Level.GROUP, hours=45),
)
"""Whoever guards what binds everybody is checked by another of them; where there is none yet, it waits for one."""

approvals.register(
    Kind(
        accounts.KIND,
        gettext_lazy("账号办理"),
        _account_facts,
        _account_url,
        asked=_account_asked,
        route=GUARDIANS_CHECK,
        may_wait=True,
    )
)
approvals.register(
    Kind(
        CHANGE_KIND,
        gettext_lazy("参数修改"),
        _change_facts,
        _change_url,
        asked=_change_asked,
        route=GUARDIANS_CHECK,
        may_wait=True,
    )
)
approvals.register(
    Kind(
        reorganise.KIND,
        gettext_lazy("机构调整"),
        _move_facts,
        lambda subject: reverse("org:reorganisation", args=[int(subject)]),
        asked=_move_asked,
        route=(Check(1, (Role.GROUP_ADMIN.value, Role.SYSTEM_ADMIN.value), level=Level.GROUP),),
        amount_label=gettext_lazy("一起调整的机构数"),
    )
)
