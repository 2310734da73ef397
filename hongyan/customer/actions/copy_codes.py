"""Taking the codes of many customers at once (复制客户编码). Codes say nothing, yet how many were taken is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.customer.models import ListRow
from hongyan.org.codes import Right, Viewer

MOST = 1000
"""Codes handed out at once; more is an export, with a right and an approval of its own (BARS A 13)."""


@dataclass(frozen=True, slots=True)
class CopiedCodes:
    """Codes in the order of the list; `is_cut` when there were more than may be taken at once."""

    codes: tuple[str, ...]
    is_cut: bool


def copy_codes(viewer: Viewer, rows: QuerySet[ListRow]) -> CopiedCodes:
    """The codes of rows the viewer chose, at most `MOST`, with an audit of their number.

    Errors: NotAllowed without the right to read customers.
    """
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    with transaction.atomic(savepoint=False):
        found = list(rows.values_list("code", flat=True)[: MOST + 1])
        codes: Sequence[str] = found[:MOST]
        audit.record(viewer.actor, "customer.copy_codes", "customer_list", "", count=len(codes))
    return CopiedCodes(tuple(codes), is_cut=len(found) > MOST)
