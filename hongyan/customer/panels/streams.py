"""What this room tells on the timeline (动态): notes, calls, files, changed fields, merges, corrections."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.customer.codes import CorrectionState
from hongyan.customer.models import Correction
from hongyan.customer.panels.history import CHANGES, LINKS
from hongyan.customer.panels.timeline import CARE, CONTACT, DATA, Sight, Stream, by, word
from hongyan.customer.panels.words import label_of
from hongyan.customer.parameters import AHEAD_DAYS
from hongyan.customer.queries.followed import KIND
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.timeline import Branch, Told, told
from hongyan.desk.codes import CallDirection, CallResult, FileCategory, FileState, NoteSort, TaskState
from hongyan.desk.file_rules import is_over
from hongyan.desk.models import Note, NoteVersion, RecordFile
from hongyan.desk.parameters import NOTE_EDIT_MINUTES
from hongyan.desk.queries.tasks import tasks_about
from hongyan.desk.rules import may_mend
from hongyan.desk.task_rules import is_overdue
from hongyan.org.codes import Right
from hongyan.ui.records import TimelineEntry

# --- notes and calls


def _notes(sight: Sight) -> Branch:
    return told(
        _written(sight.record, NoteSort.NOTE),
        at="at",
        who="staff_name",
        text="text",
        staff="staff_id",
        former=_former(),
    )


def _calls(sight: Sight) -> Branch:
    return told(
        _written(sight.record, NoteSort.CALL), at="called_at", who="staff_name", text="text", staff="staff_id",
        written="at", direction="direction", result="result", minutes="minutes", former=_former(),
    )  # fmt: skip


def _written(record: CustomerRecord, sort: NoteSort) -> QuerySet[Note]:
    return Note.objects.filter(kind=KIND, record_id__in=[one.pk for one in record.members], sort=sort)


def _former() -> ArraySubquery:
    versions = NoteVersion.objects.filter(note=OuterRef("pk")).order_by("-id")
    return ArraySubquery(versions.values(said=JSONObject(text="text", until="until")))


def _note(sight: Sight, one: Told) -> TimelineEntry:
    return TimelineEntry(
        one.at, NoteSort.NOTE.label, "", icon="note", text=one.said["text"], author=by(one),
        edit_url=_mend_url(sight, one, one.at), former=_former_words(one),
    )  # fmt: skip


def _call(sight: Sight, one: Told) -> TimelineEntry:
    parts = [str(word(CallDirection, one.said["direction"])), str(word(CallResult, one.said["result"]))]
    if minutes := one.said["minutes"]:
        parts.append(ngettext("{count} 分钟", "{count} 分钟", minutes).format(count=minutes))
    return TimelineEntry(
        one.at, NoteSort.CALL.label, " · ".join(parts), icon="phone", text=one.said["text"], author=by(one),
        edit_url=_mend_url(sight, one, datetime.fromisoformat(one.said["written"])), former=_former_words(one),
        tone="good" if one.said["result"] == CallResult.REACHED else "",
    )  # fmt: skip


def _mend_url(sight: Sight, one: Told, written: datetime) -> str:
    """Where the writer may still change it; empty for anybody else, and once the time for it is over."""
    if one.said["staff"] != sight.viewer.staff_id or not sight.viewer.may(Right.NOTE_WRITE):
        return ""
    within = timedelta(minutes=int(sight.values[NOTE_EDIT_MINUTES.key]))
    is_open = may_mend(written, now=clock.now(), within=within)
    return reverse("desk:mend_note", args=[int(one.key)]) if is_open else ""


def _former_words(one: Told) -> list[tuple[datetime, str]]:
    return [(datetime.fromisoformat(former["until"]), former["text"]) for former in one.said["former"]]


# --- corrections somebody asked for


def _asked(sight: Sight) -> Branch:
    rows = Correction.objects.filter(customer__in=sight.record.members, state=CorrectionState.WAITING)
    return told(rows, at="asked_at", who="maker__name", shown="shown")


def _correction(_sight: Sight, one: Told) -> TimelineEntry:
    fields = pgettext_lazy("list separator", "、").join(str(label_of(head)) for head in one.said["shown"])
    return TimelineEntry(
        one.at, _("更正资料"), _("{fields}待审批").format(fields=fields), icon="pencil", author=by(one), is_due=True,
        tone="info",
    )  # fmt: skip


# --- to-dos


def _done(sight: Sight) -> Branch:
    return _tasks(sight, at="closed_at", is_open=False)


def _to_do(sight: Sight) -> Branch:
    return _tasks(sight, at="due_at", is_open=True)


def _tasks(sight: Sight, *, at: str, is_open: bool) -> Branch:
    rows = tasks_about(sight.viewer, KIND, [one.pk for one in sight.record.members])
    rows = rows.filter(state=TaskState.OPEN) if is_open else rows.exclude(state=TaskState.OPEN)
    return told(
        rows, at=at, who="staff_name", title="title", state="state", result="result", is_theirs="is_theirs"
    )


def _task(_sight: Sight, one: Told) -> TimelineEntry:
    is_late = one.is_due and is_overdue(one.at, now=clock.now())
    kind = pgettext("动态", "待办") if one.is_due else word(TaskState, one.said["state"])
    return TimelineEntry(
        one.at, kind, one.said["title"], icon="checklist",
        text=one.said["result"], author=by(one), is_due=one.is_due, tone="bad" if is_late else "",
        url=reverse("desk:task", args=[one.key]) if one.said["is_theirs"] else "",
    )  # fmt: skip


# --- files


def _brought(sight: Sight) -> Branch:
    return told(_kept(sight).exclude(state=FileState.INFECTED), at="at", **_FILE)


def _ending(sight: Sight) -> Branch:
    rows = _kept(sight).filter(is_current=True, removed_at=None, valid_until__lte=sight.horizon)
    return told(rows, at="valid_until", **_FILE)


_FILE = {
    "who": "staff_name", "category": "category", "name": "name", "remark": "remark", "version": "version",
}  # fmt: skip


def _kept(sight: Sight) -> QuerySet[RecordFile]:
    rows = RecordFile.objects.filter(kind=KIND, record_id__in=[one.pk for one in sight.record.members])
    return rows.exclude(state=FileState.ERASED)


def _file(sight: Sight, one: Told) -> TimelineEntry:
    said, on = one.said, one.at.date()
    name = f"{FileCategory(said['category']).label} · {said['name']}"
    is_late = one.is_due and is_over(on, clock.business_date())
    new = pgettext_lazy("动态", "上传文件") if said["version"] == 1 else pgettext_lazy("动态", "文件的新版本")
    return TimelineEntry(
        on if one.is_due else one.at, pgettext_lazy("动态", "文件到期") if one.is_due else new, name, icon="paperclip",
        text=said["remark"], author=by(one), is_due=one.is_due, tone="bad" if is_late else "warn" if one.is_due else "",
        url=reverse("desk:file", args=[one.key]) if sight.viewer.may(Right.FILE_READ) else "",
    )  # fmt: skip


STREAMS = (
    Stream("note", CONTACT, _note, _notes, by=[NOTE_EDIT_MINUTES]),
    Stream("call", CONTACT, _call, _calls, by=[NOTE_EDIT_MINUTES]),
    Stream("task", CONTACT, _task, _done, _to_do),
    Stream("file", CARE, _file, _brought, _ending, by=[AHEAD_DAYS]),
    Stream("correction", DATA, _correction, ahead=_asked),
    CHANGES,
    LINKS,
)
