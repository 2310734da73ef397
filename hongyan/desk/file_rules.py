"""Which files a record takes (文件规则): what one is, by its content and never by its name; until when one holds. Pure.

A file is a PDF, a PNG or JPEG picture, or a Word or Excel document without programs in it. Nothing else is taken.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO

from hongyan.desk.codes import FileMedia, FileRefusal

_PNG = b"\x89PNG\r\n\x1a\n"
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_PARTS = 10_000
_DOCUMENTS = {"word/document.xml": FileMedia.DOCX, "xl/workbook.xml": FileMedia.XLSX}


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What may be kept: bytes of one file, points of a picture, bytes a document unpacks to; files and bytes a record
    has in all.
    """

    most_bytes: int
    most_points: int
    most_unpacked: int
    most_files: int
    most_in_all: int


class Refused(Exception):
    """A file is not taken; `why` is the code of the reason."""

    def __init__(self, why: FileRefusal) -> None:
        super().__init__(why)
        self.why = why


def media_of(content: BinaryIO, limits: FileLimits) -> FileMedia:
    """What a file is. The stream is read where it needs to be, and left at its beginning.

    Errors: Refused for anything we do not take, for what cannot be read, and for pictures and documents that would be
    huge once opened.

    >>> from io import BytesIO
    >>> media_of(BytesIO(b"%PDF-1.7 ..."), FileLimits(99, 99, 99, 9, 99))
    FileMedia.PDF
    """
    size = content.seek(0, 2)
    if size == 0:
        raise Refused(FileRefusal.EMPTY)
    if size > limits.most_bytes:
        raise Refused(FileRefusal.LARGE)
    content.seek(0)
    head = content.read(32)
    try:
        return _media(content, head, limits)
    finally:
        content.seek(0)


def _media(content: BinaryIO, head: bytes, limits: FileLimits) -> FileMedia:
    if head.startswith(b"%PDF-"):
        return FileMedia.PDF
    if head.startswith(_PNG):
        _check_points(int.from_bytes(head[16:20]), int.from_bytes(head[20:24]), limits)
        return FileMedia.PNG
    if head.startswith(b"\xff\xd8\xff"):
        _check_points(*_jpeg_size(content), limits)
        return FileMedia.JPEG
    if head.startswith(b"PK\x03\x04"):
        return _document(content, limits)
    raise Refused(FileRefusal.OTHER)


def _check_points(width: int, height: int, limits: FileLimits) -> None:
    if not width or not height:
        raise Refused(FileRefusal.BROKEN)
    if width * height > limits.most_points:
        raise Refused(FileRefusal.HUGE)


def _jpeg_size(content: BinaryIO) -> tuple[int, int]:
    """Width and height from the header of the first frame (ITU T.81, B.2.2)."""
    content.seek(2)
    while True:
        if content.read(1) != b"\xff":
            raise Refused(FileRefusal.BROKEN)
        marker = content.read(1)
        while marker == b"\xff":
            marker = content.read(1)
        if not marker or marker[0] in {0xD9, 0xDA}:  # the end, or points before any frame
            raise Refused(FileRefusal.BROKEN)
        if marker[0] in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(content.read(2))
        if length < 2:
            raise Refused(FileRefusal.BROKEN)
        if marker[0] in _START_OF_FRAME:
            frame = content.read(5)
            return int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])
        content.seek(length - 2, 1)


def _document(content: BinaryIO, limits: FileLimits) -> FileMedia:
    """A package of Office Open XML (ISO/IEC 29500-2), of which only the list of its parts is read."""
    try:
        with zipfile.ZipFile(content) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused(FileRefusal.BROKEN) from error
    names = {part.filename for part in parts}
    found = [media for name, media in _DOCUMENTS.items() if name in names]
    if "[Content_Types].xml" not in names or len(found) != 1:
        raise Refused(FileRefusal.OTHER)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.most_unpacked:
        raise Refused(FileRefusal.HUGE)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(FileRefusal.LOCKED)
    if any(name.lower().rpartition("/")[2].startswith("vbaproject") for name in names):
        raise Refused(FileRefusal.PROGRAM)
    return found[0]


def named_as(name: str, media: FileMedia) -> str:
    """A file's name with the ending of what it is: nobody's computer opens it as something else.

    >>> named_as("合同.pdf", FileMedia.PDF), named_as("合同.exe", FileMedia.PDF), named_as("证.jpeg", FileMedia.JPEG)
    ('合同.pdf', '合同.exe.pdf', '证.jpeg')
    """
    endings = (".jpg", ".jpeg") if media == FileMedia.JPEG else (f".{media.value}",)
    return name if name.lower().endswith(endings) else f"{name}{endings[0]}"


def may_restore(removed_at: datetime | None, *, now: datetime, days: int) -> bool:
    """Whether a file that was taken away may be put back.

    >>> may_restore(datetime(2026, 11, 1), now=datetime(2026, 12, 1), days=30)
    True
    >>> may_restore(datetime(2026, 11, 1), now=datetime(2026, 12, 2), days=30)
    False
    """
    return removed_at is not None and now - removed_at <= timedelta(days=days)


def is_over(valid_until: date | None, today: date) -> bool:
    """Whether a file holds no more: its last day is over.

    >>> is_over(date(2026, 11, 23), date(2026, 11, 23)), is_over(date(2026, 11, 22), date(2026, 11, 23))
    (False, True)
    """
    return valid_until is not None and valid_until < today
