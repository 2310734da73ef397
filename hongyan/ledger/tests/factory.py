"""Facts for tests: a test names what it is about, everything else has a default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from hongyan.core import scope, vault
from hongyan.customer.tests.factory import LIXIA_OUTLET
from hongyan.ledger.actions.book import book
from hongyan.ledger.actions.take_in import take_in_holdings
from hongyan.ledger.codes import FACT_COLUMNS, Booked, FactKind, HoldingKind, HoldingRecord, TakenStates

OCTOBER, NOVEMBER = date(2026, 10, 5), date(2026, 11, 2)
SIGNED = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
_DEFAULTS: dict[FactKind, dict[str, Any]] = {
    FactKind.TRANSACTION: {
        "event_time": "2026-10-05T10:00:00",
        "product_code": "P1",
        "unit_code": LIXIA_OUTLET,
        "nature": "01",
        "amount": "10.00",
    },
    FactKind.MAIL_ITEM: {
        "event_time": "2026-10-05T10:00:00",
        "product_code": "EMS",
        "unit_code": LIXIA_OUTLET,
        "postage": "20.00",
        "weight_g": 500,
    },
    FactKind.MAIL_EVENT: {"event_time": "2026-10-05T10:00:00", "code": "01", "unit_code": LIXIA_OUTLET},
    FactKind.BALANCE: {"amount": "100.00"},
}


def block(kind: FactKind, rows: Iterable[dict[str, Any]], system: str = "yy") -> tuple[bytes, int]:
    """Rows as integration writes them: COPY text, and their number."""
    lines = []
    for number, given in enumerate(rows, 2):
        row = {"row": number, "business_date": OCTOBER, **_DEFAULTS[kind], **given}
        if account := row.pop("account", None):
            row["holding_hash"] = r"\\x" + vault.blind(f"holding:{system}", account).hex()
            row["holding_masked"] = f"{account[:4]}****{account[-4:]}"
        values = [row.pop(column.name, column.empty) for column in FACT_COLUMNS[kind]]
        assert not row, f"no such columns: {row}"
        assert None not in values, f"missing in {given}"
        lines.append("\t".join(map(str, values)) + "\n")
    return "".join(lines).encode(), len(lines)


def book_rows(
    kind: FactKind,
    *rows: dict[str, Any],
    system: str = "yy",
    line: str = "01",
    known_at: datetime = SIGNED,
    delivery_id: int = 1,
) -> Booked:
    """Book rows as one block of a delivery."""
    text, count = block(kind, rows, system)
    with transaction.atomic(), scope.bulk():
        return book(kind, [text], count, system=system, line=line, known_at=known_at, delivery_id=delivery_id)


def sell(number: str, amount: str, key: str | None = "K1", **more: Any) -> dict[str, Any]:
    """A sale, of a known party unless `key` says otherwise."""
    return {"number": number, "amount": amount, **({"key": key} if key else {}), **more}


def hold(
    number: str, key: str = "K1", *, system: str = "psb", line: str = "03", delivery_id: int = 1, **more: Any
) -> TakenStates:
    """Take one state of an account in."""
    record = HoldingRecord(
        **{
            "system": system,
            "number": number,
            "row": 2,
            "version": 1,
            "line": line,
            "kind": HoldingKind.ACCOUNT,
            "as_of": OCTOBER,
            "key": key,
            **more,
        }
    )
    with transaction.atomic(), scope.bulk():
        return take_in_holdings([record], system=system, line=line, known_at=SIGNED, delivery_id=delivery_id)
