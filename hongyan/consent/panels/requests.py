"""Requests of persons in words (个人权利请求)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.consent.codes import RequestState
from hongyan.consent.models import PersonRequest
from hongyan.consent.rules.requests import is_overdue
from hongyan.core.clock import business_date
from hongyan.ui import cells
from hongyan.ui.cells import Tone
from hongyan.ui.records import Field, RecordHeader, TimelineEntry

Text = str | Promise

_TONES: dict[str, Tone] = {
    RequestState.RECEIVED: "warn",
    RequestState.VERIFIED: "info",
    RequestState.WORKING: "info",
    RequestState.ANSWERED: "good",
    RequestState.REFUSED: "bad",
}


def state_cell(row: PersonRequest) -> SafeString:
    """How a request stands."""
    return cells.state_dot(row.get_state_display(), _TONES[row.state])


def due_cell(row: PersonRequest) -> SafeString:
    """The last day for an answer, marked where it is over."""
    day = cells.when(row.due_on)
    if not is_overdue(row.state, row.due_on, business_date()):
        return day
    return format_html("{} {}", day, cells.badge(pgettext("个人权利请求", "逾期"), "bad"))


def request_header(row: PersonRequest) -> RecordHeader:
    """What was asked, by whom, until when."""
    return RecordHeader(
        title=row.customer.name,
        key=row.number,
        kind=row.get_kind_display(),
        code=row.number,
        badges=[cells.badge(row.get_state_display(), _TONES[row.state])],
        facts=[
            Field(_("答复期限"), due_cell(row)),
            Field(pgettext("个人权利请求", "登记人"), cells.named(row.taker.name, detail=str(row.unit))),
            Field(pgettext("个人权利请求", "收到时间"), cells.when(row.received_at)),
        ],
    )


def request_fields(row: PersonRequest) -> list[Field]:
    """What a request says, and what was answered."""
    url = reverse("customer:record", args=[row.customer.code])
    fields = [
        Field(
            pgettext("个人权利请求", "客户"),
            format_html('<a href="{}">{} {}</a>', url, row.customer.name, row.customer.code),
        ),
        Field(_("在哪里提出"), row.get_source_display()),
        Field(_("请求内容"), row.asked, is_wide=True),
    ]
    if row.identity:
        told = " · ".join(filter(None, (str(row.get_identity_display()), row.identity_note)))
        fields.append(Field(_("核身方式"), told))
    if row.answer:
        is_refused = row.state == RequestState.REFUSED
        fields.append(Field(_("拒绝的理由") if is_refused else _("答复内容"), row.answer, is_wide=True))
    if row.is_frozen:
        fields.append(Field(pgettext("个人权利请求", "处理"), _("客户资料已冻结：只保存，不再使用")))
    return fields


def request_history(row: PersonRequest) -> list[TimelineEntry]:
    """Who did what with it, the first step first."""
    ended = RequestState(row.state).label
    steps = (
        (row.received_at, pgettext("个人权利请求", "登记"), row.taker, "pencil"),
        (row.verified_at, pgettext("个人权利请求", "核身"), row.verified_by, "shield-check"),
        (row.begun_at, pgettext("个人权利请求", "受理"), row.begun_by, "send"),
        (row.ended_at, ended, row.ended_by, "checkbox"),
    )
    return [
        TimelineEntry(at, word, who.name if who else "", icon=icon) for at, word, who, icon in steps if at
    ]
