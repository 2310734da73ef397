"""What a person hands in, checked before anything is done with it: CSV in UTF-8 or Parquet."""

# ruff: noqa: S608 - the queries are made of known columns; the file's path is quoted
from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hongyan.identity.normalise.batch import FIELDS
from hongyan.identity.record import Kind

NEEDED = ("source", "source_key", "name")
# What nearly every organisation's name has, and hardly any person's.
_ORGANISATION_WORDS = (
    "公司|集团|合作社|银行|学校|大学|学院|中学|小学|幼儿园|医院|卫生院|诊所|门诊|药店|药房|委员会|政府|事务所|工作室|"
    "经营部|服务部|门市|营业|商行|商店|超市|酒店|饭店|宾馆|餐|中心|协会|学会|基金会|商会|工会|食堂|办事处|[局厅院所厂店社站馆坊]$|"
    "(?i)\\b(co|ltd|inc|llc|corp|company|limited|bank|university|school)\\b"
)
_CREDIT_CODE = "^[1-9ANY][1-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_BLOCK = 1 << 20
_SHOWN = 3


class RecordsError(ValueError):
    """Records that cannot be resolved; the message says where and why, without personal data."""


@dataclass(frozen=True, slots=True)
class Records:
    """A file of records that can be read.

    Fields: ``relation`` what stands behind FROM in DuckDB; ``columns`` those of ``FIELDS`` that it has;
    ``ignored`` its other columns; ``floats`` columns that came as floating numbers.
    """

    path: Path
    relation: str
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    floats: frozenset[str] = frozenset()

    @property
    def select(self) -> str:
        """SELECT of ``row`` (position in the file, from 0) and the known columns as texts, in the file's order."""
        columns = ", ".join(f"{self._text(column)} AS {column}" for column in self.columns)
        return f"SELECT row_number() OVER () - 1 AS row, {columns} FROM {self.relation}"

    def select_of(self, kind: Kind) -> str:
        """The same of the records that look like one kind."""
        names = f"regexp_matches(name, '{_ORGANISATION_WORDS}') AND length(name) > 3"
        numbers = (
            f"regexp_matches(upper(credential_no), '{_CREDIT_CODE}')"
            " AND NOT regexp_matches(credential_no, '^[0-9]{17}')"
        )
        found = f"({names} OR {numbers})" if "credential_no" in self.columns else f"({names})"
        wanted = f"coalesce({found}, FALSE)" if kind == "organisation" else f"NOT coalesce({found}, FALSE)"
        return f"SELECT * FROM ({self.select}) WHERE {wanted}"

    def _text(self, column: str) -> str:
        """Numbers with gaps often come as floating ones: 13812345670.0 is a phone, 1.0 the key 1."""
        text = f'CAST("{column}" AS VARCHAR)'
        return rf"regexp_replace({text}, '\.0$', '')" if column in self.floats else text


def open_records(path: Path) -> Records:
    """Look at a file's form and columns; the header may be written in capitals.

    Errors: RecordsError when it is empty, neither CSV in UTF-8 nor Parquet, or lacks a column of ``NEEDED``.
    """
    if not path.is_file():
        raise RecordsError(f"{path.name}: no such file")
    if path.stat().st_size == 0:
        raise RecordsError(f"{path.name}: the file is empty")
    return _open_parquet(path) if _starts_with(path, b"PAR1") else _open_csv(path)


def quoted_path(path: Path) -> str:
    """A path as DuckDB's SQL takes it, as the name of one file and not as a pattern of names.

    >>> print(quoted_path(Path("it's [1].csv")))
    'it''s [[]1].csv'
    """
    return "'" + re.sub(r"[\[*?]", r"[\g<0>]", str(path)).replace("'", "''") + "'"


def _open_csv(path: Path) -> Records:
    one_ending = _check_text(path)
    given = _csv_names(path)
    names = _known_names(given, path)
    if not one_ending:
        _check_widths(path, len(given))
    # What nobody reads is named by its place: its own name may be empty, or another's in small letters.
    columns = (name if name in FIELDS else f"column {place}" for place, name in enumerate(names))
    listed = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    # Strict reading refuses lines that end differently, for example an Excel file with a line break in a cell.
    relation = (
        f"read_csv({quoted_path(path)}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"',"
        f" auto_detect = false, compression = 'none', strict_mode = {one_ending}, columns = {{{listed}}})"
    )
    return _records(path, relation, names)


