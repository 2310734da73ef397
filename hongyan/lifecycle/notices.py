"""Messages about applications: to whoever made them, and to the other mailing line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.customer.models import Ownership
from hongyan.customer.rules.ownership import HEADS
from hongyan.desk.actions.notifications import notify
from hongyan.desk.notices import WAITING, Family, declare, register
from hongyan.lifecycle.codes import ApplicationKind
from hongyan.lifecycle.models import Application
from hongyan.org.codes import Line
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current


def hearers(
    application: Application, customer_id: int, lines: Collection[str]
) -> list[tuple[Ownership, list[str]]]:
    """Who looks after a customer in some lines, the maker apart: each owner with its people.

    The manager, or the heads of the unit where there is none; they know the customer already.
    """
    owners = Ownership.objects.filter(customer_id=customer_id, line__in=lines, until=None, gives_way=False)
    found = []
    for owner in owners.select_related("customer", "manager"):
        people = [owner.manager.staff_no] if owner.manager else _heads_of(owner.unit_id)
        found.append((owner, [one for one in people if one != application.maker.staff_no]))
    return [(owner, people) for owner, people in found if people]


def tell_other_line(application: Application, heard: Sequence[tuple[Ownership, list[str]]]) -> None:
    """Let the other mailing line hear that a customer it looks after wants an agreement here (X-22)."""
    _tell("lifecycle.other_line", application, heard, application.heard_until)


def tell_asked_lines(
    application: Application, asked: Sequence[tuple[Ownership, list[str]]], until: datetime
) -> None:
    """Let other lines hear that a customer they look after shall be closed, and until when they may object (X-21)."""
    _tell("lifecycle.asked", application, asked, until)


def _tell(
    kind: str, application: Application, heard: Sequence[tuple[Ownership, list[str]]], until: datetime | None
) -> None:
    for owner, people in heard:
        for staff_no in people:
            notify(
                staff_no,
                kind,
                {
                    "number": application.number,
                    "line": application.line,
                    "code": owner.customer.code,
                    "until": _told(until),
                },
                url=reverse("lifecycle:application", args=[application.pk]),
            )


def _told(until: datetime | None) -> str:
    """An instant as people read it; empty where there is none."""
    return f"{timezone.localtime(until):%Y-%m-%d %H:%M}" if until else ""


def _heads_of(unit_id: int) -> list[str]:
    posts = Post.objects.filter(
        USABLE, is_current(clock.business_date()), place__unit_id=unit_id, role__in=HEADS
    )
    return sorted(set(posts.values_list("staff__staff_no", flat=True)))


def _words(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": params["number"], "kind": ApplicationKind(params["kind"]).label}


def _other_line(params: Mapping[str, Any]) -> str:
    words = {"code": params["code"], "number": params["number"], "line": Line(params["line"]).label}
    if not params.get("until"):
        return _("您管户的客户 {code} 有{line}协议申请 {number} 待审批").format(**words)
    told = _("您管户的客户 {code} 有{line}协议申请 {number}；有异议请在 {until} 前打开申请提出")
    return told.format(until=params["until"], **words)


APPLICATIONS = declare(Family("applications", pgettext_lazy("通知", "客户申请")))

register("lifecycle.other_line", _other_line, family=WAITING)
register(
    "lifecycle.asked",
    lambda params: _("您管户的客户 {code} 有注销申请 {number}；有异议请在 {until} 前打开申请答复").format(
        code=params["code"], number=params["number"], until=params["until"]
    ),
    family=WAITING,
)
register(
    "lifecycle.checked",
    lambda params: _("申请 {number}（{kind}）外围校验无异议，已提交审批").format(**_words(params)),
    family=APPLICATIONS,
)
register(
    "lifecycle.blocked",
    lambda params: _("申请 {number}（{kind}）外围校验有异议，没有提交审批；请打开申请查看").format(
        **_words(params)
    ),
    family=APPLICATIONS,
)
register(
    "lifecycle.agreed",
    lambda params: _("申请 {number}（{kind}）已同意，另一寄递板块的异议期满后生效").format(**_words(params)),
    family=APPLICATIONS,
)
register(
    "lifecycle.objected",
    lambda params: _("另一寄递板块对申请 {number}（{kind}）提出异议，将由省级决定").format(**_words(params)),
    family=APPLICATIONS,
)
register(
    "lifecycle.concurred",
    lambda params: _("另一寄递板块对申请 {number}（{kind}）无异议").format(**_words(params)),
    family=APPLICATIONS,
)
register(
    "lifecycle.above",
    lambda params: _("申请 {number}（{kind}）有异议，已转省级审批").format(**_words(params)),
    family=APPLICATIONS,
)
register(
    "lifecycle.outdated",
    lambda params: _("申请 {number}（{kind}）生效时客户或协议已变，没有执行；请修改后重新提交").format(
        **_words(params)
    ),
    family=APPLICATIONS,
)
register(
    "lifecycle.approved",
    lambda params: _("申请 {number}（{kind}）已通过").format(**_words(params)),
    family=APPLICATIONS,
)
register(
    "lifecycle.refused",
    lambda params: _("申请 {number}（{kind}）被退回").format(**_words(params)),
    family=APPLICATIONS,
)
