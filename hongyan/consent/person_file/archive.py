"""The file itself (个人信息档案): a ZIP archive with a page to read, the same for programs, and a table for each.

    index.html    everything, in words, readable without a network
    data.json     everything, as it is stored: table → rows → column → value
    csv/…         one table each, in words, safe to open in a spreadsheet
    files/…       the files kept on the person, as they were brought

What the tables say is made in memory, since one person's data are small; files pass through. The numbers of the person
stand in it in the clear, which is the point; those of others are masked. Source: PIPL 45; BARS A 36.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils.translation import get_language

from hongyan.consent.models import PersonRequest
from hongyan.consent.person_file.beneath import files_on
from hongyan.consent.person_file.cells import EMPTY, Cell, cells_of, word_for
from hongyan.consent.person_file.held import Held, Subject, held, subject_of
from hongyan.core import scope, storage
from hongyan.core.exports import Table, csv_file
from hongyan.desk.exports import Stamp
from hongyan.desk.models import RecordFile
from hongyan.desk.queries.files import READABLE
from hongyan.desk.record_files import path_of

WIDEST = 8
"""A table of more columns than this is read row by row."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A table with the person's rows, without columns that are empty in all of them."""

    table: Held
    columns: Sequence[str]
    rows: Sequence[dict[str, Cell]]

    @property
    def title(self) -> str:
        """What the table is called."""
        return str(self.table.title)

    @property
    def header(self) -> list[str]:
        """What the columns are called."""
        return [word_for(column) for column in self.columns]

    @property
    def is_wide(self) -> bool:
        """Whether a page shows it row by row."""
        return len(self.columns) > WIDEST

    def lines(self) -> Iterator[list[tuple[str, Cell]]]:
        """The rows for the page: what each column is called, and its value."""
        for row in self.rows:
            yield [(word_for(column), row.get(column, EMPTY)) for column in self.columns]


def file_of(request: PersonRequest, stamp: Stamp) -> Iterator[bytes]:
    """The file for a request, in pieces. Whoever calls has made sure that it may be had."""
    with scope.bulk():
        subject = subject_of(request.customer)
        tables = [_filled(one, subject) for one in held()]
        kept = [one for one in files_on(subject) if one.state in READABLE and path_of(one).exists()]
    return _archive(list(_parts(request, subject, tables, stamp)), kept)


def _filled(table: Held, subject: Subject) -> Filled:
    rows = [cells_of(row, table, subject) for row in table.rows(subject)]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [name for name in names if any(row.get(name, EMPTY).raw is not None for row in rows)]
    return Filled(table, columns, rows)


def _parts(
    request: PersonRequest, subject: Subject, tables: Sequence[Filled], stamp: Stamp
) -> Iterator[tuple[str, str | bytes]]:
    """What stands in the archive besides the files, by name."""
    told = {
        "request": request,
        "customer": subject.customer,
        "stamp": stamp,
        "language": get_language(),
        "filled": [one for one in tables if one.rows],
        "empty": [one for one in tables if not one.rows],
    }
    yield "index.html", render_to_string("consent/person_file.html", told)
    yield "data.json", orjson.dumps(_data(request, subject, tables, stamp), option=orjson.OPT_INDENT_2)
    for one in tables:
        if one.rows:
            lines = ([row.get(name, EMPTY).text for name in one.columns] for row in one.rows)
            yield f"csv/{one.table.key}.csv", b"".join(csv_file(Table(stamp.text, one.header, lines)))


def _archive(parts: Iterable[tuple[str, str | bytes]], kept: Iterable[RecordFile]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts:
            archive.writestr(name, text)
            yield sink.taken()
        for file in kept:
            with archive.open(
                zipfile.ZipInfo(f"files/{file.code}-{file.name}"), "w", force_zip64=True
            ) as member:
                for piece in storage.unseal_chunks(path_of(file), record=file.uuid):
                    member.write(piece)
                    yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where an archive is written to and taken from, piece by piece."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces += piece
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._pieces)
        self._pieces.clear()
        return taken


def _data(request: PersonRequest, subject: Subject, tables: Sequence[Filled], stamp: Stamp) -> dict[str, Any]:
    return {
        "file": stamp.number,
        "made": stamp.text,
        "request": request.number,
        "customer": sorted(subject.customers.values()),
        "tables": {
            one.table.key: [{name: cell.raw for name, cell in row.items()} for row in one.rows]
            for one in tables
        },
    }
