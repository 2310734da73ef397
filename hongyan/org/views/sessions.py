"""Doors of log-in, log-out, post and language."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from hongyan.core import scope
from hongyan.core.errors import Invalid, NotFound
from hongyan.org import sessions
from hongyan.org.actions import choose_language as choosing
from hongyan.org.actions import log_in as logging_in
from hongyan.org.actions import second_factor
from hongyan.org.actions import switch_post as switching
from hongyan.org.actions.passwords import activate as activate_account
from hongyan.org.actions.passwords import set_password
from hongyan.org.codes import Viewer
from hongyan.org.forms.log_in import ActivationForm, CodeForm, LogInForm, NewPasswordForm
from hongyan.org.languages import keep_language
from hongyan.org.models import Staff
from hongyan.org.queries.viewers import viewer_for
from hongyan.org.requests import OpenRequest, ViewerRequest
from hongyan.org.rules.second_factor import address_of, new_secret, spelled


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: OpenRequest) -> HttpResponse:
    """The log-in page; whatever is wrong, it says one and the same thing."""
    form = LogInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        entry = logging_in.log_in(**form.cleaned_data, address=request.address, agent=_agent(request))
        if entry:
            return _go_on(request, entry, has_shown_code=False)
        form.add_error(None, _("工号或密码不正确，或账号不能使用。多次出错后需要等待一段时间再试。"))
    elif request.viewer:
        return HttpResponseRedirect(safe_target(request, request.GET.get("next", "")))
    return _page(request, "org/log_in.html", form)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_code(request: OpenRequest) -> HttpResponse:
    """The second factor, after the password."""
    half = sessions.half_in(request)
    if half is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        entry = logging_in.show_code(
            _staff_at(half).staff_no,
            form.cleaned_data["code"],
            address=request.address,
            agent=_agent(request),
        )
        if entry:
            return _go_on(request, entry, has_shown_code=True)
        form.add_error("code", _("验证码不正确或已经用过。多次出错后需要等待一段时间再试。"))
    return _page(request, "org/log_in_code.html", form)


@login_not_required
@sensitive_variables("secret", "codes")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_factor(request: OpenRequest) -> HttpResponse:
    """Setting up a second factor, for those who need one; shows the recovery codes, this once."""
    half = sessions.half_in(request)
    if half is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    staff, viewer = _staff_at(half), viewer_for(half.staff_id, address=request.address)
    if viewer is None or staff.totp_sealed:
        return HttpResponseRedirect(settings.LOGIN_URL)
    secret = half.secret or new_secret()
    if not half.secret:
        sessions.wait_for(request, replace(half, secret=secret))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        scope.enter(viewer.scope)  # the password was right: what they do is written down as theirs
        codes = second_factor.set_up(staff, secret, form.cleaned_data["code"], actor=viewer.actor)
        if codes:
            sessions.wait_for(request, sessions.HalfIn(half.staff_id, has_shown_code=True))
            return render(request, "org/recovery_codes.html", {"codes": codes, "next": _target(request)})
        form.add_error("code", _("验证码不正确。请核对手机时间后再试。"))
    return _page(request, "org/set_up_factor.html", form, **_factor(secret, staff.staff_no))


@login_not_required
@sensitive_post_parameters()
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def renew_password(request: OpenRequest) -> HttpResponse:
    """What follows the other hurdles: a new password where the policy asks for one, else straight in."""
    half = sessions.half_in(request)
    viewer = viewer_for(half.staff_id, address=request.address) if half else None
    if half is None or viewer is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    entry = logging_in.enter(viewer, agent=_agent(request), has_shown_code=half.has_shown_code)
    if entry.hurdle != logging_in.Hurdle.NEW_PASSWORD:
        return _go_on(request, entry, has_shown_code=half.has_shown_code)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        scope.enter(viewer.scope)
        try:
            set_password(_staff_at(half), form.cleaned_data["password"], actor=viewer.actor)
        except Invalid as error:
            form.refuse(error)
        else:
            entry = logging_in.enter(viewer, agent=_agent(request), has_shown_code=half.has_shown_code)
            return _go_on(request, entry, has_shown_code=half.has_shown_code)
    return _page(request, "org/renew_password.html", form)


@login_not_required
@sensitive_post_parameters()
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: OpenRequest) -> HttpResponse:
    """Setting a first or a new password by an activation code, which also opens a suspended account."""
    form = ActivationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        viewer = _activated(request, form)
        if viewer:
            entry = logging_in.enter(viewer, agent=_agent(request), has_shown_code=False)
            return _go_on(request, entry, has_shown_code=False)
    return _page(request, "org/activate.html", form)


def _activated(request: OpenRequest, form: ActivationForm) -> Viewer | None:
    given, agent = form.cleaned_data, _agent(request)
    refused = _("工号或激活码不正确，或激活码已经用过、已经过期。多次出错后需要等待一段时间再试。")
    if logging_in.has_to_wait(given["staff_no"], request.address):
        form.add_error(None, refused)
        return None
    try:
        return activate_account(given["staff_no"], given["code"], given["password"], address=request.address)
    except Invalid as error:
        form.refuse(error)
    except NotFound:
        logging_in.fail_activation(given["staff_no"], address=request.address, agent=agent)
        form.add_error(None, refused)
    return None


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


_DOORS = {
    logging_in.Hurdle.CODE: "org:show_code",
    logging_in.Hurdle.SET_UP: "org:set_up_factor",
    logging_in.Hurdle.NEW_PASSWORD: "org:renew_password",
}


def _go_on(request: HttpRequest, entry: logging_in.Entry, *, has_shown_code: bool) -> HttpResponse:
    """In, or on to what has to be done first."""
    if entry.hurdle is None:
        sessions.begin(request, entry.viewer)
        return _welcome(request, entry.viewer.staff_id)
    sessions.wait_for(request, sessions.HalfIn(entry.viewer.staff_id, has_shown_code))
    query = urlencode({"next": _target(request)}) if _target(request) else ""
    return HttpResponseRedirect(f"{reverse(_DOORS[entry.hurdle])}?{query}".rstrip("?"))


def _welcome(request: HttpRequest, staff_id: int) -> HttpResponse:
    """On to the page that was asked for, in the language the person chose on any device."""
    response = HttpResponseRedirect(safe_target(request, _target(request)))
    language = Staff.objects.values_list("language", flat=True).get(pk=staff_id)
    if language:
        keep_language(response, language)
    return response


def _page(request: HttpRequest, template: str, form: Form, **more: object) -> HttpResponse:
    context = {"form": form, "next": _target(request), **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _factor(secret: bytes, staff_no: str) -> dict[str, object]:
    """What an app needs to take a secret: a QR code as an image, and the secret to be typed in groups of four."""
    text = spelled(secret)
    address = address_of(secret, account=staff_no, issuer=_("鸿雁"))
    image = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    return {"image": image, "groups": [text[start : start + 4] for start in range(0, len(text), 4)]}


def _staff_at(half: sessions.HalfIn) -> Staff:
    return Staff.objects.get(pk=half.staff_id)


def _target(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")
