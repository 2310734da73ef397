"""Taking in what systems say about holdings and products (持有、产品): few beside the facts, so record by record.

A holding keeps every state its system stated and shows the one of the highest version, so the end does not depend on
the order in which states come. Numbers of accounts and agreements are sealed and found by keyed hash (C2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from psycopg.types.json import Jsonb

from hongyan.core import vault
from hongyan.core.bulk import copy_rows, update_rows
from hongyan.core.masking import mask_credential
from hongyan.core.personal_numbers import mask_numbers
from hongyan.core.sealed import uuid_for
from hongyan.customer.actions.open_parties import open_parties
from hongyan.customer.models import SourceParty
from hongyan.ledger.actions.statements import statement
from hongyan.ledger.codes import HoldingRecord, ProductRecord, TakenStates
from hongyan.ledger.models import Holding, HoldingVersion, Product, SourceProduct
from hongyan.ledger.queries.numbers import holding_hash
from hongyan.org.models import Unit

_NAMED = """
CREATE TEMPORARY TABLE fact (
    key text, product_code text, product_name text, holding_hash bytea, holding_masked text
) ON COMMIT DROP
"""


def take_in_holdings(
    records: Sequence[HoldingRecord],
    *,
    system: str,
    line: str,
    known_at: datetime,
    delivery_id: int,
    products: Mapping[str, str] | None = None,
) -> TakenStates:
    """Take states of holdings of one system in. Call it inside `scope.bulk()`.

    Parties, products and holdings nobody described yet are opened as shells. Errors: KeyError for a unit that is not
    known, which integration has to see before.
    """
    named = {record.row: holding_hash(system, record.number) for record in records}
    opening = {"system": system, "line": line, "known_at": known_at, "products": Jsonb(dict(products or {}))}
    _open(records, named, opening)
    holdings = {
        bytes(holding.key_hash): holding
        for holding in Holding.objects.filter(system=system, key_hash__in=set(named.values()))
    }
    ids = {holding.id for holding in holdings.values()}
    known = {
        (holding, version): stated
        for holding, version, stated in HoldingVersion.objects.filter(holding_id__in=ids).values_list(
            "holding_id", "version", "fields"
        )
    }
    taken = TakenStates()
    stated: list[tuple[Any, ...]] = []
    shown: dict[int, HoldingRecord] = {}
    for record in records:
        holding = holdings[named[record.row]]
        fields = _fields(record)
        before = known.setdefault((holding.id, record.version), fields)
        if before is not fields:
            if before == fields:
                taken.unchanged += 1
            else:
                taken.conflicts.append(record.row)
            continue
        text = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()
        stated.append((holding.id, record.version, text, known_at, delivery_id, record.row))
        if record.version < holding.version:
            taken.stale += 1
            continue
        if holding.version:
            taken.updated += 1
        else:
            taken.new += 1
        holding.version = record.version
        shown[holding.id] = record
    copy_rows(HoldingVersion, ("holding_id", "version", "fields", "known_at", "delivery_id", "row"), stated)
    _show(shown, {holding.id: holding for holding in holdings.values()}, system, known_at, delivery_id)
    return taken


def take_in_products(
    records: Sequence[ProductRecord],
    *,
    system: str,
    line: str,
    known_at: datetime,
    products: Mapping[str, str] | None = None,
) -> TakenStates:
    """Take product codes and names of one system in; a product that facts opened gets its name."""
    known = {
        product.code: product
        for product in SourceProduct.objects.filter(
            system=system, code__in={record.code for record in records}
        )
    }
    meant = Product.objects.filter(code__in=(products or {}).values(), family__line=line)
    ours = dict(meant.values_list("code", "id"))
    taken = TakenStates()
    for record in records:
        product, name = known.get(record.code), mask_numbers(record.name)
        if product is None:
            known[record.code] = SourceProduct.objects.create(
                system=system,
                code=record.code,
                name=name,
                line=line,
                first_seen_at=known_at,
                product_id=ours.get((products or {}).get(record.code, "")),
            )
            taken.new += 1
        elif product.name == name:
            taken.unchanged += 1
        else:
            product.name = name
            product.save(update_fields=["name"])
            taken.updated += 1
    return taken


def _open(records: Sequence[HoldingRecord], named: dict[int, bytes], values: dict[str, Any]) -> None:
    """Shells for the parties, products and holdings that the records name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"ledger/{values['system']}"])
        cursor.execute(_NAMED)
        with cursor.copy(
            "COPY fact (key, product_code, product_name, holding_hash, holding_masked) FROM STDIN"
        ) as copy:
            for record in records:
                masked = mask_credential(record.number)
                copy.write_row(
                    (
                        record.key or None,
                        record.product_code or None,
                        mask_numbers(record.product_name),
                        named[record.row],
                        masked,
                    )
                )
        open_parties("fact", values["system"], at=values["known_at"])
        cursor.execute(statement("open_products"), values)
        cursor.execute(statement("open_holdings"), values)
        cursor.execute("DROP TABLE fact")


def _fields(record: HoldingRecord) -> dict[str, Any]:
    """What a state says, as text; never the number of the holding, nor when it was said: it may be said again."""
    left_out = {"system", "number", "row", "version", "as_of"}
    words = {"product_name": mask_numbers(record.product_name)}
    return {
        name: str(value)
        for name, value in {**asdict(record), **words}.items()
        if name not in left_out and value not in (None, "")
    }


def _show(
    shown: dict[int, HoldingRecord],
    holdings: dict[int, Holding],
    system: str,
    known_at: datetime,
    delivery_id: int,
) -> None:
    """Bring holdings to their highest version."""
    if not shown:
        return
    records = shown.values()
    parties = dict(
        SourceParty.objects.filter(system=system, key__in={r.key for r in records}).values_list("key", "id")
    )
    units = dict(Unit.objects.filter(code__in={r.unit_code for r in records}).values_list("code", "id"))
    products = dict(
        SourceProduct.objects.filter(system=system, code__in={r.product_code for r in records}).values_list(
            "code", "id"
        )
    )

    def row(holding_id: int, record: HoldingRecord) -> tuple[Any, ...]:
        holding = holdings[holding_id]
        bound = uuid_for(Holding._meta.db_table, system, holding.key_hash)
        return (
            holding_id,
            mask_credential(record.number),
            bound,
            bytes(holding.sealed)
            or vault.seal(record.number.encode(), record=bound, column=Holding.SEALED["sealed"]),
            parties[record.key] if record.key else None,
            record.line,
            products[record.product_code] if record.product_code else None,
            record.kind.value,
            units[record.unit_code] if record.unit_code else None,
            record.opened_on,
            record.closed_on,
            record.matures_on,
            None if record.amount is None else str(record.amount),
            record.currency,
            record.status.value,
            record.version,
            record.as_of,
            known_at,
            delivery_id,
            record.row,
        )

    columns = (
        "number_masked", "uuid", "sealed", "party_id", "line", "source_product_id", "kind", "unit_id",
        "opened_on", "closed_on", "matures_on", "amount", "currency", "status",
        "version", "as_of", "known_at", "delivery_id", "row",
    )  # fmt: skip
    update_rows(Holding, "id", columns, [row(*columns) for columns in shown.items()])
