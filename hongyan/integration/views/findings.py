"""Doors of what was found in the public data sets, and of parties nobody has described."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hongyan.integration import lists, panels
from hongyan.integration.queries.findings import findings as found
from hongyan.integration.queries.unknown import unknown_parties
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.queries.places import place_findings
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@require_safe
@needs(Right.INTAKE_READ)
def findings(request: ViewerRequest) -> HttpResponse:
    """What came of every public data set: rows, sums, faults, unknown parties, the months it fills."""
    places = place_findings()
    sets = [panels.set_findings(request.viewer, one, places) for one in found(request.viewer)]
    context = {"sets": sets, "sections": panels.sections("findings")}
    return render(request, "integration/findings.html", context)


@require_safe
@needs(Right.INTAKE_READ)
def unknown(request: ViewerRequest) -> HttpResponse:
    """The source parties that facts name and no system has described."""
    state = ListState.parse(lists.UNKNOWN, request.GET, viewer=request.viewer)
    shown = list_of(lists.UNKNOWN, state, unknown_parties(), rights=request.viewer.rights)
    return list_response(
        request,
        shown,
        template="integration/quarantine.html",
        context={"sections": panels.sections("")},
    )
