"""Doors of consent: words of a customer, silences, texts, and whom a list leaves out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.consent import panels
from hongyan.consent.actions import silences, words
from hongyan.consent.actions.texts import publish_text
from hongyan.consent.forms import GiveForm, ReasonForm, SilenceForm, TextForm, WithdrawForm
from hongyan.consent.lists import TEXTS
from hongyan.consent.queries.excluded import excluded_from
from hongyan.consent.queries.texts import all_texts, find_text
from hongyan.core import clock
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.customer.actions import freeze as freezing
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.lists import CUSTOMERS
from hongyan.customer.queries.records import find_customer
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.forms.refusable import RefusableForm
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

METHODS = ["GET", "HEAD", "POST"]
Text = str | Promise


@never_cache
@require_http_methods(METHODS)
@needs(Right.CONSENT_KEEP)
def give(request: ViewerRequest, code: str) -> HttpResponse:
    """A consent of a customer: the form; posted, the word."""
    return _say(
        request, code, GiveForm, words.give, gettext_lazy("登记同意"), _("已登记同意。"),
        lead=gettext_lazy("客户按已发布的授权书同意某个用途。没有登记同意的，一律视为不同意。"),
    )  # fmt: skip


@never_cache
@require_http_methods(METHODS)
@needs(Right.CONSENT_KEEP)
def withdraw(request: ViewerRequest, code: str) -> HttpResponse:
    """A withdrawal of a customer: the form; posted, the word."""
    return _say(
        request, code, WithdrawForm, words.withdraw, gettext_lazy("登记撤回"),
        _("已撤回，从现在起不在任何名单里。"),
        lead=gettext_lazy("撤回与同意一样方便：不需要凭证，立即生效。撤回较宽的范围，其中较窄的同意一并失效。"),
    )  # fmt: skip


@never_cache
@require_http_methods(METHODS)
@needs(Right.CONSENT_KEEP)
def silence(request: ViewerRequest, code: str) -> HttpResponse:
    """A wish not to be disturbed: the form; posted, the wish."""
    return _say(
        request, code, SilenceForm, silences.silence, gettext_lazy("登记免打扰"), _("已登记免打扰。"),
        lead=gettext_lazy("同意仍然保留，但在免打扰期间不联系。"),
    )  # fmt: skip


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_FREEZE)
def freeze(request: ViewerRequest, code: str) -> HttpResponse:
    """Freeze a customer: the form; posted, the freeze (PIPL 47)."""
    return _say(
        request, code, ReasonForm, freezing.freeze, gettext_lazy("冻结资料"), _("资料已冻结。"),
        lead=gettext_lazy("冻结后资料只保存、不再使用：不在任何可联系的名单里，文件带来的变更也不会解冻。"),
    )  # fmt: skip


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_FREEZE)
def unfreeze(request: ViewerRequest, code: str) -> HttpResponse:
    """End the freeze of a customer: the form; posted, the end."""
    return _say(
        request, code, ReasonForm, freezing.unfreeze, gettext_lazy("解冻资料"), _("资料已解冻。"),
        lead=gettext_lazy("解冻后，客户回到来源系统所说的状态。"),
    )  # fmt: skip


def _say(
    request: ViewerRequest,
    code: str,
    form_class: type[RefusableForm],
    act: Callable[..., Any],
    title: Text,
    done: str,
    *,
    lead: Text,
) -> HttpResponse:
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act(viewer, customer.code, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect("customer:record_tab", customer.code, "consent")
    open_part(viewer, customer, part="consent")
    context = {"form": form, "customer": customer, "title": title, "lead": lead}
    return render(request, "consent/say.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.CONSENT_KEEP)
def end_silence(request: ViewerRequest, code: str, silence_id: int) -> HttpResponse:
    """End a silence; then on to the customer's consents."""
    ended = silences.end_silence(request.viewer, code, silence_id)
    messages.success(request, _("已解除免打扰。"))
    customer = find_customer(request.viewer, ended.customer.code)
    return redirect("customer:record_tab", customer.code, "consent")


@require_safe
@needs(Right.CUSTOMER_READ)
def excluded(request: ViewerRequest) -> HttpResponse:
    """How many customers a list leaves out for want of consent, and why (example 19)."""
    state = ListState.parse(CUSTOMERS, request.GET, viewer=request.viewer)
    found = excluded_from(request.viewer, state)
    if found is None:
        return redirect(f"{reverse('customer:list')}{state.link()}")
    context = {"shown": panels.excluded_view(found), "problems": state.problems}
    return render(request, "consent/excluded.html", context)


@require_safe
@needs(Right.CUSTOMER_READ)
def texts(request: ViewerRequest) -> HttpResponse:
    """The texts that customers agree to, all versions."""
    state = ListState.parse(TEXTS, request.GET, viewer=request.viewer)
    shown = list_of(TEXTS, state, all_texts(), rights=request.viewer.rights)
    return list_response(request, shown)


@require_safe
@needs(Right.CUSTOMER_READ)
def text(request: ViewerRequest, text_id: int) -> HttpResponse:
    """One version of a text."""
    return render(request, "consent/text.html", {"text": find_text(text_id), "today": clock.business_date()})


@never_cache
@require_http_methods(METHODS)
@needs(Right.CONSENT_PUBLISH)
def new_text(request: ViewerRequest) -> HttpResponse:
    """Publish the next version of a text."""
    if not request.viewer.scope.everything:
        raise NotAllowed(Right.CONSENT_PUBLISH)
    form = TextForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = publish_text(request.viewer, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已发布第 {version} 版。").format(version=made.version))
            return redirect("consent:texts")
    return render(request, "consent/new_text.html", {"form": form}, status=422 if form.errors else 200)
