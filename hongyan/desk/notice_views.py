"""Doors of the settings of messages, and of the address to which mails go (通知设置)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hongyan.core.errors import Invalid
from hongyan.core.sealed import open_sealed
from hongyan.desk.actions import notice_settings as choosing
from hongyan.desk.mail_words import is_set_up
from hongyan.desk.notice_forms import AddressForm, CodeForm, NoticeSettingsForm
from hongyan.desk.panels import mail_views
from hongyan.desk.queries.notice_settings import own_settings, recent_mails
from hongyan.org.forms.refusable import RefusableForm
from hongyan.org.requests import ViewerRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: ViewerRequest) -> HttpResponse:
    """How the viewer hears of things; where mails are sent, the address and what became of the last ones too."""
    settings = own_settings(request.viewer)
    sent = request.POST if request.method == "POST" else None
    form = NoticeSettingsForm(sent, settings=settings, has_mail=is_set_up())
    if form.is_valid():
        given = form.cleaned_data
        try:
            choosing.change_settings(
                request.viewer,
                form.ways,
                quiet_from=given.get("quiet_from", settings.quiet_from),
                quiet_to=given.get("quiet_to", settings.quiet_to),
                quiet_days=given.get("quiet_days", settings.quiet_days),
                seen=given["seen"],
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("通知设置已保存。"))
            return redirect("desk:notice_settings")
    return _page(request, form=form)


@never_cache
@require_POST
def ask_code(request: ViewerRequest) -> HttpResponse:
    """Have a code sent to an address."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            choosing.ask_code(request.viewer, form.cleaned_data["email"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("验证码一分钟内发出，请查收邮件。"))
            return redirect("desk:notice_settings")
    return _page(request, address_form=form)


@never_cache
@require_POST
def confirm_address(request: ViewerRequest) -> HttpResponse:
    """Prove an address by its code."""
    form = CodeForm(request.POST)
    if form.is_valid():
        if choosing.confirm_address(request.viewer, form.cleaned_data["code"]):
            messages.success(request, _("邮箱已确认，需要邮件的通知会发到这里。"))
            return redirect("desk:notice_settings")
        form.add_error("code", _("验证码不对，或已经失效。"))
    return _page(request, code_form=form)


@require_POST
def remove_address(request: ViewerRequest) -> HttpResponse:
    """Have no mails sent any more."""
    choosing.remove_address(request.viewer)
    messages.success(request, _("邮箱已删除，不再发邮件。"))
    return redirect("desk:notice_settings")


def _page(
    request: ViewerRequest,
    *,
    form: RefusableForm | None = None,
    address_form: RefusableForm | None = None,
    code_form: RefusableForm | None = None,
) -> HttpResponse:
    settings, has_mail = own_settings(request.viewer), is_set_up()
    faulty = [one for one in (form, address_form, code_form) if one and one.errors]
    context = {
        "form": form or NoticeSettingsForm(None, settings=settings, has_mail=has_mail),
        "has_mail": has_mail,
        "address": open_sealed(settings, "address_sealed").decode() if settings.address_sealed else "",
        "confirmed_at": settings.confirmed_at,
        "address_form": address_form or AddressForm(),
        "code_form": code_form or CodeForm(),
        "mails": mail_views(recent_mails(request.viewer)) if has_mail else (),
    }
    return render(request, "desk/notice_settings.html", context, status=422 if faulty else 200)
