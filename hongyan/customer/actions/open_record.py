"""Opening a customer's page (打开客户): a read of personal data, which leaves a trace (BARS A 9)."""

from __future__ import annotations

from django.db import transaction

from hongyan.core import audit
from hongyan.core.errors import NotAllowed
from hongyan.customer.models import Customer
from hongyan.customer.queries.history import OPENING
from hongyan.customer.queries.records import CustomerRecord, find_customer, record_of
from hongyan.org.codes import Right, Viewer


def open_record(viewer: Viewer, customer: Customer, *, part: str) -> CustomerRecord:
    """Everything around a customer, and the audit that somebody looked; `part` is what was looked at.

    Errors: NotAllowed without the right to read customers.
    """
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    with transaction.atomic(savepoint=False):
        audit.record(viewer.actor, OPENING, "customer", customer.code, after={"part": part})
        return record_of(viewer, customer)


def open_code(viewer: Viewer, code: str, *, part: str) -> CustomerRecord:
    """`open_record` by a code or alias. Errors: NotFound out of scope, NotAllowed without the right."""
    if not viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    return open_record(viewer, find_customer(viewer, code), part=part)
