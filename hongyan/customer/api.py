"""Customers over the API: search, list, read. Everything is masked; there is no door here to the full values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import QueryDict
from django.utils.http import urlencode
from ninja import Field, Query, Router, Schema

from hongyan.core import masking
from hongyan.core.errors import Invalid, NotAllowed, TooMany
from hongyan.customer import lists
from hongyan.customer.actions.check import Candidate, Candidates, check, take_turn
from hongyan.customer.actions.find import find
from hongyan.customer.actions.open_record import open_code
from hongyan.customer.codes import Purpose
from hongyan.customer.custom import fields_for
from hongyan.customer.models import ListRow, SourceRecord
from hongyan.customer.panels import LABELS
from hongyan.customer.panels.words import language
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.rules.custom import Custom
from hongyan.identity.explain import Language, explain, waterfall
from hongyan.identity.record import Record
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, note_rows, paginate

router = Router(tags=["customers"])

PAGE_SIZE = 50


class CustomerLine(Schema):
    """A customer as lists show it."""

    code: str
    name: str
    party_type: str
    kind: str
    status: str
    lines: list[str]
    systems: list[str]
    unit: str
    manager: str
    credential: str = Field(description="masked")
    mobile: str = Field(description="masked")
    has_review: bool
    former_codes: list[str] = Field(description="codes merged into this one; each leads here")
    created_at: datetime
    updated_at: datetime


class CustomerPage(Schema):
    """A page of customers; `next` is the cursor of the page after it, null on the last one."""

    items: list[CustomerLine]
    next: str | None


class CustomerFilters(Schema):
    """The filters of the list; the same words as in its address."""

    q: str = Field(
        "", description="name, pinyin, initials or customer code; personal numbers: POST /customers/search"
    )
    type: str = ""
    kind: list[str] = []
    line: str = ""
    status: str = ""
    unit: str = ""
    division: str = ""
    system: str = ""
    created_from: date | None = None
    created_to: date | None = None
    sort: str = ""
    after: str = ""


class SearchBody(Schema):
    """What is looked for: any of name, pinyin, initials, code, agreement number, phone, credential, e-mail."""

    q: str = Field(min_length=1, max_length=100)


class FoundCustomer(Schema):
    """A customer found, and what fitted."""

    matched: str
    customer: CustomerLine


class RecordBody(Schema, extra="forbid"):
    """A record to be checked, as a source would send it; what is not known is empty or left out."""

    kind: Literal["person", "organisation"] = "person"
    name: str = Field(min_length=1, max_length=200)
    credential_type: str = Field("", max_length=40, description="L03 code or its name; inferred when empty")
    credential_no: str = Field("", max_length=60)
    gender: str = Field("", max_length=10)
    birth_date: str = Field("", max_length=30)
    phone: str = Field("", max_length=100)
    email: str = Field("", max_length=120)
    address: str = Field("", max_length=300)
    legal_person: str = Field("", max_length=60)


class StepOut(Schema):
    """One piece of evidence: in words, its bits, the sum so far."""

    label: str
    bits: float
    total: float


class CandidateOut(Schema):
    """A customer that may be the same. Out of the token's scope only band and a masked name are told."""

    band: str = Field(description="join: surely; review: perhaps")
    name: str
    code: str | None
    score: int | None
    reasons: list[str]
    waterfall: list[StepOut]


class CandidatesOut(Schema):
    """What would become of the record, and the customers that it may be, the likeliest first."""

    band: str = Field(description="join: a known customer; review: perhaps one; new: nobody known")
    candidates: list[CandidateOut]


class SourceOut(Schema):
    """Which source a golden value came from and why: system, its key, as of when, by which rule."""

    system: str
    key: str
    as_of: date | datetime
    rule: str


class ValueOut(Schema):
    """One golden value, masked where it is personal, with its source."""

    value: str | None
    source: SourceOut | None


class OwnerOut(Schema):
    """Who looks after the customer in a line."""

    line: str
    unit: str
    manager: str


class PartyOut(Schema):
    """One source party of the customer."""

    system: str
    key: str
    first_seen_at: datetime


class CustomerOut(Schema):
    """One customer: golden values with their lineage, owners, source parties."""

    code: str
    party_type: str
    status: str
    values: dict[str, ValueOut]
    owners: list[OwnerOut]
    sources: list[PartyOut]
    former_codes: list[str]
    open_reviews: int


@router.get("/customers", response=CustomerPage, url_name="customers", summary="List customers")
def list_customers(request: ViewerRequest, filters: Annotated[CustomerFilters, Query()]) -> dict[str, Any]:
    """Customers of the token's scope, filtered and paged by key. Errors: 422 for a filter value that is not one."""
    _check_right(request)
    query = QueryDict(urlencode({k: v for k, v in filters.dict(exclude_none=True).items() if v}, doseq=True))
    state = ListState.parse_strictly(lists.customers_spec(), query, viewer=request.viewer)
    rows = state.apply(lists.rows_for(request.viewer, state.values))
    page = paginate(rows, state, state.sort_fields, descending=state.is_descending, size=PAGE_SIZE)
    if page.problem:
        raise Invalid({"after": page.problem})
    note_rows(request.viewer.actor, state, len(page.rows))
    return {"items": [_line(row) for row in page.rows], "next": page.next_cursor}


