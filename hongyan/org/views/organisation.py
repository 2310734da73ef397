"""Doors of the organisation: the two trees, a unit, staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from hongyan.org.access import needs
from hongyan.org.actions.accounts import issue_for
from hongyan.org.codes import Right, Tree
from hongyan.org.lists.staff import STAFF_LIST, rows_for
from hongyan.org.lists.units import UNITS
from hongyan.org.panels.staff import account_state, staff_header, staff_sections
from hongyan.org.panels.units import unit_header, unit_sections
from hongyan.org.queries import staff as people
from hongyan.org.queries import tree as trees
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import Action, ListState, list_of, list_response
from hongyan.ui.records import Tab


@needs(Right.ORG_READ)
@require_GET
def units(request: ViewerRequest) -> HttpResponse:
    """The tree, opened to the viewer's unit or to `open`; with `q` the units found instead."""
    tree = _tree_of(request)
    text = request.GET.get("q", "").strip().replace("\0", "")[:40]
    context: dict[str, Any] = {
        "tabs": _tabs(request, tree),
        "tree": tree,
        "text": text,
        "actions": _actions(request),
    }
    if text:
        context["found"] = trees.find_units(request.viewer, text, tree=tree)
        context["limit"] = trees.LONGEST_SEARCH
    else:
        context |= _opened(request, tree)
    return render(request, "org/organisation.html", context)


@needs(Right.ORG_READ)
@require_GET
def unit_list(request: ViewerRequest) -> HttpResponse:
    """The units in scope as a list."""
    state = ListState.parse(UNITS, request.GET, viewer=request.viewer)
    rows = trees.listed_places(request.viewer)
    return list_response(request, list_of(UNITS, state, rows, rights=request.viewer.rights))


@needs(Right.ORG_READ)
@require_GET
def branch(request: ViewerRequest, code: str) -> HttpResponse:
    """The units right beneath one, as HTMX puts them into the tree when a branch is opened."""
    place = trees.find_place(request.viewer, code, tree=_tree_of(request))
    branches = trees.children_of(request.viewer, place)
    return render(request, "org/organisation.html#children", {"branches": branches, "tree": place.tree})


@needs(Right.ORG_READ)
@require_GET
def unit(request: ViewerRequest, code: str) -> HttpResponse:
    """One unit: facts, places in both trees, its people, the numbers lent by other rooms."""
    places = trees.places_of(request.viewer, code)
    figures = trees.figures_of(request.viewer, places)
    context = {
        "record": unit_header(places[0], figures[0]),
        "sections": unit_sections(places),
        "posts": people.current_posts_at(request.viewer, places),
        "children": trees.children_of(request.viewer, places[0]),
        "tree": places[0].tree,
        "staff_url": f"{reverse('org:staff_list')}?unit={code}",
    }
    return render(request, "org/unit.html", context)


@needs(Right.ORG_READ)
@require_GET
def staff_list(request: ViewerRequest) -> HttpResponse:
    """The list of staff in scope."""
    state = ListState.parse(STAFF_LIST, request.GET, viewer=request.viewer)
    rows = rows_for(request.viewer, state.values)
    return list_response(request, list_of(STAFF_LIST, state, rows, rights=request.viewer.rights))


@needs(Right.ORG_READ)
@require_GET
def staff(request: ViewerRequest, staff_no: str) -> HttpResponse:
    """One person: posts in scope, last log-ins for auditors."""
    page = people.staff_page(request.viewer, staff_no)
    context = {
        "record": staff_header(page),
        "sections": staff_sections(page),
        "page": page,
        "account_state": account_state(page.staff),
    }
    return render(request, "org/staff.html", context)


@needs(Right.STAFF_ACTIVATE)
@require_POST
@sensitive_variables("code")
def issue_activation(request: ViewerRequest, staff_no: str) -> HttpResponse:
    """Show a new activation code, this once: the page is an answer to a POST and is kept nowhere."""
    activation, code = issue_for(request.viewer, staff_no)
    context = {"activation": activation, "staff": activation.staff, "code": code}
    return render(request, "org/activation.html", context)


def _tree_of(request: ViewerRequest) -> Tree:
    """The tree asked for, if the viewer sees it; else the own one."""
    asked = request.GET.get("tree", "")
    return next((tree for tree in trees.visible_trees(request.viewer) if tree == asked), request.viewer.tree)


def _tabs(request: ViewerRequest, current: Tree) -> list[Tab]:
    names = {Tree.POSTAL: pgettext("机构树", "邮政机构"), Tree.BANK: pgettext("机构树", "银行机构")}
    return [
        Tab(tree, names[tree], f"?tree={tree}", is_active=tree == current)
        for tree in trees.visible_trees(request.viewer)
    ]


def _actions(request: ViewerRequest) -> list[Action]:
    """The same units as a list; moving them is for the top of the group."""
    actions = [Action(pgettext("页面", "机构列表"), reverse("org:unit_list"), icon="list")]
    if request.viewer.may(Right.REORGANISE) and request.viewer.scope.everything:
        actions.append(Action(_("机构调整"), reverse("org:reorganisations"), icon="sitemap"))
    return actions


def _opened(request: ViewerRequest, tree: Tree) -> dict[str, Any]:
    top = trees.top_of(request.viewer, tree)
    if top is None:
        return {"top": None}
    wanted = request.GET.get("open", "")
    upto = trees.find_place(request.viewer, wanted, tree=tree) if wanted else None
    return {"top": trees.opened_tree(request.viewer, top, upto=upto), "above": trees.names_above(top)}
