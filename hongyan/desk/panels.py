"""What the pages of exports, scheduled reports and mails show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.errors import HongyanError
from hongyan.core.models import JobRun
from hongyan.desk import exports
from hongyan.desk.codes import (
    Every,
    ExportFailure,
    ExportFormat,
    ExportState,
    MailFailure,
    MailSort,
    MailState,
    ScheduleFailure,
    ScheduleState,
    Weekday,
)
from hongyan.desk.lists import export_state
from hongyan.desk.models import Export, Mail, Schedule
from hongyan.desk.notices import sentence_of
from hongyan.desk.queries.exports import Asking, run_of
from hongyan.desk.rules import UNFINISHED, is_downloadable
from hongyan.org.codes import Viewer
from hongyan.ui import cells
from hongyan.ui.lists import ListState
from hongyan.ui.records import Field


@dataclass(frozen=True, slots=True)
class ExportView:
    """One export for its owner: `run` is the job while it goes on; addresses are empty where there is nothing to do."""

    export: Export
    title: str
    state: SafeString
    sentence: str
    run: JobRun | None
    is_changing: bool
    file_url: str
    cancel_url: str
    approval_url: str
    fields: Sequence[Field]


def export_view(viewer: Viewer, export: Export) -> ExportView:
    """Where an export stands, and what can be done about it."""
    state = ExportState(export.state)
    is_written_now = state in {ExportState.QUEUED, ExportState.WRITING}
    is_there = is_downloadable(state, export.expires_at, clock.now())
    return ExportView(
        export=export,
        title=pgettext("页面", "导出{list}").format(list=exports.label_of(export.list_key)),
        state=export_state(export),
        sentence=_sentence(export, state),
        run=run_of(export) if is_written_now else None,
        is_changing=is_written_now,
        file_url=reverse("desk:export_file", args=[export.pk]) if is_there else "",
        cancel_url=reverse("desk:cancel_export", args=[export.pk]) if state in UNFINISHED else "",
        approval_url=reverse("org:approval", args=[export.approval_id]) if export.approval_id else "",
        fields=_fields(viewer, export),
    )


def asked_fields(state: ListState, asked: Asking) -> list[Field]:
    """What somebody is about to ask for, and what of the day's rows is left."""
    rows = f"{asked.limits.most:,}+" if asked.rows > asked.limits.most else cells.number(asked.rows)
    fields = [
        Field(_("已选条件"), spoken(state), is_wide=True),
        Field(_("行数"), rows),
        Field(_("今天还可以导出"), _left(asked.left, asked.limits.a_day)),
    ]
    if asked.by_approval:
        fields.append(Field(_("其中不用审批"), _left(asked.freely_left, asked.limits.free)))
    return fields


def _left(left: int, limit: int) -> str:
    return _("{left} 行，每人每天 {limit} 行").format(left=f"{left:,}", limit=f"{limit:,}")


def _sentence(export: Export, state: ExportState) -> str:
    """What there is to know beside the state; empty for nothing."""
    if state == ExportState.FAILED:
        return str(ExportFailure(export.failure).label)
    return {
        ExportState.WAITING: _("批准以后自动生成，生成后会通知您。"),
        ExportState.READY: _("只有您能下载，每次下载都会记入审计。"),
        ExportState.REFUSED: _("审批没有通过，原因写在审批里。"),
    }.get(state, "")


def _fields(viewer: Viewer, export: Export) -> list[Field]:
    rows = export.rows if export.written is None else export.written
    fields = [
        Field(_("编号"), cells.code(export.number)),
        Field(_("已选条件"), told_conditions(viewer, export)),
        Field(_("行数"), cells.number(rows)),
        Field(_("格式"), format_of(export)),
        Field(_("用途"), purpose_of(export)),
        Field(_("说明"), export.note),
        Field(_("提出时间"), cells.when(export.at)),
    ]
    if export.expires_at:
        fields.append(Field(_("文件保留到"), cells.when(export.expires_at)))
        fields.append(Field(_("下载次数"), cells.number(export.downloads)))
    return fields


def format_of(export: Export) -> str:
    """What the file is, in words."""
    return str(ExportFormat(export.format).label)


def purpose_of(export: Export) -> str:
    """What the rows are for, in words."""
    source = exports.any_source(export.list_key)
    return source.word_of(export.purpose) if source else export.purpose


def told_conditions(viewer: Viewer, export: Export) -> str:
    """By which conditions the list was narrowed, as the viewer may know them; what cannot be told says so."""
    source = exports.any_source(export.list_key)
    try:
        return spoken(exports.read_source(viewer, source, export.query).state) if source else ""
    except HongyanError:
        return _("条件已不能使用，或不在您的数据范围内")


def spoken(state: ListState) -> str:
    """The conditions of a list in one line."""
    told = pgettext("条件", "；").join(f"{one.label} {one.text}" for one in state.chips)
    return told or _("没有条件：列表的全部")


# --- scheduled reports


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """One scheduled report for its owner."""

    schedule: Schedule
    list_name: str
    when: str
    state: SafeString
    failure: str
    is_active: bool
    export_url: str


def schedule_views(schedules: Sequence[Schedule]) -> list[ScheduleView]:
    """Reports as a page shows them."""
    return [
        ScheduleView(
            schedule=one,
            list_name=str(exports.label_of(one.list_key)),
            when=_when(one),
            state=_schedule_state(one),
            failure=str(ScheduleFailure(one.failure).label) if one.failure else "",
            is_active=one.state == ScheduleState.ACTIVE,
            export_url=reverse("desk:export", args=[one.export_id]) if one.export_id else "",
        )
        for one in schedules
    ]


def _schedule_state(one: Schedule) -> SafeString:
    state = ScheduleState(one.state)
    return cells.state_dot(state.label, "good" if state == ScheduleState.ACTIVE else "off")


def _when(one: Schedule) -> str:
    hour = f"{one.hour:02}:00"
    if one.every == Every.WEEK:
        return _("每周{weekday} {hour}").format(weekday=Weekday(one.weekday).label, hour=hour)
    if one.every == Every.MONTH:
        return _("每月 {day} 日 {hour}").format(day=one.day, hour=hour)
    return _("每天 {hour}").format(hour=hour)


# --- mails

_MAIL_TONES: dict[MailState, cells.Tone] = {
    MailState.WAITING: "wait",
    MailState.SENT: "good",
    MailState.DEAD: "bad",
}


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail for whom it was for: what it brought, how it stands, and why it could not be sent so far."""

    at: SafeString
    about: str
    state: SafeString
    failure: str


def mail_views(mails: Sequence[Mail]) -> list[MailView]:
    """Mails as a page shows them."""
    return [
        MailView(
            at=cells.when(one.made_at),
            about=_about(one),
            state=cells.state_dot(MailState(one.state).label, _MAIL_TONES.get(MailState(one.state), "off")),
            failure=str(MailFailure(one.failure).label) if one.failure else "",
        )
        for one in mails
    ]


def _about(mail: Mail) -> str:
    if mail.notification is None:
        return str(MailSort(mail.sort).label)
    return sentence_of(mail.notification.kind, mail.notification.params)
