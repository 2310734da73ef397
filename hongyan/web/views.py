"""Doors of the web shell: home, search and health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hongyan.org.requests import OpenRequest, ViewerRequest, own_address
from hongyan.web import health as checks
from hongyan.web.context import shell_for
from hongyan.web.doors import own_transaction, unattended
from hongyan.web.queries import home_of, waiting_for
from hongyan.web.search import find_everything, read_asked
from hongyan.web.search.records import note_opened, set_pin, ways_back
from hongyan.web.today import has_work

SUGGESTED, ALONE, LISTED = 6, 40, 20
"""Rows a group shows beneath the search box, where one part alone was asked, and on the page of results."""


@require_GET
def home(request: ViewerRequest) -> HttpResponse:
    """Where a day begins: with the work that rules found, where there is some; else with what came in."""
    return redirect("web:today") if has_work(request.viewer) else overview(request)


@require_GET
def overview(request: ViewerRequest) -> HttpResponse:
    """What came in, what waits for me, and whom I look after."""
    return render(request, "web/home.html", {"home": home_of(request.viewer, waiting_for(request))})


@require_POST
def suggestions(request: ViewerRequest) -> HttpResponse:
    """The fragment beneath the search box: ways back, then what is found as somebody types; posted as `search` is."""
    asked = read_asked(request.POST.get("q", ""))
    if asked:
        groups = find_everything(request.viewer, asked, most=ALONE if asked.part else SUGGESTED).groups
    else:
        groups = ways_back(request.viewer)
    context = {"groups": groups, "count": sum(len(group.items) for group in groups), "typed": asked.text}
    return render(request, "ui/suggestions.html", context)


@require_POST
def pin(request: ViewerRequest) -> HttpResponse:
    """Pin a record or let it go: the button again for scripts, the page one comes from without them."""
    asked = request.POST
    state = set_pin(request.viewer, asked.get("kind", ""), asked.get("key", ""), is_on=asked.get("on") == "1")
    if request.headers.get("HX-Request"):
        return render(request, "ui/parts/pin.html", {"pin": state})
    return HttpResponseRedirect(own_address(request, asked.get("next", ""), otherwise="/"))


@require_POST
def opened(request: ViewerRequest) -> HttpResponse:
    """What a record's page tells once it stands: it was opened. Its pin in answer."""
    state = note_opened(request.viewer, request.POST.get("kind", ""), request.POST.get("key", ""))
    return render(request, "ui/parts/pin.html", {"pin": state})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: ViewerRequest) -> HttpResponse:
    """Where Enter in the search box leads: to the only thing meant, else to everything found.

    Posted, so that no typed phone or credential stands in an address.
    """
    asked = read_asked(request.POST.get("q", ""))
    if not asked:
        return render(request, "web/search.html", {"groups": ways_back(request.viewer), "asked": asked})
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
