"""One customer with what stands around it: owners, relationships, source records, open review cases (客户视图)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from hongyan.core.errors import Conflict, NotFound
from hongyan.customer.codes import MAIN_PART, CaseState
from hongyan.customer.models import (
    Assistant,
    Customer,
    CustomerScope,
    Link,
    Ownership,
    Relationship,
    ReviewCase,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.rules.code import serial_of
from hongyan.org.codes import Viewer


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A customer that may be the same as this one. `code` and `name` are empty when it is out of the viewer's scope.

    `evidence` names both customers; it is empty together with them.
    """

    id: int
    score: int
    created_at: datetime
    code: str
    name: str
    evidence: Mapping[str, Any] | None


@dataclass(frozen=True)
class CustomerRecord:
    """A customer as its page shows it. `records` are the current source records of all parts of all parties."""

    customer: Customer
    owners: tuple[Ownership, ...]
    records: tuple[SourceRecord, ...]
    cases: tuple[OpenCase, ...]
    aliases: tuple[Customer, ...] = ()
    """Customers merged into this one, in the order of their codes."""

    @property
    def members(self) -> tuple[Customer, ...]:
        """The customer and those merged into it: what people write stands under the code it was written under."""
        return (self.customer, *self.aliases)

    @cached_property
    def main_records(self) -> tuple[SourceRecord, ...]:
        """What each party says about the customer itself."""
        return tuple(record for record in self.records if record.part == MAIN_PART)

    @cached_property
    def by_id(self) -> dict[int, SourceRecord]:
        """Current source records by their id, which is what lineage names."""
        return {record.id: record for record in self.records}

    @cached_property
    def parties(self) -> tuple[SourceParty, ...]:
        """The source parties in the order in which they were first seen."""
        found = {record.party_id: record.party for record in self.records}
        return tuple(sorted(found.values(), key=lambda party: (party.first_seen_at, party.id)))

    @cached_property
    def relationships(self) -> tuple[Relationship, ...]:
        """What the parties are to their lines, by line; read with the records, since every party has a current one."""
        found = (getattr(party, "relationship", None) for party in self.parties)
        return tuple(sorted(filter(None, found), key=lambda one: (one.line, one.party_id)))

    def parts(self, prefix: str) -> tuple[SourceRecord, ...]:
        """Sub-records of one sort: `contact`, `address`."""
        return tuple(record for record in self.records if record.part.startswith(f"{prefix}/"))


def find_customer(viewer: Viewer, code: str) -> Customer:
    """The customer that a code stands for now: an alias leads to its survivor, however often that was merged again.

    One query, two for an alias. Errors: NotFound for no code, an unknown one, or one out of the viewer's scope.
    """
    return find_customers(viewer, [code])[0]


def find_again(maker: Viewer, code: str) -> Customer:
    """`find_customer` for carrying out what somebody asked for earlier.

    Errors: Conflict, for whoever decides, when the customer has left the maker's scope since: nothing is done then.
    """
    try:
        return find_customer(maker, code)
    except NotFound as error:
        told = _("申请之后这位客户已不归申请人办理，申请已过时，没有执行。请驳回后由现在的管户人申请。")
        raise Conflict("customer", told) from error


def find_customers(viewer: Viewer, codes: Sequence[str]) -> list[Customer]:
    """`find_customer` for several codes, in their order. One query, two where an alias is among them."""
    has_aliases = Exists(Customer.objects.filter(survivor=OuterRef("pk")))
    visible = Customer.objects.visible_to(viewer).annotate(has_aliases=has_aliases)  # type: ignore[no-redef]
    serials = [serial_of(code) for code in codes]
    found = visible.in_bulk([serial for serial in serials if serial is not None])
    survivors = {customer.survivor_id for customer in found.values()} - {None, *found}
    found |= visible.in_bulk(survivors) if survivors else {}
    customers = []
    for serial, code in zip(serials, codes, strict=True):
        customer = found.get(serial or 0)
        if customer is not None and customer.survivor_id is not None:
            customer = found.get(customer.survivor_id)
        if customer is None:
            raise NotFound("customer", code[:20])
        customers.append(customer)
    return customers


