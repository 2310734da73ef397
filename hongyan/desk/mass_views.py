"""Doors of acts on many rows (批量修改)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Conflict, Invalid
from hongyan.desk.actions import mass as acting
from hongyan.desk.codes import MassState
from hongyan.desk.forms import MassForm
from hongyan.desk.lists import MASS_ITEMS, MASS_RUNS
from hongyan.desk.mass import Chosen, MassAct, acts_for
from hongyan.desk.mass_panels import mass_view, shown_items
from hongyan.desk.models import MassRun
from hongyan.desk.queries.list_views import opening_query, saved_views
from hongyan.desk.queries.mass import find_run, items_of, runs_of, standing_of
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response, note_rows

MOST_IDS = 1000


@require_safe
def mass_runs(request: ViewerRequest) -> HttpResponse:
    """One's own acts on many."""
    views = saved_views(request.viewer, MASS_RUNS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(MASS_RUNS, request.GET, viewer=request.viewer)
    shown = list_of(
        MASS_RUNS,
        state,
        runs_of(request.viewer),
        views=views,
        rights=request.viewer.rights,
        save_as_url=reverse("desk:save_view", args=[MASS_RUNS.key]),
    )
    return list_response(request, shown)


@require_POST
def mass_begin(request: ViewerRequest, key: str) -> HttpResponse:
    """Choose rows of a list; what is to be done with them is said on the next page."""
    if request.POST.get("scope") == "all":
        chosen = Chosen(query=request.POST.get("query", "")[:2000])
    else:
        chosen = Chosen(ids=request.POST.getlist("ids")[:MOST_IDS])
    return redirect("desk:mass_run", acting.begin(request.viewer, key, chosen).pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mass_run(request: ViewerRequest, run_id: int) -> HttpResponse:
    """One act on many: what to do, then what would come of it, then how far it is; by HTMX, its progress alone."""
    viewer, run = request.viewer, find_run(request.viewer, run_id)
    acts, chosen, form = list[MassAct](), None, None
    if run.state in {MassState.DRAFT, MassState.READY}:
        acts = acts_for(viewer, run.list_key)
        asked = request.POST.get("act") or request.GET.get("act") or run.act
        chosen = next((act for act in acts if act.key == asked), acts[0])
        if request.method == "POST" or run.state == MassState.DRAFT or "act" in request.GET:
            form = chosen.form(viewer, request.POST if request.method == "POST" else None)
            form.initial = {**run.given, "reason": run.reason} if chosen.key == run.act else {}
        if form and request.method == "POST" and form.is_valid() and _is_checked(request, run, chosen, form):
            return redirect("desk:mass_run", run.pk)
    elif request.method == "POST":
        raise Conflict("mass_run", _("{number} 已经开始").format(number=run.number))
    shown = mass_view(viewer, run, standing_of(viewer, run))
    if shown.sample:
        _note(request, len(shown.sample))
    context = {"shown": shown, "run": run, "acts": acts, "chosen": chosen, "form": form}
    part = "#progress" if request.headers.get("HX-Request") else ""
    status = 422 if form and form.errors else 200
    return render(request, f"desk/mass_run.html{part}", context, status=status)


def _is_checked(request: ViewerRequest, run: MassRun, act: MassAct, form: MassForm) -> bool:
    try:
        acting.check(request.viewer, run.pk, act.key, form.given, reason=form.cleaned_data["reason"])
    except Invalid as error:
        form.refuse(error)
        return False
    return True


@require_safe
def mass_rows(request: ViewerRequest, run_id: int) -> HttpResponse:
    """What came of each row."""
    viewer, run = request.viewer, find_run(request.viewer, run_id)
    state = ListState.parse(MASS_ITEMS, request.GET, viewer=viewer)
    shown = list_of(MASS_ITEMS, state, items_of(run), rights=viewer.rights)
    told: Any = shown_items(viewer, run, shown.page.rows)
    shown = replace(shown, page=replace(shown.page, rows=told))
    return list_response(request, shown, template="desk/mass_rows.html", context={"run": run})


def _note(request: ViewerRequest, count: int) -> None:
    """Names of a sample are personal data like those of the list."""
    note_rows(request.viewer.actor, ListState.parse(MASS_ITEMS, request.GET, viewer=request.viewer), count)


@require_POST
def mass_start(request: ViewerRequest, run_id: int) -> HttpResponse:
    """Do what was looked at."""
    return redirect("desk:mass_run", acting.start(request.viewer, run_id).pk)


@require_POST
def mass_stop(request: ViewerRequest, run_id: int) -> HttpResponse:
    """Stop the job; what is done stays."""
    return redirect("desk:mass_run", acting.stop(request.viewer, run_id).pk)


@require_POST
def mass_go_on(request: ViewerRequest, run_id: int) -> HttpResponse:
    """Go on with what ended early."""
    return redirect("desk:mass_run", acting.go_on(request.viewer, run_id).pk)


@require_POST
def mass_undo(request: ViewerRequest, run_id: int) -> HttpResponse:
    """Bring back what was changed."""
    return redirect("desk:mass_run", acting.undo(request.viewer, run_id).pk)
