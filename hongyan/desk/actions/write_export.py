"""Writing the file of an export (生成导出文件), in the background.

The rows are read page by page in the list's own order, each page in a transaction of its own under what the post may
see at that moment; so nothing is held long, a right that ends ends the writing, and a cancel is heard. They go from the
database into the sealed file piece by piece: memory does not grow with the file, and nothing of it stands unsealed on a
disk. See docs/adr/0020-exports-are-read-by-key.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import pgettext

from hongyan.core import audit, clock, jobs, scope, storage
from hongyan.core.clock import business_date
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound
from hongyan.core.exports import Table, csv_file, xlsx_file
from hongyan.core.parameters import value_of
from hongyan.core.storage import Stored
from hongyan.desk.actions.notifications import notify
from hongyan.desk.codes import ExportFailure, ExportFormat, ExportState
from hongyan.desk.export_files import LARGEST_BYTES, path_of
from hongyan.desk.exports import Found, Source, Stamp, find_source, read_source
from hongyan.desk.models import Export, Schedule
from hongyan.desk.parameters import KEPT_DAYS
from hongyan.desk.queries.exports import limits_for, one_at_a_time, taken_on, watchers_of
from hongyan.desk.rules import most_written
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.viewers import holders_over, label_of_post, viewer_for
from hongyan.ui.lists import paginate

WRITING = "desk.write_export"
"""Name of the task that writes exports."""

PAGE_ROWS = 2000

Report = Callable[[int, int], None]
Line = list[object]


def write_export(export_id: int, report: Report) -> dict[str, int]:
    """Write the file of an export; `report` hears (done, total) after every page, and may stop it by what it raises.

    Answers `{rows}`. An export that is over is left alone. Errors: those of HongyanError when the post may not take
    these rows any more; the export then says why.
    """
    export = _begun(export_id)
    if export is None:
        return {"rows": 0}
    with translation.override(export.language), _failing(export):
        viewer, source, found = _read(export)
        header = [str(label) for label, _value in found.columns]
        stamp = Stamp(export.number, watermark_of(export, viewer, source))
        counted = _Counted(_lines(export, report))
        if source.write:
            pieces, counted.rows = source.write(viewer, found, stamp), export.rows
        else:
            pieces = _table_file(export, viewer, found, Table(stamp.text, header, counted))
        stored = storage.seal_chunks(pieces, path_of(export), record=export.uuid, limit=LARGEST_BYTES)
        _finish(export, viewer, source, found, stored, written=counted.rows, columns=header)
    return {"rows": counted.rows}


def _table_file(export: Export, viewer: Viewer, found: Found, table: Table) -> Iterator[bytes]:
    if export.format == ExportFormat.CSV:
        return csv_file(table)
    return xlsx_file(table, title=str(found.state.spec.title), creator=f"{viewer.name} {viewer.staff_no}")


def watermark_of(export: Export, viewer: Viewer, source: Source) -> str:
    """The line above the rows and on every printed page: who took them away, when, why, under which number."""
    told = (
        pgettext("水印", "鸿雁导出 {number}").format(number=export.number),
        f"{viewer.name} {viewer.staff_no}",
        label_of_post(viewer),
        f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}",
        pgettext("水印", "用途：{purpose}").format(purpose=source.word_of(export.purpose)),
        export.note,
    )
    return " · ".join(filter(None, told))


@dataclass(slots=True)
class _Counted:
    """Lines, and how many have gone by."""

    lines: Iterator[Line]
    rows: int = 0

    def __iter__(self) -> Iterator[Line]:
        for line in self.lines:
            self.rows += 1
            yield line


@dataclass(frozen=True, slots=True)
class _Where:
    """Where in the list the next page begins."""

    after: str = ""
    before: str = ""


def _lines(export: Export, report: Report) -> Iterator[Line]:
    """The rows of the file in the list's order. Errors: Conflict when there are more than may be written."""
    limits = limits_for(_maker_of(export).unit_chain)
    most = most_written(export.rows, limits, is_approved=export.approval_id is not None)
    where: _Where | None = _Where()
    done = 0
    while where is not None:
        lines, where = _page(export, where)
        done += len(lines)
        if done > most:
            raise Conflict("export", f"more than {most} rows")
        report(done, max(export.rows, done))
        yield from lines


def _page(export: Export, where: _Where) -> tuple[list[Line], _Where | None]:
    viewer = _maker_of(export)
    with scope.acting(viewer.scope):
        found = read_source(viewer, find_source(viewer, export.list_key), export.query)
        state = found.state
        page = paginate(found.rows, where, state.sort_fields, descending=state.is_descending, size=PAGE_ROWS)
        if page.problem:  # the first page again would never end
            raise Invalid({"": page.problem})
        lines = found.lines(page.rows)
    return lines, _Where(page.next_cursor) if page.next_cursor else None


