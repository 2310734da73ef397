"""Doors of the audit: the list, one row, verification, and the log-in log."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hongyan.core import audit
from hongyan.core.scope import EVERYTHING, acting
from hongyan.org.access import needs
from hongyan.org.actions.open_archive import open_archive
from hongyan.org.actions.read_audit import note_reading, open_event
from hongyan.org.actions.verify_audit import verify_audit
from hongyan.org.codes import Right
from hongyan.org.lists.audit import AUDIT_LIST, LOG_IN_LIST
from hongyan.org.lists.audit_archives import ARCHIVES, OPENED
from hongyan.org.panels.audit import archive_fields, event_fields, shown_findings
from hongyan.org.queries import audit as reading
from hongyan.org.queries import audit_archives as archiving
from hongyan.org.queries.staff import log_ins as visible_log_ins
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@needs(Right.AUDIT_READ)
@require_GET
def events(request: ViewerRequest) -> HttpResponse:
    """The list of acts; that it was read becomes a row of it."""
    state = ListState.parse(AUDIT_LIST, request.GET, viewer=request.viewer)
    shown = list_of(AUDIT_LIST, state, reading.audit_events(request.viewer), rights=request.viewer.rights)
    response = list_response(request, shown)
    if not state.is_choosing:
        note_reading(request.viewer, "audit", query=state.query, count=len(shown.page.rows))
    return response


@needs(Right.AUDIT_READ)
@require_GET
def event(request: ViewerRequest, event_id: int) -> HttpResponse:
    """One act with what it changed."""
    found = open_event(request.viewer, event_id)
    context = {
        "event": found,
        "title": audit.label_of(found.act),
        "fields": event_fields(found),
        "changes": reading.changed_values(found),
        "is_intact": audit.is_intact(found),
    }
    return render(request, "org/audit_event.html", context)


@needs(Right.AUDIT_READ)
@require_GET
def archives(request: ViewerRequest) -> HttpResponse:
    """The archived months."""
    with acting(EVERYTHING):  # entries of the house, which no wall divides
        state = ListState.parse(ARCHIVES, request.GET, viewer=request.viewer)
        shown = list_of(ARCHIVES, state, archiving.archives(), rights=request.viewer.rights)
    return list_response(request, shown)


@needs(Right.AUDIT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: ViewerRequest, month: str) -> HttpResponse:
    """One archived month; POST verifies it and lays it open, which the part that changes follows."""
    found = archiving.find_archive(month)
    if request.method == "POST":
        open_archive(request.viewer, found)
        return HttpResponseRedirect(reverse("org:archive", args=[month]))
    run = archiving.last_opening(found.month)
    template = "org/archive.html#state" if request.headers.get("HX-Request") else "org/archive.html"
    rows = archiving.opened_events(request.viewer).filter(month=found.month)
    context = {
        "month": month,
        "fields": archive_fields(found),
        "run": run,
        "is_over": run is None or run.ended_at is not None,
        "findings": shown_findings((run.result or {}) if run else {}),
        "opened": rows.order_by("pk").first(),
        "opened_url": f"{reverse('org:opened_audit')}?month={found.month.isoformat()}",
    }
    return render(request, template, context)


@needs(Right.AUDIT_READ)
@require_GET
def opened_events(request: ViewerRequest) -> HttpResponse:
    """The rows that are laid open, with the filters of the audit; that they were read becomes a row of it."""
    state = ListState.parse(OPENED, request.GET, viewer=request.viewer)
    shown = list_of(OPENED, state, archiving.opened_events(request.viewer), rights=request.viewer.rights)
    response = list_response(request, shown)
    if not state.is_choosing:
        note_reading(request.viewer, "audit_archive", query=state.query, count=len(shown.page.rows))
    return response


@needs(Right.AUDIT_READ)
@require_GET
def log_ins(request: ViewerRequest) -> HttpResponse:
    """The log-in log (CUS-010)."""
    state = ListState.parse(LOG_IN_LIST, request.GET, viewer=request.viewer)
    shown = list_of(LOG_IN_LIST, state, visible_log_ins(request.viewer), rights=request.viewer.rights)
    response = list_response(request, shown)
    if not state.is_choosing:
        note_reading(request.viewer, "log_ins", query=state.query, count=len(shown.page.rows))
    return response


@needs(Right.AUDIT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: ViewerRequest) -> HttpResponse:
    """The last verifications; POST starts one."""
    if request.method == "POST":
        run = verify_audit(request.viewer)
        return HttpResponseRedirect(reverse("org:verification", args=[run.pk]))
    return render(request, "org/verifications.html", {"runs": reading.verifications(request.viewer)})


@needs(Right.AUDIT_READ)
@require_GET
def verification(request: ViewerRequest, run_id: int) -> HttpResponse:
    """How far a verification is, and what it found; the part that changes is fetched anew while it runs."""
    run = reading.find_verification(request.viewer, run_id)
    template = "org/verification.html#state" if request.headers.get("HX-Request") else "org/verification.html"
    context = {"run": run, "is_over": run.ended_at is not None, "findings": shown_findings(run.result or {})}
    return render(request, template, context)
