"""Archives of the audit (审计归档): months that are too old for the database, each in a sealed file.

A file holds the rows of one month in the order of their numbers, one JSON line each with every column and the row's
code, compressed, sealed under the data key. So an archived row says for itself whether it is as written, and the seals,
which stay in the database, say that it is there: a verification reads the files beside the rows.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hongyan.core import storage, vault
from hongyan.core.audit import SIGNED_COLUMNS
from hongyan.core.merkle import ID_BYTES
from hongyan.core.models import AuditArchive, AuditEvent
from hongyan.core.scope import EVERYTHING, acting

CHUNK_ROWS = 10_000
"""Rows whose leaves are hashed together; the function that drops a month (0010_audit_guard) knows the number."""

_GZIP = 31  # zlib's window bits for a gzip stream


def place_of(archive: UUID) -> Path:
    """The file of an archive."""
    return Path(settings.HOME.files) / "audit" / f"{archive}.sealed"


# --- rows as lines


def line_of(event: AuditEvent) -> bytes:
    """A row as an archive keeps it: number, instant, all signed columns, code."""
    columns = [getattr(event, column) for column in SIGNED_COLUMNS]
    kept = [event.id, event.at.isoformat(), *columns, bytes(event.mac).hex()]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def event_of(line: bytes) -> AuditEvent:
    """The row of a line."""
    id_, at, *columns, mac = json.loads(line)
    values = dict(zip(SIGNED_COLUMNS, columns, strict=True))
    return AuditEvent(id=id_, at=datetime.fromisoformat(at), mac=bytes.fromhex(mac), **values)


def digest_of_leaves(chunks: Iterable[bytes]) -> bytes:
    """The root of an archive, of the digests of its chunks of leaves, as the function that drops a month counts it."""
    return hashlib.sha256(b"".join(chunks)).digest()


def compressed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A gzip stream of lines, in pieces that are never empty: an empty one would end a file."""
    packer = zlib.compressobj(wbits=_GZIP)
    for line in lines:
        if piece := packer.compress(line):
            yield piece
    yield packer.flush()


def rows_of(archive: AuditArchive) -> Iterator[AuditEvent]:
    """The rows of an archive, in the order of their numbers. Errors: OSError without the file, vault.Tampered."""
    unpacker, rest = zlib.decompressobj(wbits=_GZIP), b""
    for chunk in storage.unseal_chunks(place_of(archive.uuid), record=archive.uuid):
        *lines, rest = (rest + unpacker.decompress(chunk)).split(b"\n")
        yield from map(event_of, lines)


# --- beside the seals


class Archives:
    """Archived rows as a verification asks for them: run after run of numbers, each further on than the last.

    Every file is read once, and of each no more than a chunk is held. `lost` are those that could not be read.
    """

    def __init__(self, *, first_id: int = 0, last_id: int | None = None) -> None:
        archives = AuditArchive.objects.filter(rows__gt=0, last_id__gte=first_id).order_by("first_id")
        if last_id is not None:
            archives = archives.filter(first_id__lte=last_id)
        with acting(EVERYTHING):
            self.all: Sequence[AuditArchive] = list(archives)
        self.lost: list[AuditArchive] = []
        self._rows = heapq.merge(*map(self._readable, self.all), key=lambda event: event.id)
        self._next = next(self._rows, None)

    def between(self, first: int, last: int) -> list[AuditEvent]:
        """The archived rows of a run, in the order of their numbers."""
        run: list[AuditEvent] = []
        while self._next is not None and self._next.id <= last:
            if self._next.id >= first:
                run.append(self._next)
            self._next = next(self._rows, None)
        return run

    def is_lost(self, id_: int) -> bool:
        """Whether a row stood in an archive that cannot be read."""
        return any(archive.first_id <= id_ <= archive.last_id for archive in self.lost)

    def _readable(self, archive: AuditArchive) -> Iterator[AuditEvent]:
        try:
            yield from rows_of(archive)
        except (OSError, ValueError, zlib.error, vault.Tampered):
            self.lost.append(archive)


# --- what an archive says of itself


def archive_mac(archive: AuditArchive) -> bytes:
    """The code of an archive, over all its other columns."""
    at = archive.archived_at.astimezone(UTC).isoformat()
    numbers = (archive.rows, archive.first_id, archive.last_id, archive.size)
    message = b"".join(number.to_bytes(ID_BYTES, "big") for number in numbers)
    texts = f"{archive.month.isoformat()} {archive.uuid} {archive.digest} {at}".encode()
    return vault.mac(b"audit archive" + message + texts + bytes(archive.root))


def is_archive_intact(archive: AuditArchive) -> bool:
    """Whether the entry of an archive is as it was written."""
    return bytes(archive.mac) == archive_mac(archive)


def find_archive(month: date) -> AuditArchive | None:
    """The archive of a month by its first day."""
    with acting(EVERYTHING):
        return AuditArchive.objects.filter(month=month).first()


def archived_rows() -> int:
    """How many rows all archives hold."""
    with acting(EVERYTHING):
        return sum(AuditArchive.objects.values_list("rows", flat=True))
