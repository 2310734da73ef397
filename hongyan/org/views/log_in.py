"""Doors of log-in: the password, what may have to follow it, and activation."""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from hongyan.core import scope
from hongyan.core.errors import Invalid, NotFound
from hongyan.org import sessions
from hongyan.org.actions import log_in as logging_in
from hongyan.org.actions import second_factor
from hongyan.org.actions.log_in import Hurdle
from hongyan.org.actions.passwords import activate as activate_account
from hongyan.org.actions.passwords import set_password
from hongyan.org.codes import Viewer
from hongyan.org.forms.log_in import ActivationForm, CodeForm, LogInForm, NewPasswordForm
from hongyan.org.languages import keep_language
from hongyan.org.models import Staff
from hongyan.org.requests import OpenRequest
from hongyan.org.rules.second_factor import address_of, new_secret, spelled
from hongyan.org.views.sessions import agent_of, safe_target


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: OpenRequest) -> HttpResponse:
    """The log-in page; whatever is wrong, it says one and the same thing."""
    form = LogInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        entry = logging_in.log_in(**form.cleaned_data, address=request.address, agent=agent_of(request))
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
    half = sessions.half_in(request, address=request.address)
    if half is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        entry = logging_in.show_code(
            half.staff.staff_no,
            form.cleaned_data["code"],
            address=request.address,
            agent=agent_of(request),
        )
        if entry:
            return _go_on(request, entry, has_shown_code=True)
        form.add_error("code", _("验证码不正确或已经用过。多次出错后需要等待一段时间再试。"))
    return _page(request, "org/log_in_code.html", form)


@login_not_required
@sensitive_variables("half", "secret", "codes")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_factor(request: OpenRequest) -> HttpResponse:
    """Setting up a second factor, for those who need one; shows the recovery codes, this once."""
    half = sessions.half_in(request, address=request.address)
    if half is None or half.staff.totp_sealed:
        return HttpResponseRedirect(settings.LOGIN_URL)
    secret = half.secret or new_secret()
    if not half.secret:
        sessions.wait_for(request, half.staff.pk, secret=secret)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        scope.enter(half.viewer.scope)  # the password was right: what they do is written down as theirs
        codes = second_factor.set_up(half.staff, secret, form.cleaned_data["code"], actor=half.viewer.actor)
        if codes:
            sessions.wait_for(request, half.staff.pk, has_shown_code=True)
            return render(request, "org/recovery_codes.html", {"codes": codes, "next": _target(request)})
        form.add_error("code", _("验证码不正确。请核对手机时间后再试。"))
    return _page(request, "org/set_up_factor.html", form, **_factor(secret, half.staff.staff_no))


@login_not_required
@sensitive_post_parameters()
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def renew_password(request: OpenRequest) -> HttpResponse:
    """What follows the other hurdles: a new password where the policy asks for one, else straight in."""
    half = sessions.half_in(request, address=request.address)
    if half is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    hurdle = logging_in.hurdle_before(half.staff, has_shown_code=half.has_shown_code)
    if hurdle is None:
        return _enter(request, half)
    if hurdle != Hurdle.NEW_PASSWORD:
        return HttpResponseRedirect(_door(request, hurdle))
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        scope.enter(half.viewer.scope)
        try:
            set_password(half.staff, form.cleaned_data["password"], actor=half.viewer.actor)
        except Invalid as error:
            form.refuse(error)
        else:
            return _enter(request, half)
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
            entry = logging_in.enter(viewer, agent=agent_of(request), has_shown_code=False)
            return _go_on(request, entry, has_shown_code=False)
    return _page(request, "org/activate.html", form)


def _activated(request: OpenRequest, form: ActivationForm) -> Viewer | None:
    given = form.cleaned_data
    refused = _("工号或激活码不正确，或激活码已经用过、已经过期。多次出错后需要等待一段时间再试。")
    if logging_in.has_to_wait(given["staff_no"], request.address):
        form.add_error(None, refused)
        return None
    try:
        return activate_account(given["staff_no"], given["code"], given["password"], address=request.address)
    except Invalid as error:
        form.refuse(error)
    except NotFound:
        logging_in.fail_activation(given["staff_no"], address=request.address, agent=agent_of(request))
        form.add_error(None, refused)
    return None


_DOORS = {
    Hurdle.CODE: "org:show_code",
    Hurdle.SET_UP: "org:set_up_factor",
    Hurdle.NEW_PASSWORD: "org:renew_password",
}


def _door(request: HttpRequest, hurdle: Hurdle) -> str:
    query = urlencode({"next": _target(request)}) if _target(request) else ""
    return f"{reverse(_DOORS[hurdle])}?{query}".rstrip("?")


def _enter(request: HttpRequest, half: sessions.HalfIn) -> HttpResponse:
    entry = logging_in.enter(half.viewer, agent=agent_of(request), has_shown_code=half.has_shown_code)
    return _go_on(request, entry, has_shown_code=half.has_shown_code)


def _go_on(request: HttpRequest, entry: logging_in.Entry, *, has_shown_code: bool) -> HttpResponse:
    """In, or on to what has to be done first."""
    if entry.hurdle is None:
        sessions.begin(request, entry.viewer)
        return _welcome(request, entry.viewer.staff_id)
    sessions.wait_for(request, entry.viewer.staff_id, has_shown_code=has_shown_code)
    return HttpResponseRedirect(_door(request, entry.hurdle))


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


def _target(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")
