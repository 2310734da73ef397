"""Sums of a delivery (金额与业务量): what a file states in money, weight and pieces, and where every bit of it went.

Pure. `Delivery.sums` holds them per kind and target, amounts as texts:

    {"SALE": {"amount": {"source": "100.00", "accepted": "90.00", "quarantined": "10.00", "excluded": "0.00",
                         "difference": "0.00", "unreadable": 0,
                         "new": "90.00", "corrected": "0", "unchanged": "0", "stale": "0", "conflict": "0"}}}

`source` is what the trailer stated, where it stated it of that column, else what the rows add up to. A row that was
refused while it was booked (`conflict`) is in quarantine. `difference` is what has not gone anywhere yet: to the fen
nothing once the delivery is applied. The sums stay those of the file's own load: a row that is mended later is in those
of the delivery it was sent in again with.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hongyan.integration.descriptors import FieldType, RecordKind
from hongyan.integration.staging import Sum
from hongyan.ledger.codes import OUTCOMES

Sums = dict[str, dict[str, dict[str, Any]]]
_REFUSED = "conflict"


def stated(
    kind: RecordKind, controls: Mapping[str, Decimal], found: Mapping[str, Sum], *, missed: int
) -> dict[str, dict[str, Any]]:
    """The lines of a kind before anything is booked, from the trailer's sums by column and the staged rows' sums.

    What of the stated sum the readable rows do not explain belongs to unreadable rows, which are in quarantine;
    `missed` are those that fit no kind.
    """
    lines = {}
    for target, staged in found.items():
        readable = staged.good + staged.bad + staged.excluded
        source = _source(kind, target, controls, readable)
        line: dict[str, Any] = dict.fromkeys(OUTCOMES, "0")
        unreadable = staged.unreadable + missed
        quarantined = source - staged.good - staged.excluded if unreadable else staged.bad
        line |= {
            "source": str(source),
            "quarantined": str(quarantined),
            "excluded": str(staged.excluded),
            "unreadable": unreadable,
        }
        lines[target] = _balanced(line)
    return lines


def waiting(
    kind: RecordKind, controls: Mapping[str, Decimal], found: Mapping[str, Sum], *, missed: int
) -> dict[str, Decimal]:
    """Targets whose stated sum the rows do not make, with what is missing; empty for a sound file."""
    lines = stated(kind, controls, found, missed=missed)
    missing = {target: Decimal(lines[target]["difference"]) - staged.good for target, staged in found.items()}
    return {target: difference for target, difference in missing.items() if difference}


def booked(
    lines: Mapping[str, Mapping[str, Any]], outcomes: Mapping[str, Mapping[str, Decimal]]
) -> dict[str, dict[str, Any]]:
    """The lines of a kind after one more block, given the sums of its outcomes per target."""
    return {target: _with_block(line, target, outcomes) for target, line in lines.items()}


def differences(sums: Sums) -> list[tuple[str, str, str]]:
    """Kind, target and difference of every line that does not come out."""
    return [
        (kind, target, line["difference"])
        for kind, lines in sums.items()
        for target, line in lines.items()
        if Decimal(line["difference"])
    ]


def _with_block(
    line: Mapping[str, Any], target: str, outcomes: Mapping[str, Mapping[str, Decimal]]
) -> dict[str, Any]:
    more = {outcome: amounts[target] for outcome, amounts in outcomes.items()}
    changed = {outcome: str(Decimal(line[outcome]) + amount) for outcome, amount in more.items()}
    quarantined = Decimal(line["quarantined"]) + more.get(_REFUSED, Decimal(0))
    return _balanced({**line, **changed, "quarantined": str(quarantined)})


def _balanced(line: dict[str, Any]) -> dict[str, Any]:
    """The line with `accepted` and `difference` worked out."""
    accepted = sum((Decimal(line[outcome]) for outcome in OUTCOMES if outcome != _REFUSED), Decimal(0))
    gone = accepted + Decimal(line["quarantined"]) + Decimal(line["excluded"])
    return {**line, "accepted": str(accepted), "difference": str(Decimal(line["source"]) - gone)}


def _source(kind: RecordKind, target: str, controls: Mapping[str, Decimal], readable: Decimal) -> Decimal:
    field = kind.field_of(target)
    if field is None or field.column not in controls:
        return readable
    fen = field.type is FieldType.FEN
    return controls[field.column] / 100 if fen else controls[field.column]
