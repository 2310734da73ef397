"""Booking dated facts (入账): a block of rows becomes entries and monthly sums, in a few statements.

    block → temporary table `fact` → shells for unknown parties, products, accounts
          → entries +1 and their sums → entries −1 for what they replace, and their sums

A fact that moved has several days, and the source may name any of them as the former one: booking keeps which days
belong together (`FactMove`) and lets the highest version of all of them stand.

Nothing is ever updated but the sums. The end does not depend on the order in which versions come or on how they are
cut into blocks, and booking a block again changes nothing. One block is one transaction of the caller, under the bulk
role; blocks of one system are booked one after another.
"""

# ruff: noqa: S608 - statements are made of the names below, never of what a source sent

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from hongyan.core.events import publish
from hongyan.customer.actions.open_parties import open_parties
from hongyan.ledger.actions.partitions import make_partitions
from hongyan.ledger.actions.statements import statement
from hongyan.ledger.codes import FACT_COLUMNS, SUMS, Booked, FactKind, FactsBooked
from hongyan.ledger.models import FACT_MODELS

_INSTANT = "fact.{} AT TIME ZONE 'Asia/Shanghai'"
_PARTY = """LEFT JOIN LATERAL (
        SELECT id FROM customer_sourceparty WHERE system = %(system)s AND key = fact.key OFFSET 0
    ) party ON true"""
_HOLDING = """LEFT JOIN LATERAL (
        SELECT id FROM ledger_holding WHERE system = %(system)s AND key_hash = fact.holding_hash OFFSET 0
    ) holding ON true"""
_PRODUCT = """JOIN ledger_sourceproduct product ON product.system = %(system)s AND product.code = fact.product_code"""
_UNIT = "JOIN org_unit unit ON unit.code = fact.unit_code"
_UNIT_IF_KNOWN = "LEFT JOIN org_unit unit ON unit.code = fact.unit_code"


@dataclass(frozen=True)
class Shape:
    """How one kind of fact is booked.

    `key` identifies a fact within its day, as columns of the table; `fact_key` the same as columns of the block.
    `values` gives the expression of every other column; `content` the columns, and `raw_content` what they are made of
    in the block, that make two deliveries of one version equal. `measures` are those of the monthly sums.
    """

    key: Mapping[str, str]
    fact_key: str
    values: Mapping[str, str]
    content: tuple[str, ...]
    raw_content: str
    joins: tuple[str, ...]
    measures: Mapping[str, str] | None = None

    @property
    def all_values(self) -> dict[str, str]:
        """Column of the table → expression over the block, all but `row`."""
        return {
            **self.key,
            "business_date": "fact.business_date",
            "version": "fact.version",
            "entry": "(1 - fact.void)::smallint",
            "delivery_id": "%(delivery_id)s::bigint",
            "known_at": "%(known_at)s::timestamptz",
            "line": "%(line)s::varchar",
            **self.values,
        }


