"""Notes and calls (备注、通话记录): written on a record by whoever may see it, mended by their writer for a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.core.versions import require_unchanged
from hongyan.desk.codes import CallDirection, CallResult, NoteSort
from hongyan.desk.models import Note, NoteVersion
from hongyan.desk.parameters import NOTE_EDIT_MINUTES
from hongyan.desk.queries.notes import find_note
from hongyan.desk.records import Subject
from hongyan.desk.rules import may_mend
from hongyan.org.codes import Right, Viewer

LONGEST_TEXT = 2000
LONGEST_CALL_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Call:
    """A call somebody had: when it began, who called, what came of it, how many minutes it took."""

    at: datetime
    direction: str
    result: str
    minutes: int = 0


def write_note(viewer: Viewer, subject: Subject, *, text: str, call: Call | None = None) -> Note:
    """Write a note on a record that the viewer opened, or keep a call in the log.

    Errors: NotAllowed without the right; Invalid for an empty or long text, one that holds somebody's number, or a call
    that cannot have been.
    """
    if not viewer.may(Right.NOTE_WRITE):
        raise NotAllowed(Right.NOTE_WRITE)
    text = _sound(text, may_be_empty=call is not None)
    if call is not None:
        _check_call(call)
    with transaction.atomic():
        note = Note.objects.create(
            kind=subject.kind,
            record_id=subject.ids[0],
            sort=NoteSort.CALL if call else NoteSort.NOTE,
            text=text,
            staff_id=viewer.staff_id,
            staff_name=viewer.name,
            at=clock.now(),
            **(_columns(call) if call else {}),
        )
        after = {"note": note.pk, "sort": note.sort}
        audit.record(viewer.actor, "note.written", subject.kind, subject.key, after=after)
    return note


def mend_note(viewer: Viewer, note_id: int, *, text: str, seen: str | None = None) -> Note:
    """Change the words of a note of one's own; the former ones are kept.

    Errors: NotFound for anybody else's, or one on a record out of sight; Conflict when the time for it is over, or it
    was changed in another window; Invalid as in `write_note`.
    """
    with transaction.atomic():
        note, subject = find_note(viewer, note_id, for_update=True)
        text = _sound(text, may_be_empty=note.sort == NoteSort.CALL)
        minutes = int(value_of(NOTE_EDIT_MINUTES, units=viewer.unit_chain))
        now = clock.now()
        if not may_mend(note.at, now=now, within=timedelta(minutes=minutes)):
            raise Conflict("note", _("只能在写下后 {count} 分钟内修改；请另写一条。").format(count=minutes))
        require_unchanged("note", seen, note.mark, now=note.text)
        if text == note.text:
            return note
        NoteVersion.objects.create(note=note, text=note.text, until=now)
        note.text, note.mended_at = text, now
        note.save(update_fields=["text", "mended_at"])
        audit.record(viewer.actor, "note.mended", note.kind, subject.key, after={"note": note.pk})
    return note


def _sound(text: str, *, may_be_empty: bool) -> str:
    text = text.strip()
    require_no_numbers(text=text)
    if not text and not may_be_empty:
        raise Invalid({"text": _("请写点什么")})
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": _("最多 {count} 个字").format(count=LONGEST_TEXT)})
    return text


def _check_call(call: Call) -> None:
    if call.direction not in CallDirection.values:
        raise Invalid({"direction": _("请选择呼入还是呼出")})
    if call.result not in CallResult.values:
        raise Invalid({"result": _("请选择通话结果")})
    if call.at > clock.now():
        raise Invalid({"at": _("通话时间不能晚于现在")})
    if not 0 <= call.minutes <= LONGEST_CALL_MINUTES:
        raise Invalid({"minutes": _("时长在 0 到 {count} 分钟之间").format(count=LONGEST_CALL_MINUTES)})


def _columns(call: Call) -> Mapping[str, object]:
    return {
        "called_at": call.at,
        "direction": call.direction,
        "result": call.result,
        "minutes": call.minutes,
    }
