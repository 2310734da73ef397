"""Notes on records (备注)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.parameters import value_of
from hongyan.desk.models import Note, NoteVersion
from hongyan.desk.parameters import NOTE_EDIT_MINUTES
from hongyan.desk.records import Subject, find_kind
from hongyan.desk.rules import may_mend
from hongyan.org.codes import Viewer

PAGE = 30


class Former(NamedTuple):
    """What a note said before, until when."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Notes:
    """A page of a record's notes, the latest first, with their former words; `next_after` leads to older ones."""

    rows: Sequence[Note]
    former: Mapping[int, Sequence[Former]]
    own: Collection[int]
    next_after: str


def notes_of(viewer: Viewer, kind: str, ids: Collection[int], *, after: str = "") -> Notes:
    """The notes of a record the viewer opened, under any of its ids; `own` are those they may still mend.

    At most two queries.
    """
    versions = NoteVersion.objects.filter(note=OuterRef("pk")).order_by("-id")
    former = ArraySubquery(versions.values(said=JSONObject(text="text", until="until")))
    rows = Note.objects.filter(kind=kind, record_id__in=ids).annotate(former=former).order_by("-id")
    if after.isascii() and after.isdecimal():
        rows = rows.filter(id__lt=int(after[:18]))
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    mine = [note for note in page if note.staff_id == viewer.staff_id]
    return Notes(
        rows=page,
        former={note.pk: [_former(one) for one in note.former] for note in page},
        own=_mendable(viewer, mine),
        next_after=str(page[-1].pk) if len(found) > PAGE else "",
    )


def _former(said: Mapping[str, str]) -> Former:
    return Former(said["text"], datetime.fromisoformat(said["until"]))


def _mendable(viewer: Viewer, mine: Sequence[Note]) -> set[int]:
    if not mine:
        return set()
    within = timedelta(minutes=int(value_of(NOTE_EDIT_MINUTES, units=viewer.unit_chain)))
    return {note.pk for note in mine if may_mend(note.at, now=clock.now(), within=within)}


def find_note(viewer: Viewer, note_id: int, *, for_update: bool = False) -> tuple[Note, Subject]:
    """A note of one's own on a record one may see. Errors: NotFound."""
    rows = Note.objects.select_for_update() if for_update else Note.objects.all()
    note = rows.filter(pk=note_id, staff_id=viewer.staff_id).first()
    if note is None:
        raise NotFound("note", note_id)
    return note, find_kind(note.kind).find(viewer, note.record_id)
