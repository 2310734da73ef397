"""Emptying what people wrote of some records (清空文字): the erasure of a person's data reaches their words too."""

from __future__ import annotations

from collections.abc import Collection

from hongyan.desk.models import Note, NoteVersion, Task, TaskStep, WorkItem

EMPTIED = "—"
"""The title of a to-do whose words are gone."""


def erase_words(kind: str, ids: Collection[int]) -> None:
    """Empty notes, calls, to-dos and what was said of work on some records, in every version; that they were stays.

    It cannot be undone. The rooms of the records call it, inside `scope.bulk()`.
    """
    of = {"kind": kind, "record_id__in": ids}
    NoteVersion.objects.filter(**{f"note__{name}": value for name, value in of.items()}).update(text="")
    Note.objects.filter(**of).update(text="")
    TaskStep.objects.filter(**{f"task__{name}": value for name, value in of.items()}).update(reason="")
    Task.objects.filter(**of).update(title=EMPTIED, result="")
    WorkItem.objects.filter(**of).update(note="")
