"""How an application may go on (申请流转), SM1. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from hongyan.lifecycle.codes import ApplicationKind, ApplicationState, OpenItem

_NEXT: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
    ApplicationState.SUBMITTED: frozenset(
        {ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.REFUSED: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
    ApplicationState.APPROVED: frozenset({ApplicationState.UNDONE}),
    ApplicationState.WITHDRAWN: frozenset(),
    ApplicationState.UNDONE: frozenset(),
}


def may_become(state: str, after: str, *, kind: str) -> bool:
    """Whether an application may go from one state to another.

    Only an admission comes back as a draft when it is refused; only a closing can be undone.

    >>> may_become("draft", "submitted", kind="create"), may_become("draft", "approved", kind="create")
    (True, False)
    >>> may_become("refused", "submitted", kind="create"), may_become("refused", "submitted", kind="close")
    (True, False)
    >>> may_become("approved", "undone", kind="close"), may_become("approved", "undone", kind="create")
    (True, False)
    """
    is_admission = ApplicationKind(kind) == ApplicationKind.CREATE
    if state == ApplicationState.REFUSED and not is_admission:
        return False
    if after == ApplicationState.UNDONE and kind != ApplicationKind.CLOSE:
        return False
    return ApplicationState(after) in _NEXT[ApplicationState(state)]


def standing(items: Iterable[OpenItem], *, line: str, own_lines: Collection[str]) -> list[OpenItem]:
    """The open items that stand against closing one line of a customer, or with no line the customer whole.

    >>> mail, express = OpenItem("协议", "A1", line="01", is_relationship=True), OpenItem("协议", "S1", line="02",
    ...     is_relationship=True)
    >>> letter = OpenItem("在途邮件", "XA1", line="01")
    >>> [item.name for item in standing([mail, express, letter], line="", own_lines=["01"])]
    ['S1', 'XA1']
    >>> [item.name for item in standing([mail, express, letter], line="02", own_lines=["02"])]
    []
    """
    if line:
        return [item for item in items if not item.is_relationship and item.line in {"", line}]
    return [item for item in items if not item.is_relationship or item.line not in own_lines]


def undo_ends(decided: datetime, *, days: int) -> datetime:
    """Until when a closing can be undone. Source: X-21."""
    return decided + timedelta(days=days)
