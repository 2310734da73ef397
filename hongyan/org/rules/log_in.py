"""Decisions about logging in: how long guessing waits, when a session is over. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_MOST_DOUBLINGS = 20
"""Beyond this every delay is at its longest; a flood of failures must not compute large powers."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """How guessing at passwords is slowed down; times in seconds. See `org.parameters`."""

    free_failures: int
    first_delay: int
    longest_delay: int
    memory: int


def open_again_at(failures: Sequence[datetime], throttle: Throttle, *, now: datetime) -> datetime | None:
    """When the next attempt is heard after failures in a row; None when it may come at once.

    `failures` are the instants since the last success, newest first. Each failure beyond the free ones doubles
    the delay, up to the longest. Failures older than `memory` are forgotten.
    Source: BARS A 22 (ASVS 2.2.1).

    >>> slow, t = Throttle(5, 30, 900, 3600), datetime(2026, 11, 22, 8)
    >>> open_again_at([t] * 4, slow, now=t)
    >>> open_again_at([t] * 5, slow, now=t) - t, open_again_at([t] * 6, slow, now=t) - t
    (datetime.timedelta(seconds=30), datetime.timedelta(seconds=60))
    """
    recent = [at for at in failures if at > now - timedelta(seconds=throttle.memory)]
    excess = len(recent) - throttle.free_failures
    if excess < 0:
        return None
    delay = min(throttle.first_delay * 2 ** min(excess, _MOST_DOUBLINGS), throttle.longest_delay)
    opens = recent[0] + timedelta(seconds=delay)
    return opens if opens > now else None


def session_is_over(
    *, since: datetime, seen: datetime, now: datetime, idle: timedelta, longest: timedelta
) -> bool:
    """Whether a session ends: nothing was done for `idle`, or the log-in is `longest` ago.

    >>> t, minute = datetime(2026, 11, 22, 8), timedelta(minutes=1)
    >>> session_is_over(since=t, seen=t, now=t + 30 * minute, idle=30 * minute, longest=720 * minute)
    True
    """
    return now - seen >= idle or now - since >= longest
