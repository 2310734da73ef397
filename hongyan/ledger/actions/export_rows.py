"""Taking rows of the ledger's lists away as a file (导出业务): a right, a purpose, a limit, an audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.customer.actions.reveal import check_purpose
from hongyan.ledger.parameters import EXPORT_ROWS
from hongyan.org.codes import Right, Viewer


def export_rows(
    viewer: Viewer, rows: QuerySet[Any], *, subject: str, query: str, purpose: str, note: str = ""
) -> Sequence[Any]:
    """The rows of an export, recorded with their number, what they were asked by (`query`) and what for.

    They are read whole, inside the request's transaction: a file written after it would be written out of scope.
    `subject` is the kind of rows as the audit calls it. Errors: NotAllowed without the right; Invalid for a purpose
    we do not know, a long note, or more rows than one export may have: nothing is cut off silently.
    """
    if not viewer.may(Right.LEDGER_EXPORT):
        raise NotAllowed(Right.LEDGER_EXPORT)
    check_purpose(purpose, note)
    limit = export_limit(viewer)
    found = list(rows[: limit + 1])
    if len(found) > limit:
        raise Invalid({"": _("结果超过 {limit} 行，请先缩小条件，再导出。").format(limit=limit)})
    audit.record(
        viewer.actor, "ledger.export", subject, "",
        count=len(found), after={"query": query, "note": note}, purpose=purpose,
    )  # fmt: skip
    return found


def export_limit(viewer: Viewer) -> int:
    """How many rows one export of the viewer may have at most."""
    return int(value_of(EXPORT_ROWS, units=viewer.unit_chain))