_NUMBER = {"number": "fact.number", "system": "%(system)s::varchar"}
_BY_WHOM = {
    "party_id": "party.id",
    "holding_id": "holding.id",
    "event_time": _INSTANT.format("event_time"),
    "unit_id": "unit.id",
    "product_id": "product.id",
}
SHAPES: Mapping[FactKind, Shape] = {
    FactKind.TRANSACTION: Shape(
        key=_NUMBER,
        fact_key="number",
        values={
            **_BY_WHOM,
            **{name: f"fact.{name}" for name in ("nature", "channel", "amount", "quantity", "note")},
        },
        content=("party_id", "unit_id", "product_id", "nature", "amount", "quantity"),
        raw_content="fact.void, fact.key, fact.unit_code, fact.product_code, fact.nature, fact.amount, fact.quantity",
        joins=(_PARTY, _HOLDING, _PRODUCT, _UNIT),
        measures={
            "quantity": "entry * quantity",
            "weight_g": "0",
            "revenue": "entry * amount * (nature < '10')::int",
            "inflow": "entry * amount * (nature = '11')::int",
            "outflow": "entry * amount * (nature = '12')::int",
        },
    ),
    FactKind.MAIL_ITEM: Shape(
        key=_NUMBER,
        fact_key="number",
        values={
            **_BY_WHOM,
            "promised_at": _INSTANT.format("promised_at"),
            **{
                name: f"fact.{name}"
                for name in (
                    "weight_g", "charged_weight_g", "postage", "insured", "cod", "settlement", "contents",
                    "pickup_mode", "delivery_mode", "division",
                )
            },
        },
        content=("party_id", "unit_id", "product_id", "postage", "weight_g"),
        raw_content="fact.void, fact.key, fact.unit_code, fact.product_code, fact.postage, fact.weight_g",
        joins=(_PARTY, _HOLDING, _PRODUCT, _UNIT),
        measures={
            "quantity": "entry",
            "weight_g": "entry::bigint * weight_g",
            "revenue": "entry * postage",
            "inflow": "0",
            "outflow": "0",
        },
    ),
    FactKind.MAIL_EVENT: Shape(
        key={**_NUMBER, "event_time": _INSTANT.format("event_time"), "code": "fact.code"},
        fact_key="number, event_time, code",
        values={"unit_id": "unit.id", "division": "fact.division"},
        content=("unit_id", "division"),
        raw_content="fact.void, fact.unit_code, fact.division",
        joins=(_UNIT_IF_KNOWN,),
    ),
    FactKind.BALANCE: Shape(
        key={"holding_id": "holding.id", "kind": "fact.kind"},
        fact_key="holding_hash, kind",
        values={"party_id": "party.id", "amount": "fact.amount"},
        content=("party_id", "amount"),
        raw_content="fact.void, fact.key, fact.amount",
        joins=(_PARTY, _HOLDING),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Statements:
    fact: str
    touched: str
    mark_repeats: str
    book: str
    reverse: str


def book(
    kind: FactKind | str,
    block: Iterable[bytes | memoryview],
    rows: int,
    *,
    system: str,
    line: str,
    known_at: datetime,
    delivery_id: int,
    products: Mapping[str, str] | None = None,
) -> Booked:
    """Book one block of facts; see the module. Call it inside `scope.bulk()`.

    `block` is COPY's text format with the columns of `codes.FACT_COLUMNS[kind]`, in any pieces; `rows` is how many it
    holds. `known_at` is the same for all blocks of a delivery. `products` says which of the system's product codes
    means which product of ours; it counts when a code first comes, afterwards people classify it.
    Errors: ValueError when a row names an unknown unit, which integration has to see before.
    """
    kind = FactKind(kind)
    statements = _statements(kind)
    values: dict[str, Any] = {
        "kind": kind.value,
        "system": system,
        "line": line,
        "known_at": known_at,
        "delivery_id": delivery_id,
        "products": Jsonb(dict(products or {})),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"ledger/{system}"])
        cursor.execute(f"{statements.fact}; {statements.touched}")
        columns = ", ".join(column.name for column in FACT_COLUMNS[kind])
        with cursor.copy(f"COPY fact ({columns}) FROM STDIN") as copy:
            for piece in block:
                copy.write(piece)
        if not rows:
            return _close(cursor, Booked())
        cursor.execute("ANALYZE fact")
        _prepare(cursor, kind, values)
        cursor.execute(statements.book, values)
        booked = _booked(kind, cursor.fetchall())
        if sum(_counts(booked).values()) != rows:
            raise ValueError(f"{system}: {rows} rows came, {_counts(booked)} went")
        cursor.execute(statements.reverse, values)
        if SHAPES[kind].measures:
            publish(FactsBooked(delivery_id))
        return _close(cursor, booked)


_MONTHS_WITHOUT_PARTITION = """
SELECT month FROM (SELECT DISTINCT date_trunc('month', business_date)::date AS month FROM fact) named
WHERE to_regclass('ledger_monthlyfact' || to_char(month, '_YYYYMM')) IS NULL
"""


def _prepare(cursor: Any, kind: FactKind, values: dict[str, Any]) -> None:
    """Open what the block names and nobody knows yet, make its partitions, and tell its rows apart."""
    names = {column.name for column in FACT_COLUMNS[kind]}
    if _moves(kind):
        cursor.execute(_mark_moved(kind))
    cursor.execute(_MONTHS_WITHOUT_PARTITION)
    for (month,) in cursor.fetchall():
        make_partitions(month, month)
    if "key" in names:
        open_parties("fact", values["system"], at=values["known_at"])
    if "product_code" in names:
        cursor.execute(statement("open_products"), values)
    if "holding_hash" in names:
        cursor.execute(statement("open_holdings"), values)
    shape = SHAPES[kind]
    cursor.execute(f"SELECT 1 FROM fact GROUP BY {shape.fact_key}, business_date HAVING count(*) > 1 LIMIT 1")
    if cursor.fetchone():
        cursor.execute(_statements(kind).mark_repeats)


def _moves(kind: FactKind) -> bool:
    """Whether facts of a kind may move to another day."""
    return any(column.name == "original_date" for column in FACT_COLUMNS[kind])


def _mark_moved(kind: FactKind) -> str:
    """A row that moved to another day voids its number on the old day: the same row, as a mark that is not counted."""
    names = [column.name for column in FACT_COLUMNS[kind]]
    taken = {"void": "1", "business_date": "original_date", "original_date": "NULL"}
    values = ", ".join(taken.get(name, name) for name in names)
    return (
        f"INSERT INTO fact ({', '.join(names)}, counted) SELECT {values}, false FROM fact"
        " WHERE original_date <> business_date"
    )


def _booked(kind: FactKind, found: list[tuple[Any, ...]]) -> Booked:
    booked = Booked()
    for outcome, count, rows, *totals in found:
        booked.sums[outcome] = dict(zip(SUMS[kind], map(Decimal, totals), strict=True))
        if outcome == "conflict":
            booked.conflicts = sorted(rows)
        else:
            setattr(booked, outcome, count)
    return booked


def _counts(booked: Booked) -> dict[str, int]:
    return {
        "new": booked.new,
        "corrected": booked.corrected,
        "unchanged": booked.unchanged,
        "stale": booked.stale,
        "conflict": len(booked.conflicts),
    }


def _close(cursor: Any, booked: Booked) -> Booked:
    cursor.execute("DROP TABLE fact, touched")
    return booked


# --- statements


@cache
def _statements(kind: FactKind) -> _Statements:
    shape, table = SHAPES[kind], FACT_MODELS[kind]._meta.db_table
    columns, touched = ", ".join(shape.all_values), ", ".join(shape.key)
    own = {"entry": "-1", "known_at": "%(known_at)s", "delivery_id": "%(delivery_id)s"}
    months = (
        statement("months").format(
            measures=", ".join(f"sum({value}) AS {name}" for name, value in shape.measures.items())
        )
        if shape.measures
        else ""
    )
    names = {column.name: column.type for column in FACT_COLUMNS[kind]}
    return _Statements(
        fact="CREATE TEMPORARY TABLE fact ("
        + ", ".join(f"{name} {kind_of}" for name, kind_of in names.items())
        + ", counted boolean NOT NULL DEFAULT true, twin smallint NOT NULL DEFAULT 0, earlier integer)"
        " ON COMMIT DROP",
        touched=f"CREATE TEMPORARY TABLE touched ON COMMIT DROP AS SELECT {touched}, business_date, version, row"
        f" FROM {table} WITH NO DATA",
        mark_repeats=statement("mark_repeats").format(fact_key=shape.fact_key, content=shape.raw_content),
        book=statement("book").format(
            table=table,
            columns=columns,
            select=", ".join(f"{value} AS {name}" for name, value in shape.all_values.items()),
            sums="".join(f"fact.{name} AS sum_of_{name}, " for name in SUMS[kind]),
            totals="".join(f", sum(sum_of_{name})" for name in SUMS[kind]),
            joins="\n    ".join(shape.joins),
            old_content=", ".join(f"old.{name}" for name in shape.content),
            new_content=", ".join(shape.all_values[name] for name in shape.content),
            identity=" AND ".join(f"old.{name} = {value}" for name, value in shape.key.items()),
            original_date="nullif(fact.original_date, fact.business_date)" if _moves(kind) else "NULL::date",
            touched=touched,
            moves=statement("moves") if _moves(kind) else "",
            months=months,
        ),
        reverse=statement("reverse").format(
            table=table,
            columns=columns,
            reversed=", ".join(own.get(name, f"old.{name}") for name in shape.all_values),
            touched=touched,
            touched_identity=" AND ".join(f"entry.{name} = cause.{name}" for name in shape.key),
            entry_key=", ".join(f"entry.{name}" for name in shape.key),
            other_days=statement("other_days").format(day_key=", ".join(f"day.{name}" for name in shape.key))
            if _moves(kind)
            else "",
            months=months,
        ),
    )
