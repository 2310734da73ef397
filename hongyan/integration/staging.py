"""Staging (落地与检查): a kind's rows, normalised and judged by SQL made from the descriptor, into encrypted Parquet.

One file per delivery and kind. Grain: one row per source row of the right width, in the source's order. Columns:

    row            physical row of the delivered file
    <target>…      one text per target of the descriptor, normalised; '' where empty or emptied by a warning
    excluded       why the row is left out (walk_in, province), else NULL
    errors         `<field>:<code>` per fault that quarantines the row, else NULL
    warnings       `<field>:<code>` per fault that only empties a value, else NULL
    raw            the values as delivered, for rows that are or may become quarantined, else NULL

A row is good when it is neither excluded nor in error. The file's key is derived from the vault per delivery; the
encryption is OpenSSL's, from an extension that comes as a wheel and is never downloaded.
"""

# ruff: noqa: S608 - the queries are made of checked descriptors and quoted words, never of what a source sent

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from hongyan.core import vault
from hongyan.core.errors import SourceError
from hongyan.integration import readers
from hongyan.integration.descriptors import (
    FACTS,
    VERSIONED,
    Descriptor,
    Field,
    FieldType,
    RecordKind,
    Severity,
    Target,
    WalkIn,
)
from hongyan.integration.readers import Reading, Source
from hongyan.integration.readers.totals import PLAIN_AMOUNT

MEMORY_LIMIT = "192MB"
BUFFER = "4MB"
"""How far judging may run ahead of writing."""
ROW_GROUP_ROWS = 20_480
GOOD = "excluded IS NULL AND errors IS NULL"
BAD = "excluded IS NULL AND errors IS NOT NULL"

_PLAIN = frozenset(FieldType) - {FieldType.TEXT, FieldType.NAME}
_FAULTS = frozenset(
    {
        FieldType.NAME, FieldType.MOBILE, FieldType.LANDLINE, FieldType.EMAIL, FieldType.DIVISION,
        FieldType.POSTCODE,
    }
)  # fmt: skip
_ONE_AT_A_TIME = Lock()
"""Stagings of one process share the engine's memory limit, and two would not be faster on its one thread."""
_IDENTITY: dict[Target, tuple[str, ...]] = {
    Target.HOLDING: ("holding", "version"),
    Target.PRODUCT: ("product_code",),
    **dict.fromkeys(FACTS, ()),
}
"""Targets that no two rows should share, where it is not the party and its part. Facts are too many to be compared
here: booking them tells the same."""
_NAMING = ("key", "unit_code", "code", "staff_no", "number", "holding")
"""Targets that tell whose a row is."""
_DATED = frozenset({"business_date", "event_time", "original_date"})
_WHOLE = frozenset({"version", "quantity", "weight_g", "charged_weight_g"})
"""Targets that become whole numbers of 32 bits."""
_MONEY = frozenset({FieldType.MONEY, FieldType.FEN, FieldType.SIGNED})
_LARGEST_AMOUNT = 100_000_000_000
"""Yuan that one fact or holding stays below: 100,000 of them fit a monthly sum of 18 digits. Fields filled with nines
are no money."""
_DAYS = frozenset({FieldType.DATE, FieldType.MOMENT})
_REFERENCES = frozenset({FieldType.UNIT, FieldType.STAFF})


@dataclass(frozen=True, slots=True)
class References:
    """What rows may refer to: units (code → province, two digits), staff numbers, facts of which days.

    `domestic_items` are the patterns of domestic item numbers.
    """

    units: Mapping[str, str]
    staff: frozenset[str]
    domestic_items: tuple[str, ...] = ()
    first_day: date = date(2000, 1, 1)
    last_day: date = date.max


@dataclass(frozen=True, slots=True)
class Sum:
    """What the rows of a kind add up to in one target; `unreadable` counts bad rows that give no number."""

    good: Decimal
    bad: Decimal
    excluded: Decimal
    unreadable: int


@dataclass(slots=True)
class Staged:
    """What staging one kind found, in rows.

    `filled` counts the non-empty values per target among good rows; `units` are the codes that these name.
    """

    good: int = 0
    bad: int = 0
    excluded: int = 0
    repeated_keys: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)


