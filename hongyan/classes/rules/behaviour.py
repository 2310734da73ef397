"""Behaviour classes and signals of loss from a customer's monthly revenue (BIG-i04, BIG-i05).

Months are whole ones: the last is the one before the day that is asked about, whose own month is still running.
`sql/classify.sql` says the same for all customers at once; a test holds one against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the classes of one customer rest on, in yuan.

    `month` is the last whole month, `year` the twelve that end with it, `year_before` the twelve before those,
    `lately` the months that count for being active together with the running one, `running` that one alone.
    """

    month: Decimal = NOTHING
    month_year_ago: Decimal = NOTHING
    year: Decimal = NOTHING
    year_before: Decimal = NOTHING
    lately: Decimal = NOTHING
    running: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the rules: months, yuan, percent 0–100."""

    new_months: int = 6
    void_months: int = 2
    high_month: Decimal = Decimal(1000)
    high_year: Decimal = Decimal(10000)
    early_percent: Decimal = Decimal(25)
    early_yuan: Decimal = Decimal(1000)
    month_percent: Decimal = Decimal(50)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where that one is shorter.

    >>> months_before(date(2026, 11, 22), 2), months_before(date(2026, 8, 31), 6)
    (datetime.date(2026, 9, 22), datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def activity(figures: Figures, registered_on: date, as_of: date, limits: Limits) -> str:
    """Active: registered lately, or revenue lately. Source: BIG-i04.

    >>> activity(Figures(), date(2026, 6, 1), date(2026, 11, 22), Limits())
    'active'
    >>> activity(Figures(year=Decimal(5)), date(2020, 6, 1), date(2026, 11, 22), Limits())
    'dormant'
    """
    is_new = registered_on > months_before(as_of, limits.new_months)
    return "active" if is_new or figures.lately > 0 else "dormant"


def worth(figures: Figures, limits: Limits) -> str:
    """High: so much in the last month, or in twelve. Source: BIG-i04.

    >>> worth(Figures(month=Decimal(1000)), Limits()), worth(Figures(year=Decimal("9999.99")), Limits())
    ('high', 'low')
    """
    return "high" if figures.month >= limits.high_month or figures.year >= limits.high_year else "low"


def validity(figures: Figures, registered_on: date, as_of: date, limits: Limits) -> str:
    """Effective: revenue in twelve months. Void: none, though registered some months ago. Source: BIG-i04.

    >>> validity(Figures(), date(2026, 9, 22), date(2026, 11, 22), Limits())
    'void'
    >>> validity(Figures(), date(2026, 9, 23), date(2026, 11, 22), Limits())
    'new'
    """
    if figures.year > 0 or figures.running > 0:
        return "effective"
    return "void" if registered_on <= months_before(as_of, limits.void_months) else "new"


def loss(figures: Figures, limits: Limits) -> str:
    """The gravest signal that a customer goes, empty where there is none. Source: BIG-i05.

    >>> loss(Figures(year_before=Decimal(10)), Limits())
    'year'
    >>> loss(Figures(month=Decimal(50), month_year_ago=Decimal(100), year=Decimal(900)), Limits())
    'month'
    >>> loss(Figures(month=Decimal(6000), month_year_ago=Decimal(8000), year=Decimal(9000)), Limits())
    'early'
    >>> loss(Figures(month=Decimal(99), month_year_ago=Decimal(100), year=Decimal(900)), Limits())
    'reduced'
    """
    now, then = figures.month, figures.month_year_ago
    if figures.year_before > 0 and figures.year <= 0 and figures.running <= 0:
        return "year"
    if then <= 0 or now >= then:
        return ""
    fallen = then - now
    if now <= 0 or fallen * 100 >= then * limits.month_percent:
        return "month"
    if fallen * 100 >= then * limits.early_percent and fallen > limits.early_yuan:
        return "early"
    return "reduced"
