"""The rules of a day: parameters as the scoring takes them (评分规则)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hongyan.core.parameters import values_of
from hongyan.quality.codes import ANY_LINE
from hongyan.quality.parameters import EXPIRING_DAYS, MUST, RULES, STALE_DAYS


@dataclass(frozen=True, slots=True)
class Rules:
    """What a scoring goes by: `asked` as the statement reads it, days, and the same as plain JSON in `stored`."""

    asked: Sequence[Mapping[str, Any]]
    stale_days: int
    expiring_days: int
    stored: Mapping[str, Any]


def rules_of(day: date) -> Rules:
    """The rules in force on a day. One query."""
    parameters = (RULES, STALE_DAYS, EXPIRING_DAYS)
    values = values_of(*parameters, on=day)
    return read_rules({one.key: value for one, value in zip(parameters, values, strict=True)})


def read_rules(stored: Mapping[str, Any]) -> Rules:
    """The rules that a run kept."""
    asked = [
        {
            "party_type": row["party_type"],
            "line": ANY_LINE if row["line"] == "all" else row["line"],
            "item": row["item"],
            "weight": int(row["weight"]),
            "is_must": row["need"] == MUST,
        }
        for row in stored[RULES.key]
    ]
    return Rules(asked, int(stored[STALE_DAYS.key]), int(stored[EXPIRING_DAYS.key]), dict(stored))
