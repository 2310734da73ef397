"""The list of requests of persons (个人权利请求), declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.consent.codes import RequestKind, RequestState
from hongyan.consent.models import REQUEST_NUMBER, PersonRequest
from hongyan.consent.panels.requests import due_cell, state_cell
from hongyan.core.clock import BUSINESS_ZONE, business_date
from hongyan.org.codes import Right
from hongyan.ui import cells
from hongyan.ui.lists import (
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    MultiFilter,
    Sort,
    offer_views,
)
from hongyan.ui.lists.filters import Filter, Unusable

OPEN, OVERDUE = "open", "overdue"


def _standing(rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
    rows = rows.filter(is_closed=False)
    return rows.filter(due_on__lt=business_date()) if wanted == OVERDUE else rows


def _received(rows: QuerySet[Any], days: DateRange) -> QuerySet[Any]:
    """Those that came on the business days from start to end, both included."""
    if days.start:
        rows = rows.filter(received_at__gte=datetime.combine(days.start, time.min, BUSINESS_ZONE))
    if days.end:
        after = datetime.combine(days.end + timedelta(days=1), time.min, BUSINESS_ZONE)
        rows = rows.filter(received_at__lt=after)
    return rows


def _request_url(row: PersonRequest) -> str:
    return reverse("consent:request", args=[row.pk])


REQUESTS = ListSpec(
    key="person_requests",
    title=_("个人权利请求"),
    columns=(
        Column("number", _("编号"), lambda row: cells.code(row.number), width="s", phone_role="meta"),
        Column(
            "kind",
            pgettext_lazy("个人权利请求", "请求事项"),
            lambda row: row.get_kind_display(),
            width="s",
            phone_role="subtitle",
        ),
        Column(
            "customer",
            pgettext_lazy("个人权利请求", "客户"),
            lambda row: row.customer.name,
            phone_role="title",
        ),
        Column("code", _("客户编码"), lambda row: cells.code(row.customer.code), width="m"),
        Column("state", pgettext_lazy("个人权利请求", "状态"), state_cell, width="m", phone_role="aside"),
        Column("due", _("答复期限"), due_cell, sort="due", width="m", phone_role="fact"),
        Column(
            "received",
            pgettext_lazy("个人权利请求", "收到时间"),
            lambda row: cells.when(row.received_at),
            sort="received",
            width="m",
        ),
        Column("unit", _("机构"), lambda row: str(row.unit), width="m", phone_role="meta"),
        Column("taker", pgettext_lazy("个人权利请求", "登记人"), lambda row: row.taker.name, width="s"),
    ),
    filters=(
        ChoiceFilter(
            key="standing",
            label=pgettext_lazy("个人权利请求", "办理情况"),
            choices=(
                (OPEN, pgettext_lazy("个人权利请求", "未办结")),
                (OVERDUE, pgettext_lazy("个人权利请求", "已逾期")),
            ),
            narrow=_standing,
            quick=True,
        ),
        MultiFilter(
            key="state",
            label=pgettext_lazy("个人权利请求", "状态"),
            choices=tuple(RequestState.choices),
            quick=True,
        ),
        ChoiceFilter(
            key="kind",
            label=pgettext_lazy("个人权利请求", "请求事项"),
            choices=tuple(RequestKind.choices),
            quick=True,
        ),
        DateRangeFilter(key="received", label=_("收到日期"), narrow=_received),
    ),
    sorts=(
        Sort("due", _("答复期限"), ("is_closed", "due_on")),
        Sort("received", pgettext_lazy("个人权利请求", "收到时间"), ("received_at",), is_descending=True),
    ),
    default_sort="due",
    row_url=_request_url,
    audited_as="person_request_list",
    empty=EmptyState(
        _("没有个人权利请求"),
        _("客户要求查阅、复制、更正、删除自己的信息时，在客户页面的“同意”页签登记。"),
        icon="shield-check",
    ),
)

offer_views(REQUESTS)


@dataclass(frozen=True, kw_only=True)
class RequestFilter(Filter):
    """One request, by its number in the address."""

    def read(self, query: QueryDict, _viewer: object) -> int | None:
        raw = query.get(self.key, "")
        if raw and not (raw.isascii() and raw.isdecimal() and len(raw) < 18):
            raise Unusable(_("没有这个请求。"))
        return int(raw) if raw else None

    def describe(self, value: int, _viewer: object) -> str:
        return REQUEST_NUMBER.format(value)


PERSON_FILES = ListSpec(
    key="person_file",
    title=_("个人信息档案"),
    columns=(Column("number", _("编号"), lambda row: cells.code(row.number)),),
    filters=(RequestFilter(key="request", label=pgettext_lazy("个人权利请求", "请求"), field="pk"),),
    sorts=(Sort("number", _("编号"), ("id",)),),
    default_sort="number",
    export_right=Right.REQUEST_ANSWER,
    empty=EmptyState(_("没有办理中的查阅或复制请求")),
)
"""The requests for which a file can be made. It has no page: each is made from its request."""
