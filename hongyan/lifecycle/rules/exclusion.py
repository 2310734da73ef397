"""Mutual exclusion of the two mailing lines (寄递互斥), X-23. Pure.

One legal customer has one live agreement for a family of mailing products: with 邮务 or with 速递. An agreement that
does not say for which family it is may be for any, so it excludes until an exception is approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hongyan.lifecycle.codes import MAILING, Agreement


def clashes(wished: Agreement, live: Iterable[Agreement], *, today: date) -> list[Agreement]:
    """The live agreements that exclude a wished one: the other mailing line, a common family, a common day.

    >>> express = Agreement("02", frozenset({"1"}), date(2026, 1, 1), date(2026, 12, 31))
    >>> letters = Agreement("01", frozenset({"1"}), date(2026, 6, 1), None)
    >>> parcels = Agreement("01", frozenset({"2"}), date(2026, 6, 1), None)
    >>> day = date(2026, 5, 1)
    >>> clashes(letters, [express], today=day) == [express], clashes(parcels, [express], today=day)
    (True, [])
    """
    return [one for one in live if _excludes(one, wished, today)]


def _excludes(one: Agreement, wished: Agreement, today: date) -> bool:
    return (
        one.line in MAILING
        and wished.line in MAILING
        and one.line != wished.line
        and (not one.families or not wished.families or bool(one.families & wished.families))
        and is_live(one, today)
        and _overlap(one, wished)
    )


def is_live(one: Agreement, today: date) -> bool:
    """Whether an agreement has not run out yet; one that begins later counts."""
    return one.until is None or one.until >= today


def _overlap(one: Agreement, other: Agreement) -> bool:
    """Whether two have a day in common; both ends belong to an agreement."""
    begins = one.since is None or other.until is None or one.since <= other.until
    return begins and (other.since is None or one.until is None or other.since <= one.until)
