"""Taking in, verifying, working and answering what a person asks about their own data (个人权利请求).

Source: PIPL 44–50; BARS A 36.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.consent.actions.words import hold_customer
from hongyan.consent.codes import IdentityProof, RequestKind, RequestState, Source
from hongyan.consent.models import PersonRequest
from hongyan.consent.parameters import REQUEST_DAYS
from hongyan.consent.queries.requests import find_request
from hongyan.consent.rules.requests import may_become
from hongyan.core import audit, clock
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.core.workdays import Workdays
from hongyan.customer.actions.freeze import freeze
from hongyan.customer.codes import PartyType, Status
from hongyan.customer.queries.records import find_customer
from hongyan.org.codes import Right, Viewer

SUBJECT = "person_request"
LONGEST_ASKED = 500
LONGEST_NOTE = 100
LONGEST_ANSWER = 1000


def receive(viewer: Viewer, code: str, *, kind: str, source: str, asked: str) -> PersonRequest:
    """Write down what a person asks; the clock of working days begins.

    Errors: NotAllowed without the right; NotFound out of scope; Invalid for an organisation, an unknown part, no
    words, or words with somebody's number; Conflict while the same is open for the customer.
    """
    _ask(viewer, Right.REQUEST_KEEP)
    problems = {}
    if kind not in RequestKind.values:
        problems["kind"] = _("请选择")
    if source not in Source.values:
        problems["source"] = _("请选择")
    _check(problems, "asked", asked, LONGEST_ASKED)
    with transaction.atomic():
        customer = hold_customer(viewer, code)
        if customer.party_type != PartyType.PERSON:
            raise Invalid({"": _("个人权利请求只适用于个人客户。")})
        if known := PersonRequest.objects.filter(customer=customer, kind=kind, is_closed=False).first():
            raise Conflict(SUBJECT, _("同样的请求 {number} 正在办理。").format(number=known.number))
        now, today = clock.now(), clock.business_date()
        days = int(value_of(REQUEST_DAYS, units=viewer.unit_chain))
        row = PersonRequest.objects.create(
            customer=customer,
            kind=kind,
            source=source,
            asked=asked.strip(),
            received_at=now,
            due_on=Workdays.near(today).add_working_days(today, days),
            taker_id=viewer.staff_id,
            post_id=viewer.post_id,
            unit_id=viewer.unit_id,
        )
        audit.record(
            viewer.actor, "request.received", SUBJECT, row.number,
            after={"customer": customer.code, "kind": kind, "source": source, "due_on": row.due_on},
        )  # fmt: skip
    return row


def verify(viewer: Viewer, request_id: int, *, version: int, identity: str, note: str = "") -> PersonRequest:
    """Note by what it is known that the person asks. Errors: as `receive`; Conflict when it stands otherwise now."""
    _ask(viewer, Right.REQUEST_KEEP)
    if identity not in IdentityProof.values:
        raise Invalid({"identity": _("请选择")})
    _check({}, "note", note, LONGEST_NOTE, is_needed=False)
    with transaction.atomic():
        row = _held(viewer, request_id, version, RequestState.VERIFIED)
        row.identity, row.identity_note = identity, note.strip()
        row.verified_at, row.verified_by_id = clock.now(), viewer.staff_id
        _save(
            row, "state", "version", "identity", "identity_note", "verified_at", "verified_by",
        )  # fmt: skip
        audit.record(viewer.actor, "request.verified", SUBJECT, row.number, after={"identity": identity})
    return row


def begin(viewer: Viewer, request_id: int, *, version: int) -> PersonRequest:
    """Take a verified request to work on. Errors: NotAllowed; NotFound; Conflict."""
    _ask(viewer, Right.REQUEST_ANSWER)
    with transaction.atomic():
        row = _held(viewer, request_id, version, RequestState.WORKING)
        row.begun_at, row.begun_by_id = clock.now(), viewer.staff_id
        _save(row, "state", "version", "begun_at", "begun_by")
        audit.record(viewer.actor, "request.begun", SUBJECT, row.number)
    return row


def answer(
    viewer: Viewer, request_id: int, *, version: int, text: str, with_freeze: bool = False
) -> PersonRequest:
    """Say what the person was answered. What is to be deleted but has to be kept by law is frozen with the answer.

    Errors: NotAllowed; NotFound; Invalid without words; Conflict when it stands otherwise now.
    """
    _ask(viewer, Right.REQUEST_ANSWER)
    _check({}, "text", text, LONGEST_ANSWER)
    with transaction.atomic():
        row = _held(viewer, request_id, version, RequestState.ANSWERED)
        customer = find_customer(viewer, row.customer.code)
        if with_freeze and row.kind == RequestKind.ERASE and customer.status == Status.ACTIVE:
            reason = _("按个人权利请求 {number}").format(number=row.number)
            freeze(viewer, customer.code, reason=reason)
            row.is_frozen = True
        _end(viewer, row, text)
        audit.record(
            viewer.actor, "request.answered", SUBJECT, row.number, after={"is_frozen": row.is_frozen}
        )
    return row


def refuse(viewer: Viewer, request_id: int, *, version: int, text: str) -> PersonRequest:
    """Refuse a request, with the reason that the person is told (PIPL 50). Errors: as `answer`."""
    _ask(viewer, Right.REQUEST_ANSWER)
    _check({}, "text", text, LONGEST_ANSWER)
    with transaction.atomic():
        row = _held(viewer, request_id, version, RequestState.REFUSED)
        _end(viewer, row, text)
        audit.record(viewer.actor, "request.refused", SUBJECT, row.number, purpose=row.answer[:200])
    return row


def _end(viewer: Viewer, row: PersonRequest, text: str) -> None:
    row.answer, row.is_closed = text.strip(), True
    row.ended_at, row.ended_by_id = clock.now(), viewer.staff_id
    _save(row, "state", "version", "answer", "is_closed", "is_frozen", "ended_at", "ended_by")


def _held(viewer: Viewer, request_id: int, version: int, after: RequestState) -> PersonRequest:
    """The request, held, in its next state. Errors: NotFound; Conflict."""
    find_request(viewer, request_id)
    rows = PersonRequest.objects.select_for_update(of=("self",)).select_related("customer")
    row = rows.get(pk=request_id)
    if row.version != version or not may_become(row.state, after):
        raise Conflict(
            SUBJECT,
            _("{number} 已被别人办到“{state}”，请看过再办。").format(
                number=row.number, state=row.get_state_display()
            ),
        )
    row.state, row.version = after, row.version + 1
    return row


def _save(row: PersonRequest, *fields: str) -> None:
    row.save(update_fields=list(fields))


def _ask(viewer: Viewer, right: Right) -> None:
    if not viewer.may(right):
        raise NotAllowed(right)


def _check(problems: dict[str, str], name: str, text: str, longest: int, *, is_needed: bool = True) -> None:
    """Errors: Invalid."""
    if is_needed and not text.strip():
        problems[name] = _("请填写")
    if len(text.strip()) > longest:
        problems[name] = _("最多 {count} 个字").format(count=longest)
    if problems:
        raise Invalid(problems)
    require_no_numbers(**{name: text})
