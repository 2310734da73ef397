"""Connector descriptors (接入描述): what a source system sends, declared in one TOML file per system.

    connectors/<code>/descriptor.toml   read once at start, checked, frozen
    connectors/<code>/reader.py         only where a medium needs code of its own

A descriptor says who owns the system, in which medium and encoding it delivers, how its files are framed, and for
every column what it becomes here, how it is checked and why we may hold it. Everything the engine does with a
file follows from it. Source: REQUIREMENTS INT-001…INT-021, INT-i01. See docs/reference/connectors.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hongyan.integration.codes import Connection

FOLDER = Path(__file__).parent / "connectors"
_FORBIDDEN_COLUMN = re.compile(r"password|passwd|密码|口令|cvv|cvc|磁道|track\s*data|\bpin\b", re.IGNORECASE)

Word = TypeVar("Word", bound=StrEnum)


class DescriptorError(ValueError):
    """A descriptor that cannot be used; the message names the file and the key."""


class Format(StrEnum):
    """How a file is laid out; each has a reader in `hongyan.integration.readers`, but `own` brings its `reader.py`."""

    DELIMITED = "delimited"
    CSV = "csv"
    WORKBOOK = "workbook"
    RECORDS = "records"
    OWN = "own"


class Target(StrEnum):
    """What a record kind becomes here."""

    PARTY = "party"
    CONTACT = "contact"
    ADDRESS = "address"
    UNIT = "unit"
    POST = "post"


class FieldType(StrEnum):
    """How a value is normalised and judged; the macros of `staging.sql` bear these names."""

    TEXT = "text"
    NAME = "name"
    CODE = "code"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    CREDENTIAL = "credential"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    DIVISION = "division"
    POSTCODE = "postcode"
    UNIT = "unit"
    STAFF = "staff"


class Severity(StrEnum):
    """What a fault does: an error quarantines the row, a warning empties the value and is counted."""

    ERROR = "error"
    WARNING = "warning"


class DataClass(StrEnum):
    """Class of personal data (DESIGN 3): C1 ordinary, C2 sealed and masked. C3 may not come in at all."""

    C1 = "C1"
    C2 = "C2"


class WalkIn(StrEnum):
    """Which walk-ins of a system are taken in (INT-020)."""

    NONE = "none"
    WITH_CREDENTIAL = "with_credential"
    ALL = "all"


class Mode(StrEnum):
    """Whether a delivery holds everything or what changed (INT-021)."""

    FULL = "full"
    INCREMENT = "increment"


class DateGroup(StrEnum):
    """Whether a system must be connected by the fixed day or may move (INT-017)."""

    FIXED = "fixed"
    MOVABLE = "movable"


@dataclass(frozen=True, slots=True)
class Field:
    """One source column. `target` empty means: checked, but not handed on.

    `codes` maps the source's codes to ours; `default` stands for a code that is not in the map (without it such a
    code is a fault). `pattern` must match the whole normalised value.
    """

    column: str
    target: str = ""
    type: FieldType = FieldType.TEXT
    required: bool = False
    pattern: str = ""
    max_length: int = 0
    codes: Mapping[str, str] | None = None
    default: str | None = None
    severity: Severity = Severity.ERROR
    data_class: DataClass = DataClass.C1
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """The control sum of a trailer: the sum of a column, or of the last digits of it."""

    column: str
    last_digits: int = 0


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record: which files (or sheet) hold it, its columns in order, what it becomes.

    `keep_raw` keeps the raw values of every staged row, for kinds whose rows can still be refused when they are
    applied because they hang on another record.
    """

    code: str
    title: str
    title_en: str
    target: Target
    fields: tuple[Field, ...]
    file: str = ""
    sheet: str = ""
    control: Control | None = None
    defaults: Mapping[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the source columns, each once, in the source's order."""
        return tuple(dict.fromkeys(field.column for field in self.fields))

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the staged columns, each once."""
        return tuple(dict.fromkeys(field.target for field in self.fields if field.target))

    @property
    def keep_raw(self) -> bool:
        return self.target is not Target.PARTY

    def field_of(self, target: str) -> Field | None:
        """The first field that becomes `target`, or None."""
        return next((field for field in self.fields if field.target == target), None)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One source system."""

    code: str
    name: str
    name_en: str
    short_name: str
    short_name_en: str
    owner: str
    line: str
    medium: str
    format: Format
    encoding: str
    schedule: str
    mode: Mode
    walk_in: WalkIn
    date_group: DateGroup
    change_kinds: tuple[str, ...]
    connection: Connection
    provinces: tuple[str, ...]
    kinds: tuple[RecordKind, ...]
    delimiter: str = ""
    sender: str = ""
    file: str = ""

    def kind(self, code: str) -> RecordKind | None:
        """The record kind of a code, or None."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    def match(self, file_name: str) -> tuple[tuple[RecordKind, ...], str] | None:
        """The kinds a file of this name holds and the day in its name (yyyymmdd); None for an unknown name."""
        for pattern, kinds in self._patterns():
            if found := re.fullmatch(pattern, file_name):
                return kinds, found.groupdict().get("day") or ""
        return None

    def _patterns(self) -> list[tuple[str, tuple[RecordKind, ...]]]:
        if self.file:
            return [(self.file, self.kinds)]
        return [(kind.file, (kind,)) for kind in self.kinds]


@cache
def all_descriptors() -> tuple[Descriptor, ...]:
    """Every connector, by code. Errors: DescriptorError."""
    paths = sorted(FOLDER.glob("*/descriptor.toml"))
    return tuple(load(path) for path in paths)


def find_descriptor(code: str) -> Descriptor | None:
    """The connector of a system, or None."""
    return next((descriptor for descriptor in all_descriptors() if descriptor.code == code), None)


def load(path: Path) -> Descriptor:
    """Read and check one descriptor. Errors: DescriptorError naming file and key."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DescriptorError(f"{path}: {error}") from error
    return _Parser(path).descriptor(content)


class _Parser:
    """Turns parsed TOML into a Descriptor, remembering where it is for the error's text."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def descriptor(self, content: dict[str, Any]) -> Descriptor:
        self._known(content, Descriptor, "")
        raw_kinds = content.pop("kinds", {})
        if not raw_kinds:
            raise self._error("kinds", "at least one record kind is needed")
        words = {
            "format": Format,
            "mode": Mode,
            "walk_in": WalkIn,
            "date_group": DateGroup,
            "connection": Connection,
        }
        values = {
            key: self._word(words[key], value, key) if key in words else value
            for key, value in content.items()
        }
        values |= {key: tuple(values.get(key, ())) for key in ("change_kinds", "provinces")}
        values["kinds"] = tuple(self.kind(code, kind) for code, kind in raw_kinds.items())
        descriptor: Descriptor = self._build(Descriptor, values, "")
        self._check(descriptor)
        return descriptor

    def kind(self, code: str, content: dict[str, Any]) -> RecordKind:
        where = f"kinds.{code}"
        self._known(content, RecordKind, where)
        control = content.get("control")
        values = content | {
            "code": code,
            "target": self._word(Target, content.get("target"), f"{where}.target"),
            "fields": tuple(
                self.field(field, f"{where}.fields[{number}]")
                for number, field in enumerate(content.get("fields", ()))
            ),
            "control": self._build(Control, control, f"{where}.control") if control else None,
        }
        kind: RecordKind = self._build(RecordKind, values, where)
        if kind.control and kind.control.column not in kind.columns:
            raise self._error(f"{where}.control.column", f"no column {kind.control.column}")
        return kind

    def field(self, content: dict[str, Any], where: str) -> Field:
        content = dict(content)
        if "class" in content:
            content["data_class"] = content.pop("class")
        self._known(content, Field, where)
        column = str(content.get("column", ""))
        if content.get("data_class") == "C3" or _FORBIDDEN_COLUMN.search(column):
            raise self._error(f"{where}.column", f"{column}: class C3 is refused at intake")
        words = {"type": FieldType, "severity": Severity, "data_class": DataClass}
        values = {
            key: self._word(words[key], value, f"{where}.{key}") if key in words else value
            for key, value in content.items()
        }
        field: Field = self._build(Field, values, where)
        if (field.type is FieldType.CODE) != (field.codes is not None):
            raise self._error(f"{where}.codes", "fields of type code have a code map, others have none")
        try:
            re.compile(field.pattern)
        except re.error as error:
            raise self._error(f"{where}.pattern", str(error)) from error
        return field

    def _check(self, descriptor: Descriptor) -> None:
        if descriptor.code != self.path.parent.name:
            raise self._error("code", f"{descriptor.code} is not the folder's name")
        if (descriptor.format is Format.OWN) != self.path.with_name("reader.py").exists():
            raise self._error("format", "a reader.py goes with the format own, and the other way round")
        for kind in descriptor.kinds:
            where = f"kinds.{kind.code}"
            if not (kind.file or descriptor.file or descriptor.format is Format.RECORDS):
                raise self._error(f"{where}.file", "no file pattern")
            if descriptor.format is Format.WORKBOOK and not kind.sheet:
                raise self._error(f"{where}.sheet", "a workbook's kinds name their sheets")
            if not kind.field_of("key") and kind.target not in {Target.UNIT, Target.POST}:
                raise self._error(f"{where}.fields", "no field becomes the key")
            for field in kind.fields:
                if field.type is FieldType.CREDENTIAL and field.data_class is not DataClass.C2:
                    raise self._error(f"{where}.{field.column}", "a credential number is of class C2")

    def _known(self, content: Mapping[str, Any], shape: type, where: str) -> None:
        known = {field.name for field in fields(shape)}
        if unknown := sorted(set(content) - known):
            raise self._error(f"{where}.{unknown[0]}".lstrip("."), "unknown key")

    def _word(self, words: type[Any], value: object, where: str) -> Any:
        try:
            return words(value)
        except ValueError as error:
            allowed = ", ".join(str(word) for word in words)
            raise self._error(where, f"{value!r} is none of {allowed}") from error

    def _build(self, shape: type[Any], values: Mapping[str, Any], where: str) -> Any:
        try:
            return shape(**values)
        except TypeError as error:
            raise self._error(where or "top level", str(error)) from error

    def _error(self, where: str, what: str) -> DescriptorError:
        return DescriptorError(f"{self.path}: {where}: {what}")