def record_of(viewer: Viewer, customer: Customer) -> CustomerRecord:
    """Everything around a customer that `find_customer` found.

    Three queries, one more each with aliases and with open cases, of which a guest is not told.
    """
    aliases = tuple(aliases_of(customer)) if customer.has_aliases else ()
    records = (
        SourceRecord.objects.filter(party__customer=customer, is_current=True)
        .select_related("party__relationship__unit", "party__relationship__manager")
        .defer("sealed", "digest")
        .order_by("party_id", "part")
    )
    return CustomerRecord(
        customer=customer,
        owners=tuple(owners_of(customer)),
        records=tuple(records),
        cases=() if viewer.is_guest else _open_cases(viewer, [customer.id, *(alias.id for alias in aliases)]),
        aliases=aliases,
    )


def aliases_of(customer: Customer) -> QuerySet[Customer]:
    """The customers that were merged into one, by code."""
    return Customer.objects.filter(survivor=customer).order_by("id")


def owners_of(customer: Customer) -> QuerySet[Ownership]:
    """Who looks after a customer now, by line, with unit and manager; they may stand under an alias."""
    members = Customer.objects.filter(Q(pk=customer.pk) | Q(survivor=customer)).values("pk")
    owners = Ownership.objects.filter(customer__in=members, until=None, gives_way=False)
    numbers = CustomerScope.objects.filter(customer=customer.pk, line=OuterRef("line"), is_assisting=False)
    return (
        owners.annotate(org_no=Subquery(numbers.values("org_no")[:1]))  # type: ignore[no-redef]
        .select_related("unit", "manager")
        .order_by("line")
    )


def assists(people: Collection[int], customer: Customer) -> bool:
    """Whether one of some people, by staff ids, assists with a customer now, under any of its codes. One query."""
    members = Q(customer=customer) | Q(customer__survivor=customer)
    return Assistant.objects.filter(members, staff_id__in=people, is_present=True).exists()


def party_ids_of(customer: Customer) -> list[int]:
    """Ids of a customer's source parties. One query."""
    return list(SourceParty.objects.filter(customer=customer).values_list("id", flat=True))


def current_links(customer: Customer) -> dict[int, Link]:
    """Party → the decision that made it this customer. One query."""
    links = Link.objects.filter(customer=customer, until=None)
    return {link.party_id: link for link in links}


def find_record(customer: Customer, record_id: int) -> SourceRecord:
    """One current source record of a customer. Errors: NotFound for another customer's or a superseded one."""
    record = SourceRecord.objects.filter(id=record_id, party__customer=customer, is_current=True).first()
    if record is None:
        raise NotFound("source_record", record_id)
    return record


def _open_cases(viewer: Viewer, members: Sequence[int]) -> tuple[OpenCase, ...]:
    """The open cases of a customer under all its codes, each with whom it stands for now.

    Most customers have none, and then nobody has to be looked up beside them.
    """
    concerned = Q(customer__in=members) | Q(candidate__in=members)
    cases = list(ReviewCase.objects.filter(concerned, state=CaseState.OPEN).order_by("-score", "id"))
    others = [case.candidate_id if case.customer_id in members else case.customer_id for case in cases]
    visible = Customer.objects.visible_to(viewer).select_related("survivor").in_bulk(others) if others else {}
    return tuple(_open_case(case, visible.get(other)) for case, other in zip(cases, others, strict=True))


def _open_case(case: ReviewCase, other: Customer | None) -> OpenCase:
    other = other.survivor or other if other else None
    if other is None:
        return OpenCase(case.pk, case.score, case.created_at, code="", name="", evidence=None)
    return OpenCase(case.pk, case.score, case.created_at, other.code, other.name, case.evidence)
