"""Notes and followers of records (备注、关注)."""

from __future__ import annotations

from collections.abc import Collection

from hongyan.core.errors import NotFound
from hongyan.desk.models import Follow, Note
from hongyan.desk.records import Subject, find_kind
from hongyan.org.codes import Viewer


def find_note(viewer: Viewer, note_id: int, *, for_update: bool = False) -> tuple[Note, Subject]:
    """A note of one's own on a record one may see. Errors: NotFound."""
    rows = Note.objects.select_for_update() if for_update else Note.objects.all()
    note = rows.filter(pk=note_id, staff_id=viewer.staff_id).first()
    if note is None:
        raise NotFound("note", note_id)
    return note, find_kind(note.kind).find(viewer, note.record_id)


def follows(viewer: Viewer, kind: str, ids: Collection[int]) -> bool:
    """Whether the viewer follows a record. One query."""
    return Follow.objects.filter(kind=kind, record_id__in=ids, staff_id=viewer.staff_id).exists()
