"""Contact persons that people wrote down (人工登记的联系人): the one that stands, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence

from hongyan.core.errors import NotFound
from hongyan.customer.codes import MANUAL_SYSTEM
from hongyan.customer.models import Customer, SourceRecord
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.rules.contacts import SORT


def find_contact(customer: Customer, party: int, number: int) -> SourceRecord:
    """A contact that stands, with its party. One query. Errors: NotFound for one that ended or came from a file."""
    found = SourceRecord.objects.select_related("party").filter(
        party=party,
        part=f"{SORT}/{number}",
        is_current=True,
        party__system=MANUAL_SYSTEM,
        party__customer=customer,
    )
    record = found.first()
    if record is None:
        raise NotFound("contact", number)
    return record


def former_contacts(record: CustomerRecord) -> Sequence[SourceRecord]:
    """What people said of contacts before they changed or ended them, the newest of each first.

    One query, none where nobody wrote anything by hand. What was anonymised has no name left and is not among it.
    """
    own = [party.pk for party in record.parties if party.system == MANUAL_SYSTEM]
    if not own:
        return []
    found = SourceRecord.objects.filter(
        party__in=own, part__startswith=f"{SORT}/", is_current=False, fields__has_key="contact_name"
    )
    return list(found.defer("sealed", "digest", "likeness").order_by("party_id", "part", "-version"))
