"""Who sees what of which line (共享): amounts of the financial lines only with the role, else denied (X-17)."""

from __future__ import annotations

from collections.abc import Collection

LINES = ("01", "02", "03", "04", "05")
FINANCIAL_LINES = frozenset({"03", "04", "05"})
"""Savings bank, insurance, securities (L06): shared by purpose; others see that there is business, not how much."""


def open_lines(post_lines: Collection[str], *, sees_everything: bool) -> frozenset[str]:
    """The lines of which a post sees facts and amounts, in every unit of its scope.

    >>> sorted(open_lines(("01",), sees_everything=False))
    ['01', '02']
    >>> sorted(open_lines(("01", "03"), sees_everything=False))
    ['01', '02', '03']
    """
    if sees_everything:
        return frozenset(LINES)
    return frozenset(LINES) - (FINANCIAL_LINES - frozenset(post_lines))
