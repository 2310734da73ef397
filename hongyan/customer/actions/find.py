"""Looking for customers (查找客户): names and masked numbers are shown, so it leaves a trace (BARS A 9)."""

from __future__ import annotations

from collections.abc import Callable

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.customer.queries.search import SEARCHING, Hit, find_hits
from hongyan.customer.queries.terms import read_terms
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import blinded


def find(viewer: Viewer, typed: str, *, otherwise: Callable[[], int] = lambda: 0) -> list[Hit]:
    """The best customers for a text, best first, and the audit of how many were found; the text only as a hash.

    Where nobody is found the page may show things of other rooms; they bear names of customers too, and `otherwise`
    says how many. Nothing is looked for, and nothing written, for a text of blanks. Errors: NotAllowed without the
    right to read customers.
    """
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    terms = read_terms(typed)
    if not terms:
        return []
    hits = find_hits(viewer, terms)
    only = hits[0].row.code if len(hits) == 1 else ""
    audit.record(
        viewer.actor, SEARCHING, "customer", only, after={"typed": blinded(typed)},
        count=len(hits) or otherwise(),
    )  # fmt: skip
    return hits
