"""Merge and split over the API: dry run, merge, one merge, split, taking parties out. Values are masked as everywhere.

What changes something comes under an idempotency key of the caller, so that it may safely be sent again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Header, Router, Schema, Status

from hongyan.core import masking
from hongyan.core.errors import Invalid
from hongyan.core.free_text import require_no_numbers
from hongyan.customer.actions.merge import LONGEST_REASON, merge
from hongyan.customer.actions.open_merge import look_at_merge, open_merge
from hongyan.customer.actions.split import split, take_out
from hongyan.customer.codes import MergeState
from hongyan.customer.models import Merge, Ownership
from hongyan.customer.queries.merges import MergePreview
from hongyan.customer.rules.merging import Choices
from hongyan.org.codes import Viewer
from hongyan.org.requests import ViewerRequest

router = Router(tags=["merges"])

LONGEST_KEY = 80
DONE, ASKED = 200, 202

Key = Annotated[
    str, Header(alias="Idempotency-Key", description="1 to 80 characters, yours to choose, once per merge")
]
Code = Annotated[str, Field(max_length=20, pattern=r"^[Hh]?[0-9]{11}$")]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class MergeBody(Schema, extra="forbid"):
    """Which customer is taken into which, why, and what stays where two things meet."""

    survivor: Code
    absorbed: Code
    reason: Reason
    owners: dict[str, Literal["survivor", "absorbed"]] = Field({}, description="line → whose owner stands")
    fields: dict[str, int] = Field({}, description="golden field → the source party whose value is kept")
    override: bool = Field(
        False, description="two different valid credentials are known; `reason` is the evidence"
    )
    seen: str | None = Field(None, max_length=16, description="`seen` of the dry run; refused when stale")


class SplitBody(Schema, extra="forbid"):
    """Why a merge is undone, and which parties that came since go along."""

    reason: Reason
    along: list[int] = []
    seen: str | None = Field(None, max_length=16)


class TakeOutBody(Schema, extra="forbid"):
    """Which source parties leave a customer, and why."""

    parties: list[int] = Field(min_length=1)
    reason: Reason


class OptionOut(Schema):
    """A value that a source party states."""

    party: int
    system: str
    value: str
    chosen: bool


class FieldOut(Schema):
    """One golden field: what either has, what comes out, what may be chosen."""

    name: str
    survivor: str | None
    absorbed: str | None
    result: str | None
    options: list[OptionOut]


class LineOut(Schema):
    """Who looks after the two in one line, and whose it will be."""

    line: str
    survivor: str | None
    absorbed: str | None
    stands: Literal["survivor", "absorbed"]


class PreviewOut(Schema):
    """Everything a merge would change, and what speaks against it."""

    survivor: str
    absorbed: str
    fields: list[FieldOut]
    owners: list[LineOut]
    agreements: list[str]
    cases: int
    objections: list[str] = Field(description="other_kind: never; other_id: only with `override`")
    takes_two: bool
    seen: str


class MergeOut(Schema):
    """One merge as it stands. `state`: waiting, done, refused, split."""

    id: int
    number: str
    state: str
    survivor: str
    absorbed: str
    reason: str
    asked_by: str
    asked_at: datetime
    second_by: str
    done_at: datetime | None
    split_by: str
    split_at: datetime | None


class PartedOut(Schema):
    """The customer that parties were taken out to."""

    code: str


@router.get(
    "/customers/{survivor}/merge/{absorbed}", response=PreviewOut, url_name="merge_preview", summary="Dry run"
)
def preview(request: ViewerRequest, survivor: str, absorbed: str) -> dict[str, Any]:
    """What a merge would change; nothing is written but the audit of the read. 409 for codes of one customer."""
    return _preview(look_at_merge(request.viewer, survivor, absorbed))


@router.post("/merges", response={DONE: MergeOut, ASKED: MergeOut}, url_name="merges", summary="Merge")
def make(request: ViewerRequest, body: MergeBody, key: Key) -> Status[dict[str, Any]]:
    """Merge two customers. 202 when it waits for a second person; 409 when something changed since the dry run."""
    row = merge(
        request.viewer,
        body.survivor,
        body.absorbed,
        reason=body.reason,
        choices=Choices(dict(body.owners), body.fields),
        override=body.override,
        seen=body.seen,
        key=caller_key(request.viewer, key),
    )
    return Status(ASKED if row.state == MergeState.WAITING else DONE, _merge(row))


@router.get("/merges/{merge_id}", response=MergeOut, url_name="merge", summary="Read a merge")
def read(request: ViewerRequest, merge_id: int) -> dict[str, Any]:
    """One merge as it stands. The read is audited."""
    return _merge(open_merge(request.viewer, merge_id).row)


@router.post("/merges/{merge_id}/split", response=MergeOut, url_name="split_merge", summary="Split")
def undo(request: ViewerRequest, merge_id: int, body: SplitBody, key: Key) -> dict[str, Any]:
    """Undo a merge, at any later time. 409 when it is not in force, or parties came or went since `seen`."""
    row = split(
        request.viewer,
        merge_id,
        reason=body.reason,
        along=body.along,
        seen=body.seen,
        key=caller_key(request.viewer, key),
    )
    return _merge(row)


@router.post(
    "/customers/{code}/take-out", response=PartedOut, url_name="take_out", summary="Take parties out"
)
def part(request: ViewerRequest, code: str, body: TakeOutBody) -> dict[str, Any]:
    """Give source parties of a customer a code of their own. Sent again it is refused: they have left."""
    return {"code": take_out(request.viewer, code, body.parties, reason=body.reason).code}


def caller_key(viewer: Viewer, key: str) -> str:
    """A caller's key, apart from those of others. Errors: Invalid for one that is missing, too long or personal."""
    require_no_numbers(**{"Idempotency-Key": key})
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid({"Idempotency-Key": _("请提供 1 到 {limit} 个字符的幂等键").format(limit=LONGEST_KEY)})
    return f"{viewer.staff_no}/{key}"