def stage(
    source: Source, kind: RecordKind, path: Path, *, record: UUID, references: References, reading: Reading
) -> None:
    """Write all rows of a kind to `path`; `reading` receives counts and misfits on the way.

    Errors: SourceError when the file cannot be taken as a whole; then no file is left.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    failure: list[BaseException] = []
    with _ONE_AT_A_TIME, opened(record) as judge, opened(record) as writer:
        _register(judge, references, source.descriptor)
        _feed(judge, "source", readers.schema(kind), readers.batches(source, kind, reading), failure)
        try:
            judge.execute(f"SET streaming_buffer_size = '{BUFFER}'")
            judged = judge.execute(select(source.descriptor, kind)).to_arrow_reader(ROW_GROUP_ROWS)
            _feed(writer, "judged", judged.schema, judged, failure)
            writer.execute(
                f"COPY judged TO '{_quoted(draft)}' "
                f"(FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP_ROWS}, ENCRYPTION_CONFIG {{footer_key: '{record.hex}'}})"
            )
            draft.chmod(0o600)
            draft.replace(path)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            draft.unlink(missing_ok=True)
            raise (failure[0] if failure else error) from None


def summary(kind: RecordKind, path: Path, *, record: UUID) -> Staged:
    """Counts over a staged file."""
    with opened(record) as database:
        source = scan(path, record)
        targets = [target for target in kind.targets if target != "key"]
        filled = ", ".join(f"count(*) FILTER ({GOOD} AND {identifier(target)} <> '')" for target in targets)
        naming = _IDENTITY.get(kind.target, ("key", "part"))
        identity = [identifier(target) for target in naming if target in kind.targets]
        keys = f"DISTINCT hash({', '.join(identity)})" if identity else "*"
        good, bad, excluded, distinct, *counts = (
            database.execute(
                f"SELECT count(*) FILTER ({GOOD}), count(*) FILTER ({BAD}), count(*) FILTER (excluded IS NOT NULL), "
                f"count({keys}) FILTER ({GOOD}), {filled} FROM {source}"
            ).fetchone()
            or ()
        )
        warnings = database.execute(
            f"SELECT warning, count(*) FROM (SELECT unnest(warnings) AS warning FROM {source} WHERE {GOOD}) "
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()
        sums = {target: _sum(database, source, target) for target in kind.sums}
        units = _named_units(database, source) if "unit_code" in kind.targets else []
    return Staged(
        good,
        bad,
        excluded,
        good - distinct,
        dict(zip(targets, counts, strict=True)),
        dict(warnings),
        sums,
        units,
    )


def _named_units(database: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    query = f"SELECT DISTINCT unit_code FROM {source} WHERE {GOOD} AND unit_code <> ''"
    return [code for (code,) in database.execute(query).fetchall()]


def _sum(database: duckdb.DuckDBPyConnection, source: str, target: str) -> Sum:
    number = "BIGINT" if target in _WHOLE else "DECIMAL(38, 2)"
    value = f"TRY_CAST({identifier(target)} AS {number})"
    parts = (f"coalesce(sum({value}) FILTER ({which}), 0)" for which in (GOOD, BAD, "excluded IS NOT NULL"))
    query = f"SELECT {', '.join(parts)}, count(*) FILTER ({BAD} AND {value} IS NULL) FROM {source}"
    good, bad, excluded, unreadable = database.execute(query).fetchone() or (0, 0, 0, 0)
    return Sum(Decimal(good), Decimal(bad), Decimal(excluded), unreadable)


def bad_rows(kind: RecordKind, path: Path, *, record: UUID) -> Iterator[dict[str, Any]]:
    """Rows in error, in order: row, what names them (where the kind has it), errors, raw."""
    named = (identifier(target) for target in _NAMING if target in kind.targets)
    columns = ", ".join(["row", *named, "errors", "raw"])
    with opened(record) as database:
        query = f"SELECT {columns} FROM {scan(path, record)} WHERE {BAD}"
        for batch in database.execute(query).to_arrow_reader(1_000):
            yield from batch.to_pylist()


def good_rows(path: Path, *, record: UUID, skip: int, chunk: int) -> Iterator[list[dict[str, Any]]]:
    """Good rows in the order of the file, in chunks, after the first `skip` of them; without what was delivered."""
    with opened(record) as database:
        judged = "errors, excluded, warnings, raw"
        query = f"SELECT * EXCLUDE ({judged}) FROM {scan(path, record)} WHERE {GOOD} OFFSET {skip:d}"
        pending: list[dict[str, Any]] = []
        for batch in database.execute(query).to_arrow_reader(ROW_GROUP_ROWS):
            pending += batch.to_pylist()
            while len(pending) >= chunk:
                yield pending[:chunk]
                pending = pending[chunk:]
        if pending:
            yield pending


def rows_of(path: Path, rows: Iterable[int], *, record: UUID) -> dict[int, dict[str, Any]]:
    """Some rows as staged, by their number; `raw` is there where the kind keeps it."""
    with opened(record) as database:
        wanted = ", ".join(str(int(row)) for row in rows) or "NULL"
        query = f"SELECT * FROM {scan(path, record)} WHERE row IN ({wanted})"
        return {row["row"]: row for row in database.execute(query).to_arrow_table().to_pylist()}


def select(descriptor: Descriptor, kind: RecordKind) -> str:
    """The query that normalises and judges the rows of `source`: text, normal form, fault, result, layer by layer."""
    columns = {column: number for number, column in enumerate(kind.columns)}
    fields = list(enumerate(kind.fields))
    texts = ", ".join(
        f"{'plain' if f.type in _PLAIN else 'tidy'}(c{columns[f.column]}) AS t{number}"
        for number, f in fields
    )
    days = "".join(f", day(t{number}) AS d{number}" for number, f in fields if f.type in _DAYS)
    normal = ", ".join(f"{_normal(f, number)} AS n{number}" for number, f in fields)
    fault = ", ".join(f"{_fault(kind, f, number)} AS f{number}" for number, f in fields)
    raw_columns = ", ".join(f"c{number}" for number in columns.values())
    raw = f"[{raw_columns}]"
    values = ", ".join(f"{_value(kind, target)} AS {identifier(target)}" for target in kind.targets)
    is_bad = _any_fault(kind, Severity.ERROR)
    return f"""
        WITH texts AS NOT MATERIALIZED (SELECT row, {raw_columns}, {texts} FROM source),
        dated AS NOT MATERIALIZED (SELECT *{days} FROM texts),
        {_credential_layers(kind)}
        normal AS NOT MATERIALIZED (SELECT *, {normal} FROM credentials),
        judged AS NOT MATERIALIZED (SELECT *, {fault} FROM normal)
        SELECT row, {values}, {_excluded(descriptor, kind)} AS excluded,
            CASE WHEN {is_bad} THEN {_faults(kind, Severity.ERROR)} END AS errors,
            CASE WHEN {_any_fault(kind, Severity.WARNING)} THEN {_faults(kind, Severity.WARNING)} END AS warnings,
            {raw if kind.keep_raw else f"CASE WHEN {is_bad} THEN {raw} END"} AS raw
        FROM judged"""


def _credential_layers(kind: RecordKind) -> str:
    """The layers beneath the normal forms: credentials are read by their type and by who bears them."""
    credential = next((n for n, f in enumerate(kind.fields) if f.type is FieldType.CREDENTIAL), None)
    if credential is None:
        return "credentials AS NOT MATERIALIZED (SELECT * FROM dated),"
    named = []
    for target in ("credential_type", "party_type"):
        number = next((n for n, f in enumerate(kind.fields) if f.target == target), None)
        value = "''" if number is None else f"coalesce({_normal(kind.fields[number], number)}, '')"
        named.append(f"{value} AS {target}_")
    return f"""
        typed AS NOT MATERIALIZED (
            SELECT *, {", ".join(named)}, credential_text(t{credential}) AS credential_ FROM dated),
        borne AS NOT MATERIALIZED (
            SELECT *, is_citizen(credential_type_, party_type_, credential_) AS citizen_ FROM typed),
        bodies AS NOT MATERIALIZED (
            SELECT *, citizen_body(credential_) AS body_ FROM borne),
        credentials AS NOT MATERIALIZED (SELECT *, citizen_check(body_) AS digit_ FROM bodies),"""


def _normal(f: Field, number: int) -> str:
    if f.codes is not None:
        cases = " ".join(f"WHEN {literal(source)} THEN {literal(ours)}" for source, ours in f.codes.items())
        otherwise = f"ELSE {literal(f.default)}" if f.default is not None else "WHEN '' THEN ''"
        return f"CASE t{number} {cases} {otherwise} END"
    if f.type is FieldType.CREDENTIAL:
        return "CASE WHEN citizen_ THEN norm_citizen(credential_, body_, digit_) ELSE credential_ END"
    if f.type in _DAYS:
        return f"norm_{f.type.value}(t{number}, d{number})"
    return f"norm_{f.type.value}(t{number})"


def _fault(kind: RecordKind, f: Field, number: int) -> str:
    """The reason code of a field's fault, or NULL."""
    when_empty = "'required'" if f.required else "NULL"
    cases = [f"WHEN t{number} = '' THEN {when_empty}", f"WHEN n{number} IS NULL THEN '{f.type.value}'"]
    if any(control.column == f.column and not control.last_digits for control in kind.controls):
        delivered = f"c{kind.columns.index(f.column)}"
        cases.append(f"WHEN NOT regexp_full_match({delivered}, '{PLAIN_AMOUNT}') THEN 'plain_amount'")
    if f.max_length:
        cases.append(f"WHEN length(n{number}) > {f.max_length} THEN 'too_long'")
    if f.pattern:
        cases.append(f"WHEN NOT regexp_full_match(n{number}, {literal(f.pattern)}) THEN 'pattern'")
    if f.type in _REFERENCES:
        cases.append(
            f"WHEN TRY_CAST(n{number} AS known_{f.type.value}) IS NULL THEN 'unknown_{f.type.value}'"
        )
    if kind.target in VERSIONED:
        cases += _fact_faults(f, number)
    if f.type is FieldType.CREDENTIAL:
        cases.append(f"ELSE fault_credential(n{number}, credential_type_, citizen_, body_, digit_)")
    elif f.type is FieldType.ITEM:
        cases.append(f"ELSE fault_item(n{number}, is_domestic_item(n{number}))")
    elif f.type in _FAULTS:
        cases.append(f"ELSE fault_{f.type.value}(n{number})")
    return f"CASE {' '.join(cases)} END"


