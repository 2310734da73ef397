"""Applications over the API: ask for an agreement customer, see how an application stands, answer for a system."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from hongyan.core.errors import NotAllowed, NotFound, TooMany
from hongyan.customer.actions.check import take_turn
from hongyan.customer.api import candidates_as_data
from hongyan.customer.codes import PartyType, Settlement
from hongyan.customer.create_api import EntryBody, Key, Text
from hongyan.customer.merge_api import caller_key
from hongyan.customer.panels.words import language
from hongyan.customer.rules.entering import Entered
from hongyan.ledger.codes import BaseProduct
from hongyan.lifecycle.actions import admission, drafts
from hongyan.lifecycle.actions.admission import Examined
from hongyan.lifecycle.actions.answering import answer_inquiry
from hongyan.lifecycle.actions.drafts import LONGEST_REASON, Draft
from hongyan.lifecycle.codes import ApplicationKind, Checked
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.panels.applications import checks as in_words
from hongyan.lifecycle.panels.applications import open_page
from hongyan.lifecycle.queries.applications import find_application, find_asked, inquiries_to, keys_in
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest

router = Router(tags=["applications"])

ACCEPTED, IN_THE_WAY = 202, 409
LONGEST_NUMBER = 18
MOST_INQUIRIES = 100


class ApplicationBody(EntryBody):
    """A customer who wants an agreement, and the agreement."""

    families: list[BaseProduct] = Field(
        [], max_length=20, description="of mailing products; lines 01 and 02 need some"
    )
    valid_from: date
    valid_to: date | None = Field(None, description="none is without end; an exception needs one")
    settlement: Settlement
    credential_until: date | None = None
    is_lifelong: bool = Field(False, description="the credential never expires")
    sighted: bool = Field(False, description="the original was seen, and is of this party")
    exception: Text = Field(
        "", max_length=LONGEST_REASON, description="why an excluding agreement shall not count"
    )


class AcceptedOut(Schema):
    """An application that waits for approval now."""

    number: str
    state: str


class CheckOut(Schema):
    """One line of the admission check. `outcome`: passed, failed, asks, not_known, not_asked."""

    item: str
    outcome: str
    problem: str
    text: str


class ApplicationOut(Schema):
    """How an application stands."""

    number: str
    kind: str
    state: str
    line: str
    name: str
    customer: str | None = Field(description="code; null until somebody is admitted")
    families: list[str]
    valid_from: date | None
    valid_to: date | None
    checks: list[CheckOut]
    approval: int | None
    heard_until: datetime | None = Field(description="until when the other mailing line may object")
    objection: str
    submitted_at: datetime | None
    decided_at: datetime | None


@router.post(
    "/applications",
    response={ACCEPTED: AcceptedOut},
    url_name="applications",
    summary="Apply for an agreement customer",
)
def apply(request: ViewerRequest, body: ApplicationBody, key: Key) -> Status[dict[str, Any]] | HttpResponse:
    """Check a customer and an agreement line by line, and ask for approval; the same key is the same application.

    409 `not_admitted` with `checks` when a line fails or asks: what was sent is kept as a draft under `number`. Send
    the same key again with what was mended; to agree about known customers send `seen`, and a `reason` where the
    answer's `band` is review. 429 when the allowance of checks is used up.
    """
    return _submit(request, body, key, _draft(body))


def _submit(
    request: ViewerRequest, body: EntryBody, key: str, draft: Draft
) -> Status[dict[str, Any]] | HttpResponse:
    viewer, own_key = request.viewer, caller_key(request.viewer, key)
    drafts.ask_right(viewer)
    if asked := find_asked(viewer, own_key):
        return Status(ACCEPTED, {"number": asked.number, "state": asked.state})
    if seconds := take_turn(viewer):
        raise TooMany(seconds)
    row = drafts.save_draft(viewer, draft, key=own_key)
    examined = admission.submit(viewer, row.pk, version=row.version, seen=body.seen, why=body.reason)
    if not examined.is_submitted:
        return _in_the_way(row, examined)
    return Status(ACCEPTED, {"number": row.number, "state": "submitted"})


@router.post(
    "/prospects",
    response={ACCEPTED: AcceptedOut},
    url_name="prospects",
    summary="Register a potential customer",
)
def register(request: ViewerRequest, body: EntryBody, key: Key) -> Status[dict[str, Any]] | HttpResponse:
    """Check somebody who may become a customer, and ask for approval; the same key is the same application.

    Answers as `/applications` does.
    """
    return _submit(request, body, key, Draft(_entered(body), str(body.line), ApplicationKind.PROSPECT))


@router.get(
    "/applications/{number}", response=ApplicationOut, url_name="application", summary="See an application"
)
def read_application(request: ViewerRequest, number: str) -> dict[str, Any]:
    """One application of the token's scope; the read is audited."""
    if not request.viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    row = find_application(request.viewer, _id(number))
    open_page(request.viewer, row)
    return {
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "line": row.line,
        "name": row.name,
        "customer": row.customer.code if row.customer else None,
        "families": row.families,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "checks": _checks(admission.checks_of(row)),
        "approval": row.approval_id,
        "heard_until": row.heard_until,
        "objection": row.objection,
        "submitted_at": row.submitted_at,
        "decided_at": row.decided_at,
    }


