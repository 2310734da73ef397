"""Doors of log-out, post and language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from hongyan.org import sessions
from hongyan.org.actions import choose_language as choosing
from hongyan.org.actions import switch_post as switching
from hongyan.org.actions.log_in import log_out as write_log_out
from hongyan.org.languages import keep_language
from hongyan.org.requests import ViewerRequest, own_address


@require_POST
def log_out(request: ViewerRequest) -> HttpResponse:
    write_log_out(request.viewer, agent=agent_of(request))
    sessions.end(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@require_POST
def switch_post(request: ViewerRequest) -> HttpResponse:
    """Act in another post, from its home page on: the page left may not exist there."""
    number = request.POST.get("post", "")
    is_id = number.isdecimal() and len(number) < 19
    viewer = switching.switch_post(request.viewer, int(number) if is_id else 0)
    sessions.act_in(request, viewer.post_id)
    return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)


@require_POST
def choose_language(request: ViewerRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    choosing.choose_language(request.viewer, language)
    response = HttpResponseRedirect(safe_target(request, request.POST.get("next", "")))
    keep_language(response, language)
    return response


def safe_target(request: HttpRequest, target: str) -> str:
    """Where to go next: an address of this site, else the home page."""
    return own_address(request, target, otherwise=settings.LOGIN_REDIRECT_URL)


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself."""
    return request.headers.get("User-Agent", "")
