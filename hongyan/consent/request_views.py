"""Doors of the request desk (个人权利请求): the list, a new one, one of them and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.consent.actions import requests as acts
from hongyan.consent.codes import RequestState
from hongyan.consent.models import PersonRequest
from hongyan.consent.panels.requests import request_deeds, request_fields, request_header, request_history
from hongyan.consent.queries.requests import find_request, person_requests
from hongyan.consent.request_forms import AnswerForm, ReceiveForm, RefuseForm, StepForm, VerifyForm
from hongyan.consent.request_lists import REQUESTS
from hongyan.consent.rules.requests import may_become
from hongyan.core import audit
from hongyan.core.errors import Invalid
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.queries.records import find_customer
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@needs(Right.CUSTOMER_READ)
def requests(request: ViewerRequest) -> HttpResponse:
    """What persons asked, what is due first on top."""
    viewer = request.viewer
    views = saved_views(viewer, REQUESTS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    shown = list_of(
        REQUESTS,
        ListState.parse(REQUESTS, request.GET, viewer=viewer),
        person_requests(viewer),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[REQUESTS.key]),
    )
    return list_response(request, shown)


@never_cache
@require_http_methods(METHODS)
@needs(Right.REQUEST_KEEP)
def new(request: ViewerRequest, code: str) -> HttpResponse:
    """What a person asks: the form; posted, the request."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    form = ReceiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = acts.receive(viewer, customer.code, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("请求 {number} 已登记。").format(number=row.number))
            return redirect("consent:request", row.pk)
    open_part(viewer, customer, part="person_request")
    context = {
        "form": form,
        "customer": customer,
        "title": gettext_lazy("登记个人权利请求"),
        "lead": gettext_lazy("登记后开始计算答复期限；先核实是本人，再办理和答复。"),
    }
    return render(request, "consent/say.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.CUSTOMER_READ)
def one(request: ViewerRequest, request_id: int) -> HttpResponse:
    """One request: what was asked, how it stands, what can be done next."""
    return _show(request, find_request(request.viewer, request_id))


@require_POST
@needs(Right.REQUEST_KEEP)
def verify(request: ViewerRequest, request_id: int) -> HttpResponse:
    """Note by what the person is known."""
    return _step(request, request_id, VerifyForm, acts.verify, _("已记下核身方式。"))


@require_POST
@needs(Right.REQUEST_ANSWER)
def begin(request: ViewerRequest, request_id: int) -> HttpResponse:
    """Take it to work on."""
    return _step(request, request_id, StepForm, acts.begin, _("已受理。"))


@require_POST
@needs(Right.REQUEST_ANSWER)
def answer(request: ViewerRequest, request_id: int) -> HttpResponse:
    """Say what the person was answered."""
    return _step(request, request_id, AnswerForm, acts.answer, _("已答复，请求办结。"))


@require_POST
@needs(Right.REQUEST_ANSWER)
def refuse(request: ViewerRequest, request_id: int) -> HttpResponse:
    """Refuse it with a reason."""
    return _step(request, request_id, RefuseForm, acts.refuse, _("已拒绝，请求办结。"))


def _step(
    request: ViewerRequest, request_id: int, form_class: type[StepForm], act: Callable[..., Any], done: str
) -> HttpResponse:
    row = find_request(request.viewer, request_id)
    form = form_class(row, request.POST)
    if form.is_valid():
        try:
            act(request.viewer, request_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect("consent:request", request_id)
    return _show(request, row, form)


_STEPS = (
    (RequestState.VERIFIED, Right.REQUEST_KEEP, VerifyForm, "consent:verify_request"),
    (RequestState.WORKING, Right.REQUEST_ANSWER, StepForm, "consent:begin_request"),
    (RequestState.ANSWERED, Right.REQUEST_ANSWER, AnswerForm, "consent:answer_request"),
    (RequestState.REFUSED, Right.REQUEST_ANSWER, RefuseForm, "consent:refuse_request"),
)
_WORDS = {
    RequestState.VERIFIED: (gettext_lazy("核实身份"), "shield-check"),
    RequestState.WORKING: (gettext_lazy("受理"), "send"),
    RequestState.ANSWERED: (gettext_lazy("答复"), "checkbox"),
    RequestState.REFUSED: (gettext_lazy("拒绝"), "x"),
}


def _show(request: ViewerRequest, row: PersonRequest, tried: StepForm | None = None) -> HttpResponse:
    viewer = request.viewer
    audit.record(viewer.actor, "request.opened", acts.SUBJECT, row.number)
    steps = [
        {
            "form": tried if type(tried) is form else form(row),
            "url": reverse(address, args=[row.pk]),
            "word": _WORDS[after][0],
            "icon": _WORDS[after][1],
            "is_refusal": after == RequestState.REFUSED,
        }
        for after, right, form, address in _STEPS
        if viewer.may(right) and may_become(row.state, after)
    ]
    context = {
        "record": request_header(row),
        "fields": request_fields(row),
        "deeds": request_deeds(viewer, row),
        "history": request_history(row),
        "steps": steps,
        "row": row,
    }
    return render(request, "consent/request.html", context, status=422 if tried else 200)
