"""Asking for an export, taking it back, downloading its file (导出): a right, a purpose, limits, an audit.

The file itself is made in the background, by `write_export`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope, storage
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, Invalid, NotFound
from hongyan.core.models import JobRun
from hongyan.desk.actions.write_export import WRITING
from hongyan.desk.codes import EXPORT_KIND, ExportFormat, ExportState
from hongyan.desk.export_files import path_of
from hongyan.desk.exports import Found, Source, find_source
from hongyan.desk.models import Export
from hongyan.desk.queries.exports import Asking, asking, find_export, one_at_a_time, run_of
from hongyan.desk.rules import UNFINISHED, Refusal, is_downloadable
from hongyan.org.actions import approvals
from hongyan.org.codes import ApprovalState, Viewer
from hongyan.ui.lists.reading import conditions_of

LONGEST_NOTE = 100
LONGEST_QUERY = 2000


def request_export(
    viewer: Viewer, source: Source, found: Found, *, purpose: str, file_format: str, note: str = ""
) -> Export:
    """Ask for the rows that a list leaves: written at once in the background, or after somebody approved.

    Errors: NotAllowed without the right; Invalid for what cannot be used of the address, an unknown purpose or format,
    no reason for a large export, no rows, more than one export or one day may have, or where nobody could approve.
    """
    find_source(viewer, source.key)
    _check_words(source, found, purpose, file_format, note)
    with transaction.atomic(savepoint=False):
        one_at_a_time(viewer.staff_no)
        asked = asking(viewer, found.rows, by_approval=source.by_approval)
        _check_rows(asked, note)
        export = Export.objects.create(
            owner=viewer.staff_no,
            staff_id=viewer.staff_id,
            post_id=viewer.post_id,
            org_no=viewer.scope.lo,
            list_key=source.key,
            query=found.state.query,
            language=get_language() or "zh-hans",
            format=file_format,
            purpose=purpose,
            note=note.strip(),
            at=clock.now(),
            rows=asked.rows,
            state=ExportState.WAITING if asked.needs_approval else ExportState.QUEUED,
        )
        audit.record(
            viewer.actor, "export.requested", "export", export.number,
            count=export.rows, purpose=purpose, after=_asked_for(source, found, export),
        )  # fmt: skip
        if asked.needs_approval:
            approval = approvals.submit(
                viewer, EXPORT_KIND, str(export.pk), amount=export.rows, reason=export.note
            )
            Export.objects.filter(pk=export.pk).update(approval_id=approval.pk)
        else:
            begin(export)
    export.refresh_from_db()
    return export


def begin(export: Export) -> JobRun:
    """Put the writing of an export into the queue; exports of one person are written one after another."""
    run = jobs.start(
        WRITING,
        actor=Actor(export.owner),
        subject=export.number,
        lock=f"export/{export.staff_id}",
        export_id=export.pk,
    )
    Export.objects.filter(pk=export.pk).update(state=ExportState.QUEUED, run_id=run.pk)
    return run


def settle(export_id: int, state: ApprovalState) -> None:
    """Go on as an approval ended: with writing, or not at all. What was settled before stays as it is."""
    with scope.bulk():  # whoever decides, or the clock, sees other ranges than the maker
        waiting = Export.objects.select_for_update().filter(pk=export_id, state=ExportState.WAITING)
        export = waiting.first()
        if export is None:
            return
        if state == ApprovalState.APPROVED:
            begin(export)
        else:
            ended = ExportState.CANCELLED if state == ApprovalState.RECALLED else ExportState.REFUSED
            Export.objects.filter(pk=export_id).update(state=ended)


def cancel_export(viewer: Viewer, export_id: int) -> Export:
    """Take back an export of one's own that is not written yet. Errors: NotFound; Conflict when it is over."""
    with transaction.atomic(savepoint=False):
        export = find_export(viewer, export_id)
        if export.state == ExportState.WAITING and export.approval_id:
            approvals.recall(viewer, export.approval_id, _("申请人取消了导出"))
        else:
            going_on = Export.objects.filter(pk=export.pk, state__in=UNFINISHED)
            if not going_on.update(state=ExportState.CANCELLED):
                raise Conflict("export", _("这次导出已经结束，不能再取消。"))
            if run := run_of(export):
                jobs.cancel(run)
        audit.record(viewer.actor, "export.cancelled", "export", export.number, purpose=export.purpose)
    return find_export(viewer, export_id)


