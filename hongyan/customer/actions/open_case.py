"""Opening a review case (打开待核): both customers are read, and the case is what for.

A steward at work has no customer of their own here: what PSB-020 asks of whoever reads data of customers, a right and a
need, is given by the case itself. Its number stands as the purpose with each of the two.
"""

from __future__ import annotations

from datetime import datetime

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.customer.actions.hold_case import hold_case
from hongyan.customer.queries.cases import OpenedCase, case_view, find_row
from hongyan.customer.queries.history import OPENING
from hongyan.org.codes import Right, Viewer


def open_case(viewer: Viewer, case_id: int, *, since: datetime) -> OpenedCase:
    """Everything around a case, and the audit that somebody looked at its customers.

    It is held for the viewer unless somebody else has held it `since` then.

    Errors: NotAllowed without the right to merge, NotFound for a case whose customers the viewer does not both see.
    """
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
    view = case_view(find_row(viewer, case_id))
    codes = sorted({side.customer.code for side in view.sides})
    audit.record_each(
        viewer.actor, OPENING, "customer", codes, after={"part": "case"}, purpose=view.row.number
    )
    if view.is_waiting:
        hold_case(viewer, case_id, since=since)
    return view