def _open_parquet(path: Path) -> Records:
    relation = f"read_parquet({quoted_path(path)}, binary_as_string = true)"
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise RecordsError(f"{path.name}: not readable as Parquet") from error
    names = _known_names(schema.names, path)
    floats = (name for name, type_ in zip(names, schema.types, strict=True) if pa.types.is_floating(type_))
    return _records(path, relation, names, floats=frozenset(floats))


def _records(
    path: Path, relation: str, names: Sequence[str], *, floats: frozenset[str] = frozenset()
) -> Records:
    """Errors: RecordsError when a column of ``NEEDED`` is missing."""
    if missing := [name for name in NEEDED if name not in names]:
        raise RecordsError(
            f"{path.name}: missing column {', '.join(missing)};"
            f" it has {', '.join(names)}; known are {', '.join(FIELDS)}"
        )
    known = tuple(field for field in FIELDS if field in names)
    return Records(path, relation, known, tuple(name for name in names if name not in FIELDS), floats)


def _known_names(given: Sequence[str], path: Path) -> list[str]:
    """The names of a header, those of ``FIELDS`` in small letters. Errors: RecordsError when one comes twice."""
    names = [name.strip() for name in given]
    names = [name.lower() if name.lower() in FIELDS else name for name in names]
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise RecordsError(f"{path.name}: the header names {', '.join(twice)} more than once")
    return names


def check_keys(con: duckdb.DuckDBPyConnection, normalised: str, path: Path) -> None:
    """Errors: RecordsError when a record has no (source, source_key) or shares it with another one."""
    blank = con.sql(
        f"SELECT row FROM {normalised} WHERE coalesce(trim(source), '') = '' OR coalesce(trim(source_key), '') = ''"
        " ORDER BY row LIMIT 1"
    ).fetchone()
    if blank:
        raise RecordsError(f"{path.name}: record {blank[0] + 1} has no source or no source_key")
    twice = con.sql(
        f"SELECT source, source_key, count(*) OVER () FROM {normalised} GROUP BY source, source_key"
        f" HAVING count(*) > 1 ORDER BY source, source_key LIMIT {_SHOWN}"
    ).fetchall()
    if twice:
        shown = "; ".join(f"{source} {key}" for source, key, _ in twice)
        raise RecordsError(
            f"{path.name}: {twice[0][2]} pairs of source and source_key stand in more than one record: {shown}"
        )


def refused_csv(path: Path, error: duckdb.Error) -> RecordsError:
    """DuckDB's words about a line, without the line itself, which is personal data."""
    text = str(error)
    line = re.search(r"Line: (\d+)", text)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    what = f"has {counts[2]} fields instead of {counts[1]}" if counts else "cannot be read as CSV"
    if "unterminated quote" in text:
        what = "opens a quotation mark that is never closed"
    if "line size" in text:
        what = "is longer than 2 MB"
    if "not valid UTF8" in text:
        return RecordsError(f"{path.name}: holds a text that is not UTF-8")
    return RecordsError(
        f"{path.name}: line {line[1]} {what}" if line else f"{path.name}: not readable as CSV or Parquet"
    )


def _starts_with(path: Path, *beginnings: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(beginnings)


def _check_text(path: Path) -> bool:
    """Whether all lines end alike. Errors: RecordsError when the file is no text in UTF-8."""
    if _starts_with(path, b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"):
        raise RecordsError(f"{path.name}: the file is compressed or a workbook; unpack it, or save it as CSV")
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, both, returns, last = 1, 0, 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                line = lines + block[: max(error.start, 0)].count(b"\n")
                raise RecordsError(
                    f"{path.name}: line {line} is not UTF-8; save the file as UTF-8 (it may be GB18030)"
                ) from error
            if (zero := block.find(b"\0")) >= 0:
                line = lines + block[:zero].count(b"\n")
                raise RecordsError(f"{path.name}: line {line} has a zero byte; the file is not text")
            lines += block.count(b"\n")
            returns += block.count(b"\r")
            both += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            last = block[-1:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise RecordsError(f"{path.name}: the file ends in the middle of a character") from error
    return [both, returns - both, lines - 1 - both].count(0) >= 2


def _check_widths(path: Path, width: int) -> None:
    """Errors: RecordsError when a record has more or fewer fields than the header, or a quotation mark stays open."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            for fields in reader:
                if fields and len(fields) != width:
                    raise RecordsError(
                        f"{path.name}: line {line} has {len(fields)} fields instead of {width}"
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            raise RecordsError(f"{path.name}: line {line} cannot be read as CSV") from error


def _csv_names(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file), [])
    if not any(name.strip() for name in names):
        raise RecordsError(f"{path.name}: the file has no header line")
    return names
