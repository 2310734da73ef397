"""Doors of the audit: the list, one row, export, verification, and the log-in log."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hongyan.core import audit, clock
from hongyan.core.exports import csv_bytes
from hongyan.core.models import AuditEvent
from hongyan.org.access import needs
from hongyan.org.actions.read_audit import export_rows, note_reading, open_event
from hongyan.org.actions.verify_audit import verify_audit
from hongyan.org.codes import Right
from hongyan.org.lists.audit import AUDIT_LIST, LOG_IN_LIST, RESULTS, subject_of
from hongyan.org.panels import event_fields, shown_findings
from hongyan.org.queries import audit as reading
from hongyan.org.queries.staff import log_ins as visible_log_ins
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@needs(Right.AUDIT_READ)
@require_GET
def events(request: ViewerRequest) -> HttpResponse:
    """The list of acts; that it was read becomes a row of it."""
    state = ListState.parse(AUDIT_LIST, request.GET, viewer=request.viewer)
    shown = list_of(
        AUDIT_LIST,
        state,
        reading.audit_events(request.viewer),
        rights=request.viewer.rights,
        export_url=reverse("org:export_audit"),
    )
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


@needs(Right.AUDIT_EXPORT)
@require_GET
def export(request: ViewerRequest) -> HttpResponse:
    """The list, as it is filtered, as a CSV file."""
    state = ListState.parse(AUDIT_LIST, request.GET, viewer=request.viewer)
    rows = export_rows(request.viewer, state.apply(reading.audit_events(request.viewer)), query=state.query)
    response = HttpResponse(
        csv_bytes(_header(), map(_exported, rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="audit-{clock.business_date():%Y%m%d}.csv"'
    response["Cache-Control"] = "no-store"
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


def _header() -> list[str]:
    return [
        _("时间"), _("工号"), _("姓名"), _("来源地址"), _("操作"), _("操作代码"), _("对象"), _("用途或原因"),
        _("结果"), _("条数"), _("修改前"), _("修改后"), _("是否完整"),
    ]  # fmt: skip


def _exported(row: AuditEvent) -> list[object]:
    return [
        f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}", row.actor, row.actor_name, row.address,
        audit.label_of(row.act), row.act, subject_of(row), row.purpose,
        RESULTS[AuditEvent.Result(row.result)][0], row.count, row.before, row.after,
        _("完整") if audit.is_intact(row) else _("已被改动"),
    ]  # fmt: skip
