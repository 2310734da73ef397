"""The way of a review case (待核件, SM11): 候选 → 待核 → 合并 | 拒绝 | 搁置; 合并 → 拆分. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from hongyan.customer.codes import CaseState

_NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.PROPOSED: frozenset(
        {CaseState.OPEN, CaseState.ASKED, CaseState.MERGED, CaseState.REJECTED, CaseState.SHELVED}
    ),
    CaseState.OPEN: frozenset({CaseState.ASKED, CaseState.MERGED, CaseState.REJECTED, CaseState.SHELVED}),
    CaseState.ASKED: frozenset({CaseState.MERGED, CaseState.OPEN}),
    CaseState.SHELVED: frozenset({CaseState.OPEN, CaseState.ASKED, CaseState.MERGED, CaseState.REJECTED}),
    CaseState.REJECTED: frozenset({CaseState.OPEN, CaseState.ASKED, CaseState.MERGED}),
    CaseState.MERGED: frozenset({CaseState.SPLIT}),
    CaseState.SPLIT: frozenset({CaseState.OPEN, CaseState.MERGED, CaseState.ASKED}),
}


def may_become(state: str, next_state: str) -> bool:
    """Whether a case in one state may come into another.

    A merge is left by a split only; what was rejected, shelved or split may be taken up again.

    >>> may_become("open", "merged"), may_become("merged", "open"), may_become("rejected", "open")
    (True, False, True)
    """
    return CaseState(next_state) in _NEXT[CaseState(state)]


def is_undecided(state: str) -> bool:
    """Whether a case waits for a first word.

    >>> is_undecided("open"), is_undecided("asked"), is_undecided("shelved")
    (True, False, False)
    """
    return CaseState(state) in {CaseState.PROPOSED, CaseState.OPEN}
