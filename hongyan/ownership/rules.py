"""Decisions about who looks after whom (管户规则). Pure: no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from typing import NamedTuple


class Range(NamedTuple):
    """A unit's place as numbers: itself and everything beneath it, both ends included."""

    lo: int
    hi: int

    def covers(self, org_no: int) -> bool:
        """Whether a unit's number lies in it.

        >>> Range(10, 20).covers(20), Range(10, 20).covers(21)
        (True, False)
        """
        return self.lo <= org_no <= self.hi


def stays_at_unit(unit_no: int, manager_at: Range) -> bool:
    """Whether customers stay at their outlet under a new manager: one who stands at it or above it.

    A key account manager of a county looks after customers of its outlets, who remain the outlets' customers. A manager
    of another outlet takes them along.

    >>> stays_at_unit(12, Range(10, 20)), stays_at_unit(12, Range(12, 12)), stays_at_unit(12, Range(13, 13))
    (True, True, False)
    """
    return manager_at.covers(unit_no)


def room_left(cap: int, present: int) -> int:
    """How many customers a manager can still take (PSB-011, X-05). Whoever is over the cap can take none.

    >>> room_left(500, 499), room_left(500, 500), room_left(500, 512)
    (1, 0, 0)
    """
    return max(0, cap - present)


class Share(NamedTuple):
    """How many customers go to a manager, by their staff id; the pool has no share: it takes what is left."""

    manager_id: int
    size: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan gives to one manager: `takes` of the `wanted`; the `over` ones exceed the cap and go to the pool."""

    manager_id: int
    wanted: int
    takes: int

    @property
    def over(self) -> int:
        """Those who go to the pool because of the cap."""
        return self.wanted - self.takes


@dataclass(frozen=True, slots=True)
class Plan:
    """How customers are shared out: to each manager, and to the pool what nobody was given; `missing` are too many."""

    managers: tuple[Planned, ...]
    pool: int
    missing: int

    @property
    def over(self) -> int:
        """Those who go to the pool because of a cap."""
        return sum(one.over for one in self.managers)


def plan_for(customers: int, shares: Sequence[Share], room: Mapping[int, int]) -> Plan:
    """What becomes of so many customers, shared out in the order of the shares. `room` is what each manager can take.

    >>> plan = plan_for(412, [Share(1, 200), Share(2, 150)], {1: 180, 2: 400})
    >>> [(one.manager_id, one.takes, one.over) for one in plan.managers], plan.pool, plan.missing
    ([(1, 180, 20), (2, 150, 0)], 62, 0)
    """
    wanted = sum(share.size for share in shares)
    planned = tuple(
        Planned(share.manager_id, share.size, min(share.size, room.get(share.manager_id, 0)))
        for share in shares
    )
    return Plan(planned, pool=max(0, customers - wanted), missing=max(0, wanted - customers))


def shared_out(customers: Sequence[int], shares: Sequence[Share]) -> dict[int, int | None]:
    """Customer → the manager they go to, None for the pool: the first ones to the first share, and so on.

    >>> shared_out([7, 8, 9], [Share(1, 1), Share(2, 1)])
    {7: 1, 8: 2, 9: None}
    """
    targets = [share.manager_id for share in shares for _ in range(share.size)]
    return {
        customer: targets[position] if position < len(targets) else None
        for position, customer in enumerate(customers)
    }


def may_claim_again(lost_at: Iterable[datetime], *, now: datetime, days: int) -> bool:
    """Whether somebody may claim a customer: nobody takes back within some days whom they gave away or lost.

    >>> day = datetime(2026, 11, 1)
    >>> may_claim_again([], now=day, days=30), may_claim_again([day], now=day + timedelta(days=29), days=30)
    (True, False)
    >>> may_claim_again([day], now=day + timedelta(days=30), days=30)
    True
    """
    return all(now - lost >= timedelta(days=days) for lost in lost_at)


class Problem(IntEnum):
    """What is wrong with the day on which something takes effect."""

    PAST = 1
    FAR = 2


def problem_with_days(day: date, *, today: date, ahead: int) -> Problem | None:
    """Whether something may take effect on a day: from today to so many days ahead.

    >>> today = date(2026, 11, 23)
    >>> problem_with_days(today, today=today, ahead=0), problem_with_days(date(2026, 11, 22), today=today, ahead=9)
    (None, <Problem.PAST: 1>)
    >>> problem_with_days(date(2026, 11, 25), today=today, ahead=1)
    <Problem.FAR: 2>
    """
    if day < today:
        return Problem.PAST
    return Problem.FAR if day > today + timedelta(days=ahead) else None


def may_claim_at(unit_id: int, owner_unit_id: int, *, at_county: bool, is_risen: bool) -> bool:
    """Whether somebody at a unit may claim a customer of their scope from the pool (X-34).

    Their own unit's always; from a post at the county also what rose to its pool.

    >>> may_claim_at(5, 5, at_county=False, is_risen=True), may_claim_at(5, 6, at_county=False, is_risen=True)
    (True, False)
    >>> may_claim_at(2, 5, at_county=True, is_risen=True), may_claim_at(2, 5, at_county=True, is_risen=False)
    (True, False)
    """
    return unit_id == owner_unit_id or (at_county and is_risen)


# --- belonging at the bank


class Step(IntEnum):
    """What decides to which outlet a customer of the bank belongs (归属规则). Source: PSB-010, X-03."""

    ONLY = 0
    TOTAL = 1
    ASSETS = 2
    EARLIEST = 3
    TIE = 4


class Standing(NamedTuple):
    """A customer at one outlet: daily averages of assets plus liabilities and of assets, and the earliest account."""

    outlet: str
    total: Decimal
    assets: Decimal
    opened_on: date | None


def belongs_to(standings: Sequence[Standing]) -> tuple[Standing, Step]:
    """The outlet to which a customer of the bank belongs, and the step that decided it.

    The largest daily average of assets plus liabilities; among equals the largest of assets; among equals the earliest
    account; and what is equal even then goes to the lowest code and is called a tie. It asks outlets wherever they
    are: in several provinces or in one. An account without a day of opening counts as the latest.
    Source: PSB-010, X-03; REQUIREMENTS 6, example 1.

    >>> x = Standing("x", Decimal(90_000), Decimal(40_000), None)
    >>> y = Standing("y", Decimal(90_000), Decimal(60_000), None)
    >>> [(found.outlet, step.name) for found, step in (belongs_to([x, y]), belongs_to([x]))]
    [('y', 'ASSETS'), ('x', 'ONLY')]
    """
    if len(standings) == 1:
        return standings[0], Step.ONLY
    left = list(standings)
    most = max(one.total for one in left)
    left = [one for one in left if one.total == most]
    if len(left) == 1:
        return left[0], Step.TOTAL
    most = max(one.assets for one in left)
    left = [one for one in left if one.assets == most]
    if len(left) == 1:
        return left[0], Step.ASSETS
    first = min(one.opened_on or date.max for one in left)
    left = [one for one in left if (one.opened_on or date.max) == first]
    if len(left) == 1:
        return left[0], Step.EARLIEST
    return min(left, key=lambda one: one.outlet), Step.TIE


class Window(NamedTuple):
    """Whole months, both days included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def window_before(as_of: date, months: int) -> Window:
    """The last whole months that were over on a day. A month is over on its last day.

    >>> [str(day) for day in window_before(date(2026, 11, 23), 3)]
    ['2026-08-01', '2026-10-31']
    >>> [str(day) for day in window_before(date(2026, 11, 30), 3)]
    ['2026-09-01', '2026-11-30']
    """
    last = (as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    number = last.year * 12 + last.month - months
    return Window(date(number // 12, number % 12 + 1, 1), last)


def daily_average(sum_of_days: Decimal, days: int) -> Decimal:
    """The average of a window in whole cents, as pages show it and the rule compares it.

    >>> daily_average(Decimal("1000.00"), 92)
    Decimal('10.87')
    """
    return (sum_of_days / days).quantize(Decimal("0.01"), ROUND_HALF_UP)
