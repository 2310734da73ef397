"""Taking whoever it was out of what is kept of a customer (匿名化): nobody is found any more, and nobody comes back.

    stays      the code, the parties with their facts, links and owners: what was sold, and who looked after it
    goes       names, identifiers, addresses, words of people, the keys by which systems and seekers find somebody, what
               they are compared by, the files kept on them, and every earlier version and change of these

It cannot be undone. What the audit says was said of codes, with masked numbers, and stays as long as the audit is kept.
Source: X-20; PIPL 47, 73 (4); DESIGN 3.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q

from hongyan.core import audit, clock
from hongyan.core.errors import Conflict
from hongyan.core.events import publish
from hongyan.customer.actions.prepare import name_of
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import (
    MAIN_PART,
    CaseState,
    CustomersAnonymised,
    Gender,
    PartyType,
    Status,
)
from hongyan.customer.models import (
    Assistant,
    CandidateKey,
    CaseRow,
    Correction,
    Customer,
    CustomerMark,
    Entry,
    Freeze,
    GoldenChange,
    GoldenPin,
    Identifier,
    Link,
    ListRow,
    Merge,
    Ownership,
    PairDecision,
    Relation,
    RelationKey,
    Relationship,
    ReviewCase,
    SearchToken,
    Share,
    SourceParty,
    StrongKey,
    TouchedCustomer,
)
from hongyan.customer.rules.custom import MARKED_BY_OWN
from hongyan.desk.actions.erase_words import erase_words
from hongyan.desk.actions.files import erase_files

NAMELESS = "已匿名化客户"
"""What all of them are called from then on."""

_BLANK: dict[str, Any] = {
    "name": NAMELESS, "short_name": "", "gender": Gender.UNKNOWN, "birth_date": None, "credential_type": "",
    "credential_masked": "", "mobile_masked": "", "landline_masked": "", "email_masked": "", "division": "",
    "address": "", "postcode": "", "legal_person": "", "custom": {}, "lineage": {},
}  # fmt: skip

# A digest is a keyed hash of all that was said, and a key how a system calls somebody: both would lead back.
_PARTIES = "UPDATE customer_sourceparty SET key = 'anon/' || gen_random_uuid() WHERE id = ANY(%s)"
_RECORDS = """
UPDATE customer_sourcerecord
SET fields = jsonb_build_object('name', %s::text), sealed = '', likeness = '',
    digest = decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), is_current = is_current AND part = %s
WHERE party_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What was emptied: the customer with its aliases, and their parties."""

    code: str
    members: tuple[int, ...]
    parties: tuple[int, ...]


def anonymise(customer_id: int, *, actor: audit.Actor, reason: str) -> Anonymised:
    """Empty everything that tells who a closed customer was, under all of its codes. It cannot be undone.

    Rooms above empty what they keep when they hear of it, in the same transaction. Call it inside `scope.bulk()`.
    Errors: Conflict for a customer that is not closed, or was emptied before.
    """
    hold_identity()
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    if customer.status != Status.DEREGISTERED or customer.anonymised_at is not None:
        raise Conflict("customer", f"{customer.code}: {customer.status}")
    members = (customer.pk, *Customer.objects.filter(survivor=customer).values_list("pk", flat=True))
    parties = tuple(
        SourceParty.objects.filter(Q(customer__in=members) | Q(home__in=members)).values_list("pk", flat=True)
    )
    _empty_sources(parties, members)
    _empty_words(parties, members)
    _empty_golden(members, PartyType(customer.party_type))
    erase_files("customer", members)
    erase_words("customer", members)
    audit.record(
        actor, "customer.anonymise", "customer", customer.code, purpose=reason,
        after={"codes": len(members), "parties": len(parties)},
    )  # fmt: skip
    publish(CustomersAnonymised(members, parties))
    return Anonymised(customer.code, members, parties)


def _empty_sources(parties: Collection[int], members: Collection[int]) -> None:
    """What systems said, in every version, and by what it was found and compared."""
    ids = list(parties)
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES, [ids])
        cursor.execute(_RECORDS, [NAMELESS, MAIN_PART, ids])
    Identifier.objects.filter(Q(customer__in=members) | Q(record__party__in=ids)).delete()
    StrongKey.objects.filter(Q(customer__in=members) | Q(home__in=members)).delete()
    CandidateKey.objects.filter(party__in=ids).delete()
    RelationKey.objects.filter(party__in=ids).delete()
    TouchedCustomer.objects.filter(customer__in=members).delete()
    Relationship.objects.filter(party__in=ids).update(sub_code="", agreement_no="")


def _empty_words(parties: Collection[int], members: Collection[int]) -> None:
    """What people wrote of them, and the grounds on which they were compared with others."""
    now = clock.now()
    either = Q(customer__in=members) | Q(candidate__in=members)
    nobodys = {"decisions": None, "merges": None, "second_look": None}
    ReviewCase.objects.filter(either, state=CaseState.OPEN, **nobodys).delete()
    cases = ReviewCase.objects.filter(either)
    CaseRow.objects.filter(case__in=cases.filter(customer__in=members)).update(name=NAMELESS)
    CaseRow.objects.filter(case__in=cases.filter(candidate__in=members)).update(other_name=NAMELESS)
    cases.update(evidence=[], reason="")
    PairDecision.objects.filter(either).update(evidence=None, reason="")
    Merge.objects.filter(Q(survivor__in=members) | Q(absorbed__in=members)).update(
        evidence=None, reason="", split_reason=""
    )
    Link.objects.filter(party__in=parties).update(evidence=None)
    related = Relation.objects.filter(Q(party__in=parties) | Q(other_party__in=parties))
    related.filter(until=None).update(until=now)
    related.update(evidence=[], reason="", end_reason="")
    GoldenPin.objects.filter(customer__in=members).update(reason="")
    Freeze.objects.filter(customer__in=members).update(reason="", end_reason="")
    Entry.objects.filter(Q(customer__in=members) | Q(party__in=parties)).update(reason="")
    Ownership.objects.filter(customer__in=members).update(note="")
    Assistant.objects.filter(customer__in=members).update(reason="", end_reason="")
    Share.objects.filter(customer__in=members).update(reason="")
    Correction.objects.filter(customer__in=members).update(
        heads=[], fields={}, sealed=b"", shown={}, seen="", reason=""
    )


def _empty_golden(members: Collection[int], party_type: PartyType) -> None:
    """The golden record, how it came about, and what lists and search know of it."""
    name, now = name_of(party_type, NAMELESS), clock.now()
    GoldenChange.objects.filter(customer__in=members).exclude(field="status").update(before="", after="")
    Customer.objects.filter(pk__in=members).update(
        **_BLANK, name_key=name.key, sort_key=name.sort_key, version=F("version") + 1, updated_at=now,
        anonymised_at=now,
    )  # fmt: skip
    ListRow.objects.filter(customer__in=members).update(
        name=NAMELESS, sort_key=name.sort_key, credential_masked="", mobile_masked="", division="",
        has_review=False, updated_at=now,
    )  # fmt: skip
    CustomerMark.objects.filter(customer__in=members, mark__startswith=MARKED_BY_OWN).delete()
    SearchToken.objects.filter(customer__in=members).delete()
