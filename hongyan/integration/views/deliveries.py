"""Doors of the deliveries: list, upload, one delivery with its progress, signature and records."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid
from hongyan.desk.queries import opening_query, saved_views
from hongyan.integration import lists, panels
from hongyan.integration.actions.runs import resume as resume_work
from hongyan.integration.actions.runs import stop as stop_work
from hongyan.integration.actions.sign import sign as sign_delivery
from hongyan.integration.actions.sign import withdraw as withdraw_delivery
from hongyan.integration.actions.sign import words_of_reach
from hongyan.integration.actions.upload import expected_names
from hongyan.integration.actions.upload import upload as upload_files
from hongyan.integration.codes import DeliveryState
from hongyan.integration.descriptors import all_descriptors
from hongyan.integration.forms import ReasonForm, UploadForm
from hongyan.integration.models import Delivery
from hongyan.integration.queries import deliveries as reading
from hongyan.integration.queries.reach import reach_of
from hongyan.integration.words import short_name
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@require_safe
@needs(Right.INTAKE_READ)
def deliveries(request: ViewerRequest) -> HttpResponse:
    """The ledger of deliveries."""
    views = saved_views(request.viewer, lists.DELIVERIES.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    spec, rows = lists.deliveries_for(request.viewer)
    state = ListState.parse(spec, request.GET, viewer=request.viewer)
    shown = list_of(
        spec,
        state,
        rows,
        views=views,
        rights=request.viewer.rights,
        save_as_url=reverse("desk:save_view", args=[lists.DELIVERIES.key]),
    )
    return list_response(
        request,
        shown,
        template="integration/deliveries.html",
        context={"sections": panels.sections("deliveries")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INTAKE_LOAD)
def upload(request: ViewerRequest) -> HttpResponse:
    """The form for files, as a dialog or a page; POST answers for each file what became of it."""
    is_fragment = request.headers.get("HX-Request") == "true"
    if request.method == "POST":
        return _uploaded(request, is_fragment=is_fragment)
    template = "integration/upload.html#dialog" if is_fragment else "integration/upload.html"
    return render(
        request, template, _upload_context(UploadForm(initial={"system": request.GET.get("system", "")}))
    )


def _uploaded(request: ViewerRequest, *, is_fragment: bool) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    results = []
    if form.is_valid():
        files = [(file.name or "", cast(BinaryIO, file.file)) for file in form.cleaned_data["sent"]]
        results = upload_files(request.viewer, form.cleaned_data["system"], files)
    context = _upload_context(form) | {"results": results}
    template = "integration/upload.html#results" if is_fragment else "integration/upload.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _upload_context(form: UploadForm) -> dict[str, object]:
    expected = [(one.code, short_name(one), expected_names(one)) for one in all_descriptors()]
    return {"form": form, "expected": expected, "sections": panels.sections("deliveries")}


@require_safe
@needs(Right.INTAKE_READ)
def delivery(request: ViewerRequest, number: str) -> HttpResponse:
    """One delivery: where it stands, what became of its rows, what was checked, what to do next."""
    viewer, found = request.viewer, reading.find_delivery(number)
    sees_sums = viewer.may(Right.INTAKE_SIGN)  # a file is a province's money, financial lines included
    context = _progress_context(request, found) | {
        "record": panels.delivery_header(viewer, found),
        "checks": panels.check_lines(found, with_sums=sees_sums, with_counts=reading.sees_counts(viewer)),
        "sums": panels.sums_of(found) if sees_sums else (),
        "facts": panels.facts_of(viewer, found),
        "quality": panels.quality_of(found) if reading.sees_counts(viewer) else (),
        "resends": reading.resends_of(found),
        "history": panels.history_entries(
            found, reading.history_of(found), with_reason=reading.sees_counts(viewer)
        ),
        "sign": _sign_box(request, found),
        "sections": panels.sections("deliveries"),
    }
    return render(request, "integration/delivery.html", context)


def _sign_box(request: ViewerRequest, found: Delivery) -> dict[str, object] | None:
    if found.state != DeliveryState.CHECKED or not reading.sees_counts(request.viewer):
        return None
    viewer, reach = request.viewer, reach_of(found)
    is_signer, reaches = viewer.may(Right.INTAKE_SIGN), reach.is_within(viewer.scope)
    return {
        "may": is_signer and reaches,
        "may_withdraw": is_signer and (reaches or found.received_by == viewer.staff_no),
        "beyond": "" if reaches else words_of_reach(reach),
        "signers": "" if is_signer and reaches else panels.who_may_sign(reach),
        "effect": panels.signing_effect(found),
        "reasons": panels.why_waiting(found),
        "form": ReasonForm(),
    }


@require_safe
@needs(Right.INTAKE_READ)
def progress(request: ViewerRequest, number: str) -> HttpResponse:
    """The part of a delivery's page that moves; once the work is over the whole page is asked for anew."""
    found = reading.find_delivery(number)
    response = render(request, "integration/delivery.html#progress", _progress_context(request, found))
    if not reading.is_at_work(found):
        response["HX-Refresh"] = "true"
    return response


