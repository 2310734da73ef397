"""What happened to a customer's data: acts, golden fields, links and source records, each a branch (变更历史)."""

from __future__ import annotations

from collections.abc import Sequence

from hongyan.core.models import AuditEvent
from hongyan.customer.models import Customer, GoldenChange, Link, SourceRecord
from hongyan.customer.queries.search import SEARCHING
from hongyan.customer.queries.timeline import Branch, told

OPENING = "customer.open"
"""The act of opening a customer."""

STATING = "customer.state_purpose"
"""The act of saying what a customer of others is needed for."""

ASKING = "customer.ask_purpose"
"""The act of being asked for it: the page that asks tells the customer's name."""

_LOOKS = (OPENING, ASKING, STATING, SEARCHING)
"""Acts left out of the history, where every look would bury the changes. The audit has them."""


def acts_on(customers: Sequence[Customer]) -> Branch:
    """What people did with a customer, but for looking at it: act, purpose."""
    about = AuditEvent.objects.filter(subject_kind="customer", subject__in=[one.code for one in customers])
    return told(about.exclude(act__in=_LOOKS), at="at", who="actor_name", act="act", purpose="purpose")


def changes_of(customers: Sequence[Customer]) -> Branch:
    """Golden fields that changed: field, before, after."""
    rows = GoldenChange.objects.filter(customer__in=customers)
    return told(rows, at="at", who="actor", field="field", before="before", after="after")


def links_of(customers: Sequence[Customer]) -> Branch:
    """Source parties that came to a customer: system, key, outcome."""
    rows = Link.objects.filter(customer__in=customers)
    return told(
        rows, at="since", who="decided_by", system="party__system", key_of="party__key", outcome="outcome"
    )


def records_of(customers: Sequence[Customer]) -> Branch:
    """What source systems sent: system, key, version, part."""
    rows = SourceRecord.objects.filter(party__customer__in=customers)
    return told(
        rows, at="received_at", system="party__system", key_of="party__key", version="version", part="part"
    )
