"""What bears a number that somebody typed (按号码查找): facts by the number itself, holdings by its keyed hash.

Only whole numbers are found: the one typed, and the same without blanks and hyphens in capital letters, as intake
writes item and account numbers. Each is one look-up in an index: that of the numbers of every month's partition, and
`holding_once`.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from hongyan.core import vault
from hongyan.customer.queries.systems import named_systems
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import Holding
from hongyan.ledger.queries.access import in_scope, lines_of, shown_customer, visible_facts
from hongyan.ledger.queries.facts import LISTED, standing_entry
from hongyan.ledger.rules.item_numbers import normal_form
from hongyan.org.codes import Viewer

MOST_ENTRIES = 60
"""Entries looked at: numbers are seldom used twice, and seldom corrected more than once."""
_FEWEST_DIGITS = 4
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z/_.]{3,39}")


def looks_numbered(text: str) -> bool:
    """Whether a text can be the number of a fact or a holding: letters, digits, and enough of these.

    >>> [looks_numbered(text) for text in ("ea 895 023 006 qz", "489434/85048/1", "Wang Xiaoming", "王小明", "h12")]
    [True, True, False, False, False]
    """
    number = normal_form(text)
    return bool(_NUMBER.fullmatch(number)) and sum(map(str.isdigit, number)) >= _FEWEST_DIGITS


def numbered(number: str) -> Q:
    """Facts of a number, as typed or as intake writes it."""
    return Q(number__in={number, normal_form(number)})


def facts_numbered(viewer: Viewer, kind: FactKind, number: str) -> list[Any]:
    """The facts of a number that a viewer may see, as they stand, each with `shown`, the newest first. One query.

    What stands is told from the entries here: they are few, and to ask the database for it takes three times as long,
    most of which it would plan through the partitions of years.
    """
    rows = (
        LISTED[kind]
        .objects.filter(numbered(number))
        .annotate(shown=shown_customer(viewer))
        .select_related("product__product", "unit")
        .order_by("-business_date", "system", "number")
    )
    facts = groupby(
        visible_facts(viewer, rows)[:MOST_ENTRIES], key=attrgetter("business_date", "system", "number")
    )
    standing = (standing_entry(list(entries)) for _fact, entries in facts)
    return [fact for fact in standing if fact is not None]


def holdings_numbered(viewer: Viewer, number: str) -> QuerySet[Holding]:
    """The holdings of a number in open lines, each with `shown`, its customer, whom the viewer may see."""
    hashes = ((system, holding_hash(system, normal_form(number))) for system in named_systems())
    named = Q()
    for system, key_hash in hashes:
        named |= Q(system=system, key_hash=key_hash)
    rows = in_scope(viewer, Holding.objects.filter(named, line__in=sorted(lines_of(viewer))))
    return (
        rows.annotate(shown=shown_customer(viewer))
        .filter(shown__isnull=False)
        .select_related("source_product__product")
        .order_by("system")
    )


def holding_hash(system: str, number: str) -> bytes:
    """What a holding's number is found by: its keyed hash within its system."""
    return vault.blind(f"holding:{system}", number)