def _progress_context(request: ViewerRequest, found: Delivery) -> dict[str, object]:
    waiting = reading.waiting_rows(request.viewer, found)
    since, before = _number(request.GET, "since"), _number(request.GET, "before")
    sees_counts = reading.sees_counts(request.viewer)
    return {
        "delivery": found,
        "sees_counts": sees_counts,
        "path": panels.path_of(found),
        "refusal": panels.refusal_of(found),
        "progress": panels.progress_of(found, since=since, done_before=before, with_counts=sees_counts),
        "outcomes": panels.outcomes_of(request.viewer, found, waiting) if sees_counts else None,
        "own": () if sees_counts else panels.own_rows(found, waiting),
        "own_url": panels.records_url(request.viewer, found) if found.accepted else "",
        "may_load": request.viewer.may(Right.INTAKE_LOAD),
    }


def _number(query: QueryDict, key: str) -> int:
    text = query.get(key, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


@require_POST
@needs(Right.INTAKE_SIGN)
def sign(request: ViewerRequest, number: str) -> HttpResponse:
    """Sign a checked delivery; its loading begins in the background."""
    signed = sign_delivery(request.viewer, reading.find_delivery(number).id)
    messages.success(request, _("批次 {number} 已签收，开始装载。").format(number=signed.number))
    return _back(signed)


@require_POST
@needs(Right.INTAKE_SIGN)
def withdraw(request: ViewerRequest, number: str) -> HttpResponse:
    """Take back a delivery of which nothing was loaded; the reason is kept."""
    found, form = reading.find_delivery(number), ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid({name: str(texts[0]) for name, texts in form.errors.items()})
    withdraw_delivery(request.viewer, found.id, reason=form.cleaned_data["reason"])
    messages.success(request, _("批次 {number} 已撤回，没有装载任何行。").format(number=found.number))
    return _back(found)


@require_POST
@needs(Right.INTAKE_LOAD)
def stop(request: ViewerRequest, number: str) -> HttpResponse:
    """Ask the work on a delivery to stop."""
    return _back(stop_work(request.viewer, reading.find_delivery(number).id))


@require_POST
@needs(Right.INTAKE_LOAD)
def resume(request: ViewerRequest, number: str) -> HttpResponse:
    """Go on with a delivery whose work ended early."""
    return _back(resume_work(request.viewer, reading.find_delivery(number).id))


@require_safe
@needs(Right.INTAKE_READ)
@needs(Right.CUSTOMER_READ)
def records(request: ViewerRequest, number: str) -> HttpResponse:
    """The source records a delivery brought, as far as their customers are in the viewer's scope."""
    found = reading.find_delivery(number)
    state = ListState.parse(lists.RECORDS, request.GET, viewer=request.viewer)
    shown = list_of(lists.RECORDS, state, reading.records_with_resends(found), rights=request.viewer.rights)
    context = {"sections": panels.sections("deliveries"), "delivery": found}
    return list_response(request, shown, template="integration/records.html", context=context)


def _back(found: Delivery) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("integration:delivery", args=[found.number]))