def _fact_faults(f: Field, number: int) -> list[str]:
    """What the ledger's tables could not hold: days without a partition, whole numbers of more than 32 bits, amounts
    whose sums would overflow."""
    cases = []
    if f.type in _DAYS and f.target in _DATED:
        cases.append(f"WHEN NOT fact_day(d{number}) THEN 'date_range'")
    if f.target in _WHOLE and f.type is not FieldType.MOMENT:
        cases.append(f"WHEN TRY_CAST(n{number} AS INTEGER) IS NULL THEN 'out_of_range'")
    if f.type in _MONEY:
        cases.append(
            f"WHEN abs(TRY_CAST(n{number} AS DECIMAL(18, 2))) >= {_LARGEST_AMOUNT} THEN 'out_of_range'"
        )
    return cases


def _value(kind: RecordKind, target: str) -> str:
    """The staged value of a target; columns with the same target are joined in their order."""
    parts = [
        f"CASE WHEN f{number} IS NULL THEN coalesce(n{number}, '') ELSE '' END"
        for number, f in enumerate(kind.fields)
        if f.target == target
    ]
    return " || ".join(parts)


def _any_fault(kind: RecordKind, severity: Severity) -> str:
    faults = [f"f{number} IS NOT NULL" for number, f in enumerate(kind.fields) if f.severity is severity]
    return f"({' OR '.join(faults)})" if faults else "false"


