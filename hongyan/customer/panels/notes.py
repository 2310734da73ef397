"""Notes and calls on a customer, and whether the reader follows it (跟进)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from hongyan.customer.panels.tabs import Asked
from hongyan.customer.queries.followed import KIND
from hongyan.customer.queries.records import CustomerRecord
from hongyan.desk.codes import NoteSort
from hongyan.desk.models import Note
from hongyan.desk.queries.notes import Former, follows, notes_of
from hongyan.org.codes import Right, Viewer
from hongyan.ui import cells


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note or a call; `facts` are of the call, `former` the words before each change."""

    note: Note
    is_call: bool
    at: SafeString
    called_at: SafeString
    former: Sequence[Former]
    mend_url: str


@dataclass(frozen=True, slots=True)
class NotesView:
    """The tab: what was noted, the latest first, and what the reader may do."""

    notes: Sequence[NoteView]
    next_url: str
    note_url: str
    call_url: str
    follow_url: str
    is_followed: bool


def notes(viewer: Viewer, record: CustomerRecord, asked: Asked) -> NotesView:
    """The query of the panel 跟进. Three queries of its own at most."""
    ids = (record.customer.pk, *(alias.pk for alias in record.aliases))
    found = notes_of(viewer, KIND, ids, after=asked.after)
    may_write = viewer.may(Right.NOTE_WRITE)
    new = reverse("desk:new_note", args=[KIND, record.customer.code]) if may_write else ""
    return NotesView(
        notes=[
            NoteView(
                note=note,
                is_call=note.sort == NoteSort.CALL,
                at=cells.when(note.at),
                called_at=cells.when(note.called_at) if note.called_at else SafeString(""),
                former=found.former[note.pk],
                mend_url=reverse("desk:mend_note", args=[note.pk])
                if may_write and note.pk in found.own
                else "",
            )
            for note in found.rows
        ],
        next_url=f"?after={found.next_after}" if found.next_after else "",
        note_url=new,
        call_url=f"{new}?sort=call" if new else "",
        follow_url="" if viewer.is_guest else reverse("desk:follow", args=[KIND, record.customer.code]),
        is_followed=not viewer.is_guest and follows(viewer, KIND, ids),
    )
