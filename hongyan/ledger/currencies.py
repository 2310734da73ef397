"""In which currency each source system states its money (币种, ISO 4217): yuan, but for those registered otherwise.

Nothing is converted. Facts bear their system, so they bear its currency; figures are of one currency each, and a page
of figures shows one currency at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q

YUAN = "CNY"
_foreign: dict[str, str] = {}


def state_currency(system: str, currency: str) -> None:
    """Say in which currency a system's money is. Rooms that connect systems do so at start."""
    if currency != YUAN:
        _foreign[system] = currency


def currency_of(system: str) -> str:
    """The currency of a system's money.

    >>> currency_of("unheard_of")
    'CNY'
    """
    return _foreign.get(system, YUAN)


def in_currency(currency: str, *, system: str = "product__system") -> Q:
    """The condition on rows whose money is in a currency; `system` is their field of the source system."""
    if currency == YUAN:
        return ~Q(**{f"{system}__in": list(_foreign)})
    return Q(**{f"{system}__in": [one for one, stated in _foreign.items() if stated == currency]})


def read_currency(query: Mapping[str, str], found: Iterable[str]) -> str:
    """Which of some currencies an address asks for; yuan, or the first of them, where it names none of these.

    >>> read_currency({}, ["USD", "CNY"]), read_currency({"currency": "USD"}, ["USD", "CNY"])
    ('CNY', 'USD')
    >>> read_currency({"currency": "GBP"}, ["USD"]), read_currency({}, [])
    ('USD', 'CNY')
    """
    known, asked = in_order(found), query.get("currency", "")
    return asked if asked in known else next(iter(known), YUAN)


def in_order(found: Iterable[str]) -> list[str]:
    """Some currencies, each once, yuan first.

    >>> in_order(["USD", "CNY", "USD"])
    ['CNY', 'USD']
    """
    return sorted(set(found), key=lambda one: (one != YUAN, one))
