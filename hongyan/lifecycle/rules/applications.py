"""How an application may go on (申请流转), SM1. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum, auto

from hongyan.lifecycle.codes import ENTERING, ApplicationKind, ApplicationState, OpenItem

_NEXT: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
    ApplicationState.CHECKING: frozenset(
        {ApplicationState.SUBMITTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.SUBMITTED: frozenset(
        {
            ApplicationState.AGREED,
            ApplicationState.APPROVED,
            ApplicationState.REFUSED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.AGREED: frozenset(
        {ApplicationState.SUBMITTED, ApplicationState.APPROVED, ApplicationState.REFUSED}
    ),
    ApplicationState.REFUSED: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
    ApplicationState.APPROVED: frozenset({ApplicationState.UNDONE}),
    ApplicationState.WITHDRAWN: frozenset(),
    ApplicationState.UNDONE: frozenset(),
}


def may_become(state: str, after: str, *, kind: str) -> bool:
    """Whether an application may go from one state to another.

    Only what was typed of somebody new comes back as a draft when it is refused; only a closing is checked around, and
    can be undone.

    >>> may_become("draft", "submitted", kind="create"), may_become("draft", "approved", kind="create")
    (True, False)
    >>> may_become("refused", "submitted", kind="create"), may_become("refused", "submitted", kind="close")
    (True, False)
    >>> may_become("approved", "undone", kind="close"), may_become("approved", "undone", kind="create")
    (True, False)
    """
    if state == ApplicationState.REFUSED and kind not in ENTERING:
        return False
    if after == ApplicationState.UNDONE and kind != ApplicationKind.CLOSE:
        return False
    return ApplicationState(after) in _NEXT[ApplicationState(state)]


def is_editable(state: str, *, kind: str) -> bool:
    """Whether the maker may still change an application and submit it.

    >>> cases = [("refused", "create"), ("agreed", "create"), ("checking", "close"), ("refused", "close")]
    >>> tuple(is_editable(state, kind=kind) for state, kind in cases)
    (True, False, False, False)
    """
    is_under_way = state in {ApplicationState.AGREED, ApplicationState.CHECKING}
    return not is_under_way and may_become(state, ApplicationState.SUBMITTED, kind=kind)


def may_answer(state: str, *, until: datetime | None, is_answered: bool, now: datetime) -> bool:
    """Whether the other mailing line may still say something about an application (X-22).

    >>> at = datetime(2026, 11, 25, 10)
    >>> [may_answer("agreed", until=at, is_answered=False, now=at.replace(hour=hour)) for hour in (9, 10)]
    [True, False]
    """
    is_open = state in {ApplicationState.SUBMITTED, ApplicationState.AGREED}
    return is_open and not is_answered and until is not None and now < until


class Effect(StrEnum):
    """What becomes of an approved application."""

    NOW = auto()
    WAITS = auto()
    ABOVE = auto()


def effect_of(
    *, until: datetime | None, is_answered: bool, has_objection: bool, decided_above: bool, now: datetime
) -> Effect:
    """Whether an approval takes effect now, waits for the other mailing line, or is decided by the province (X-22).

    >>> at = datetime(2026, 11, 25, 10)
    >>> effect_of(until=at, is_answered=False, has_objection=False, decided_above=False, now=at.replace(hour=9)).value
    'waits'
    >>> effect_of(until=at, is_answered=True, has_objection=True, decided_above=False, now=at).value
    'above'
    """
    if has_objection:
        return Effect.NOW if decided_above else Effect.ABOVE
    if until is not None and not is_answered and now < until:
        return Effect.WAITS
    return Effect.NOW


def standing(items: Iterable[OpenItem], *, line: str, own_lines: Collection[str]) -> list[OpenItem]:
    """The open items that stand against closing one line of a customer, or with no line the customer whole.

    What another line has with the customer stands against the whole; so does a live agreement of an own line where
    there are several lines: each is ended by its own application.

    >>> mail, express = OpenItem("协议", "A1", line="01", is_relationship=True), OpenItem("协议", "S1", line="02",
    ...     is_relationship=True)
    >>> letter = OpenItem("在途邮件", "XA1", line="01")
    >>> [item.name for item in standing([mail, express, letter], line="", own_lines=["01"])]
    ['S1', 'XA1']
    >>> live = OpenItem("协议", "S1", line="02", is_relationship=True, is_agreement=True)
    >>> [item.name for item in standing([mail, live], line="", own_lines=["01", "02"])]
    ['S1']
    >>> standing([live], line="", own_lines=["01", "02"])
    []
    >>> [item.name for item in standing([mail, express, letter], line="02", own_lines=["02"])]
    []
    """
    if line:
        return [item for item in items if not item.is_relationship and item.line in {"", line}]
    found = list(items)
    has_several = len({item.line for item in found if item.is_relationship}) > 1
    return [
        item
        for item in found
        if not item.is_relationship or item.line not in own_lines or (item.is_agreement and has_several)
    ]


def undo_ends(decided: datetime, *, days: int) -> datetime:
    """Until when a closing can be undone. Source: X-21."""
    return decided + timedelta(days=days)
