"""Values of rows as a person's file has them: as they are for programs, in words for people (档案的值)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BinaryField, Field, ForeignKey
from django.utils import timezone
from django.utils.translation import pgettext

from hongyan.consent.person_file.held import Held, Subject
from hongyan.consent.person_file.words import WITHHELD, WORDS
from hongyan.core.masking import mask_name
from hongyan.customer.custom import Own
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.panels.words import LABELS, word_of
from hongyan.customer.queries.systems import system_name
from hongyan.org.models import Staff, Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: `raw` as JSON can hold it, `shown` in words or as lines of (name, words)."""

    raw: Any
    shown: str | Sequence[tuple[str, str]]

    @property
    def lines(self) -> Sequence[tuple[str, str]]:
        """The lines it is shown as; none for a plain value."""
        return () if isinstance(self.shown, str) else self.shown

    @property
    def text(self) -> str:
        """What is shown, in one line."""
        if isinstance(self.shown, str):
            return self.shown
        return "; ".join(f"{name}: {value}" for name, value in self.shown)


EMPTY = Cell(None, "")


def cells_of(row: Any, table: Held, subject: Subject) -> dict[str, Cell]:
    """All that a row says: column → value. What another person says of themselves is masked."""
    more = table.more(row) if table.more else {}
    cells = {field.name: _cell(row, field, subject) for field in columns_of(table) if field.name not in more}
    return cells | {name: _plain(value) for name, value in more.items()}


def columns_of(table: Held) -> Iterator[Field[Any, Any]]:
    """The columns of a table that go into the file."""
    for field in table.model._meta.concrete_fields:
        is_binary = isinstance(field, BinaryField)
        if field.name not in WITHHELD and field.name not in table.withheld and not is_binary:
            yield field


def word_for(column: str) -> str:
    """What a column is called; its own name where nobody named it."""
    return str(WORDS.get(column) or Own().label(column, LABELS))


def _cell(row: Any, field: Field[Any, Any], subject: Subject) -> Cell:
    if isinstance(field, ForeignKey):
        return _pointer(row, field, subject)
    value = getattr(row, field.attname)
    cell = _plain(value)
    if field.choices and value not in (None, ""):
        return Cell(cell.raw, str(dict(field.flatchoices).get(value, value)))
    if isinstance(field, ArrayField) and field.base_field.choices:
        names = dict(field.base_field.flatchoices)
        return Cell(cell.raw, ", ".join(str(names.get(one, one)) for one in value or ()))
    return cell


def _pointer(row: Any, field: ForeignKey[Any, Any], subject: Subject) -> Cell:
    """What a row points at, by its number or name; whoever is not the person, masked."""
    if getattr(row, field.attname) is None:
        return EMPTY
    other = getattr(row, field.name)
    if isinstance(other, Customer):
        return _both(other.code if other.pk in subject.customers else mask_name(other.name))
    if isinstance(other, SourceParty):
        if other.pk in subject.parties:
            return _both(f"{system_name(other.system)} {other.key}")
        return _both(mask_name(other.customer.name) if other.customer else "*")
    if isinstance(other, Staff):
        return _both(mask_name(other.name))
    if isinstance(other, Unit):
        return _both(str(other))
    named = str(other) if "__str__" in vars(type(other)) else ""
    return _both(str(getattr(other, "number", named) or other.pk))


def _both(text: str) -> Cell:
    return Cell(text, text)


def _plain(value: Any) -> Cell:
    """
    >>> _plain(Decimal("7.50")), _plain(date(2026, 11, 23)), _plain(None)
    (Cell(raw='7.50', shown='7.50'), Cell(raw='2026-11-23', shown='2026-11-23'), Cell(raw=None, shown=''))
    """
    if value is None or value == "" or value == [] or value == {}:
        return EMPTY
    if isinstance(value, bool):
        return Cell(value, pgettext("answer", "是") if value else pgettext("answer", "否"))
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return Cell(local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}")
    if isinstance(value, date | time | Decimal):
        return _both(str(value))
    if isinstance(value, Mapping):
        return Cell(value, [(word_for(str(name)), _line(str(name), one)) for name, one in value.items()])
    if isinstance(value, list | tuple):
        return Cell(list(value), ", ".join(_line("", one) for one in value))
    return Cell(value, str(value))


def _line(name: str, value: Any) -> str:
    return str(word_of(name, value)) if isinstance(value, str) else _plain(value).text
