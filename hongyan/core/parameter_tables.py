"""Parameters that are tables (参数表): a matrix people read and edit row by row, stored as a list of rows.

A form sends one row a line, its cells divided by `|`. Each column types its own cells, and a refusal names row and
column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hongyan.core.errors import Invalid

DIVIDER = "|"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `parse` types the text of a cell, with ValueError and a sentence for what it does not take.

    `choices` are all values there are, with their words; `words` says a value where there are no choices. A cell of an
    `is_optional` column may be empty, which is None.
    """

    key: str
    label: str | Promise
    parse: Callable[[str], Any] = str
    words: Callable[[Any], str] = str
    choices: tuple[tuple[Any, str | Promise], ...] = ()
    is_optional: bool = False

    def read(self, text: str) -> Any:
        """The value of a cell's text. Errors: ValueError with a sentence."""
        if not text:
            if self.is_optional:
                return None
            raise ValueError(_("不能为空"))
        if not self.choices:
            return self.parse(text)
        for value, words in self.choices:
            if text in {str(value), str(words)}:
                return value
        raise ValueError(_("没有“{text}”这个选项").format(text=text))

    def shown(self, value: Any) -> str:
        """A value in words; empty for none."""
        if value is None:
            return ""
        return str(dict(self.choices).get(value, value)) if self.choices else self.words(value)


def read_rows(columns: Sequence[Column], text: str) -> list[dict[str, Any]]:
    """The rows of a text; lines without any cell are skipped. Errors: Invalid naming row and column."""
    lines = [line for line in text.splitlines() if line.replace(DIVIDER, "").strip()]
    return [_read_row(columns, number, line) for number, line in enumerate(lines, start=1)]


def typed_rows(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Rows as a form takes them: choices by their value, other cells in words."""
    return "\n".join(DIVIDER.join(_typed(column, row.get(column.key)) for column in columns) for row in rows)


def shown_rows(columns: Sequence[Column], rows: Sequence[Row]) -> list[list[str]]:
    """Rows in words, cell by cell."""
    return [[column.shown(row.get(column.key)) for column in columns] for row in rows]


def refusal(number: int, column: Column, sentence: str) -> Invalid:
    """What is said about a cell that cannot be taken; rows count from 1."""
    told = _("第 {number} 行“{column}”：{sentence}").format(
        number=number, column=column.label, sentence=sentence
    )
    return Invalid({"value": told})


def _read_row(columns: Sequence[Column], number: int, line: str) -> dict[str, Any]:
    cells = [cell.strip() for cell in line.split(DIVIDER)]
    if len(cells) != len(columns):
        told = _("第 {number} 行有 {count} 格，应有 {wanted} 格").format(
            number=number, count=len(cells), wanted=len(columns)
        )
        raise Invalid({"value": told})
    row = {}
    for column, cell in zip(columns, cells, strict=True):
        try:
            row[column.key] = column.read(cell)
        except ValueError as error:
            raise refusal(number, column, str(error)) from error
    return row


def _typed(column: Column, value: Any) -> str:
    if value is None:
        return ""
    return str(value) if column.choices else column.words(value)
