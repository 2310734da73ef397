"""Doors of classification: classes counted, moves between them, starting and stopping a run."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hongyan.classes import panels
from hongyan.classes.actions import classify
from hongyan.classes.lists import MOVES
from hongyan.classes.queries.classes import moves_of
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@never_cache
@require_safe
@needs(Right.LEDGER_READ)
@needs(Right.CUSTOMER_READ)
def overview(request: ViewerRequest) -> HttpResponse:
    """How many customers are in each class, and how the run stands; asked by HTMX, its progress alone."""
    context = {"shown": panels.overview(request.viewer), "sections": panels.sections("overview")}
    part = "#progress" if request.headers.get("HX-Request") else ""
    return render(request, f"classes/overview.html{part}", context)


@require_POST
@needs(Right.CLASSES_RUN)
def start(request: ViewerRequest) -> HttpResponse:
    """Classify everybody as of today, or go on where it was stopped."""
    classify.start_classifying(request.viewer)
    return redirect("classes:overview")


@require_POST
@needs(Right.CLASSES_RUN)
def stop(request: ViewerRequest) -> HttpResponse:
    """Ask it to stop; what is classified stays."""
    classify.stop_classifying(request.viewer)
    return redirect("classes:overview")


@require_safe
@needs(Right.LEDGER_READ)
@needs(Right.CUSTOMER_READ)
def moves(request: ViewerRequest) -> HttpResponse:
    """Who went from one class to another."""
    viewer = request.viewer
    views = saved_views(viewer, MOVES.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    shown = list_of(
        MOVES,
        ListState.parse(MOVES, request.GET, viewer=viewer),
        moves_of(viewer),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[MOVES.key]),
    )
    return list_response(
        request, shown, template="classes/list.html", context={"sections": panels.sections("moves")}
    )
