"""Where the files of records are kept, sealed, and how they are shown and leave the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from hongyan.desk.codes import FileMedia
from hongyan.desk.models import RecordFile

MEDIA_TYPES = {
    FileMedia.PDF: "application/pdf",
    FileMedia.PNG: "image/png",
    FileMedia.JPEG: "image/jpeg",
    FileMedia.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileMedia.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN = (FileMedia.PDF, FileMedia.PNG, FileMedia.JPEG)
"""What a browser shows by itself."""


def path_of(file: RecordFile) -> Path:
    """The sealed content of a file; the vault's rotation knows such files by their names."""
    return Path(settings.HOME.files) / "records" / f"{file.uuid}.sealed"


@dataclass(frozen=True, slots=True)
class Content:
    """A file opened: its content in pieces, what it is and is called, its length in bytes."""

    pieces: Iterable[bytes]
    name: str
    media: FileMedia
    size: int


class FileAnswer(StreamingHttpResponse):
    """A file, to be kept or to be looked at in place. Nothing of it is read from the database while it is sent.

    It is `sandboxed` (see `config.headers`), but for a PDF to be looked at: browsers refuse to open their own viewer in
    a sandbox, and that viewer is a process apart, without our pages' rights.
    """

    reads_no_rows = True

    def __init__(self, content: Content, *, is_kept: bool) -> None:
        super().__init__(content.pieces, content_type=MEDIA_TYPES[content.media])
        self["Content-Disposition"] = content_disposition_header(is_kept, content.name) or "attachment"
        self["Content-Length"] = str(content.size)
        self["Cache-Control"] = "no-store"
        self["X-Content-Type-Options"] = "nosniff"
        self.sandboxed = is_kept or content.media != FileMedia.PDF
        self.framed = not is_kept
        if self.framed:
            self["X-Frame-Options"] = "SAMEORIGIN"
