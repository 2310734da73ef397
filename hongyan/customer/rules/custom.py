"""Fields that the house defines itself (自定义字段): what a definition may say, and what a value must be. Pure.

A value is kept as text: whole numbers and decimals in plain notation, days as ISO, yes and no as 1 and 0, the codes of
several choices in their order, divided by commas. Source: GEN-011, CUS-007.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

PREFIX = "x_"
"""What the names of such fields begin with, beside those that every house has: in records, lineage, forms, the API."""

MARKED_BY_OWN = "x-"
"""What the marks begin with by which lists are narrowed by them; no tier can be called so."""

CODE = re.compile(r"[a-z][a-z0-9_]{0,15}")
LONGEST = 200
MOST_FIELDS, MOST_CHOICES = 60, 40
_CHOICE = re.compile(r"[A-Za-z0-9]{1,12}")
_COMMAS = re.compile(r"[,，;；、]")
_ATOM = r"(?:\[\^?[^\[\]\\^]+\]|\\[dw.]|[^\\\[\]{}()*+?|^$.])"
_PATTERN = re.compile(rf"(?:{_ATOM}(?:\{{\d{{1,3}}(?:,\d{{0,3}})?\}}|[?+*])?)+")
_UNBOUNDED = re.compile(r"[+*]|\{\d+,\}")
MOST_UNBOUNDED = 2


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    INTEGER = "int"
    DECIMAL = "decimal"
    DATE = "date"
    YES_NO = "bool"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    """The number of a person: sealed, shown masked, opened for a purpose."""


class Class(StrEnum):
    """Who sees a field where: open everywhere; personal on the customer's own pages alone; sensitive masked there."""

    OPEN = "open"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Fault(StrEnum):
    """What is wrong with a definition, or with a value."""

    CODE = "code"
    TWICE = "twice"
    CHOICES = "choices"
    PATTERN = "pattern"
    RANGE = "range"
    CLASS = "class"
    FILTER = "filter"
    GONE = "gone"
    RETYPED = "retyped"
    MANY = "many"
    MISSING = "missing"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    YES_NO = "yes_no"
    UNKNOWN = "unknown"
    SHORT = "short"
    LONG = "long"
    LOW = "low"
    HIGH = "high"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Custom:
    """One field as it is defined. `minimum` and `maximum` are of the length of texts, of the value of numbers.

    `party_type` is P or O, empty for both; `lines` empty for all. A field that is retired keeps its values and is
    asked for no more.
    """

    code: str
    zh: str
    en: str
    type: Type
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str = ""
    party_type: str = ""
    lines: tuple[str, ...] = ()
    field_class: Class = Class.OPEN
    in_list: bool = False
    is_filter: bool = False
    is_retired: bool = False

    @property
    def name(self) -> str:
        """Its name among all fields of a customer."""
        return f"{PREFIX}{self.code}"

    @property
    def family(self) -> str:
        """What stands before the dot of its marks."""
        return f"{MARKED_BY_OWN}{self.code}"

    @property
    def is_sealed(self) -> bool:
        """Whether its values are sealed, shown masked and opened for a purpose."""
        return self.field_class == Class.SENSITIVE

    @property
    def is_listed(self) -> bool:
        """Whether lists and exports may show it."""
        return self.field_class == Class.OPEN and not self.is_retired

    @property
    def is_marked(self) -> bool:
        """Whether customers are marked by its values, so that lists can be narrowed by them."""
        return self.field_class == Class.OPEN and self.type in {Type.YES_NO, Type.CHOICE, Type.CHOICES}

    @property
    def is_importable(self) -> bool:
        """Whether files of customers may bring it: what the check of a file can hold against the whole definition."""
        is_number = self.type in {Type.INTEGER, Type.DECIMAL}
        has_limits = self.minimum is not None or self.maximum is not None
        return not (
            self.is_retired or self.is_sealed or self.type == Type.CHOICES or (is_number and has_limits)
        )

    def is_for(self, party_type: str, lines: Sequence[str] = ()) -> bool:
        """Whether it is asked of persons or organisations, in any of some lines; no lines are all of them.

        >>> Custom("grade", "等级", "Grade", Type.TEXT, party_type="O", lines=("01",)).is_for("O", ["03"])
        False
        """
        if self.is_retired or self.party_type not in ("", party_type):
            return False
        return not self.lines or not lines or bool(set(self.lines) & set(lines))


