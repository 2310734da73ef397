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
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from hongyan.config import home
from hongyan.integration.codes import Connection
from hongyan.ledger.codes import FACT_COLUMNS, SUMS, FactKind

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
    FIXED = "fixed"
    JSONL = "jsonl"
    XML = "xml"
    PARQUET = "parquet"
    OWN = "own"


class Target(StrEnum):
    """What a record kind becomes here."""

    PARTY = "party"
    CONTACT = "contact"
    ADDRESS = "address"
    UNIT = "unit"
    POST = "post"
    HOLDING = "holding"
    TRANSACTION = "transaction"
    MAIL_ITEM = "mail_item"
    MAIL_EVENT = "mail_event"
    BALANCE = "balance"
    PRODUCT = "product"
    DIVISION = "division"
    POSTCODE = "postcode"


FACTS = frozenset({Target.TRANSACTION, Target.MAIL_ITEM, Target.MAIL_EVENT, Target.BALANCE})
"""What becomes dated facts of the ledger: booked set-based, never updated."""
VERSIONED = FACTS | {Target.HOLDING}
"""What a source may state again, later and otherwise."""
LONGEST: Mapping[str, int] = {
    "number": 40,
    "key": 60,
    "product_code": 40,
    "product_name": 100,
    "note": 60,
    "settlement": 1,
    "contents": 1,
    "pickup_mode": 1,
    "delivery_mode": 1,
    "channel": 1,
    "nature": 2,
    "code": 2,
    "currency": 3,
}
"""Characters the ledger holds of a target, where a descriptor asks for no fewer."""
_DAY = ("business_date", "event_time")
_MADE = {"row", "holding_masked"}
"""Columns of the ledger that no field becomes."""
_REQUIRED: Mapping[Target, tuple[tuple[str, ...], ...]] = {
    Target.PARTY: (("key",),),
    Target.CONTACT: (("key",),),
    Target.ADDRESS: (("key",),),
    Target.HOLDING: (("holding",), ("kind",)),
    Target.PRODUCT: (("product_code",),),
    Target.DIVISION: (("code",), ("name",)),
    Target.POSTCODE: (("postcode",), ("province",), ("city",), ("county",)),
}
"""Targets of which a kind must fill one of each group, by a field or a default; those of facts are the ledger's."""


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
    ITEM = "item"
    ACCOUNT = "account"
    FEN = "fen"
    SIGNED = "signed"
    QUANTITY = "quantity"


_SEALED = frozenset({FieldType.CREDENTIAL, FieldType.ACCOUNT})


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


class Versioning(StrEnum):
    """Where the version of a fact comes from: a sequence of the source, its time of update, the day of the file.

    A fact whose source states none is version 1, and so is one of a file without a day. The day of the file is for
    increments only: every delivered row is then a version, equal to the last or not, or the end would depend on the
    order of arrival.
    """

    SEQUENCE = "sequence"
    UPDATED = "updated"
    FILE_DAY = "file_day"


class Calendar(StrEnum):
    """On which days a system delivers."""

    DAILY = "daily"
    WORKDAYS = "workdays"
    MONTHLY = "monthly"


class DateGroup(StrEnum):
    """Whether a system must be connected by the fixed day or may move (INT-017)."""

    FIXED = "fixed"
    MOVABLE = "movable"


@dataclass(frozen=True, slots=True)
class Field:
    """One source column. `target` empty means: checked, but not handed on.

    `codes` maps the source's codes to ours; `default` stands for a code that is not in the map (without it such a
    code is a fault). `pattern` must match the whole normalised value. `width` is in bytes (fixed width only). With
    `from_parent` the value stands on the record around this one (XML only).
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
    width: int = 0
    from_parent: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A control sum of a trailer: the sum of a column as delivered, or of the last digits of it."""

    column: str
    last_digits: int = 0


