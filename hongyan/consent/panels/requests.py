"""Requests of persons in words (个人权利请求)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.consent.codes import RequestKind, RequestState
from hongyan.consent.models import PersonRequest
from hongyan.consent.queries.requests import corrections_since, files_for
from hongyan.consent.rules.requests import is_overdue
from hongyan.core.clock import business_date
from hongyan.customer.codes import CorrectionState, Status
from hongyan.customer.models import Customer
from hongyan.desk.lists import export_state
from hongyan.org.codes import Right, Viewer
from hongyan.ui import cells
from hongyan.ui.cells import Tone
from hongyan.ui.lists import Action
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


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done for a request, or not yet; `url` is where it stands, empty where the viewer has no page of it."""

    what: Text
    state: SafeString
    at: object = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Deeds:
    """What answers a request besides words: the file, the correction, the freeze; and where the next is done."""

    done: list[Deed]
    action: Action | None


def request_deeds(viewer: Viewer, row: PersonRequest) -> Deeds | None:
    """What was done for a request; None for one that words alone answer. One query."""
    find = {
        RequestKind.ACCESS: _files,
        RequestKind.COPY: _files,
        RequestKind.CORRECT: _corrections,
        RequestKind.ERASE: _freezes,
    }.get(RequestKind(row.kind))
    return find(viewer, row, row.customer.survivor or row.customer) if find else None


def _undone(what: str, state: str) -> list[Deed]:
    return [Deed(what, cells.state_dot(state, "warn"))]


def _files(viewer: Viewer, row: PersonRequest, _customer: Customer) -> Deeds:
    what = _("个人信息档案")
    done = [
        Deed(
            f"{what} {one.number}",
            export_state(one),
            cells.when(one.at),
            reverse("desk:export", args=[one.pk]) if one.owner == viewer.staff_no else "",
        )
        for one in files_for(row)
    ]
    may = row.state == RequestState.WORKING and viewer.may(Right.REQUEST_ANSWER)
    url = f"{reverse('desk:new_export', args=['person_file'])}?request={row.pk}"
    action = Action(_("生成个人信息档案"), url, icon="file-download", is_primary=not done)
    return Deeds(done or _undone(what, pgettext("档案", "未生成")), action if may else None)


def _corrections(viewer: Viewer, row: PersonRequest, customer: Customer) -> Deeds:
    tones: dict[str, Tone] = {CorrectionState.DONE: "good", CorrectionState.REFUSED: "bad"}
    done = [
        Deed(
            _("更正 {number}").format(number=one.number),
            cells.state_dot(one.get_state_display(), tones.get(one.state, "warn")),
            cells.when(one.asked_at),
            reverse("customer:record_tab", args=[customer.code, "history"]),
        )
        for one in corrections_since(row)
    ]
    may = not row.is_closed and viewer.may(Right.CUSTOMER_CORRECT)
    action = Action(_("更正客户资料"), reverse("customer:correct", args=[customer.code]), icon="pencil")
    return Deeds(
        done or _undone(pgettext("档案", "更正资料"), pgettext("档案", "未更正")), action if may else None
    )


def _freezes(viewer: Viewer, row: PersonRequest, customer: Customer) -> Deeds:
    what, url = _("冻结资料"), reverse("customer:record_tab", args=[customer.code, "consent"])
    if customer.status == Status.FROZEN:
        return Deeds([Deed(what, cells.state_dot(pgettext("档案", "已冻结"), "good"), url=url)], None)
    may = not row.is_closed and viewer.may(Right.CUSTOMER_FREEZE)
    action = Action(what, reverse("consent:freeze", args=[customer.code]), icon="lock")
    return Deeds(_undone(what, pgettext("档案", "未冻结")), action if may else None)


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