def _merge(row: Merge) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "state": row.state,
        "survivor": row.survivor.code,
        "absorbed": row.absorbed.code,
        "reason": row.reason,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "second_by": row.second_by,
        "done_at": row.done_at,
        "split_by": row.split_by,
        "split_at": row.split_at,
    }


def _preview(seeing: MergePreview) -> dict[str, Any]:
    return {
        "survivor": seeing.survivor.code,
        "absorbed": seeing.absorbed.code,
        "fields": [
            {
                "name": one.name,
                **{
                    side: _text(one.name, value)
                    for side, value in (
                        ("survivor", one.survivor),
                        ("absorbed", one.absorbed),
                        ("result", one.result),
                    )
                },
                "options": [
                    {
                        "party": option.party_id,
                        "system": option.system,
                        "value": _text(one.name, option.value),
                        "chosen": option.is_chosen,
                    }
                    for option in one.options
                ],
            }
            for one in seeing.fields
        ],
        "owners": [
            {
                "line": one.line,
                "survivor": _owner(one.survivor),
                "absorbed": _owner(one.absorbed),
                "stands": one.stands,
            }
            for one in seeing.owners
        ],
        "agreements": [one.agreement_no or one.sub_code for side in seeing.agreements for one in side],
        "cases": len(seeing.cases),
        "objections": list(seeing.objections),
        "takes_two": seeing.takes_two,
        "seen": seeing.seen,
    }


def _text(name: str, value: Any) -> str | None:
    if value in (None, ""):
        return None
    return masking.mask_address(str(value)) if name == "address" else str(value)


def _owner(owner: Ownership | None) -> str | None:
    if owner is None:
        return None
    return f"{owner.unit.code}/{owner.manager.staff_no if owner.manager else ''}"