@dataclass(frozen=True, slots=True)
class Trailer:
    """The record in which a sender states how many rows a file has and what their control sums are.

    How it lies in a file depends on the layout. Sums follow in the order of the kind's `controls`.

        fixed   the last line: `mark`, the rows and each sum in the `widths` given, with `crc` eight hexadecimal digits
        csv     the last line: `mark`, the rows, each sum, with `crc` the checksum, between the file's delimiters
        jsonl   the last line: an object whose `type` is `mark`, with the rows under `rows`, each sum under its column
        xml     attributes of the root element: `rows` and, for each sum, its column; no `mark`

    Rows are all records of the file, whatever their kind; in XML those directly beneath the root. The checksum is the
    CRC32 of the bytes of all lines before the trailer.
    """

    mark: str = ""
    rows: str = "rows"
    widths: tuple[int, ...] = ()
    crc: bool = False


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record: which files (or sheet) hold it, its columns in order, what it becomes.

    Kinds that follow each other with the same `file` are all in it.

    `tag` tells the kind's records from others in the same file: the mark before the columns (fixed), the value of
    `type` (JSON lines), the element (XML). `sums` are targets whose sums are followed from the file into the ledger.
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
    tag: str = ""
    controls: tuple[Control, ...] = ()
    defaults: Mapping[str, str] | None = None
    sums: tuple[str, ...] = ()
    version: Versioning | None = None

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
        return self.target not in {Target.PARTY, *FACTS}

    def field_of(self, target: str) -> Field | None:
        """The first field that becomes `target`, or None."""
        return next((field for field in self.fields if field.target == target), None)

    def column_of(self, target: str) -> str:
        """The source's column that becomes `target`; empty when none does."""
        found = self.field_of(target)
        return found.column if found else ""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One source system. `products` says which product of ours a code of its own means, for when it first comes.

    Its money is in `currency` (ISO 4217), and no fact of it is older than `facts_from`.
    """

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
    trailer: Trailer | None = None
    calendar: Calendar = Calendar.DAILY
    due: str = ""
    expects: tuple[str, ...] = ()
    only_with: str = ""
    currency: str = "CNY"
    facts_from: date = date(2000, 1, 1)
    products: Mapping[str, str] = field(default_factory=dict)

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
        by_file = groupby(self.kinds, attrgetter("file"))
        return [(file, tuple(kinds)) for file, kinds in by_file]


@cache
def shipped_descriptors() -> tuple[Descriptor, ...]:
    """Every connector there is, by code, those of absent public data too. Errors: DescriptorError."""
    return tuple(map(load, sorted(FOLDER.glob("*/descriptor.toml"))))


@cache
def all_descriptors() -> tuple[Descriptor, ...]:
    """Every connector of this installation, by code. Errors: DescriptorError."""
    return tuple(descriptor for descriptor in shipped_descriptors() if _is_at_hand(descriptor))


def _is_at_hand(descriptor: Descriptor) -> bool:
    """Connectors of public data sets show only where those are."""
    return descriptor.only_with != "real" or home.real_data() is not None


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


def _limited(field: Field) -> Field:
    """A field of the ledger, no longer than the ledger holds it."""
    longest = LONGEST.get(field.target, 0)
    if not longest or 0 < field.max_length <= longest:
        return field
    return replace(field, max_length=longest)


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
            "calendar": Calendar,
        }
        trailer = content.pop("trailer", None)
        values = {
            key: self._word(words[key], value, key) if key in words else value
            for key, value in content.items()
        }
        values |= {key: tuple(values.get(key, ())) for key in ("change_kinds", "provinces", "expects")}
        values["trailer"] = self.trailer(trailer) if trailer else None
        values["kinds"] = tuple(self.kind(code, kind) for code, kind in raw_kinds.items())
        descriptor: Descriptor = self._build(Descriptor, values, "")
        self._check(descriptor)
        return descriptor

    def kind(self, code: str, content: dict[str, Any]) -> RecordKind:
        where = f"kinds.{code}"
        content = dict(content)
        if "control" in content:
            content["controls"] = [content.pop("control")]
        self._known(content, RecordKind, where)
        controls = content.get("controls", ())
        version = content.get("version")
        values = content | {
            "code": code,
            "target": self._word(Target, content.get("target"), f"{where}.target"),
            "fields": tuple(
                self.field(field, f"{where}.fields[{number}]")
                for number, field in enumerate(content.get("fields", ()))
            ),
            "controls": tuple(self._build(Control, control, f"{where}.controls") for control in controls),
            "sums": tuple(content.get("sums", ())),
            "version": self._word(Versioning, version, f"{where}.version") if version else None,
        }
        if values["target"] in {*VERSIONED, Target.PRODUCT}:
            values["fields"] = tuple(_limited(field) for field in values["fields"])
        kind: RecordKind = self._build(RecordKind, values, where)
        for control in kind.controls:
            if control.column not in kind.columns:
                raise self._error(f"{where}.controls.column", f"no column {control.column}")
        return kind

    def trailer(self, content: dict[str, Any]) -> Trailer:
        self._known(content, Trailer, "trailer")
        trailer: Trailer = self._build(
            Trailer, content | {"widths": tuple(content.get("widths", ()))}, "trailer"
        )
        return trailer

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
        if not re.fullmatch("[A-Z]{3}", descriptor.currency):
            raise self._error("currency", f"{descriptor.currency} is no code of ISO 4217")
        if not isinstance(descriptor.facts_from, date):
            raise self._error("facts_from", f"{descriptor.facts_from} is no date")
        if (descriptor.format is Format.OWN) != self.path.with_name("reader.py").exists():
            raise self._error("format", "a reader.py goes with the format own, and the other way round")
        for code in descriptor.expects:
            if not descriptor.kind(code):
                raise self._error("expects", f"no kind {code}")
        for kind in descriptor.kinds:
            self._check_layout(descriptor, kind)
            self._check_content(kind)
            if kind.version is Versioning.FILE_DAY and descriptor.mode is Mode.FULL:
                raise self._error(f"kinds.{kind.code}.version", "file_day is for increments only")

    def _check_layout(self, descriptor: Descriptor, kind: RecordKind) -> None:
        """What the layout of a file demands of its kinds."""
        where, layout = f"kinds.{kind.code}", descriptor.format
        if not (kind.file or descriptor.file or layout is Format.RECORDS):
            raise self._error(f"{where}.file", "no file pattern")
        if layout is Format.WORKBOOK and not kind.sheet:
            raise self._error(f"{where}.sheet", "a workbook's kinds name their sheets")
        if layout in {Format.JSONL, Format.XML} and not kind.tag:
            raise self._error(f"{where}.tag", "the kinds of JSON lines and XML name their tags")
        for column in kind.fields:
            if (layout is Format.FIXED) != (column.width > 0):
                raise self._error(
                    f"{where}.{column.column}", "columns of fixed width have a width, others none"
                )
            if column.from_parent and layout is not Format.XML:
                raise self._error(f"{where}.{column.column}", "only records in XML have parents")
        widths = descriptor.trailer.widths if descriptor.trailer else ()
        if layout is Format.FIXED and len(widths) != 1 + len(kind.controls):
            raise self._error("trailer.widths", f"{where} needs a width for the rows and one for each sum")

    def _check_content(self, kind: RecordKind) -> None:
        """What the target of a kind demands of its fields."""
        where = f"kinds.{kind.code}"
        for choices in _REQUIRED.get(kind.target, ()):
            if not {*kind.targets, *(kind.defaults or {})}.intersection(choices):
                raise self._error(f"{where}.fields", f"no field becomes the {' or the '.join(choices)}")
        if kind.target in FACTS:
            self._check_fact(kind)
        elif kind.sums:
            raise self._error(f"{where}.sums", "only facts are summed")
        if kind.target in VERSIONED:
            if kind.version is None:
                raise self._error(f"{where}.version", "facts and holdings say where their version comes from")
            if "version" in kind.targets and kind.version is Versioning.FILE_DAY:
                raise self._error(
                    f"{where}.version", "the day of the file and a field cannot both be the version"
                )
        for column in kind.fields:
            if column.type in _SEALED and column.data_class is not DataClass.C2:
                raise self._error(f"{where}.{column.column}", f"a field of type {column.type} is of class C2")

    def _check_fact(self, kind: RecordKind) -> None:
        """Facts are booked by statement: what the ledger must have has to be there in every good row."""
        where, fact = f"kinds.{kind.code}", FactKind(kind.target)
        columns = {
            column.name.removesuffix("_hash"): column
            for column in FACT_COLUMNS[fact]
            if column.name not in _MADE
        }
        sure = {field.target for field in kind.fields if field.required} | set(kind.defaults or {})
        if stranger := next((target for target in kind.targets if target not in columns), None):
            raise self._error(f"{where}.fields", f"{fact} knows no {stranger}")
        for name, column in columns.items():
            choices = _DAY if name in _DAY else (name,)
            if column.empty is None and not sure.intersection(choices):
                raise self._error(
                    f"{where}.fields", f"no required field becomes the {' or the '.join(choices)}"
                )
        for target in kind.sums:
            if target not in SUMS[fact] or target not in sure:
                raise self._error(f"{where}.sums", f"{target} is no required amount of a {fact}")

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
