"""The route: which checks a request takes, and who is among the checkers of each (审批矩阵). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from hongyan.org.codes import Joins, Level, OnTimeout, Risk, Role

HEAD = "head"
"""Stands in a route for whoever heads the unit, whatever its level."""

HEADS = {
    Level.GROUP: Role.GROUP_ADMIN,
    Level.PROVINCE: Role.PROVINCE_ADMIN,
    Level.CITY: Role.CITY_ADMIN,
    Level.COUNTY: Role.COUNTY_HEAD,
    Level.OUTLET: Role.OUTLET_HEAD,
}
WHO = (HEAD, *Role.values)
"""What a line of a route may name as checkers."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a route (审批矩阵): a group of checkers, the step they check in, and which requests need them.

    Lines of one step check side by side, joined by `joins`. Whoever holds one of `roles` checks, at the maker's unit or
    the nearest one above that stands at `level` or higher and has somebody. The line applies to requests `over` one
    amount (not itself) and up to another (itself), from makers at `maker_level`, of at least a `risk`; None is any.
    Units: amounts as the kind counts them; `hours` are working hours, 9 to a working day unless parameters say other.
    """

    step: int
    roles: tuple[str, ...] = (HEAD,)
    level: Level | None = None
    over: Decimal | None = None
    upto: Decimal | None = None
    maker_level: Level | None = None
    risk: Risk | None = None
    hours: int = 9
    on_timeout: OnTimeout = OnTimeout.ESCALATE
    joins: Joins = Joins.ALL


def applies(check: Check, *, amount: Decimal, level: Level, risk: Risk) -> bool:
    """Whether a request needs a line's checkers.

    >>> check = Check(1, over=Decimal(1000), risk=Risk.NORMAL)
    >>> [applies(check, amount=Decimal(n), level=Level.OUTLET, risk=Risk.HIGH) for n in (1000, 1001)]
    [False, True]
    """
    return (
        (check.over is None or amount > check.over)
        and (check.upto is None or amount <= check.upto)
        and check.maker_level in {None, level}
        and (check.risk is None or risk >= check.risk)
    )


def checks_for(route: Iterable[Check], *, amount: Decimal, level: Level, risk: Risk) -> list[Check]:
    """The lines a request takes, in the order of their steps, which are numbered anew from 1."""
    taken = sorted(
        (check for check in route if applies(check, amount=amount, level=level, risk=risk)),
        key=lambda check: check.step,
    )
    numbers = {step: number for number, step in enumerate(sorted({check.step for check in taken}), start=1)}
    return [replace(check, step=numbers[check.step]) for check in taken]


class Fault(Enum):
    """What is wrong with a route as a whole."""

    EMPTY = "empty"
    RANGE = "range"
    MIXED = "mixed"
    TWICE = "twice"


def first_fault(route: Sequence[Check]) -> tuple[int, Fault] | None:
    """The first line, counted from 1, that makes no sense among the others; None for a sound route.

    >>> first_fault([Check(1), Check(2, over=Decimal(5), upto=Decimal(5))])
    (2, <Fault.RANGE: 'range'>)
    """
    if not route:
        return 1, Fault.EMPTY
    joins: dict[int, Joins] = {}
    for number, check in enumerate(route, start=1):
        if check.over is not None and check.upto is not None and check.over >= check.upto:
            return number, Fault.RANGE
        if joins.setdefault(check.step, check.joins) != check.joins:
            return number, Fault.MIXED
        if check in route[: number - 1]:
            return number, Fault.TWICE
    return None


def roles_at(roles: Iterable[str], level: Level) -> frozenset[str]:
    """The roles a line names, as they are held at a unit of a level.

    >>> sorted(roles_at([HEAD, Role.FINANCE], Level.CITY)), roles_at([HEAD], Level.SEGMENT)
    (['city_admin', 'finance'], frozenset())
    """
    named = {HEADS.get(level) if role == HEAD else role for role in roles}
    return frozenset(str(role) for role in named if role)


def words_for(role: Role, level: Level) -> frozenset[str]:
    """What a line has to name so that somebody with a role at a level is among its checkers.

    >>> sorted(words_for(Role.CITY_ADMIN, Level.CITY)), sorted(words_for(Role.CITY_ADMIN, Level.COUNTY))
    (['city_admin', 'head'], ['city_admin'])
    """
    return frozenset({role.value, HEAD} if HEADS.get(level) == role else {role.value})
