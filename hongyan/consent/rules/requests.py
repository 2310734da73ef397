"""How a person's request may go on (个人权利请求流转). Pure. Source: PIPL 50, BARS A 36."""

from __future__ import annotations

from datetime import date

from hongyan.consent.codes import RequestState

OPEN = (RequestState.RECEIVED, RequestState.VERIFIED, RequestState.WORKING)

_NEXT: dict[RequestState, frozenset[RequestState]] = {
    RequestState.RECEIVED: frozenset({RequestState.VERIFIED, RequestState.REFUSED}),
    RequestState.VERIFIED: frozenset({RequestState.WORKING, RequestState.REFUSED}),
    RequestState.WORKING: frozenset({RequestState.ANSWERED, RequestState.REFUSED}),
    RequestState.ANSWERED: frozenset(),
    RequestState.REFUSED: frozenset(),
}


def may_become(state: str, after: str) -> bool:
    """Whether a request may go from one state to another: nothing is answered to somebody nobody verified.

    >>> may_become("received", "verified"), may_become("received", "answered"), may_become("answered", "refused")
    (True, False, False)
    """
    return RequestState(after) in _NEXT[RequestState(state)]


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Whether an open request has passed its last day.

    >>> is_overdue("working", date(2026, 3, 6), date(2026, 3, 7)), is_overdue("answered", date(2026, 3, 6), date.max)
    (True, False)
    """
    return state in OPEN and due_on < today
