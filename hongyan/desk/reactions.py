"""What the desk does when rooms below it tell something: messages about approvals, exports that go on after them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit_watch import AlertRaised
from hongyan.core.events import on
from hongyan.desk.actions.exports import settle
from hongyan.desk.actions.notifications import notify
from hongyan.desk.codes import EXPORT_KIND
from hongyan.desk.notices import ACCOUNT, ANSWERS, SECURITY, WAITING, WORK, Params, register
from hongyan.org import approvals, numbered
from hongyan.org.codes import (
    ApprovalAsked,
    ApprovalDecided,
    ApprovalReminded,
    ApprovalState,
    Asked,
    PostGranted,
    PostLent,
    Right,
)
from hongyan.org.models import Approval
from hongyan.org.queries.viewers import holders_over

numbered.follow("desk_export", pgettext_lazy("机构调整", "导出"))
numbered.follow("desk_schedule", pgettext_lazy("机构调整", "定时报表"))
numbered.follow("desk_massrun", pgettext_lazy("机构调整", "批量修改单"))
numbered.follow("desk_task", pgettext_lazy("机构调整", "待办"))
numbered.follow("desk_shortcut", pgettext_lazy("机构调整", "最近打开与固定"))
numbered.follow("desk_workitem", pgettext_lazy("机构调整", "今日的事"))


@on(ApprovalAsked)
def tell_checkers(event: ApprovalAsked) -> None:
    """Whoever can decide now hears of it."""
    kind = "approval.escalated" if event.why == Asked.ESCALATED else "approval.waiting"
    _tell(event.checkers, kind, event.approval_id, event.kind)


@on(ApprovalReminded)
def remind_checkers(event: ApprovalReminded) -> None:
    """Whoever can still decide hears that time is short."""
    _tell(event.checkers, "approval.due", event.approval_id, event.kind)


@on(ApprovalDecided)
def tell_maker(event: ApprovalDecided) -> None:
    """The maker hears how it ended, unless it was the maker who took it back."""
    if event.state != ApprovalState.RECALLED:
        maker = Approval.objects.values_list("maker__staff_no", flat=True).get(pk=event.approval_id)
        _tell([maker], f"approval.{event.state}", event.approval_id, event.kind)


@on(ApprovalDecided)
def settle_export(event: ApprovalDecided) -> None:
    """An export that was approved is written, any other is over."""
    if event.kind == EXPORT_KIND:
        settle(int(event.subject), event.state)


@on(PostGranted)
def tell_of_post(event: PostGranted) -> None:
    """Whoever was given a post hears of it."""
    notify(event.staff_no, "post.granted", url=reverse("org:me"))


@on(PostLent)
def tell_delegate(event: PostLent) -> None:
    """Whoever is to act in a colleague's post hears of it."""
    params = {"first": event.first.isoformat(), "last": event.last.isoformat()}
    notify(event.staff_no, "post.lent", params, url=reverse("org:me"))


@on(AlertRaised)
def tell_watchers(event: AlertRaised) -> None:
    """Auditors and security administrators hear of somebody who read conspicuously much; never that person."""
    params = {"actor": event.actor, "count": event.count, "minutes": event.minutes}
    for recipient in holders_over(event.org_no, Right.ALERT_READ):
        if recipient != event.actor:
            notify(recipient, "audit.alert", params, url=f"{reverse('org:alerts')}?actor={event.actor}")


def _tell(recipients: Iterable[str], notice: str, approval_id: int, kind: str) -> None:
    url = reverse("org:approval", args=[approval_id])
    for recipient in recipients:
        notify(recipient, notice, {"number": approval_id, "kind": kind}, url=url)


def _named(params: Params) -> dict[str, object]:
    return {"number": params["number"], "kind": approvals.label_of(params["kind"])}


register("post.granted", lambda _params: _("您有了新的岗位，可以在右上角切换"), family=ACCOUNT)
register(
    "post.lent", lambda params: _("{first} 至 {last} 请您代理一位同事的岗位").format(**params), family=ACCOUNT
)
register(
    "approval.waiting", lambda params: _("{kind} {number} 等您审批").format(**_named(params)), family=WAITING
)
register(
    "approval.escalated",
    lambda params: _("{kind} {number} 已升级，等您审批").format(**_named(params)),
    family=WAITING,
)
register(
    "approval.due",
    lambda params: _("{kind} {number} 即将超时，等您审批").format(**_named(params)),
    family=WAITING,
)
register(
    "approval.approved",
    lambda params: _("您申请的{kind} {number} 已通过").format(**_named(params)),
    family=ANSWERS,
)
register(
    "approval.rejected",
    lambda params: _("您申请的{kind} {number} 被驳回").format(**_named(params)),
    family=ANSWERS,
)
register(
    "approval.expired",
    lambda params: _("您申请的{kind} {number} 无人审批，已超时").format(**_named(params)),
    family=ANSWERS,
)
register(
    "audit.alert",
    lambda params: _("工号 {actor} 在 {minutes} 分钟内查看了 {count} 条客户信息").format(**params),
    family=SECURITY,
)
register(
    "mass.done", lambda params: _("批量修改 {number} 已完成，改了 {count} 行").format(**params), family=WORK
)
register(
    "mass.undone",
    lambda params: _("批量修改 {number} 已撤销，恢复了 {count} 行").format(**params),
    family=WORK,
)
register(
    "file.infected",
    lambda params: _("您上传的文件 {number} 有病毒，已隔离").format(**params),
    family=SECURITY,
)
register("task.given", lambda params: _("有一件待办交给您：{number}").format(**params), family=WORK)
register("task.due", lambda params: _("提醒：待办 {number} 快到时间了").format(**params), family=WORK)
register("task.done", lambda params: _("您派的待办 {number} 已完成").format(**params), family=WORK)
register(
    "task.dropped",
    lambda params: _("您派的待办 {number} 被放弃，原因写在待办里").format(**params),
    family=WORK,
)
register("work.given", lambda _params: _("今日有一件事转交给您"), family=WORK)
