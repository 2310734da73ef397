"""Looking for customers (查找客户): names and masked numbers are shown, so it leaves a trace (BARS A 9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.customer.models import ListRow
from hongyan.customer.queries.search import RECALLING, SEARCHING, SHOWN, Hit, find_hits, rows_by_code
from hongyan.customer.queries.terms import read_terms
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import blinded


def find(
    viewer: Viewer, typed: str, *, most: int = SHOWN, otherwise: Callable[[], int] = lambda: 0
) -> list[Hit]:
    """At most so many customers for a text, the best first, and the audit of how many: of the text only a hash.

    Where nobody is found the page may show things of other rooms; they bear names of customers too, and `otherwise`
    says how many. Nothing is looked for, and nothing written, for a text of blanks. Errors: NotAllowed without the
    right to read customers.
    """
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    terms = read_terms(typed)
    if not terms:
        return []
    hits = find_hits(viewer, terms, limit=most)
    only = hits[0].row.code if len(hits) == 1 else ""
    audit.record(
        viewer.actor, SEARCHING, "customer", only, after={"typed": blinded(typed)},
        count=len(hits) or otherwise(),
    )  # fmt: skip
    return hits


def recall(viewer: Viewer, codes: Sequence[str]) -> dict[str, ListRow]:
    """The customers of some codes that may still be seen, by code, and the audit that they were shown.

    Nobody for whoever may not read customers.
    """
    if not (codes and viewer.may(Right.CUSTOMER_READ)):
        return {}
    rows = rows_by_code(viewer, codes)
    if rows:
        only = codes[0] if len(codes) == 1 else ""
        audit.record(viewer.actor, RECALLING, "customer", only, count=len(rows))
    return rows
