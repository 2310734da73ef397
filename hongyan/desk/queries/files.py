"""Files of records (文件): which there are, and their versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.parameters import Parameter, value_of
from hongyan.desk import parameters
from hongyan.desk.codes import FileState
from hongyan.desk.file_rules import FileLimits, may_restore
from hongyan.desk.models import RecordFile
from hongyan.desk.records import Subject, find_kind
from hongyan.org.codes import Viewer

READABLE = (FileState.CLEAN, FileState.UNSCANNED)
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Files:
    """What a record has, each in its current version, the latest first; and what was taken away and can be put back."""

    present: Sequence[RecordFile]
    removed: Sequence[RecordFile]


def files_of(viewer: Viewer, kind: str, ids: Collection[int]) -> Files:
    """The files of a record that the viewer opened, under any of its ids. One query, and a parameter."""
    rows = list(RecordFile.objects.filter(kind=kind, record_id__in=ids, is_current=True).order_by("-id"))
    days = restore_days(viewer) if any(one.removed_at for one in rows) else 0
    now = clock.now()
    return Files(
        present=[one for one in rows if one.removed_at is None],
        removed=[one for one in rows if may_restore(one.removed_at, now=now, days=days)],
    )


def find_file(viewer: Viewer, file_id: int, *, for_update: bool = False) -> tuple[RecordFile, Subject]:
    """A file, in whichever version, of a record that the viewer may see. Errors: NotFound."""
    rows = RecordFile.objects.select_for_update() if for_update else RecordFile.objects.all()
    file = rows.filter(pk=file_id).first()
    if file is None:
        raise NotFound("record_file", file_id)
    return file, find_kind(file.kind).find(viewer, file.record_id)


def versions_of(file: RecordFile) -> QuerySet[RecordFile]:
    """All versions of a file, the last first."""
    return RecordFile.objects.filter(series=file.series).order_by("-version")


def held_by(kind: str, ids: Collection[int]) -> tuple[int, int]:
    """How many files a record has in all versions, and of how many bytes."""
    rows = RecordFile.objects.filter(kind=kind, record_id__in=ids)
    found = rows.aggregate(files=Count("id"), size=Sum("size"))
    return found["files"], found["size"] or 0


def restore_days(viewer: Viewer) -> int:
    """For how many days what was taken away can be put back."""
    return int(value_of(parameters.FILE_RESTORE_DAYS, units=viewer.unit_chain))


def limits_for(viewer: Viewer) -> FileLimits:
    """What the viewer may bring."""

    def limit(parameter: Parameter, factor: int = 1) -> int:
        return int(value_of(parameter, units=viewer.unit_chain)) * factor

    return FileLimits(
        most_bytes=limit(parameters.FILE_MB, _MEGABYTE),
        most_points=limit(parameters.FILE_MEGAPIXELS, 1_000_000),
        most_unpacked=limit(parameters.FILE_UNPACKED_MB, _MEGABYTE),
        most_files=limit(parameters.FILES_OF_RECORD),
        most_in_all=limit(parameters.RECORD_FILES_MB, _MEGABYTE),
    )
