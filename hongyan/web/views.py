"""Doors of the web shell: home and health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from hongyan.org.requests import ViewerRequest
from hongyan.web import health as checks
from hongyan.web.doors import own_transaction
from hongyan.web.queries import home_of, waiting_for
from hongyan.web.today import has_work


@require_GET
def home(request: ViewerRequest) -> HttpResponse:
    """Where a day begins: with the work that rules found, where there is some; else with what came in."""
    return redirect("web:today") if has_work(request.viewer) else overview(request)


@require_GET
def overview(request: ViewerRequest) -> HttpResponse:
    """What came in, what waits for me, and whom I look after."""
    return render(request, "web/home.html", {"home": home_of(request.viewer, waiting_for(request))})


@require_safe
@own_transaction
@login_not_required
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a door's signature
    """The state of this installation, for monitors: 200, or 503 when no page could be answered."""
    state = checks.state_now()
    return JsonResponse(state.as_json(), status=200 if state.database == checks.OK else 503)