def _faults(kind: RecordKind, severity: Severity) -> str:
    faults = ", ".join(
        f"'{number}:' || f{number}" for number, f in enumerate(kind.fields) if f.severity is severity
    )
    return f"list_filter([{faults}], lambda fault: fault IS NOT NULL)" if faults else "NULL::VARCHAR[]"


def _excluded(descriptor: Descriptor, kind: RecordKind) -> str:
    """Rows that are rightly left out: walk-ins out of scope (INT-020), provinces not switched on (CUT-008)."""
    places = {f.target: number for number, f in enumerate(kind.fields) if f.target}
    cases = []
    if "kind" in places and kind.target.value == "party" and descriptor.walk_in is not WalkIn.ALL:
        without = (
            f" AND t{places['credential_no']} = ''" if descriptor.walk_in is WalkIn.WITH_CREDENTIAL else ""
        )
        cases.append(f"WHEN n{places['kind']} = 'R'{without} THEN 'walk_in'")
    if "unit_code" in places and descriptor.provinces != ("*",):
        number = places["unit_code"]
        cases.append(
            f"WHEN n{number} <> '' AND TRY_CAST(n{number} AS unit_switched_off) IS NOT NULL THEN 'province'"
        )
    return f"CASE {' '.join(cases)} END" if cases else "NULL::VARCHAR"


