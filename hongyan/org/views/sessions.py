"""Doors of log-in, log-out, post and language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from hongyan.org import sessions
from hongyan.org.actions import choose_language as choosing
from hongyan.org.actions import log_in as logging_in
from hongyan.org.actions import switch_post as switching
from hongyan.org.forms.log_in import LogInForm
from hongyan.org.languages import keep_language
from hongyan.org.models import Staff
from hongyan.org.requests import OpenRequest, ViewerRequest


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: OpenRequest) -> HttpResponse:
    """The log-in page; whatever is wrong, it says one and the same thing."""
    form = LogInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        viewer = logging_in.log_in(**form.cleaned_data, address=request.address, agent=_agent(request))
        if viewer:
            sessions.begin(request, viewer)
            return _welcome(request, viewer.staff_id)
        form.add_error(None, _("工号或密码不正确，或账号不能使用。多次出错后需要等待一段时间再试。"))
    elif request.viewer:
        return HttpResponseRedirect(safe_target(request, request.GET.get("next", "")))
    target = request.POST.get("next") or request.GET.get("next", "")
    return render(
        request, "org/log_in.html", {"form": form, "next": target}, status=422 if form.errors else 200
    )


@require_POST
def log_out(request: ViewerRequest) -> HttpResponse:
    logging_in.log_out(request.viewer, agent=_agent(request))
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
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else settings.LOGIN_REDIRECT_URL


def _welcome(request: HttpRequest, staff_id: int) -> HttpResponse:
    """On to the page that was asked for, in the language the person chose on any device."""
    response = HttpResponseRedirect(safe_target(request, request.POST.get("next", "")))
    language = Staff.objects.values_list("language", flat=True).get(pk=staff_id)
    if language:
        keep_language(response, language)
    return response


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")
