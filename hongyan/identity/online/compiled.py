"""Conditions, comparisons and safeguards as plain functions: the same answers without the detours of their objects.

A chunk asks a few hundred thousand conditions, each for less than a microsecond; walking a tree of objects would take
twice as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hongyan.identity.model.comparisons import DIFFERENT, UNKNOWN, Comparison
from hongyan.identity.model.conditions import All, Condition, Known, Not, Row, Same, Some
from hongyan.identity.model.safeguards import Outcomes, Safeguard

Test = Callable[[Row, Row], bool]
Outcome = Callable[[Row, Row], str]


def compiled(condition: Condition) -> Test:
    """``condition.holds``."""
    match condition:
        case All(conditions=parts):
            return _every(tuple(map(compiled, parts)))
        case Some(conditions=parts):
            return _some(tuple(map(compiled, parts)))
        case Not(condition=part):
            return _not(compiled(part))
        case Same(column=column):
            return _same(column)
        case Known(column=column):
            return _known(column)
    return condition.holds


def outcome_of(comparison: Comparison) -> Outcome:
    """``comparison.outcome``."""
    known = compiled(comparison.known)
    levels = tuple((compiled(level.condition), level.name) for level in comparison.levels)

    def outcome(left: Row, right: Row) -> str:
        if not known(left, right):
            return UNKNOWN
        for holds, name in levels:
            if holds(left, right):
                return name
        return DIFFERENT

    return outcome


def first_that_applies(guards: Iterable[Safeguard]) -> Callable[[Outcomes], Safeguard | None]:
    """Which of the safeguards holds a pair back, the first one, asking for no outcome that does not matter."""
    asked = tuple(
        (guard, tuple(guard.when.items()), tuple(tuple(enough.items()) for enough in guard.unless))
        for guard in guards
    )

    def first(outcomes: Outcomes) -> Safeguard | None:
        for guard, when, unless in asked:
            if _met(when, outcomes) and not _any_met(unless, outcomes):
                return guard
        return None

    return first


_Wanted = tuple[tuple[str, frozenset[str]], ...]


# Loops, not `all` and `any`: a generator costs more than what it asks here.
def _met(wanted: _Wanted, outcomes: Outcomes) -> bool:
    for name, accepted in wanted:  # noqa: SIM110
        if outcomes[name] not in accepted:
            return False
    return True


def _any_met(unless: tuple[_Wanted, ...], outcomes: Outcomes) -> bool:
    for wanted in unless:  # noqa: SIM110
        if _met(wanted, outcomes):
            return True
    return False


def _every(tests: tuple[Test, ...]) -> Test:
    def every(left: Row, right: Row) -> bool:
        for holds in tests:  # noqa: SIM110
            if not holds(left, right):
                return False
        return True

    return every


def _some(tests: tuple[Test, ...]) -> Test:
    def some(left: Row, right: Row) -> bool:
        for holds in tests:  # noqa: SIM110
            if holds(left, right):
                return True
        return False

    return some


def _not(holds: Test) -> Test:
    return lambda left, right: not holds(left, right)


def _same(column: str) -> Test:
    def same(left: Row, right: Row) -> bool:
        ours = left.get(column)
        return ours is not None and ours == right.get(column)

    return same


def _known(column: str) -> Test:
    return lambda left, right: left.get(column) is not None and right.get(column) is not None
