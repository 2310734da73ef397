"""Where the files of exports are kept, sealed, and how they leave the house."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from hongyan.desk.codes import ExportFormat
from hongyan.desk.models import Export

LARGEST_BYTES = 1 << 30

MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.ZIP: "application/zip",
}


def path_of(export: Export) -> Path:
    """The sealed file of an export; the vault's rotation knows such files by their names."""
    return Path(settings.HOME.files) / "exports" / f"{export.uuid}.sealed"


class Download(StreamingHttpResponse):
    """A file that stands already: nothing of it is read from the database while it is sent, so no scope is needed."""

    reads_no_rows = True

    def __init__(self, pieces: Iterable[bytes], *, name: str, file_format: ExportFormat, size: int) -> None:
        super().__init__(pieces, content_type=MEDIA_TYPES[file_format])
        self["Content-Disposition"] = content_disposition_header(True, name)
        self["Content-Length"] = str(size)
        self["Cache-Control"] = "no-store"
