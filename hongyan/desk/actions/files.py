"""Files of records (文件): brought, replaced by a new version, described anew, taken away and put back, opened.

Content is sealed before its row is written, and stays for ever: what is taken away is marked, what is replaced is an
older version. Only the erasure of a person's data removes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit, clock, jobs, storage
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.file_names import shown_name
from hongyan.core.free_text import require_no_numbers
from hongyan.core.versions import require_unchanged, take_turn
from hongyan.desk.codes import FileCategory, FileMedia, FileRefusal, FileState
from hongyan.desk.file_rules import FileLimits, Refused, may_restore, media_of, named_as
from hongyan.desk.models import RecordFile
from hongyan.desk.queries.files import READABLE, find_file, held_by, limits_for, restore_days
from hongyan.desk.record_files import Content, path_of
from hongyan.desk.records import Subject, find_kind
from hongyan.org.codes import Right, Viewer

LONGEST_REMARK = 100
MOST_AT_ONCE = 10
SCANNING = "desk.scan_file"
"""Name of the task that scans a file."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as somebody brings it: the name it had there, and its content."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a file: what it is a copy of, a number or a remark, and the last day on which it holds."""

    category: str
    remark: str = ""
    valid_until: date | None = None


def add_files(viewer: Viewer, subject: Subject, brought: Sequence[Brought], said: Said) -> list[RecordFile]:
    """Keep files on a record that the viewer opened, all of them or none.

    Errors: NotAllowed without the right; Invalid for none, too many, what we do not take, or words that hold somebody's
    number.
    """
    _require(viewer, Right.FILE_WRITE)
    said = _sound(said)
    if not 0 < len(brought) <= MOST_AT_ONCE:
        raise Invalid({"sent": _("请选择 1 至 {count} 份文件").format(count=MOST_AT_ONCE)})
    limits = limits_for(viewer)
    media = _recognised(brought, limits)
    with _sealed(viewer, subject, brought, media, said) as files, transaction.atomic():
        _make_room(subject, files, limits)
        for file in files:
            _keep(viewer, subject, file)
    return files


def replace_file(
    viewer: Viewer, file_id: int, brought: Brought, said: Said, *, seen: str | None = None
) -> RecordFile:
    """Keep a new version of a file; the older ones stay readable.

    Errors: NotFound; Conflict for what is not the current version, was taken away, or was changed in another window;
    others as `add_files`.
    """
    _require(viewer, Right.FILE_WRITE)
    said, limits = _sound(said), limits_for(viewer)
    media = _recognised([brought], limits)
    _file, subject = find_file(viewer, file_id)
    with _sealed(viewer, subject, [brought], media, said) as (fresh,), transaction.atomic():
        _make_room(subject, [fresh], limits)
        former, subject = _held(viewer, file_id, seen)
        former.is_current = False
        former.save(update_fields=["is_current"])
        fresh.series, fresh.version, fresh.record_id = former.series, former.version + 1, former.record_id
        _keep(viewer, subject, fresh)
    return fresh


def change_file(viewer: Viewer, file_id: int, said: Said, *, seen: str | None = None) -> RecordFile:
    """Say something else of a file. Errors: as `replace_file`."""
    _require(viewer, Right.FILE_WRITE)
    said = _sound(said)
    with transaction.atomic():
        file, subject = _held(viewer, file_id, seen)
        before = _told(file)
        file.category, file.remark, file.valid_until = said.category, said.remark, said.valid_until
        file.save(update_fields=["category", "remark", "valid_until"])
        _note(viewer, "file.changed", subject, file, before=before, after=_told(file))
    return file


def take_away(viewer: Viewer, file_id: int, *, seen: str | None = None) -> RecordFile:
    """Take a file away, with all its versions; for some days it can be put back. Errors: as `replace_file`."""
    _require(viewer, Right.FILE_WRITE)
    with transaction.atomic():
        file, subject = _held(viewer, file_id, seen)
        file.removed_at, file.removed_by = clock.now(), viewer.name
        file.save(update_fields=["removed_at", "removed_by"])
        _note(viewer, "file.removed", subject, file)
    return file


def restore_file(viewer: Viewer, file_id: int) -> RecordFile:
    """Put a file back that was taken away. Errors: NotFound; Conflict when it is there, or too late."""
    _require(viewer, Right.FILE_WRITE)
    with transaction.atomic():
        file, subject = find_file(viewer, file_id, for_update=True)
        days = restore_days(viewer)
        if not may_restore(file.removed_at, now=clock.now(), days=days):
            raise Conflict("record_file", _("只能在移除后 {count} 天内恢复。").format(count=days))
        file.removed_at, file.removed_by = None, ""
        file.save(update_fields=["removed_at", "removed_by"])
        _note(viewer, "file.restored", subject, file)
    return file


def open_content(viewer: Viewer, file_id: int, *, act: str) -> Content:
    """The content of a file, in whichever version, with the audit of who read it and what for.

    `act` says whether it is looked at (`file.viewed`) or taken along (`file.downloaded`). Errors: NotAllowed; NotFound;
    PurposeNeeded as for the record itself; Conflict for what is being checked, was refused, taken away or erased.
    """
    _require(viewer, Right.FILE_READ)
    with transaction.atomic(savepoint=False):
        file, subject = find_file(viewer, file_id)
        find_kind(file.kind).open(viewer, subject.key, "files")
        path = path_of(file)
        if file.state not in READABLE or _is_away(file):
            raise Conflict("record_file", _("这份文件现在不能打开：{why}。").format(why=_why_closed(file)))
        if not path.exists():
            raise NotFound("record_file", file.code)
        _note(viewer, act, subject, file, purpose=viewer.purposes.get(subject.key, ""))
    pieces = storage.unseal_chunks(path, record=file.uuid)
    return Content(pieces, file.name or file.code, FileMedia(file.media), file.size)


def mark_told(ids: Collection[int]) -> None:
    """Keep that the keepers of some files were told of their last day. Call it inside `scope.bulk()`."""
    RecordFile.objects.filter(pk__in=ids).update(told_for=F("valid_until"))


def erase_files(kind: str, ids: Collection[int]) -> int:
    """Remove the content of all files of some records, and what was said of them: the erasure of a person's data.

    It cannot be undone. The rooms of the records call it, inside `scope.bulk()`. How many files there were.
    """
    rows = RecordFile.objects.filter(kind=kind, record_id__in=ids).exclude(state=FileState.ERASED)
    paths = [path_of(one) for one in rows]
    rows.update(name="", remark="", finding="", digest="", valid_until=None, state=FileState.ERASED)
    transaction.on_commit(lambda: _discard(paths))
    return len(paths)


def _require(viewer: Viewer, right: Right) -> None:
    if not viewer.may(right):
        raise NotAllowed(right)


def _sound(said: Said) -> Said:
    remark = said.remark.strip()
    require_no_numbers(remark=remark)
    if said.category not in FileCategory.values:
        raise Invalid({"category": _("请选择是什么文件")})
    if len(remark) > LONGEST_REMARK:
        raise Invalid({"remark": _("最多 {count} 个字").format(count=LONGEST_REMARK)})
    return Said(said.category, remark, said.valid_until)


def _recognised(brought: Sequence[Brought], limits: FileLimits) -> list[FileMedia]:
    """What each file is. Errors: Invalid naming each that is not taken, and why."""
    found, problems = [], []
    for one in brought:
        try:
            found.append(media_of(one.content, limits))
        except Refused as error:
            problems.append(_refusal(shown_name(one.name), error.why))
    if problems:
        raise Invalid({"sent": " ".join(problems)})
    return found


def _refusal(name: str, why: FileRefusal) -> str:
    return _("{name}：{why}。").format(name=name, why=why.label)


@contextmanager
def _sealed(
    viewer: Viewer, subject: Subject, brought: Sequence[Brought], media: Sequence[FileMedia], said: Said
) -> Iterator[list[RecordFile]]:
    """Rows for what was brought, not written yet, their content sealed; it is removed when they come to nothing."""
    files: list[RecordFile] = []
    try:
        files += [_seal(viewer, subject, *one, said) for one in zip(brought, media, strict=True)]
        yield files
    except BaseException:
        _discard([path_of(one) for one in files])
        raise


def _seal(viewer: Viewer, subject: Subject, brought: Brought, media: FileMedia, said: Said) -> RecordFile:
    identity = uuid.uuid4()
    file = RecordFile(
        uuid=identity,
        series=identity,
        kind=subject.kind,
        record_id=subject.ids[0],
        category=said.category,
        name=named_as(shown_name(brought.name), media),
        remark=said.remark,
        valid_until=said.valid_until,
        media=media,
        state=FileState.CHECKING if settings.SCAN_COMMAND else FileState.UNSCANNED,
        staff_id=viewer.staff_id,
        staff_name=viewer.name,
        at=clock.now(),
    )
    length = brought.content.seek(0, 2)
    brought.content.seek(0)
    stored = storage.seal_stream(brought.content, path_of(file), record=identity, limit=length)
    file.size, file.digest = stored.size, stored.digest
    return file


def _make_room(subject: Subject, fresh: Sequence[RecordFile], limits: FileLimits) -> None:
    """One after another for each record. Errors: Invalid when it would have too much."""
    take_turn("record_files", f"{subject.kind}/{subject.ids[0]}")
    files, size = held_by(subject.kind, subject.ids)
    if files + len(fresh) > limits.most_files:
        raise Invalid({"sent": _("一条记录最多 {count} 份文件").format(count=limits.most_files)})
    if size + sum(one.size for one in fresh) > limits.most_in_all:
        most = limits.most_in_all >> 20
        raise Invalid({"sent": _("一条记录的文件合计最大 {count} MB").format(count=most)})


def _keep(viewer: Viewer, subject: Subject, file: RecordFile) -> None:
    present = RecordFile.objects.filter(kind=subject.kind, record_id__in=subject.ids, removed_at=None)
    if present.filter(is_current=True, digest=file.digest).exists():
        raise Invalid({"sent": _refusal(file.name, FileRefusal.KNOWN)})
    file.save(force_insert=True)
    _note(viewer, "file.added", subject, file, after=_told(file))
    if file.state == FileState.CHECKING:
        jobs.start(SCANNING, actor=viewer.actor, subject=file.code, file_id=file.pk)


def _held(viewer: Viewer, file_id: int, seen: str | None) -> tuple[RecordFile, Subject]:
    """The current version of a file, for a change."""
    file, subject = find_file(viewer, file_id, for_update=True)
    require_unchanged("record_file", seen, file.mark, now=_in_words(file))
    if not file.is_current or file.removed_at is not None:
        raise Conflict("record_file", _("这份文件已有新的版本，或已被移除。"))
    return file, subject


def _is_away(file: RecordFile) -> bool:
    """Whether a file was taken away; its current version says so."""
    return RecordFile.objects.filter(series=file.series, is_current=True, removed_at__isnull=False).exists()


def _why_closed(file: RecordFile) -> str:
    return _("已被移除") if file.state in READABLE else str(FileState(file.state).label)


def _in_words(file: RecordFile) -> str:
    until = pgettext("文件", "有效期至 {day}").format(day=file.valid_until) if file.valid_until else ""
    version = pgettext("文件", "第 {number} 版").format(number=file.version)
    return "，".join(filter(None, (version, str(FileCategory(file.category).label), file.remark, until)))


def _told(file: RecordFile) -> dict[str, object]:
    return {"category": file.category, "remark": file.remark, "valid_until": file.valid_until}


def _note(
    viewer: Viewer, act: str, subject: Subject, file: RecordFile, *, purpose: str = "",
    before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Write what was done to a file, under its record."""
    which = {"file": file.code, "version": file.version}
    audit.record(
        viewer.actor,
        act,
        subject.kind,
        subject.key,
        before=before,
        after={**which, **(after or {})},
        purpose=purpose,
    )


def _discard(paths: Sequence[Path]) -> None:
    for path in paths:
        storage.discard(path)
