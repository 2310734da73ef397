"""Doors of classification: classes counted, moves between them, starting and stopping a run; the blacklist; tags."""

from __future__ import annotations

import json
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
from hongyan.classes.actions import tags as tagging
from hongyan.classes.actions.blacklist import ask_lift, enter
from hongyan.classes.codes import BlockState
from hongyan.classes.forms import BlacklistForm, CustomerTagsForm, LiftForm, TagForm
from hongyan.classes.lists import BLACKLIST, MOVES
from hongyan.classes.queries.blacklist import entries_of, find_entry
from hongyan.classes.queries.classes import moves_of
from hongyan.classes.queries.tags import seen_of, tags_borne, tags_to_set
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
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


# --- tags


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def tags(request: ViewerRequest) -> HttpResponse:
    """The tags one may use; posting defines one."""
    viewer = request.viewer
    form = TagForm(request.POST or None) if viewer.may(Right.TAG_EDIT) else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed(Right.TAG_EDIT)
        if form.is_valid():
            try:
                tag = tagging.define(viewer, **form.cleaned_data)
            except Invalid as error:
                form.refuse(error)
            else:
                messages.success(request, _("已定义标签：{name}").format(name=tag.name))
                return redirect("classes:tags")
    context = {
        "tags": panels.tag_rows(viewer),
        "form": form,
        "sections": panels.sections(viewer, "tags"),
    }
    return render(request, "classes/tags.html", context, status=422 if form and form.errors else 200)


@require_POST
@needs(Right.TAG_EDIT)
def retire_tag(request: ViewerRequest, tag_id: int) -> HttpResponse:
    """Let a tag be set no more."""
    tag = tagging.retire(request.viewer, tag_id)
    messages.success(request, _("已停用标签：{name}").format(name=tag.name))
    return redirect("classes:tags")


@require_POST
@needs(Right.TAG_SET)
@needs(Right.CUSTOMER_READ)
def tag_customer(request: ViewerRequest, code: str) -> HttpResponse:
    """Put a tag on a customer, or take it off."""
    act = tagging.unset_tag if request.POST.get("act") == "unset" else tagging.set_tag
    act(request.viewer, code, _number(request.POST.get("tag", "")))
    return redirect("customer:record_tab", code, "classes")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.TAG_SET)
@needs(Right.CUSTOMER_READ)
def customer_tags(request: ViewerRequest, code: str) -> HttpResponse:
    """The tags of a customer to tick: a page, or over the cell of a list what a script posts is answered by 204."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    open_part(viewer, customer, part="tags")
    borne = tags_borne(viewer, customer)
    offered = sorted({*tags_to_set(viewer), *borne}, key=lambda tag: (tag.name, tag.pk))
    initial = {"tags": [tag.pk for tag in borne], "seen": seen_of(borne)}
    form = CustomerTagsForm(
        request.POST if request.method == "POST" else None, offered=offered, initial=initial
    )
    is_fragment = "HX-Request" in request.headers
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            tagging.choose_tags(viewer, code, form.cleaned_data["tags"], seen=form.cleaned_data["seen"])
        except Conflict as error:
            form = CustomerTagsForm(
                {**initial, "tags": form.cleaned_data["tags"]}, offered=offered, initial=initial
            )
            form.add_error(None, error.message)
            status = 409
        else:
            if is_fragment:
                notice = {"ui:toast": {"text": _("标签已更新。"), "tone": "good"}}
                return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(notice)})
            messages.success(request, _("标签已更新。"))
            return redirect("customer:record_tab", code, "classes")
    template = "classes/customer_tags.html#dialog" if is_fragment else "classes/customer_tags.html"
    return render(request, template, {"form": form, "customer": customer}, status=status)


def _number(text: str) -> int:
    """Errors: NotFound for what is no number of a tag."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise NotFound("tag", text[:20])
    return int(text)


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