def custom_of(row: Mapping[str, Any]) -> Custom:
    """The field that a row of the table defines."""
    return Custom(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        type=Type(row["type"]),
        choices=choices_of(row.get("choices") or ""),
        is_required=row["required"] == "1",
        minimum=_limit(row.get("minimum")),
        maximum=_limit(row.get("maximum")),
        pattern=row.get("pattern") or "",
        party_type=row.get("party_type") or "",
        lines=tuple(_COMMAS.split(row["lines"])) if row.get("lines") else (),
        field_class=Class(row["class"]),
        in_list=row["in_list"] == "1",
        is_filter=row["filter"] == "1",
        is_retired=row["retired"] == "1",
    )


def _limit(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def choices_of(text: str) -> tuple[tuple[str, str], ...]:
    """Codes and words of `A=甲,B=乙`; a piece without a code is its own.

    >>> choices_of("A=甲，B=乙"), choices_of("")
    ((('A', '甲'), ('B', '乙')), ())
    """
    pieces = [piece.strip().partition("=") for piece in _COMMAS.split(text) if piece.strip()]
    return tuple((code.strip(), (word or code).strip()) for code, _is, word in pieces)


# --- definitions


def is_safe(pattern: str) -> bool:
    r"""Whether a pattern can be tried on any text in little time: characters, classes, repetitions; no groups.

    Without groups no repetition stands inside another, and of those without end there are two at most.

    >>> is_safe(r"[A-Z]{2}-\d{4,6}"), is_safe(r"(a+)+"), is_safe(r"\d*\d*\d*"), is_safe("a|b")
    (True, False, False, False)
    """
    if len(pattern) > 80 or not _PATTERN.fullmatch(pattern):
        return False
    if len(_UNBOUNDED.findall(re.sub(r"\[[^\]]*\]", "", pattern))) > MOST_UNBOUNDED:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def first_fault(fields: Sequence[Custom], before: Sequence[Custom] = ()) -> tuple[int, str, Fault] | None:
    """(row from 1, column, what is wrong) of the first row that makes no sense; None for none.

    `before` are the fields that hold: they are retired, never left out, and never become something else, since values
    of theirs are kept.

    >>> field = Custom("grade", "等级", "Grade", Type.CHOICE)
    >>> first_fault([field])
    (1, 'choices', <Fault.CHOICES: 'choices'>)
    >>> first_fault([], [field])
    (1, 'code', <Fault.GONE: 'gone'>)
    """
    seen: set[str] = set()
    known = {one.code: one for one in before}
    if len(fields) > MOST_FIELDS:
        return len(fields), "code", Fault.MANY
    for number, field in enumerate(fields, 1):
        if field.code in seen:
            return number, "code", Fault.TWICE
        seen.add(field.code)
        if found := _fault_of(field, known.get(field.code)):
            return number, *found
    if set(known) - seen:
        return max(len(fields), 1), "code", Fault.GONE
    return None


def _fault_of(field: Custom, before: Custom | None) -> tuple[str, Fault] | None:
    if not CODE.fullmatch(field.code):
        return "code", Fault.CODE
    if before and (before.type, before.is_sealed) != (field.type, field.is_sealed):
        return "type", Fault.RETYPED
    if found := _fault_of_choices(field, before):
        return "choices", found
    if field.pattern and (field.type not in {Type.TEXT, Type.NUMBER} or not is_safe(field.pattern)):
        return "pattern", Fault.PATTERN
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        return "maximum", Fault.RANGE
    return _fault_of_class(field)


def _fault_of_class(field: Custom) -> tuple[str, Fault] | None:
    if (field.type == Type.NUMBER) != field.is_sealed:
        return "class", Fault.CLASS
    if (field.in_list or field.is_filter) and field.field_class != Class.OPEN:
        return "class", Fault.CLASS
    return ("filter", Fault.FILTER) if field.is_filter and not field.is_marked else None


def _fault_of_choices(field: Custom, before: Custom | None) -> Fault | None:
    codes = [code for code, _word in field.choices]
    wants_choices = field.type in {Type.CHOICE, Type.CHOICES}
    if bool(codes) != wants_choices or len(set(codes)) != len(codes) or len(codes) > MOST_CHOICES:
        return Fault.CHOICES
    if not all(_CHOICE.fullmatch(code) for code in codes):
        return Fault.CHOICES
    return Fault.GONE if before and not {code for code, _word in before.choices} <= set(codes) else None


# --- values


def read_value(field: Custom, text: str) -> tuple[str, Fault | None]:
    """A value as it is kept, and what is wrong with it; nothing said is the empty value.

    >>> read_value(Custom("n", "数", "N", Type.INTEGER, maximum=Decimal(9)), " 007 ")
    ('7', None)
    >>> read_value(Custom("n", "数", "N", Type.INTEGER, maximum=Decimal(9)), "12")[1]
    <Fault.HIGH: 'high'>
    >>> read_value(Custom("d", "日", "D", Type.DATE), "2026-02-30")[1]
    <Fault.DATE: 'date'>
    """
    text = text.strip()
    if not text:
        return "", Fault.MISSING if field.is_required else None
    reader = _READERS[field.type]
    value, fault = reader(field, text)
    return (text, fault) if fault else (value, None)


def faults_of(fields: Sequence[Custom], said: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Fault]]:
    """(values kept, faults) by the fields' names, of what was said of a customer; the empty ones are left out."""
    kept: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    for field in fields:
        value, fault = read_value(field, said.get(field.name, ""))
        if fault:
            faults[field.name] = fault
        elif value:
            kept[field.name] = value
    return kept, faults