@dataclass(frozen=True, slots=True)
class Content:
    """A file on its way out: its name, its size in bytes, and its content in pieces."""

    name: str
    format: ExportFormat
    size: int
    pieces: Iterator[bytes]


def open_export(viewer: Viewer, export_id: int) -> Content:
    """The file of one's own export, with an audit of the download.

    Errors: NotFound for anybody else's, and where there is no file or none any more; NotAllowed when the post has lost
    the right since.
    """
    with transaction.atomic(savepoint=False):
        export = find_export(viewer, export_id)
        source = find_source(viewer, export.list_key)
        path = path_of(export)
        is_there = (
            is_downloadable(ExportState(export.state), export.expires_at, clock.now()) and path.exists()
        )
        if not is_there:
            raise NotFound("export_file", export.number)
        Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1)
        audit.record(
            viewer.actor, "export.downloaded", "export", export.number,
            count=export.written or 0, purpose=export.purpose, after={"list": export.list_key},
        )  # fmt: skip
    name = f"{source.label}-{export.number}.{export.format}"
    return Content(
        name, ExportFormat(export.format), export.size or 0, storage.unseal_chunks(path, record=export.uuid)
    )


def _check_words(source: Source, found: Found, purpose: str, file_format: str, note: str) -> None:
    if found.state.problems:  # a condition that cannot be used must not widen what is taken away
        raise Invalid({"": found.state.problems[0]})
    if len(found.state.query) > LONGEST_QUERY:
        raise Invalid({"": _("条件太多，请减少一些再导出。")})
    if purpose not in dict(source.purposes):
        raise Invalid({"purpose": _("请选择用途")})
    if file_format not in source.formats:
        raise Invalid({"file_format": _("请选择文件格式")})
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid({"note": _("说明最多 {count} 个字").format(count=LONGEST_NOTE)})


def _check_rows(asked: Asking, note: str) -> None:
    if asked.refusal:
        raise Invalid({"": sentence_of(asked)})
    if asked.needs_approval and not note.strip():
        raise Invalid({"note": _("需要审批的导出，请写明原因。")})


_SENTENCES: dict[Refusal, Callable[[Asking], str]] = {
    Refusal.EMPTY: lambda asked: _("没有可以导出的行。"),  # noqa: ARG005 - the others'
    Refusal.TOO_MANY: lambda asked: _("结果超过 {limit} 行，请先缩小条件，再导出。").format(
        limit=f"{asked.limits.most:,}"
    ),
    Refusal.NO_APPROVAL: lambda asked: _("结果超过 {limit} 行，请先缩小条件，再导出。").format(
        limit=f"{asked.limits.free:,}"
    ),
    Refusal.QUOTA: lambda asked: _(
        "您今天还可以导出 {left} 行，这次有 {rows} 行。每人每天最多 {limit} 行。"
    ).format(left=f"{asked.left:,}", rows=f"{asked.rows:,}", limit=f"{asked.limits.a_day:,}"),
}


def sentence_of(asked: Asking) -> str:
    """Why an export cannot be asked for; empty when it can."""
    return _SENTENCES[asked.refusal](asked) if asked.refusal else ""


def _asked_for(source: Source, found: Found, export: Export) -> dict[str, object]:
    conditions = conditions_of(found.state)
    return {"list": source.key, "conditions": conditions, "format": export.format, "note": export.note}
