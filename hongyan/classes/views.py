"""Doors of classification: classes counted, moves between them, starting and stopping a run; the blacklist."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.classes import panels
from hongyan.classes.actions import classify
from hongyan.classes.actions.blacklist import ask_lift, enter
from hongyan.classes.codes import BlockState
from hongyan.classes.forms import BlacklistForm, LiftForm
from hongyan.classes.lists import BLACKLIST, MOVES
from hongyan.classes.queries.blacklist import entries_of, find_entry
from hongyan.classes.queries.classes import moves_of
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.queries.records import find_customer
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListSpec, ListState, list_of, list_response


@never_cache
@require_safe
@needs(Right.LEDGER_READ)
@needs(Right.CUSTOMER_READ)
def overview(request: ViewerRequest) -> HttpResponse:
    """How many customers are in each class, and how the run stands; asked by HTMX, its progress alone."""
    context = {
        "shown": panels.overview(request.viewer),
        "sections": panels.sections(request.viewer, "overview"),
    }
    part = "#progress" if request.headers.get("HX-Request") else ""
    return render(request, f"classes/overview.html{part}", context)


@require_POST
@needs(Right.CLASSES_RUN)
def start(request: ViewerRequest) -> HttpResponse:
    """Classify everybody as of today, or go on where it was stopped."""
    classify.start_classifying(request.viewer)
    return redirect("classes:overview")


@require_POST
@needs(Right.CLASSES_RUN)
def stop(request: ViewerRequest) -> HttpResponse:
    """Ask it to stop; what is classified stays."""
    classify.stop_classifying(request.viewer)
    return redirect("classes:overview")


@require_safe
@needs(Right.LEDGER_READ)
@needs(Right.CUSTOMER_READ)
def moves(request: ViewerRequest) -> HttpResponse:
    """Who went from one class to another."""
    return _list(request, MOVES, moves_of(request.viewer), section="moves")


@require_safe
@needs(Right.BLACKLIST_READ)
def blacklist(request: ViewerRequest) -> HttpResponse:
    """Who is on the blacklist, or was."""
    return _list(request, BLACKLIST, entries_of(request.viewer), section="blacklist")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.BLACKLIST_EDIT)
@needs(Right.CUSTOMER_READ)
def new_block(request: ViewerRequest, code: str) -> HttpResponse:
    """Put a customer on the blacklist."""
    customer = find_customer(request.viewer, code)
    form = BlacklistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entry = enter(request.viewer, customer.code, **form.cleaned_data)
        messages.success(request, _("已列入黑名单：{number}").format(number=entry.number))
        return redirect("classes:block", entry.pk)
    open_part(request.viewer, customer, part="blacklist")
    context = {
        "form": form,
        "customer": customer,
        "sections": panels.sections(request.viewer, "blacklist"),
    }
    return render(request, "classes/new_block.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.BLACKLIST_READ)
@needs(Right.CUSTOMER_READ)
def block(request: ViewerRequest, entry_id: int) -> HttpResponse:
    """One entry; posting asks that it be lifted."""
    entry = find_entry(request.viewer, entry_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_lift(request.viewer, entry.pk, reason=form.cleaned_data["reason"])
        messages.info(request, _("已提交审批：须由另一人批准后解除。"))
        return redirect("classes:block", entry.pk)
    open_part(request.viewer, find_customer(request.viewer, entry.customer.code), part="blacklist")
    may_lift = entry.state == BlockState.HOLDS and request.viewer.may(Right.BLACKLIST_EDIT)
    context = {
        "entry": entry,
        "fields": panels.entry_fields(entry),
        "form": form if may_lift else None,
        "sections": panels.sections(request.viewer, "blacklist"),
    }
    return render(request, "classes/block.html", context, status=422 if form.errors else 200)


def _list(request: ViewerRequest, spec: ListSpec, rows: QuerySet[Any], *, section: str) -> HttpResponse:
    viewer = request.viewer
    views = saved_views(viewer, spec.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    shown = list_of(
        spec,
        ListState.parse(spec, request.GET, viewer=viewer),
        rows,
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[spec.key]),
    )
    context = {"sections": panels.sections(viewer, section)}
    return list_response(request, shown, template="classes/list.html", context=context)
