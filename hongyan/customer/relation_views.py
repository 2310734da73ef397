"""Doors of relations: judging one, declaring and ending one, and deriving those of everybody (客户关系)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid, NotFound
from hongyan.core.models import JobRun
from hongyan.customer.actions.declare_relation import declare_relation, end_relation
from hongyan.customer.actions.find import find
from hongyan.customer.actions.judge_relation import judge_relation
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.actions.relate_all import start_relating, stop_relating
from hongyan.customer.codes import PartyType, RelationState
from hongyan.customer.forms import RelationForm
from hongyan.customer.forms_relations import DeclareForm, EndForm
from hongyan.customer.models import Customer
from hongyan.customer.panels.cases import case_sections
from hongyan.customer.panels.relation_graph import graph_shown
from hongyan.customer.panels.relations import view_of
from hongyan.customer.queries.records import find_customer
from hongyan.customer.queries.relation_graph import depth_asked, graph_around, types_asked
from hongyan.customer.queries.relation_runs import latest_run
from hongyan.customer.queries.relations import declared_relation
from hongyan.customer.rules.code import code_for, serial_of
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
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_RELATE)
def declare(request: ViewerRequest, code: str) -> HttpResponse:
    """Write down what another customer is to this one. A name is looked up first, then one of those found is picked."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    open_part(viewer, customer, part="declare_relation")
    own = PartyType(customer.party_type)
    form = DeclareForm(own, request.POST if request.method == "POST" else None)
    if form.is_valid():
        other = form.cleaned_data["other"]
        if serial_of(other) is None:
            if hits := find(viewer, other):
                form = DeclareForm(own, request.POST, hits=hits)
            else:
                form.add_error("other", _("您的数据范围内没有这个客户"))
        else:
            try:
                _declare(request, customer, form, other)
                return redirect("customer:record_tab", customer.code, "relations")
            except Invalid as error:
                form.refuse(error)
            except NotFound:
                form.add_error("other", _("您的数据范围内没有这个客户"))
    context = {"form": form, "customer": customer}
    return render(request, "customer/declare_relation.html", context, status=422 if form.errors else 200)


def _declare(request: ViewerRequest, customer: Customer, form: DeclareForm, other: str) -> None:
    given = form.cleaned_data
    declare_relation(
        request.viewer,
        customer.code,
        code_for(serial_of(other) or 0),
        role=form.role,
        side=form.side,
        starts_on=given["starts_on"],
        note=given["note"],
    )
    messages.success(request, _("已登记关系。"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_RELATE)
def end(request: ViewerRequest, code: str, relation_id: int) -> HttpResponse:
    """End a declared relation of a customer, with the day and the reason."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    open_part(viewer, customer, part="end_relation")
    shown = declared_relation(viewer, customer, relation_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_relation(viewer, relation_id, **form.cleaned_data)
            messages.success(request, _("关系已结束，历史保留。"))
            return redirect("customer:record_tab", customer.code, "relations")
        except Invalid as error:
            form.refuse(error)
    context = {"form": form, "customer": customer, "view": view_of(shown)}
    return render(request, "customer/end_relation.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.CUSTOMER_READ)
def graph(request: ViewerRequest, code: str) -> HttpResponse:
    """The relations around a customer as a picture and as a table; `type` and `depth` stand in the address."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    open_part(viewer, customer, part="relation_graph")
    types, depth = types_asked(request.GET.getlist("type")), depth_asked(request.GET.get("depth", ""))
    found = graph_around(viewer, customer, types=types, depth=depth)
    context = {"customer": customer, "graph": graph_shown(found, types=types, depth=depth)}
    return render(request, "customer/relation_graph.html", context)


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
