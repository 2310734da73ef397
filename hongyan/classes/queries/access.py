"""Who may see classes (分类的查看范围): they rest on the revenue of mail and express, so whoever may see that."""

from __future__ import annotations

from hongyan.core.errors import NotAllowed
from hongyan.org.codes import Right, Viewer


def require_lines(viewer: Viewer) -> None:
    """Errors: NotAllowed for whoever may not see business, or customers."""
    for right in (Right.LEDGER_READ, Right.CUSTOMER_READ):
        if not viewer.may(right):
            raise NotAllowed(right)
