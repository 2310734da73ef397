"""The file itself (个人信息档案): a ZIP archive with a page to read, the same for programs, and a table for each.

    index.html    everything, in words, readable without a network
    data.json     everything, as it is stored: table → rows → column → value
    csv/…         one table each, in words, safe to open in a spreadsheet

It is made in memory: one person's data are small. The numbers of the person stand in it in the clear, which is the
point; those of others are masked. Source: PIPL 45; BARS A 36.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils.translation import get_language

from hongyan.consent.models import PersonRequest
from hongyan.consent.person_file.cells import EMPTY, Cell, cells_of, word_for
from hongyan.consent.person_file.held import Held, Subject, held, subject_of
from hongyan.core import scope
from hongyan.core.exports import Table, csv_file
from hongyan.desk.exports import Stamp

PIECE_BYTES = 1 << 20
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
    archive = _archive(request, subject, tables, stamp)
    return (archive[at : at + PIECE_BYTES] for at in range(0, len(archive), PIECE_BYTES))


def _filled(table: Held, subject: Subject) -> Filled:
    rows = [cells_of(row, table, subject) for row in table.rows(subject)]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [name for name in names if any(row.get(name, EMPTY).raw is not None for row in rows)]
    return Filled(table, columns, rows)


def _archive(request: PersonRequest, subject: Subject, tables: Sequence[Filled], stamp: Stamp) -> bytes:
    told = {
        "request": request,
        "customer": subject.customer,
        "stamp": stamp,
        "language": get_language(),
        "filled": [one for one in tables if one.rows],
        "empty": [one for one in tables if not one.rows],
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", render_to_string("consent/person_file.html", told))
        archive.writestr(
            "data.json", orjson.dumps(_data(request, subject, tables, stamp), option=orjson.OPT_INDENT_2)
        )
        for one in tables:
            if one.rows:
                lines = ([row.get(name, EMPTY).text for name in one.columns] for row in one.rows)
                table = Table(stamp.text, one.header, lines)
                archive.writestr(f"csv/{one.table.key}.csv", b"".join(csv_file(table)))
    return content.getvalue()


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
