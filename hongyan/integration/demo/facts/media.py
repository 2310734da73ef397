"""The media in which the seven systems deliver, as functions from rows to a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from zlib import crc32

from hongyan.integration.demo.facts.files import Medium, money

GB18030 = "gb18030"
QUOTE = '"'
_ROWS_AT_ONCE = 5_000


def delimited(*, sender: str, kind: str, day: date, total: Callable[[int], str] = money) -> Medium:
    """GB18030 lines between `H|sender|kind|yyyymmdd|1.0` and `T|rows|first sum|CRC32 of the rows`."""

    def write(path: Path, lines: Iterator[str], rows: int, sums: Sequence[int]) -> None:
        with path.open("wb") as file:
            file.write(f"H|{sender}|{kind}|{day:%Y%m%d}|1.0\n".encode(GB18030))
            crc = 0
            for block in _blocks(lines, GB18030):
                crc = crc32(block, crc)
                file.write(block)
            file.write(f"T|{rows}|{total(sums[0])}|{crc:08X}\n".encode(GB18030))

    return write


def fixed(*, mark: str, rows_width: int, sum_width: int) -> Medium:
    """GB18030 lines of one length, and a last one: mark, rows and first sum, both with leading zeros."""

    def write(path: Path, lines: Iterator[str], rows: int, sums: Sequence[int]) -> None:
        with path.open("wb") as file:
            for block in _blocks(lines, GB18030):
                file.write(block)
            file.write(f"{mark}{rows:0{rows_width}}{sums[0]:0{sum_width}}\n".encode(GB18030))

    return write


def separated(*, columns: Sequence[str], encoding: str, mark: str = "", summed: bool = True) -> Medium:
    """Comma-separated rows beneath a header; with a mark also a last line: mark, rows, first sum in yuan, CRC32.

    summed: whether the last line has the sum.
    """

    def write(path: Path, lines: Iterator[str], rows: int, sums: Sequence[int]) -> None:
        with path.open("wb") as file:
            crc = 0
            for block in chain([f"{','.join(columns)}\n".encode(encoding)], _blocks(lines, encoding)):
                crc = crc32(block, crc)
                file.write(block)
            if mark:
                total = [money(sums[0])] if summed else []
                file.write(f"{','.join((mark, str(rows), *total))},{crc:08X}\n".encode(encoding))

    return write


def json_lines(*, day: date, total: str) -> Medium:
    """UTF-8 objects, one a line, and one that ends the file; total is the column whose sum it states."""

    def write(path: Path, lines: Iterator[str], rows: int, sums: Sequence[int]) -> None:
        with path.open("wb") as file:
            for block in _blocks(lines, "utf-8"):
                file.write(block)
            end = {"type": "END", "day": f"{day:%Y%m%d}", "rows": str(rows), total: money(sums[0])}
            file.write(f"{json.dumps(end, ensure_ascii=False)}\n".encode())

    return write


def markup(*, root: str, day: date, total: str) -> Medium:
    """UTF-8 elements beneath a root that states day, rows and the sum of one column."""

    def write(path: Path, lines: Iterator[str], rows: int, sums: Sequence[int]) -> None:
        stated = f'day="{day:%Y%m%d}" rows="{rows}" {total}="{money(sums[0])}"'
        with path.open("wb") as file:
            file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {stated}>\n'.encode())
            for block in _blocks(lines, "utf-8"):
                file.write(block)
            file.write(f"</{root}>\n".encode())

    return write


def padded(text: str, width: int) -> str:
    """The text with blanks up to so many bytes of GB18030, cut between characters where it is longer.

    >>> padded("王伟", 6) + "|", padded("王伟东", 5) + "|"
    ('王伟  |', '王伟 |')
    """
    encoded = text.encode(GB18030)
    if len(encoded) > width:
        encoded = encoded[:width]
        text = encoded.decode(GB18030, "ignore")
        encoded = text.encode(GB18030)
    return text + " " * (width - len(encoded))


def quoted(value: str) -> str:
    """A value of a comma-separated row, in quotes where it needs them.

    >>> quoted("a,b"), quoted("ab")
    ('"a,b"', 'ab')
    """
    return f'"{value.replace(QUOTE, QUOTE * 2)}"' if "," in value or QUOTE in value else value


def _blocks(lines: Iterable[str], encoding: str) -> Iterator[bytes]:
    """The lines with their ends, encoded, many at once."""
    lines = iter(lines)
    while some := list(islice(lines, _ROWS_AT_ONCE)):
        yield ("\n".join(some) + "\n").encode(encoding)