class InquiryOut(Schema):
    """A closing that a system is asked about. `keys`: how that system calls the customer."""

    application: str
    customer: str = Field(description="code")
    keys: list[str]
    line: str = Field(description="the line to be closed; empty for all lines of the customer")
    until: datetime = Field(description="who has not answered by then has nothing against it")


class AnswerBody(Schema, extra="forbid"):
    """What a system says of a closing; an objection needs a reason."""

    system: Text = Field(min_length=1, max_length=20)
    objects: bool
    reason: Text = Field("", max_length=LONGEST_REASON)


class AnsweredOut(Schema):
    """How an application stands after an answer."""

    number: str
    state: str


@router.get(
    "/inquiries",
    response=list[InquiryOut],
    url_name="inquiries",
    summary="What a system is asked before customers are closed",
)
def read_inquiries(
    request: ViewerRequest, system: Annotated[str, Query(..., max_length=20)]
) -> list[dict[str, Any]]:
    """The oldest 100 closings of the token's scope that a system has not answered yet; the read is audited."""
    viewer = request.viewer
    if not viewer.may(Right.CUSTOMER_OBJECT):
        raise NotAllowed(Right.CUSTOMER_OBJECT)
    rows = list(inquiries_to(viewer, system)[:MOST_INQUIRIES])
    keys = keys_in(system, [row.application.customer_id for row in rows if row.application.customer_id])
    for row in rows:
        open_page(viewer, row.application)
    return [
        {
            "application": row.application.number,
            "customer": row.application.customer.code,
            "keys": keys.get(row.application.customer.pk, []),
            "line": row.application.line,
            "until": row.until,
        }
        for row in rows
        if row.application.customer
    ]


@router.post(
    "/applications/{number}/answer",
    response=AnsweredOut,
    url_name="application_answer",
    summary="Answer for a system whether a customer may be closed",
)
def answer_application(request: ViewerRequest, number: str, body: AnswerBody) -> dict[str, Any]:
    """Object with a reason, which sends the closing back, or say that nothing stands against it. 409 when said before,
    or too late."""
    row = answer_inquiry(
        request.viewer,
        _id(number),
        objects=body.objects,
        reason=body.reason,
        version=None,
        system=body.system,
    )
    return {"number": row.number, "state": row.state}


def _id(number: str) -> int:
    """Errors: NotFound for what is no number of an application."""
    digits = number.removeprefix("A")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        raise NotFound("application", number[:20])
    return int(digits)


def _entered(body: EntryBody) -> Entered:
    names = set(Entered.__slots__) - {"party_type"}
    party_type = PartyType.PERSON if body.kind == "person" else PartyType.ORGANISATION
    return Entered(party_type, **body.dict(include=names))


def _draft(body: ApplicationBody) -> Draft:
    return Draft(
        entered=_entered(body),
        line=str(body.line),
        families=tuple(one.value for one in body.families),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        settlement=body.settlement.value,
        credential_until=body.credential_until,
        is_lifelong=body.is_lifelong,
        sighted=body.sighted,
        exception=body.exception,
    )


def _checks(lines: list[Checked]) -> list[dict[str, str]]:
    return [
        {
            "item": line.item.value,
            "outcome": line.outcome.value,
            "problem": line.problem.value if line.problem else "",
            "text": shown.why,
        }
        for line, shown in zip(lines, in_words(lines), strict=True)
    ]


def _in_the_way(row: Application, examined: Examined) -> HttpResponse:
    """A problem that is no error: the draft and the check it tells of stay."""
    found = candidates_as_data(examined.found, language())
    problem = {
        "type": "about:blank",
        "title": _("准入校验没有通过"),
        "status": IN_THE_WAY,
        "code": "not_admitted",
        "number": row.number,
        "checks": _checks(list(examined.lines)),
        "seen": examined.found.mark,
        **found,
    }
    return JsonResponse(
        problem,
        status=IN_THE_WAY,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
