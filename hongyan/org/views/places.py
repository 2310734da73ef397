"""Doors of the divisions and postcodes."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.lists.places import DIVISIONS, POSTCODES
from hongyan.org.queries import places
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@needs(Right.ORG_READ)
@require_GET
def divisions(request: ViewerRequest) -> HttpResponse:
    """The list of divisions."""
    state = ListState.parse(DIVISIONS, request.GET, viewer=request.viewer)
    return list_response(request, list_of(DIVISIONS, state, places.divisions(), rights=request.viewer.rights))


@needs(Right.ORG_READ)
@require_GET
def postcodes(request: ViewerRequest) -> HttpResponse:
    """The list of postcodes."""
    state = ListState.parse(POSTCODES, request.GET, viewer=request.viewer)
    return list_response(request, list_of(POSTCODES, state, places.postcodes(), rights=request.viewer.rights))
