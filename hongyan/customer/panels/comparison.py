"""Records beside one another, what differs lit character by character (逐项比对).

Hidden digits are compared and stay hidden: a place of the mask is lit where the numbers behind it differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.core import masking
from hongyan.core.sealed import open_sealed
from hongyan.customer.codes import Gender, PartyType
from hongyan.customer.models import SourceParty, SourceRecord
from hongyan.customer.panels.basic import ORGANISATION_FIELDS, PERSON_FIELDS, reveal_url
from hongyan.customer.panels.overview import line_chips
from hongyan.customer.panels.words import LABELS, MASKED_FIELDS, Text, word_of
from hongyan.customer.queries.cases import Side
from hongyan.customer.queries.systems import system_name
from hongyan.customer.rules.differing import marks_against, onto_masked, runs
from hongyan.customer.rules.golden import GROUPS
from hongyan.org.codes import Viewer
from hongyan.ui.cells import when

MOST_SHOWN = 5
"""Records that fit beside each other; more of them are a list, not a comparison."""

LETTERS = (pgettext_lazy("比对", "甲"), pgettext_lazy("比对", "乙"))
"""What the two sides are called."""

Standing = Literal["same", "differs", "only"]
"""Whether the two sides share a value, have other ones, or only one of them has any."""


@dataclass(frozen=True)
class Value:
    """One value of one record: `plain` is what is compared, `shown` what may be read of it.

    One that `is_code` differs as a whole: letters that its word shares with another say nothing.
    """

    plain: str
    shown: str
    reveal_url: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class Head:
    """Which record a column is of. `side` is 0 or 1, `tag` names it where columns have become lines."""

    party_id: int
    side: int
    tag: str
    system: str
    key: str
    lines: object
    kind: str
    agreement_no: str
    unit: str
    manager: str
    as_of: object


@dataclass(frozen=True)
class Cell:
    """A value as a page shows it: pieces of text, each with whether the other side lacks it; none without a value."""

    head: Head
    pieces: Sequence[tuple[str, bool]] = ()
    reveal_url: str = ""
    what: Text = ""


@dataclass(frozen=True)
class ComparedField:
    """One field of all records shown, in their order; `choice` is its name where somebody may choose its value."""

    label: Text
    cells: Sequence[Cell]
    standing: Standing
    choice: str = ""


@dataclass(frozen=True)
class Comparison:
    """Records of two sides, field by field. `left_out` counts the records that did not fit."""

    heads: Sequence[Head]
    fields: Sequence[ComparedField]
    left_out: int

    @property
    def choices(self) -> Sequence[tuple[ComparedField, Sequence[Cell]]]:
        """The fields whose value somebody may choose, each with the values there are."""
        return [
            (field, [cell for cell in field.cells if cell.pieces])
            for field in self.fields
            if field.choice and field.standing == "differs"
        ]

    @property
    def counts(self) -> tuple[int, int]:
        """How many columns each side has."""
        other = sum(head.side for head in self.heads)
        return len(self.heads) - other, other


def comparison(viewer: Viewer, sides: tuple[Side, Side], *, codes: tuple[str, str] | None) -> Comparison:
    """The telling records of two sides. Without `codes` nothing can be revealed and nothing tells whose they are."""
    columns = list(_columns(sides))
    is_person = sides[0].customer.party_type == PartyType.PERSON
    names = PERSON_FIELDS if is_person else ORGANISATION_FIELDS
    fields = [
        _compared(LABELS[name], columns, [_value(viewer, column, name, codes) for column in columns], name)
        for name in names
    ]
    fields.append(_compared(_("联系人"), columns, [_contacts(column) for column in columns]))
    return Comparison(
        heads=[column.head for column in columns],
        fields=[field for field in fields if any(cell.pieces for cell in field.cells)],
        left_out=sum(len(side.parties) for side in sides) - len(columns),
    )


@dataclass(frozen=True)
class _Column:
    head: Head
    record: SourceRecord
    parts: Sequence[SourceRecord]
    secrets: Mapping[str, str]


def _columns(sides: tuple[Side, Side]) -> Iterator[_Column]:
    """The first records of either side: half of the room each, and what one does not need for the other."""
    half, sizes = MOST_SHOWN // 2, [len(side.parties) for side in sides]
    room = [max(MOST_SHOWN - half, MOST_SHOWN - sizes[1]), max(half, MOST_SHOWN - sizes[0])]
    for number, side in enumerate(sides):
        for position, party in enumerate(side.parties[: room[number]], 1):
            record = side.main[party.id]
            parts = [one for one in side.records if one.party_id == party.id and one.part]
            secrets = json.loads(open_sealed(record, "sealed")) if record.sealed else {}
            yield _Column(_head(number, position, party, record), record, parts, secrets)


def _value(viewer: Viewer, column: _Column, name: str, codes: tuple[str, str] | None) -> Value | None:
    stored = column.record.fields.get(name)
    if stored in (None, "") or (name == "gender" and stored == Gender.UNKNOWN):
        return None
    if name not in MASKED_FIELDS:
        text = str(word_of(name, stored))
        return Value(text, text, is_code=text != stored)
    url = reveal_url(viewer, codes[column.head.side], name, column.record.id) if codes else ""
    if name == "address":
        return Value(stored, masking.mask_address(stored), url)
    return Value(column.secrets.get(MASKED_FIELDS[name], stored), stored, url)


def _contacts(column: _Column) -> Value | None:
    found = (part.fields.get("contact_name") for part in column.parts if part.part.startswith("contact/"))
    names = pgettext("list separator", "、").join(sorted(set(filter(None, found))))
    return Value(names, names) if names else None


_HEADS = frozenset(group[0] for group in GROUPS)


def _compared(
    label: Text, columns: Sequence[_Column], values: Sequence[Value | None], name: str = ""
) -> ComparedField:
    by_side: tuple[list[str], list[str]] = ([], [])
    for column, value in zip(columns, values, strict=True):
        if value is not None:
            by_side[column.head.side].append(value.plain)
    cells = [
        _cell(column.head, label, value, by_side[1 - column.head.side])
        for column, value in zip(columns, values, strict=True)
    ]
    return ComparedField(label, cells, _standing(*by_side), name if name in _HEADS else "")


def _cell(head: Head, label: Text, value: Value | None, others: Sequence[str]) -> Cell:
    if value is None:
        return Cell(head)
    if value.is_code:
        return Cell(head, [(value.shown, bool(others) and value.plain not in others)])
    marks = onto_masked(marks_against(value.plain, others), value.plain, value.shown)
    return Cell(head, runs(value.shown, marks), value.reveal_url, label)


def _standing(one: Sequence[str], other: Sequence[str]) -> Standing:
    if not one or not other:
        return "only"
    return "differs" if set(one).isdisjoint(other) else "same"


def _head(side: int, position: int, party: SourceParty, record: SourceRecord) -> Head:
    relationship = getattr(party, "relationship", None)
    return Head(
        party_id=party.id,
        side=side,
        tag=f"{LETTERS[side]}{position}",
        system=system_name(party.system),
        key=party.key,
        lines=line_chips([relationship.line]) if relationship else "",
        kind=relationship.get_kind_display() if relationship else "",
        agreement_no=relationship.agreement_no if relationship else "",
        unit=str(relationship.unit) if relationship else "",
        manager=relationship.manager.name if relationship and relationship.manager else "",
        as_of=when(record.as_of or record.source_updated_at or record.received_at),
    )
