"""The lists of the audit (审计) and of log-ins (登录日志)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import audit
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.models import AuditEvent
from hongyan.org.codes import Right
from hongyan.org.models import LoginEvent, Staff
from hongyan.org.queries.staff import find_by_text
from hongyan.ui import cells
from hongyan.ui.lists import (
    Action,
    Choice,
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    Sort,
    TextFilter,
)

RESULTS = {
    AuditEvent.Result.DONE: (pgettext_lazy("审计结果", "完成"), "good"),
    AuditEvent.Result.DENIED: (pgettext_lazy("审计结果", "拒绝"), "bad"),
    AuditEvent.Result.ASKED: (pgettext_lazy("审计结果", "先问用途"), "info"),
}
OUTCOMES = {
    LoginEvent.Outcome.SUCCESS: (pgettext_lazy("登录结果", "成功"), "good"),
    LoginEvent.Outcome.STEP: (pgettext_lazy("登录结果", "密码正确，待下一步"), "info"),
    LoginEvent.Outcome.FAILED: (pgettext_lazy("登录结果", "失败"), "bad"),
    LoginEvent.Outcome.DELAYED: (pgettext_lazy("登录结果", "延迟期内拒绝"), "warn"),
    LoginEvent.Outcome.LOGOUT: (pgettext_lazy("登录结果", "退出"), "off"),
}


def during_field(field: str) -> Callable[[QuerySet[Any], DateRange], QuerySet[Any]]:
    """Narrows to rows whose instant falls on the business days from start to end, both included."""

    def narrow(rows: QuerySet[Any], days: DateRange) -> QuerySet[Any]:
        if days.start:
            rows = rows.filter(**{f"{field}__gte": datetime.combine(days.start, time.min, BUSINESS_ZONE)})
        if days.end:
            end = datetime.combine(days.end + timedelta(days=1), time.min, BUSINESS_ZONE)
            rows = rows.filter(**{f"{field}__lt": end})
        return rows

    return narrow


during = during_field("at")


# --- audit


def _by_actor(events: QuerySet[Any], text: str) -> QuerySet[Any]:
    return events.filter(Q(actor=text) | Q(actor_name__icontains=text))


def _acts(_viewer: object) -> Sequence[Choice]:
    return [Choice(act, text) for act, text in audit.labels().items()]


def subject_of(event: AuditEvent) -> str:
    """What an act was done to, in words."""
    return f"{audit.label_of(event.subject_kind)} {event.subject}".strip()


def integrity(event: AuditEvent) -> SafeString:
    """Whether a row is as it was written."""
    return cells.state_dot(_("完整"), "good") if audit.is_intact(event) else cells.badge(_("已被改动"), "bad")


def result_of(event: AuditEvent) -> SafeString:
    """Whether the act was done or refused; the usual case quietly."""
    word, tone = RESULTS[AuditEvent.Result(event.result)]
    return cells.badge(word, tone) if tone == "bad" else cells.state_dot(word, tone)  # type: ignore[arg-type]


def actor_of(event: AuditEvent) -> SafeString:
    """Who acted: name and number, or the process."""
    return cells.named(
        event.actor_name or event.actor, key=event.actor, detail=event.actor if event.actor_name else ""
    )


AUDIT_LIST = ListSpec(
    key="audit",
    title=pgettext_lazy("页面", "审计"),
    columns=(
        Column(
            "at",
            gettext_lazy("时间"),
            lambda event: cells.when(event.at),
            sort="at",
            width="l",
            phone_role="aside",
        ),
        Column("actor", gettext_lazy("操作人"), actor_of, width="l", phone_role="subtitle"),
        Column("act", gettext_lazy("操作"), lambda event: audit.label_of(event.act), phone_role="title"),
        Column("subject", gettext_lazy("对象"), subject_of, phone_role="meta"),
        Column("purpose", gettext_lazy("用途或原因"), audit.purpose_of, phone_role="meta"),
        Column(
            "count", gettext_lazy("条数"), lambda event: cells.number(event.count), width="s", align="end"
        ),
        Column(
            "address",
            gettext_lazy("来源地址"),
            lambda event: cells.code(event.address),
            width="m",
            default=False,
        ),
        Column("result", gettext_lazy("结果"), result_of, width="s", phone_role="meta"),
        Column(
            "integrity",
            gettext_lazy("完整性"),
            integrity,
            width="m",
            hint=gettext_lazy("本行与写入时是否一致"),
        ),
    ),
    filters=(
        TextFilter(
            key="actor",
            label=gettext_lazy("操作人"),
            placeholder=gettext_lazy("姓名或工号"),
            quick=True,
            narrow=_by_actor,
        ),
        ChoiceFilter(key="act", label=gettext_lazy("操作"), quick=True, choices=_acts),
        DateRangeFilter(key="at", label=gettext_lazy("时间"), quick=True, narrow=during),
        TextFilter(key="subject", label=gettext_lazy("对象编号"), lookup="exact", max_length=80),
        ChoiceFilter(
            key="result",
            label=gettext_lazy("结果"),
            choices=tuple(Choice(result, word) for result, (word, _tone) in RESULTS.items()),
        ),
    ),
    sorts=(Sort("at", gettext_lazy("时间"), ("at",), is_descending=True),),
    default_sort="-at",
    actions=(
        Action(
            gettext_lazy("验证完整性"),
            reverse_lazy("org:verify_audit"),
            icon="shield-check",
        ),
        Action(gettext_lazy("归档的审计"), reverse_lazy("org:archives"), icon="archive"),
    ),
    empty=EmptyState(
        gettext_lazy("还没有审计记录"),
        gettext_lazy("每次写入和每次查看敏感信息都会在这里留下一行。"),
        icon="shield-check",
    ),
    row_url=lambda event: reverse("org:audit_event", args=[event.pk]),
    export_right=Right.AUDIT_EXPORT,
    is_marked=True,
)


# --- log-ins


def _by_person(events: QuerySet[Any], text: str) -> QuerySet[Any]:
    return events.filter(staff__in=find_by_text(Staff.objects.all(), text))


def outcome_of(event: LoginEvent) -> SafeString:
    """How an attempt ended, in words."""
    word, tone = OUTCOMES[LoginEvent.Outcome(event.outcome)]
    return cells.state_dot(word, tone)  # type: ignore[arg-type]


def _person(event: LoginEvent) -> SafeString:
    if event.staff is None:
        return cells.state_dot(_("不存在的工号"), "warn")
    return cells.named(event.staff.name, key=event.staff.staff_no, detail=event.staff.staff_no)


LOG_IN_LIST = ListSpec(
    key="log-ins",
    title=gettext_lazy("登录日志"),
    columns=(
        Column(
            "at",
            gettext_lazy("时间"),
            lambda event: cells.when(event.at),
            sort="at",
            width="l",
            phone_role="aside",
        ),
        Column("person", gettext_lazy("人员"), _person, phone_role="title"),
        Column("outcome", gettext_lazy("结果"), outcome_of, width="l", phone_role="subtitle"),
        Column(
            "address",
            gettext_lazy("来源地址"),
            lambda event: cells.code(event.address),
            width="l",
            phone_role="meta",
        ),
        Column("agent", gettext_lazy("浏览器"), lambda event: event.agent),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("人员"),
            placeholder=gettext_lazy("姓名、拼音或工号"),
            quick=True,
            narrow=_by_person,
        ),
        ChoiceFilter(
            key="outcome",
            label=gettext_lazy("结果"),
            quick=True,
            choices=tuple(Choice(outcome, word) for outcome, (word, _tone) in OUTCOMES.items()),
        ),
        DateRangeFilter(key="at", label=gettext_lazy("时间"), quick=True, narrow=during),
        TextFilter(key="address", label=gettext_lazy("来源地址"), lookup="exact", max_length=45),
    ),
    sorts=(Sort("at", gettext_lazy("时间"), ("at",), is_descending=True),),
    default_sort="-at",
    empty=EmptyState(
        gettext_lazy("还没有登录记录"), gettext_lazy("每次登录、失败和退出都会在这里留下一行。"), icon="login"
    ),
    row_key=lambda event: event.pk,
    row_url=lambda event: reverse("org:staff", args=[event.staff.staff_no]) if event.staff else "",
    export_right=Right.AUDIT_EXPORT,
    is_marked=True,
)