def _register(database: duckdb.DuckDBPyConnection, references: References, descriptor: Descriptor) -> None:
    """Make the references known, as enumerations: a cast looks a value up without a join, and joins lose the order."""
    switched_on = {"", *descriptor.provinces}  # a unit of no stated province is nobody's to switch off
    everywhere = descriptor.provinces == ("*",)
    switched_off = [
        code for code, province in references.units.items() if not (everywhere or province in switched_on)
    ]
    for name, values in (
        ("known_unit", references.units),
        ("known_staff", references.staff),
        ("unit_switched_off", switched_off),
    ):
        listed = ", ".join(literal(value) for value in ("", *sorted(values)))
        database.execute(f"CREATE TEMP TYPE {name} AS ENUM ({listed})")
    domestic = "|".join(f"(?:{pattern})" for pattern in references.domestic_items)
    database.execute(
        f"CREATE TEMP MACRO is_domestic_item(n) AS regexp_full_match(n, {literal(domestic)}) AND n <> ''"
    )
    database.execute(
        "CREATE TEMP MACRO fact_day(day) AS "
        f"day BETWEEN DATE '{references.first_day}' AND DATE '{references.last_day}'"
    )


def _feed(
    database: duckdb.DuckDBPyConnection,
    name: str,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    failure: list[BaseException],
) -> None:
    """Let a query read a stream of batches under a name.

    As a bare stream: a reader of Arrow's would be scanned with sixteen batches read ahead.
    """
    stream = pa.RecordBatchReader.from_batches(schema, _ahead(batches, failure))
    database.register(name, stream.__arrow_c_stream__())


def _ahead(batches: Iterable[pa.RecordBatch], failure: list[BaseException]) -> Iterator[pa.RecordBatch]:
    """Pass batches on while a thread makes the next one, so that reading, judging and writing run side by side.

    An error of the reader is kept in `failure`, because only its text survives the way through DuckDB.
    """
    source = iter(batches)
    with ThreadPoolExecutor(1) as maker:
        try:
            following = maker.submit(next, source, None)
            while (batch := following.result()) is not None:
                following = maker.submit(next, source, None)
                yield batch
        except (SourceError, vault.Tampered) as error:
            failure.append(error)
            raise


@contextmanager
def opened(record: UUID) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own to the process's engine, which then knows the delivery's key."""
    with _engine().cursor() as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand in the output of commands
        connection.execute(f"PRAGMA add_parquet_key('{record.hex}', '{_key(record)}')")
        yield connection


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """A database in memory that reaches no network and spills no plain text; loading OpenSSL takes 70 ms, so once."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": "",
        "threads": 1,  # one thread keeps the rows in the order of the file; reader and writer have others
    }
    engine = duckdb.connect(":memory:", config=settings)
    engine.execute(f"LOAD '{_quoted(_openssl())}'")
    engine.execute(files("hongyan.integration").joinpath("staging.sql").read_text("utf-8"))
    return engine


def _openssl() -> Path:
    """DuckDB's extension that brings OpenSSL, from its wheel."""
    folder = Path(str(files("duckdb_extension_httpfs"))) / "extensions" / f"v{duckdb.__version__}"
    return next(folder.rglob("httpfs.duckdb_extension"))


def _key(record: UUID) -> str:
    """The key of one delivery's staged files: 32 hexadecimal characters."""
    return vault.blind("key:staged-parquet", record.hex).hex()


def scan(path: Path, record: UUID) -> str:
    """A staged file in a query."""
    return f"read_parquet('{_quoted(path)}', encryption_config={{footer_key: '{record.hex}'}})"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def literal(value: str) -> str:
    """A text in a query."""
    return "'" + value.replace("'", "''") + "'"


def identifier(target: str) -> str:
    """A target's column in a query."""
    return f'"{target}"'
