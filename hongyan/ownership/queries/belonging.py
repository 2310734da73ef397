"""What the belonging rule says of customers of the bank (邮储归属): figures of outlets, and proposals in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, QuerySet

from hongyan.core.errors import NotFound
from hongyan.core.parameters import value_of
from hongyan.customer.models import CustomerScope
from hongyan.ledger.currencies import YUAN, currency_of
from hongyan.ledger.queries.access import lines_of as lines_with_amounts
from hongyan.ledger.queries.access import looked_up
from hongyan.org.codes import Line, Viewer
from hongyan.ownership.models import Belonging
from hongyan.ownership.parameters import WINDOW_MONTHS
from hongyan.ownership.queries.people import lines_of
from hongyan.ownership.rules import Standing, Window, belongs_to, daily_average, window_before

BELONGING = "ownership.belong"
"""Name of the task."""


_SQL = Path(__file__).parents[1] / "sql"
_CANDIDATES, _ACCOUNTS = ((_SQL / f"belonging_{name}.sql").read_text() for name in ("candidates", "accounts"))


class Candidate(NamedTuple):
    """A customer whose belonging is to be found, with the present owner of the bank's line and its unit."""

    customer_id: int
    owner_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class Account:
    """One account in a window: daily averages in yuan, and where it is."""

    holding_id: int
    unit_id: int
    unit_code: str
    unit_name: str
    number: str
    kind: str
    opened_on: date | None
    assets: Decimal
    liabilities: Decimal

    @property
    def total(self) -> Decimal:
        """Assets plus liabilities (X-04)."""
        return self.assets + self.liabilities


def window_of(as_of: date) -> Window:
    """The months the rule looks at on a day."""
    return window_before(as_of, int(value_of(WINDOW_MONTHS)))


def candidates(window: Window, *, first: int, last: int) -> list[Candidate]:
    """Customers of a range of ids of whom the rule has something to say. One query; call it inside `scope.bulk()`."""
    given: dict[str, Any] = {"first": first, "last": last, "from": window.first, "to": window.last}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, given)
        return [Candidate(*row) for row in cursor.fetchall()]


def accounts_of(customers: Collection[int], window: Window) -> dict[int, list[Account]]:
    """Customer → their accounts at the bank in a window. One query; it sees what the walls let it see."""
    found: dict[int, list[Account]] = defaultdict(list)
    given: dict[str, Any] = {"customers": list(customers), "from": window.first, "to": window.last}
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, given)
        for customer, *what, system, assets, liabilities in cursor.fetchall():
            counts = currency_of(system) == YUAN
            sums = (
                daily_average(one if counts else Decimal(0), window.days) for one in (assets, liabilities)
            )
            found[customer].append(Account(*what, *sums))
    return found


def standings_of(accounts: Iterable[Account]) -> list[Standing]:
    """A customer at each outlet, by the accounts there; the outlet is told by its code."""
    by_outlet: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        by_outlet[account.unit_code].append(account)
    return [
        Standing(
            outlet=code,
            total=sum((one.total for one in held), Decimal(0)),
            assets=sum((one.assets for one in held), Decimal(0)),
            opened_on=min((one.opened_on for one in held if one.opened_on), default=None),
        )
        for code, held in by_outlet.items()
    ]


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """Outlets as the rule ranks them, the best first."""
    left, ranked = list(standings), list[Standing]()
    while left:
        best, _ = belongs_to(left)
        left.remove(best)
        ranked.append(best)
    return ranked


def sees_belongings(viewer: Viewer) -> bool:
    """Whether a post is of the bank's line; nobody else is told what customers have there (X-17)."""
    return Line.BANK in lines_with_amounts(viewer) and Line.BANK.value in lines_of(viewer)


def belongings_in_scope(viewer: Viewer) -> QuerySet[Belonging]:
    """Proposals about customers of the viewer's scope. Nobody's for a post that sees no amounts of the bank (X-17)."""
    if not sees_belongings(viewer):
        return Belonging.objects.none()
    if viewer.scope.everything:
        return Belonging.objects.all()
    here = CustomerScope.objects.filter(
        customer_id=OuterRef("customer_id"),
        line=Line.BANK,
        is_assisting=False,
        org_no__range=(viewer.scope.lo, viewer.scope.hi),
    )
    return Belonging.objects.filter(looked_up(here))


_RELATED = ("customer__survivor", "before__unit", "before__manager", "to_unit", "transfer")


def shown_belongings(viewer: Viewer) -> QuerySet[Belonging]:
    """The same with everything a list shows."""
    return belongings_in_scope(viewer).select_related(*_RELATED)


def find_belonging(viewer: Viewer, belonging_id: int) -> Belonging:
    """One proposal. Errors: NotFound out of scope."""
    found = shown_belongings(viewer).filter(pk=belonging_id).first()
    if found is None:
        raise NotFound("belonging", belonging_id)
    return found


def figure_at(belonging: Belonging, unit_code: str) -> Mapping[str, str] | None:
    """What a proposal was told of an outlet; None where the customer has no account."""
    return next((one for one in belonging.figures if one["code"] == unit_code), None)
