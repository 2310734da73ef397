"""Consent over the API: what a customer said, saying more, and asking before somebody is addressed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from hongyan.consent.actions.silences import silence
from hongyan.consent.actions.words import give, withdraw
from hongyan.consent.codes import Proof, Source, Why
from hongyan.consent.queries.words import said_of, silences_of, words_of
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.customer.actions.open_record import open_code
from hongyan.customer.codes import ConsentPurpose, ContactChannel
from hongyan.customer.codes import Purpose as OpeningPurpose
from hongyan.customer.queries.records import find_customer
from hongyan.org.codes import Line, Right
from hongyan.org.requests import ViewerRequest

router = Router(tags=["consent"])

CREATED = 201
WhatFor = Annotated[
    str,
    Query("", description=f"what for: {', '.join(OpeningPurpose.values)}; needed for a customer of others"),
]


class GiveBody(Schema, extra="forbid"):
    """A consent. Sent twice it is written twice, which says the same."""

    purpose: ConsentPurpose
    line: Line
    channels: list[ContactChannel] = Field([], max_length=6, description="all when empty")
    source: Source
    proof: Proof
    reference: str = Field(min_length=1, max_length=100, description="number of the form, recording or log")


class WithdrawBody(Schema, extra="forbid"):
    """A withdrawal; what is left open is taken back altogether."""

    purpose: ConsentPurpose | None = None
    line: Line | None = None
    channels: list[ContactChannel] = Field([], max_length=6, description="all when empty")
    source: Source
    reference: str = Field("", max_length=100)


class SilenceBody(Schema, extra="forbid"):
    """Not to be disturbed."""

    channels: list[ContactChannel] = Field([], max_length=6, description="all when empty")
    last_day: date | None = None
    opens: time | None = None
    closes: time | None = None
    with_service: bool = False
    reason: str = Field("", max_length=200)
    source: Source


class WordOut(Schema):
    """One word of a customer; empty parts are left open."""

    id: int
    is_given: bool
    purpose: str
    line: str
    channel: str
    at: datetime
    ends_at: datetime | None
    source: str
    proof: str
    text_version: int | None


class SilenceOut(Schema):
    """A wish not to be disturbed that was not ended."""

    id: int
    channels: list[str]
    since: datetime
    until: datetime | None
    opens: time | None
    closes: time | None
    with_service: bool


class SaidOut(Schema):
    """What a customer said, the newest first, under all codes."""

    code: str
    words: list[WordOut]
    silences: list[SilenceOut]


class AnswerOut(Schema):
    """Whether a customer may be addressed now. `why`: allowed, no_consent, withdrawn, ended, silent, not_active."""

    is_allowed: bool
    why: Why
    word: int | None = Field(description="the word it rests on")


@router.get(
    "/customers/{code}/consent", response=SaidOut, url_name="consent", summary="What a customer agreed to"
)
def read_consent(request: ViewerRequest, code: str, purpose: WhatFor) -> dict[str, Any]:
    """Consents, withdrawals and silences of a customer. It is audited as opening the customer."""
    record = open_code(request.viewer, code, part="api", purpose=purpose)
    members = [record.customer, *record.aliases]
    return {
        "code": record.customer.code,
        "words": [
            {
                "id": one.pk,
                "is_given": one.is_given,
                "purpose": one.purpose,
                "line": one.line,
                "channel": one.channel,
                "at": one.at,
                "ends_at": one.ends_at,
                "source": one.source,
                "proof": one.proof,
                "text_version": one.text.version if one.text else None,
            }
            for one in words_of(request.viewer, members)
        ],
        "silences": [
            {
                "id": one.pk,
                "channels": list(one.channel_list),
                "since": one.since,
                "until": one.until,
                "opens": one.opens,
                "closes": one.closes,
                "with_service": one.with_service,
            }
            for one in silences_of(request.viewer, members)
        ],
    }


@router.get(
    "/customers/{code}/may-contact",
    response=AnswerOut,
    url_name="may_contact",
    summary="May a customer be addressed now",
)
def read_may_contact(
    request: ViewerRequest,
    code: str,
    purpose: ConsentPurpose,
    line: Line,
    channel: ContactChannel | None = None,
) -> dict[str, Any]:
    """Ask before anybody is called or written to. Nothing personal is answered, so no purpose is asked for.

    422 without a channel for a purpose that has one.
    """
    if not request.viewer.may(Right.CUSTOMER_READ):
        raise NotAllowed(Right.CUSTOMER_READ)
    if channel is None and purpose not in (ConsentPurpose.SHARING, ConsentPurpose.PROFILING):
        raise Invalid({"channel": _("请选择")})
    customer = find_customer(request.viewer, code)
    found = said_of(customer).verdict(purpose.value, line.value, channel.value if channel else "")
    return {"is_allowed": found.is_allowed, "why": found.why, "word": found.word and found.word.key}


@router.post(
    "/customers/{code}/consent/given",
    response={CREATED: list[int]},
    url_name="consent_given",
    summary="A customer agrees",
)
def write_given(request: ViewerRequest, code: str, body: GiveBody) -> Status[list[int]]:
    """Write a consent down, under the text in force; answers the ids of the words, one a channel."""
    said = give(
        request.viewer, code, purpose=body.purpose.value, line=body.line.value,
        channels=[one.value for one in body.channels], source=body.source.value, proof=body.proof.value,
        reference=body.reference,
    )  # fmt: skip
    return Status(CREATED, [one.pk for one in said])


@router.post(
    "/customers/{code}/consent/withdrawn",
    response={CREATED: list[int]},
    url_name="consent_withdrawn",
    summary="A customer takes consent back",
)
def write_withdrawn(request: ViewerRequest, code: str, body: WithdrawBody) -> Status[list[int]]:
    """Write a withdrawal down; lists follow at once. Answers the ids of the words, one a channel."""
    said = withdraw(
        request.viewer, code, purpose=body.purpose.value if body.purpose else "",
        line=body.line.value if body.line else "", channels=[one.value for one in body.channels],
        source=body.source.value, reference=body.reference,
    )  # fmt: skip
    return Status(CREATED, [one.pk for one in said])


@router.post(
    "/customers/{code}/silences",
    response={CREATED: int},
    url_name="silences",
    summary="A customer is not to be disturbed",
)
def write_silence(request: ViewerRequest, code: str, body: SilenceBody) -> Status[int]:
    """Write down that a customer is not to be disturbed; answers the id of the wish."""
    said = body.dict() | {"channels": [one.value for one in body.channels], "source": body.source.value}
    return Status(CREATED, silence(request.viewer, code, **said).pk)
