"""Who sees what of which line (共享): amounts of the financial lines only with the role, or with consent (X-17)."""

from __future__ import annotations

from collections.abc import Collection

LINES = ("01", "02", "03", "04", "05")
FINANCIAL_LINES = frozenset({"03", "04", "05"})
"""Savings bank, insurance, securities (L06): other handlers of data than the post. Others see that there is business,
not how much, unless the customer agreed."""


def open_lines(
    post_lines: Collection[str], *, sees_everything: bool, shared: Collection[str] = ()
) -> frozenset[str]:
    """The lines of which a post sees facts and amounts; `shared` are those that one customer lets others see.

    >>> sorted(open_lines(("01",), sees_everything=False))
    ['01', '02']
    >>> sorted(open_lines(("01", "03"), sees_everything=False))
    ['01', '02', '03']
    >>> sorted(open_lines(("01",), sees_everything=False, shared=("04",)))
    ['01', '02', '04']
    """
    if sees_everything:
        return frozenset(LINES)
    return frozenset(LINES) - (FINANCIAL_LINES - frozenset(post_lines) - frozenset(shared))
