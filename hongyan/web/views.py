"""Doors of the web shell: home, search and health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hongyan.org.requests import OpenRequest, ViewerRequest
from hongyan.web import health as checks
from hongyan.web.context import shell_for
from hongyan.web.doors import own_transaction, unattended
from hongyan.web.queries import home_of, waiting_for
from hongyan.web.search import find_everything, read_asked

SUGGESTED, ALONE, LISTED = 6, 40, 20
"""Rows a group shows beneath the search box, where one part alone was asked, and on the page of results."""


@require_GET
def home(request: ViewerRequest) -> HttpResponse:
    """The page a day begins with: what came in, and what waits for me."""
    return render(request, "web/home.html", {"home": home_of(request.viewer, waiting_for(request))})


@require_POST
def suggestions(request: ViewerRequest) -> HttpResponse:
    """The fragment beneath the search box while somebody types; posted, as `search` is."""
    asked = read_asked(request.POST.get("q", ""))
    found = find_everything(request.viewer, asked, most=ALONE if asked.part else SUGGESTED)
    context = {"groups": found.groups, "count": found.count, "typed": asked.text}
    return render(request, "ui/suggestions.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: ViewerRequest) -> HttpResponse:
    """Where Enter in the search box leads: to the only thing meant, else to everything found.

    Posted, so that no typed phone or credential stands in an address.
    """
    asked = read_asked(request.POST.get("q", ""))
    found = find_everything(request.viewer, asked, most=LISTED)
    if found.url:
        return HttpResponseRedirect(found.url)
    return render(request, "web/search.html", {"groups": found.groups, "asked": asked})


@require_GET
@unattended
@login_not_required
def bell(request: OpenRequest) -> HttpResponse:
    """The bell with its count, for pages that stay open. Whose session is over keeps the page as it is: 204."""
    if request.viewer is None:
        return HttpResponse(status=204)
    shell = shell_for(request.viewer, waiting_for(request))
    return render(request, "ui/parts/bell.html", {"shell": shell})


@require_safe
@own_transaction
@login_not_required
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a door's signature
    """The state of this installation, for monitors: 200, or 503 when no page could be answered."""
    state = checks.state_now()
    return JsonResponse(state.as_json(), status=200 if state.database == checks.OK else 503)
