"""Doors of relations: judging one, and deriving those of everybody (客户关系)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hongyan.core.models import JobRun
from hongyan.customer.actions.judge_relation import judge_relation
from hongyan.customer.actions.relate_all import start_relating, stop_relating
from hongyan.customer.codes import RelationState
from hongyan.customer.forms import RelationForm
from hongyan.customer.panels.cases import case_sections
from hongyan.customer.queries.records import find_customer
from hongyan.customer.queries.relation_runs import latest_run
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@require_POST
@needs(Right.CUSTOMER_RELATE)
def judge(request: ViewerRequest, code: str, relation_id: int) -> HttpResponse:
    """Confirm or refuse a relation of a customer, or take that back; then on to the customer's relations."""
    customer = find_customer(request.viewer, code)
    form = RelationForm(request.POST)
    if form.is_valid():
        state = RelationState(form.cleaned_data["state"])
        judge_relation(request.viewer, relation_id, state, reason=form.cleaned_data["reason"])
        messages.success(request, _("已记录：{state}").format(state=state.label))
    else:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("customer:record_tab", customer.code, "relations")


@never_cache
@require_safe
@needs(Right.CUSTOMER_MERGE)
def run(request: ViewerRequest) -> HttpResponse:
    """How the derivation of everybody's relations stands; asked by HTMX, its progress alone."""
    latest = latest_run()
    context = {
        "sections": case_sections("relations"),
        "run": latest,
        "is_at_work": latest is not None and latest.state in {JobRun.State.WAITING, JobRun.State.RUNNING},
        "is_stopped": latest is not None and latest.state in {JobRun.State.CANCELLED, JobRun.State.FAILED},
        "may_start": request.viewer.scope.everything,
    }
    part = "#progress" if request.headers.get("HX-Request") else ""
    return render(request, f"customer/relation_run.html{part}", context)


@require_POST
@needs(Right.CUSTOMER_MERGE)
def start(request: ViewerRequest) -> HttpResponse:
    """Begin, or go on where it was stopped."""
    start_relating(request.viewer)
    return redirect("customer:relations")


@require_POST
@needs(Right.CUSTOMER_MERGE)
def stop(request: ViewerRequest) -> HttpResponse:
    """Ask it to stop; what was derived stays."""
    stop_relating(request.viewer)
    return redirect("customer:relations")