def _read(export: Export) -> tuple[Viewer, Source, Found]:
    """Who asked, as they may act now, and what the list is now."""
    viewer = _maker_of(export)
    source = find_source(viewer, export.list_key)
    with scope.acting(viewer.scope):
        return viewer, source, read_source(viewer, source, export.query)


def _maker_of(export: Export) -> Viewer:
    """Errors: NotFound when the post has ended, or the account is closed."""
    viewer = viewer_for(export.staff_id, post_id=export.post_id)
    if viewer is None:
        raise NotFound("post", export.post_id)
    return viewer


# --- how the export stands


def _begun(export_id: int) -> Export | None:
    """The export, being written from now on; None when it is over, or was taken back. A second run begins anew."""
    with scope.bulk():
        due = Export.objects.filter(pk=export_id, state__in=(ExportState.QUEUED, ExportState.WRITING))
        due.update(state=ExportState.WRITING)
        return due.first()


_FAILURES: dict[type[HongyanError], ExportFailure] = {
    NotFound: ExportFailure.POST,
    NotAllowed: ExportFailure.RIGHT,
    Invalid: ExportFailure.CONDITIONS,
    Conflict: ExportFailure.GREW,
}


@contextmanager
def _failing(export: Export) -> Iterator[None]:
    """Whatever ends the writing is said by the export; an outage does not end it, and a cancel was said before."""
    try:
        yield
    except (*jobs.OUTAGES, jobs.Cancelled):
        raise
    except HongyanError as error:
        fail(export, _FAILURES.get(type(error), ExportFailure.LOST))
        raise
    except Exception:
        fail(export, ExportFailure.LOST)
        raise


def fail(export: Export, failure: ExportFailure) -> None:
    """Say why an export was not written, and tell whoever waits for it elsewhere."""
    with scope.bulk():
        going_on = Export.objects.filter(pk=export.pk, state__in=(ExportState.QUEUED, ExportState.WRITING))
        if not going_on.update(state=ExportState.FAILED, failure=failure):
            return
        if _is_waited_for(export):
            _tell(export, "export.failed", {"failure": failure})
    storage.discard(path_of(export))


def _finish(
    export: Export, viewer: Viewer, source: Source, found: Found, stored: Stored, *,
    written: int, columns: Sequence[str],
) -> None:  # fmt: skip
    """Hand the file over, with the audit of what it holds; a file that was taken back meanwhile goes."""
    with scope.acting(viewer.scope):
        being_written = Export.objects.filter(pk=export.pk, state=ExportState.WRITING)
        is_mine = being_written.update(
            state=ExportState.READY,
            written=written,
            columns=columns,
            size=stored.size,
            digest=stored.digest,
            expires_at=clock.now() + timedelta(days=int(value_of(KEPT_DAYS, units=viewer.unit_chain))),
        )
        if not is_mine:
            storage.discard(path_of(export))
            return
        if source.by_approval:
            _check_growth(export, viewer, written)
        audit.record(
            viewer.actor, "export.written", "export", export.number, count=written, purpose=export.purpose,
            after={"list": source.key, "columns": columns, "sha256": stored.digest},
        )  # fmt: skip
        if source.note:
            source.note(viewer, found.state, export.purpose)
        if _is_waited_for(export):
            _tell(export, "export.ready", {"rows": written})
        _warn(export, viewer, source, written)


def _check_growth(export: Export, viewer: Viewer, written: int) -> None:
    """What a free export grew by since it was asked for is free only as far as the day's other exports leave room.

    Errors: Conflict.
    """
    if export.approval_id is not None or written <= export.rows:
        return
    one_at_a_time(export.owner)
    free = limits_for(viewer.unit_chain).free
    if taken_on(business_date(export.at), export.owner).freely > free:
        raise Conflict("export", f"more than {free} rows freely")


def _warn(export: Export, viewer: Viewer, source: Source, written: int) -> None:
    """Those who watch hear of a large export as soon as its file can be had, of many small ones likewise (A 13)."""
    total = max(written, taken_on(business_date(export.at), export.owner).rows)
    if total <= limits_for(viewer.unit_chain).free:
        return
    params = {
        "number": export.number, "who": viewer.staff_no, "list": source.key, "rows": written, "total": total
    }  # fmt: skip
    url = f"{reverse('org:audit')}?{urlencode({'subject': export.number})}"
    readers = holders_over(viewer.scope.lo, Right.AUDIT_READ)
    for recipient in watchers_of(viewer):
        notify(recipient, "export.large", params, url=url if recipient in readers else "")


def _is_waited_for(export: Export) -> bool:
    """Whether its owner is elsewhere meanwhile: it took an approval, or a schedule asked for it."""
    return export.approval_id is not None or Schedule.objects.filter(export_id=export.pk).exists()


def _tell(export: Export, kind: str, params: Mapping[str, object]) -> None:
    notify(
        export.owner,
        kind,
        {"number": export.number, "list": export.list_key, **params},
        url=reverse("desk:export", args=[export.pk]),
    )
