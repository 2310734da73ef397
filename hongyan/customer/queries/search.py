"""Finding customers by what people know of them (客户查询, CUS-001).

Names by characters, pinyin or initials; the customer code; agreement number or sub-code; phone, credential and
e-mail by their keyed hashes. Nothing here reads a name by pattern: under row-level security only equality is
indexed (STACK, Search).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from hongyan.customer.models import Customer, ListRow, SearchToken
from hongyan.customer.queries.ranges import tokens_of
from hongyan.customer.queries.terms import Terms
from hongyan.customer.rules.code import serial_of
from hongyan.identity.normalise.text import simplify
from hongyan.org.codes import Viewer

SEARCHING = "customer.search"
"""The act of looking for a customer by name or number."""

RECALLING = "customer.recall"
"""The act of looking at the customers one opened lately or pinned."""

SHOWN = 8
"""Suggestions shown where nobody says how many."""

CONSIDERED = 60
"""Token rows looked at for suggestions: enough to rank exact names first, few enough to be instant at group scope."""


class Matched(StrEnum):
    """What of a customer fitted the text, best first."""

    CODE = "code"
    NUMBER = "number"
    CREDENTIAL = "credential"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    PINYIN = "pinyin"


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found, with what fitted."""

    matched: Matched
    row: ListRow
    is_exact: bool


def find_hits(viewer: Viewer, terms: Terms, *, limit: int = SHOWN) -> list[Hit]:
    """The best customers for a text, each once, best first. At most five queries, whatever is found."""
    matched = _exact(viewer, terms)
    for customer in _named(viewer, terms) if len(matched) < limit else ():
        matched.setdefault(customer, _kind_of_name(terms))
    hits = [
        Hit(matched[row.customer_id], row, _is_exact(row, matched[row.customer_id], terms))
        for row in _rows(viewer, matched)
    ]
    order = list(Matched)
    hits.sort(
        key=lambda hit: (
            order.index(hit.matched),
            not hit.is_exact,
            len(hit.row.name),
            hit.row.sort_key,
            hit.row.code,
        )
    )
    return hits[:limit]


def rows_by_code(viewer: Viewer, codes: Sequence[str]) -> dict[str, ListRow]:
    """Code → the list row of the customer it stands for now; nothing for one out of scope. Two queries.

    Two codes of one customer answer the same row.
    """
    serials = {serial: code for code in codes if (serial := serial_of(code)) is not None}
    visible = Customer.objects.visible_to(viewer).filter(id__in=serials)
    meant = dict(visible.values_list("id", Coalesce("survivor_id", "id")))
    rows = {row.customer_id: row for row in _rows(viewer, meant.values())}
    return {code: rows[meant[serial]] for serial, code in serials.items() if meant.get(serial) in rows}


def only_hit(hits: Sequence[Hit]) -> Hit | None:
    """The hit that leaves no doubt: the only exact one, with no other of its kind; None otherwise."""
    return hits[0] if len(hits) == 1 and hits[0].is_exact else None


def with_tokens(viewer: Viewer, rows: QuerySet[ListRow], tokens: Iterable[str]) -> QuerySet[ListRow]:
    """Rows of customers that have every token."""
    for token in tokens:
        rows = rows.filter(customer_id__in=tokens_of(viewer).filter(token=token).values("customer_id"))
    return rows


def with_code(rows: QuerySet[ListRow], serial: int) -> QuerySet[ListRow]:
    """Rows of the customer that a code stands for now: an alias leads to its survivor."""
    meant = Customer.objects.filter(id=serial).values(meant=Coalesce("survivor_id", "id"))
    return rows.filter(customer_id__in=meant)


def with_number(rows: QuerySet[ListRow], number: str) -> QuerySet[ListRow]:
    """Rows of customers with an agreement number or sub-code, as written or in capital letters.

    Expected indexes: `relationship_agreement`, `relationship_sub_code`.
    """
    return rows.filter(customer_id__in=Customer.objects.filter(_has_number(number)).values("id"))


def with_keys(rows: QuerySet[ListRow], keys: Sequence[bytes]) -> QuerySet[ListRow]:
    """Rows of customers with any of some personal numbers, given as keyed hashes. Expected index: `identifier_hash`."""
    return rows.filter(customer_id__in=Customer.objects.filter(identifiers__hash__in=keys).values("id"))


def _exact(viewer: Viewer, terms: Terms) -> dict[int, Matched]:
    """Customers found by a number that is theirs; an alias counts for its survivor."""
    found: dict[int, Matched] = {}
    visible = Customer.objects.visible_to(viewer).annotate(meant=Coalesce("survivor_id", "id"))
    if terms.serial is not None:
        found |= dict.fromkeys(visible.filter(id=terms.serial).values_list("meant", flat=True), Matched.CODE)
    if terms.number:
        numbered = visible.filter(_has_number(terms.number)).values_list("meant", flat=True)[:CONSIDERED]
        found |= {survivor: Matched.NUMBER for survivor in numbered if survivor not in found}
    if terms.keys:
        keyed = visible.filter(identifiers__hash__in=terms.keys).values_list("meant", "identifiers__kind")[
            :CONSIDERED
        ]
        found |= {survivor: _kind_of_key(kind) for survivor, kind in keyed if survivor not in found}
    return found


def _has_number(number: str) -> Q:
    written = {number, number.upper()}
    return Q(relationships__agreement_no__in=written) | Q(relationships__sub_code__in=written)


def _named(viewer: Viewer, terms: Terms) -> list[int]:
    if not terms.tokens:
        return []
    # The longest token is the rarest more often than not, and starts the search.
    first, *others = sorted(terms.tokens, key=len, reverse=True)
    tokens: QuerySet[SearchToken] = tokens_of(viewer).filter(token=first)
    for other in others:
        tokens = tokens.filter(customer_id__in=tokens_of(viewer).filter(token=other).values("customer_id"))
    return list(tokens.values_list("customer_id", flat=True)[:CONSIDERED])


def _rows(viewer: Viewer, customers: Iterable[int]) -> list[ListRow]:
    """One visible list row per customer."""
    wanted = set(customers)
    if not wanted:
        return []
    rows = ListRow.objects.filter(customer_id__in=wanted)
    if not viewer.scope.everything:
        rows = rows.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    return list({row.customer_id: row for row in rows.order_by("-org_no")}.values())


def _kind_of_key(kind: str) -> Matched:
    if kind.startswith("C:"):
        return Matched.CREDENTIAL
    return Matched.EMAIL if kind.endswith("email") else Matched.PHONE


def _kind_of_name(terms: Terms) -> Matched:
    return Matched.PINYIN if terms.name.isascii() else Matched.NAME


def _is_exact(row: ListRow, matched: Matched, terms: Terms) -> bool:
    if matched == Matched.NAME:
        return simplify(row.name).replace(" ", "") == terms.name
    return row.sort_key == terms.tokens[0] if matched == Matched.PINYIN else True
