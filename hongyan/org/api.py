"""The organisation over the API: units with their places in the trees, people with their posts."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from hongyan.core.errors import Invalid, NotAllowed
from hongyan.org.codes import Right, Tree, Viewer
from hongyan.org.models import Place, Post, Staff, Unit
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


def _page(queryset: QuerySet[Any], where: Where, sort_fields: tuple[str, ...]) -> Page[Any]:
    page = paginate(queryset, where, sort_fields, size=PAGE_SIZE)
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