def told(field: Custom, value: str) -> list[str]:
    """The words for a value that is one of choices, or several; else the value itself.

    >>> told(Custom("c", "", "", Type.CHOICES, choices=(("A", "甲"), ("B", "乙"))), "A,B")
    ['甲', '乙']
    """
    words = dict(field.choices)
    if field.type == Type.CHOICES:
        return [words.get(code, code) for code in value.split(",")]
    return [words.get(value, value)]


def _text(field: Custom, text: str) -> tuple[str, Fault | None]:
    most = int(field.maximum) if field.maximum is not None else LONGEST
    if field.minimum is not None and len(text) < field.minimum:
        return text, Fault.SHORT
    if len(text) > min(most, LONGEST):
        return text, Fault.LONG
    if field.pattern and not re.fullmatch(field.pattern, text):
        return text, Fault.FORM
    return text, None


def _number(field: Custom, text: str, *, whole: bool) -> tuple[str, Fault | None]:
    wrong = Fault.INTEGER if whole else Fault.DECIMAL
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text, wrong
    if (
        not value.is_finite()
        or abs(value) >= Decimal(10) ** 15
        or (whole and value != value.to_integral_value())
    ):
        return text, wrong
    if field.minimum is not None and value < field.minimum:
        return text, Fault.LOW
    if field.maximum is not None and value > field.maximum:
        return text, Fault.HIGH
    plain = f"{value:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0", None


def _integer(field: Custom, text: str) -> tuple[str, Fault | None]:
    value, fault = _number(field, text, whole=True)
    return (value, fault) if fault else (str(int(Decimal(value))), None)


def _decimal(field: Custom, text: str) -> tuple[str, Fault | None]:
    return _number(field, text, whole=False)


def _date(_field: Custom, text: str) -> tuple[str, Fault | None]:
    try:
        return date.fromisoformat(text).isoformat(), None
    except ValueError:
        return text, Fault.DATE


_YES = frozenset({"1", "是", "yes", "true", "y", "on"})
_NO = frozenset({"0", "否", "no", "false", "n"})


def _yes_no(_field: Custom, text: str) -> tuple[str, Fault | None]:
    said = text.casefold()
    if said in _YES | _NO:
        return ("1" if said in _YES else "0"), None
    return text, Fault.YES_NO


def _choice(field: Custom, text: str) -> tuple[str, Fault | None]:
    for code, word in field.choices:
        if text in (code, word):
            return code, None
    return text, Fault.UNKNOWN


def _choices(field: Custom, text: str) -> tuple[str, Fault | None]:
    found = set()
    for piece in filter(None, (piece.strip() for piece in _COMMAS.split(text))):
        code, fault = _choice(field, piece)
        if fault:
            return text, fault
        found.add(code)
    return ",".join(code for code, _word in field.choices if code in found), None


_READERS = {
    Type.TEXT: _text,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.DATE: _date,
    Type.YES_NO: _yes_no,
    Type.CHOICE: _choice,
    Type.CHOICES: _choices,
    Type.NUMBER: _text,
}
