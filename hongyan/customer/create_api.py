"""Entering a customer over the API: the door of `/customers` that writes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, Schema, Status
from pydantic import AfterValidator

from hongyan.core.errors import TooMany
from hongyan.customer.actions.check import take_turn
from hongyan.customer.actions.create import Entering, Step, create
from hongyan.customer.api import candidates_as_data, router
from hongyan.customer.codes import PartyType
from hongyan.customer.merge_api import caller_key
from hongyan.customer.panels.words import language
from hongyan.customer.rules.entering import Entered
from hongyan.org.codes import Line
from hongyan.org.requests import ViewerRequest

__all__ = ["router"]

CREATED, IN_THE_WAY = 201, 409
LONGEST_REASON = 200

Key = Annotated[
    str, Header(alias="Idempotency-Key", description="1 to 80 characters, yours to choose, once per customer")
]


_CONTROLS = dict.fromkeys([*range(32), 127])


def _printed(text: str) -> str:
    return text.translate(_CONTROLS).strip()


Text = Annotated[str, AfterValidator(_printed)]
"""What somebody could have typed: control characters, which no column takes, are left out."""


class EntryBody(Schema, extra="forbid"):
    """A customer to be entered; what is not known is empty or left out."""

    kind: Literal["person", "organisation"] = "person"
    name: Text = Field(min_length=1, max_length=200)
    credential_type: Text = Field("", max_length=40, description="L03 code; inferred when empty")
    credential_no: Text = Field("", max_length=60)
    gender: Literal["", "1", "2"] = ""
    birth_date: Text = Field("", max_length=30)
    mobile: Text = Field("", max_length=40)
    landline: Text = Field("", max_length=60)
    email: Text = Field("", max_length=120)
    address: Text = Field("", max_length=300)
    legal_person: Text = Field("", max_length=60)
    line: Line | Literal[""] = Field("", description="one of the post's; needed if it has several")
    seen: Text = Field("", max_length=16, description="`seen` of the answer 409 that you agree about")
    reason: Text = Field("", max_length=LONGEST_REASON, description="why it is none of the candidates")


class EntryOut(Schema):
    """A customer entered. `outcome`: new; joined, to a known customer; review, new and perhaps a known one."""

    number: str
    code: str
    outcome: str


_TITLES: dict[Step, Promise] = {
    "known": _("已有这位客户"),
    "known_elsewhere": _("已是集团其他机构的客户，不能重复新增"),
    "unsure": _("可能已有这位客户"),
}


@router.post(
    "/customers",
    response={CREATED: EntryOut},
    url_name="customers",
    summary="Enter a customer",
)
def enter_customer(
    request: ViewerRequest, body: EntryBody, key: Key
) -> Status[dict[str, Any]] | HttpResponse:
    """Enter a potential customer of the token's post, checked against everybody first.

    409 with `candidates`, as a check answers them, and their mark `seen` when somebody stands in the way. `known`: send
    `seen` to join that customer. `unsure`: send `seen` and a `reason` why it is none of them. `known_elsewhere`: a
    customer out of the token's scope, who cannot be entered again. 429 when the allowance of checks is used up.
    """
    if seconds := take_turn(request.viewer):
        raise TooMany(seconds)
    said = body.dict(exclude={"kind", "line", "seen", "reason"})
    party_type = PartyType.PERSON if body.kind == "person" else PartyType.ORGANISATION
    made = create(
        request.viewer,
        Entered(party_type, **said),
        key=caller_key(request.viewer, key),
        line=str(body.line),
        seen=body.seen,
        reason=body.reason,
    )
    if made.entry is None:
        return _in_the_way(made)
    entry = made.entry
    return Status(CREATED, {"number": entry.number, "code": entry.customer.code, "outcome": entry.outcome})


def _in_the_way(made: Entering) -> HttpResponse:
    """A problem that is no error: the check it tells of stays in the audit."""
    problem = {
        "type": "about:blank",
        "title": str(_TITLES[made.step]),
        "status": IN_THE_WAY,
        "code": made.step,
        "seen": made.found.mark,
        "candidates": candidates_as_data(made.found, language())["candidates"],
    }
    return JsonResponse(
        problem,
        status=IN_THE_WAY,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