@router.post(
    "/customers/search", response=list[FoundCustomer], url_name="customers_search", summary="Search customers"
)
def search_customers(request: ViewerRequest, body: SearchBody) -> list[dict[str, Any]]:
    """The best customers for a text, at most eight. Posted, so that no phone or credential stands in an address."""
    return [{"matched": hit.matched, "customer": _line(hit.row)} for hit in find(request.viewer, body.q)]


@router.post(
    "/customers/check", response=CandidatesOut, url_name="customers_check", summary="Check for duplicates"
)
def check_record(request: ViewerRequest, body: RecordBody) -> dict[str, Any]:
    """The customers that a record may be, before it is written. Posted, so that no address holds personal data.

    Errors: 422 for a record that holds nothing to go by; 429 when the person's allowance of checks is used up.
    """
    if seconds := take_turn(request.viewer):
        raise TooMany(seconds)
    return candidates_as_data(check(request.viewer, record_of(body)), language())


@router.get("/customers/{code}", response=CustomerOut, url_name="customer", summary="Read a customer")
def read_customer(
    request: ViewerRequest,
    code: str,
    purpose: Annotated[
        str, Query("", description=f"what for: {', '.join(Purpose.values)}; needed for a customer of others")
    ],
) -> dict[str, Any]:
    """One customer with the source of every value. An alias answers with its survivor. The read is audited.

    Of a customer that neither the post's person manages nor its outlet owns, 403 `purpose_needed` without a purpose.
    """
    return customer_as_data(open_code(request.viewer, code, part="api", purpose=purpose))


def record_of(body: RecordBody) -> Record:
    """A record as identity reads it."""
    said = body.dict(exclude={"phone"})
    return Record("", "", phones=(body.phone,), **said)


def candidates_as_data(found: Candidates, language: Language) -> dict[str, Any]:
    """What a check found in the shape of `CandidatesOut`."""
    return {"band": found.band, "candidates": [_candidate(one, language) for one in found.found]}


def customer_as_data(record: CustomerRecord) -> dict[str, Any]:
    """A customer in the shape of `CustomerOut`."""
    customer = record.customer
    return {
        "code": customer.code,
        "party_type": customer.party_type,
        "status": customer.status,
        "values": {
            **{name: _value(record, name) for name in LABELS if name != "status"},
            **{field.name: _own(record, field) for field in fields_for(customer.party_type)},
        },
        "owners": [
            {
                "line": owner.line,
                "unit": str(owner.unit),
                "manager": owner.manager.name if owner.manager else "",
            }
            for owner in record.owners
        ],
        "sources": [
            {"system": party.system, "key": party.key, "first_seen_at": party.first_seen_at}
            for party in record.parties
        ],
        "former_codes": [alias.code for alias in record.aliases],
        "open_reviews": len(record.cases),
    }


def _check_right(request: ViewerRequest) -> None:
    if not request.viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)


def _candidate(one: Candidate, language: Language) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "band": one.band,
        "name": one.name,
        "code": one.code or None,
        "score": verdict.score if verdict else None,
        "reasons": list(explain(verdict, language)) if verdict else [],
        "waterfall": [step._asdict() for step in waterfall(verdict, language)] if verdict else [],
    }


def _line(row: ListRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "party_type": row.party_type,
        "kind": row.kind,
        "status": row.status,
        "lines": row.line_codes.split(","),
        "systems": row.system_codes.split(","),
        "unit": row.unit_name,
        "manager": row.manager_name,
        "credential": row.credential_masked,
        "mobile": row.mobile_masked,
        "has_review": row.has_review,
        "former_codes": row.former_codes.split(),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _value(record: CustomerRecord, name: str) -> dict[str, Any]:
    value = getattr(record.customer, name)
    if value in (None, ""):
        return {"value": None, "source": None}
    text = value.isoformat() if isinstance(value, date) else str(value)
    if name == "address":
        text = masking.mask_address(text)
    record_id, rule = record.customer.lineage.get(name, (None, ""))
    source = record.by_id.get(record_id)
    return {"value": text, "source": _source(source, rule) if source else None}


def _own(record: CustomerRecord, field: Custom) -> dict[str, Any]:
    """A value of a field that the house defined, as it is kept: codes, plain numbers, sealed ones masked."""
    record_id, rule = record.customer.lineage.get(field.name, (None, ""))
    source = record.by_id.get(record_id)
    value = record.customer.custom.get(field.code)
    return {"value": value, "source": _source(source, rule) if source else None}


def _source(record: SourceRecord, rule: str) -> dict[str, Any]:
    as_of = record.as_of or record.source_updated_at or record.received_at
    return {"system": record.party.system, "key": record.party.key, "as_of": as_of, "rule": rule}
