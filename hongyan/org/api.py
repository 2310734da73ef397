"""The organisation over the API: units with their places in the trees, people with their posts; approvals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from hongyan.core.errors import Invalid, NotAllowed
from hongyan.org.actions.approvals import decide
from hongyan.org.codes import ApprovalState, Right, Tree, Verdict, Viewer
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Place, Post, Staff, Unit
from hongyan.org.queries.approvals import approval_way, to_decide, visible_approvals
from hongyan.org.queries.staff import staff_list
from hongyan.org.queries.tree import find_place, places_of, visible_places
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import Page, paginate

router = Router(tags=["organisation"])

PAGE_SIZE = 100


class Where(Schema):
    """Where in a list to read on: the `next` of the page before."""

    after: str = ""
    before: str = ""


class UnitFilters(Where):
    """A tree, and a unit with everything beneath it."""

    tree: Tree = Tree.POSTAL
    beneath: str = ""


class StaffFilters(Where):
    """People with a post at a unit or beneath it, in a line."""

    unit: str = ""
    line: str = ""


class UnitLine(Schema):
    """A unit in a tree; `parent` is the code of the unit above it, null at the top of what the token sees."""

    code: str
    name: str
    short_name: str
    tree: str
    level: int
    parent: str | None
    management: str
    is_operating: bool


class UnitPage(Schema):
    """A page of units in the order of the tree; `next` is null on the last one."""

    items: list[UnitLine]
    next: str | None


class UnitOut(Schema):
    """One unit, with its places in the trees."""

    code: str
    name: str
    short_name: str
    management: str
    is_operating: bool
    division: str
    postcode: str
    places: list[UnitLine]


class PostOut(Schema):
    """A post: a role at a unit, for lines."""

    unit: str
    tree: str
    role: str
    lines: list[str]
    is_primary: bool


class StaffLine(Schema):
    """A person and the current posts in the token's scope."""

    staff_no: str
    name: str
    is_active: bool
    posts: list[PostOut]


class StaffPage(Schema):
    """A page of people by pinyin; `next` is null on the last one."""

    items: list[StaffLine]
    next: str | None


@router.get("/organisation/units", response=UnitPage, url_name="units", summary="List units")
def list_units(request: ViewerRequest, filters: Annotated[UnitFilters, Query()]) -> dict[str, Any]:
    """Units of one tree in the token's scope. Errors: 404 for a unit out of scope."""
    viewer = _reader(request)
    places = visible_places(viewer).filter(tree=filters.tree).select_related("parent__unit")
    if filters.beneath:
        top = find_place(viewer, filters.beneath, tree=filters.tree)
        places = places.filter(lo__gte=top.lo, lo__lte=top.hi)
    page = _page(places, filters, ("lo",))
    return {"items": [_place(viewer, place) for place in page.rows], "next": page.next_cursor}


@router.get("/organisation/units/{code}", response=UnitOut, url_name="unit", summary="Read a unit")
def read_unit(request: ViewerRequest, code: str) -> dict[str, Any]:
    """One unit. Errors: 404 out of scope."""
    viewer = _reader(request)
    places = places_of(viewer, code)
    unit: Unit = places[0].unit
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "management": unit.management,
        "is_operating": unit.is_operating,
        "division": unit.division,
        "postcode": unit.postcode,
        "places": [_place(viewer, place) for place in places],
    }


@router.get("/organisation/staff", response=StaffPage, url_name="staff", summary="List staff")
def list_staff(request: ViewerRequest, filters: Annotated[StaffFilters, Query()]) -> dict[str, Any]:
    """People with a post in the token's scope; no contact data. Errors: 404 for a unit out of scope."""
    viewer = _reader(request)
    page = _page(staff_list(viewer, unit=filters.unit, line=filters.line), filters, ("pinyin",))
    return {"items": [_person(person) for person in page.rows], "next": page.next_cursor}


def _reader(request: ViewerRequest) -> Viewer:
    if not request.viewer.may(Right.ORG_READ):
        raise NotAllowed(Right.ORG_READ)
    return request.viewer


def _page(
    queryset: QuerySet[Any], where: Where, sort_fields: tuple[str, ...], *, descending: bool = False
) -> Page[Any]:
    page = paginate(queryset, where, sort_fields, descending=descending, size=PAGE_SIZE)
    if page.problem:
        raise Invalid({"after": _("这个位置不能使用，请从头开始")})
    return page


def _place(viewer: Viewer, place: Place) -> dict[str, Any]:
    parent = place.parent if place.parent and viewer.scope.covers(place.parent.lo) else None
    return {
        "code": place.unit.code,
        "name": place.unit.name,
        "short_name": place.unit.short_name,
        "tree": place.tree,
        "level": place.level,
        "parent": parent.unit.code if parent else None,
        "management": place.unit.management,
        "is_operating": place.unit.is_operating,
    }


