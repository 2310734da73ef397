"""Who may hold, request, end and lend posts (岗位的申请、结束与代理). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hongyan.org.codes import EXCLUSIVE_ROLES, Level, Right, Role, Viewer
from hongyan.org.rights import GRANTS, LEVELS


class Fault(StrEnum):
    """What speaks against giving somebody a role, or taking it away."""

    ONESELF = "oneself"
    ROLE = "role"
    SCOPE = "scope"
    LINES = "lines"
    LEVEL = "level"
    EXCLUSIVE = "exclusive"


class LendingFault(StrEnum):
    """What speaks against lending a post."""

    ONESELF = "oneself"
    PAST = "past"
    ORDER = "order"
    LONG = "long"
    EXCLUSIVE = "exclusive"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role for somebody at a unit: the person, the roles they hold or will, the unit's level and number, lines."""

    role: Role
    staff_id: int
    held: Collection[Role]
    level: Level
    org_no: int
    lines: Collection[str] = ()


def clashes(role: Role, held: Collection[Role]) -> bool:
    """Whether a role excludes one that the person holds (三员分立). Source: BARS E 5.

    >>> clashes(Role.SECURITY_ADMIN, [Role.SYSTEM_ADMIN]), clashes(Role.AUDITOR, [Role.AUDITOR, Role.MANAGER])
    (True, False)
    """
    return role in EXCLUSIVE_ROLES and not EXCLUSIVE_ROLES.isdisjoint({*held} - {role})


def faults_of_grant(wanted: Wanted, *, by: Viewer) -> list[Fault]:
    """What speaks against giving a role at somebody's request; nothing when it may be given.

    Asked when it is requested and again when it is approved, for both the requester and the person may hold other
    posts by then. Whoever sees customers themselves gives no line they do not have. Source: BARS E 5, A 7.
    """
    faults = faults_of_ending(wanted, by=by)
    if by.may(Right.CUSTOMER_READ) and not set(wanted.lines) <= set(by.line_codes):
        faults.append(Fault.LINES)
    if wanted.level not in LEVELS.get(wanted.role, frozenset(Level)):
        faults.append(Fault.LEVEL)
    if clashes(wanted.role, wanted.held):
        faults.append(Fault.EXCLUSIVE)
    return faults


def fault_anywhere(role: Role, staff_id: int, held: Collection[Role], *, by: Viewer) -> Fault | None:
    """What speaks against a role for somebody at whatever unit in the requester's scope; None where it can be had."""
    levels = [level for level in Level if level >= by.level]
    tried = [faults_of_grant(Wanted(role, staff_id, held, level, by.scope.lo), by=by) for level in levels]
    return tried[0][0] if all(tried) else None


def faults_of_ending(held: Wanted, *, by: Viewer) -> list[Fault]:
    """What speaks against ending a post: whoever cannot give a role cannot take it away either."""
    faults = {
        Fault.ONESELF: held.staff_id in by.people,
        Fault.ROLE: held.role not in GRANTS.get(by.role, frozenset()),
        Fault.SCOPE: not by.scope.covers(held.org_no),
    }
    return [fault for fault, is_so in faults.items() if is_so]


def faults_of_lending(
    role: Role, held: Collection[Role], *, is_oneself: bool, first: date, last: date, today: date, days: int
) -> list[LendingFault]:
    """What speaks against lending a post from one day to another, both included, to somebody who holds some roles.

    `days` is the longest time.

    >>> day = date(2026, 11, 23)
    >>> faults_of_lending(Role.AUDITOR, [], is_oneself=False, first=day, last=day, today=day, days=1)
    []
    """
    faults = {
        LendingFault.ONESELF: is_oneself,
        LendingFault.PAST: first < today,
        LendingFault.ORDER: last < first,
        LendingFault.LONG: (last - first).days >= days,
        LendingFault.EXCLUSIVE: clashes(role, held),
    }
    return [fault for fault, is_so in faults.items() if is_so]
