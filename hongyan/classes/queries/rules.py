"""The rules of a day: parameters as the classification takes them (分类规则)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hongyan.classes import parameters as given
from hongyan.classes.parameters import tier_of
from hongyan.classes.rules.behaviour import Limits, months_before
from hongyan.classes.rules.tiers import Tier
from hongyan.core.parameters import value_of, values_of

_LIMITS = (
    given.NEW_MONTHS,
    given.VOID_MONTHS,
    given.HIGH_MONTH_YUAN,
    given.HIGH_YEAR_YUAN,
    given.EARLY_PERCENT,
    given.EARLY_YUAN,
    given.MONTH_PERCENT,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a classification goes by. `stored` says the same as plain JSON."""

    limits: Limits
    active_months: int
    tiers: Sequence[Tier]
    stored: Mapping[str, Any]


def rules_of(day: date) -> Rules:
    """The rules in force on a day. One query."""
    parameters = (*_LIMITS, given.ACTIVE_MONTHS, given.TIERS)
    values = values_of(*parameters, on=day)
    stored = {parameter.key: value for parameter, value in zip(parameters, values, strict=True)}
    return read_rules(stored)


def read_rules(stored: Mapping[str, Any]) -> Rules:
    """The rules that a run kept."""
    new, void, *amounts = (stored[parameter.key] for parameter in _LIMITS)
    limits = Limits(int(new), int(void), *(Decimal(str(amount)) for amount in amounts))
    tiers = [tier_of(row) for row in stored[given.TIERS.key]]
    return Rules(limits, int(stored[given.ACTIVE_MONTHS.key]), tiers, dict(stored))


def tiers_today() -> list[Tier]:
    """The tiers in force today, as the table lists them. One query."""
    return [tier_of(row) for row in value_of(given.TIERS)]


@dataclass(frozen=True, slots=True)
class Months:
    """First days of the months that a classification of a day looks at; see `rules.behaviour`."""

    month: date
    month_year_ago: date
    year_from: date
    oldest: date
    newest: date
    lately_from: date


def months_of(day: date, *, active_months: int) -> Months:
    """The months of a day.

    >>> months = months_of(date(2026, 11, 22), active_months=6)
    >>> [f"{day:%Y-%m}" for day in (months.month, months.month_year_ago, months.year_from, months.oldest)]
    ['2026-10', '2025-10', '2025-11', '2024-11']
    >>> f"{months.newest:%Y-%m} {months.lately_from:%Y-%m}"
    '2026-11 2026-05'
    """
    newest = day.replace(day=1)
    month = (newest - timedelta(days=1)).replace(day=1)
    return Months(
        month=month,
        month_year_ago=months_before(month, 12),
        year_from=months_before(month, 11),
        oldest=months_before(month, 23),
        newest=newest,
        lately_from=months_before(newest, active_months),
    )