def _person(person: Staff) -> dict[str, Any]:
    posts: list[Post] = person.current_posts  # type: ignore[attr-defined]
    return {
        "staff_no": person.staff_no,
        "name": person.name,
        "is_active": person.is_active,
        "posts": [
            {
                "unit": post.place.unit.code,
                "tree": post.place.tree,
                "role": post.role,
                "lines": post.line_codes,
                "is_primary": post.is_primary,
            }
            for post in posts
        ],
    }


# --- approvals

APPROVALS = ["approvals"]


class ApprovalFilters(Where):
    """Those the token's post can decide now (`todo`), or all that concern it; in a state."""

    box: Literal["todo", "all"] = "todo"
    state: ApprovalState | None = None


class ApprovalLine(Schema):
    """A request; `amount` is counted as its kind counts, `risk` runs from 1 (low) to 3 (high)."""

    id: int
    kind: str
    subject: str
    maker: str
    unit: str
    line: str
    amount: Decimal
    risk: int
    reason: str
    state: str
    version: int
    submitted_at: datetime
    due_at: datetime | None


class ApprovalPageOut(Schema):
    """A page of requests, the newest first; `next` is null on the last one."""

    items: list[ApprovalLine]
    next: str | None


class StepOut(Schema):
    """One group of checkers; `unit` is where it is checked, null before its turn."""

    number: int
    roles: list[str]
    unit: str | None
    state: str
    due_at: datetime | None


class ActOut(Schema):
    """What happened to a request; `staff` is null for the system, `on_behalf_of` whose post it was when lent."""

    at: datetime
    act: str
    staff: str | None
    on_behalf_of: str | None
    reason: str


class ApprovalOut(ApprovalLine):
    """One request with its way so far; `may_decide` whether the token's post can decide it now."""

    steps: list[StepOut]
    acts: list[ActOut]
    may_decide: bool


class DecisionIn(Schema):
    """Yes or no to the `version` of a request that was read; a refusal needs a reason."""

    verdict: Verdict
    version: int = Field(ge=1, le=2**31 - 1)
    reason: str = Field("", max_length=200)


@router.get(
    "/approvals",
    response=ApprovalPageOut,
    url_name="approvals",
    summary="List approvals",
    tags=APPROVALS,
)
def list_approvals(request: ViewerRequest, filters: Annotated[ApprovalFilters, Query()]) -> dict[str, Any]:
    """Requests the token's post can decide, or all that concern it."""
    found = (to_decide if filters.box == "todo" else visible_approvals)(request.viewer)
    if filters.state:
        found = found.filter(state=filters.state)
    page = _page(found, filters, ("submitted_at",), descending=True)
    return {"items": [_approval(one) for one in page.rows], "next": page.next_cursor}


@router.get(
    "/approvals/{approval_id}",
    response=ApprovalOut,
    url_name="approval",
    summary="Read an approval",
    tags=APPROVALS,
)
def read_approval(request: ViewerRequest, approval_id: int) -> dict[str, Any]:
    """One request. Errors: 404 for one the token's post has nothing to do with."""
    return _whole_approval(request.viewer, approval_id)


@router.post(
    "/approvals/{approval_id}/decision",
    response=ApprovalOut,
    url_name="decide_approval",
    summary="Decide an approval",
    tags=APPROVALS,
)
def decide_approval(request: ViewerRequest, approval_id: int, decision: DecisionIn) -> dict[str, Any]:
    """Say yes or no; the same again changes nothing.

    Errors: 404; 403 for the maker and for who is no checker; 409 when somebody was faster; 422 without a reason.
    """
    decide(
        request.viewer, approval_id, decision.verdict, reason=decision.reason, step_version=decision.version
    )
    return _whole_approval(request.viewer, approval_id)


def _approval(approval: Approval) -> dict[str, Any]:
    return {
        "id": approval.pk,
        "kind": approval.kind,
        "subject": approval.subject,
        "maker": approval.maker.staff_no,
        "unit": approval.place.unit.code,
        "line": approval.line,
        "amount": approval.amount,
        "risk": approval.risk,
        "reason": approval.reason,
        "state": approval.state,
        "version": approval.version,
        "submitted_at": approval.submitted_at,
        "due_at": approval.due_at,
    }


def _whole_approval(viewer: Viewer, approval_id: int) -> dict[str, Any]:
    way = approval_way(viewer, approval_id)
    return {
        **_approval(way.approval),
        "steps": [_approval_step(step) for step in way.steps],
        "acts": [_approval_act(event) for event in way.events],
        "may_decide": way.may_decide,
    }


def _approval_step(step: ApprovalStep) -> dict[str, Any]:
    return {
        "number": step.number,
        "roles": step.roles,
        "unit": step.place.unit.code if step.place else None,
        "state": step.state,
        "due_at": step.due_at,
    }


def _approval_act(event: ApprovalEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "act": event.act,
        "staff": event.staff.staff_no if event.staff else None,
        "on_behalf_of": event.holder.staff_no if event.holder else None,
        "reason": event.reason,
    }
