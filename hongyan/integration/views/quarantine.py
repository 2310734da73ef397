"""Doors of the quarantine: list, one row to mend or give up, many to give up."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.desk.queries import opening_query, saved_views
from hongyan.integration import lists, panels
from hongyan.integration.actions.dismiss_rows import dismiss_rows as dismiss_many
from hongyan.integration.actions.mend import dismiss, mend
from hongyan.integration.actions.open_row import note_row, open_row
from hongyan.integration.codes import RowState
from hongyan.integration.descriptors import RecordKind, find_descriptor
from hongyan.integration.forms import MendForm, ReasonForm
from hongyan.integration.models import QuarantinedRow
from hongyan.integration.queries import quarantine as reading
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

LONGEST_QUERY = 2000


@require_safe
@needs(Right.INTAKE_READ)
def quarantine(request: ViewerRequest) -> HttpResponse:
    """The quarantined rows in the viewer's scope, masked."""
    views = saved_views(request.viewer, lists.QUARANTINE.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(lists.QUARANTINE, request.GET, viewer=request.viewer)
    shown = list_of(
        lists.QUARANTINE,
        state,
        reading.quarantined_rows(request.viewer),
        views=views,
        rights=request.viewer.rights,
        save_as_url=reverse("desk:save_view", args=[lists.QUARANTINE.key]),
    )
    return list_response(
        request,
        shown,
        template="integration/quarantine.html",
        context={"sections": panels.sections("quarantine")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INTAKE_READ)
def row(request: ViewerRequest, row_id: int) -> HttpResponse:
    """One quarantined row. Who may mend sees its values, which is audited; POST sends it in again."""
    found = reading.find_row(request.viewer, row_id)
    kind = _kind_of(found)
    if request.method != "POST":
        note_row(request.viewer, found)
        return _row_page(request, found, _mend_form(request, found, kind))
    form = MendForm(request.POST, kind=kind, values={}, reasons=found.reasons) if kind else None
    if form is not None and not form.is_valid():
        note_row(request.viewer, found)
        return _row_page(request, found, form)
    mend(request.viewer, row_id, form.values if form else {})
    return HttpResponseRedirect(reverse("integration:row", args=[row_id]))


def _row_page(request: ViewerRequest, found: QuarantinedRow, form: MendForm | None) -> HttpResponse:
    context = {
        "row": found,
        "record": panels.row_header(found),
        "reasons": panels.reason_lines(found),
        "form": form,
        "reason_form": ReasonForm(),
        "resent": reading.what_became_of(request.viewer, found),
        "sections": panels.sections("quarantine"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "integration/row.html", context, status=status)


def _mend_form(request: ViewerRequest, found: QuarantinedRow, kind: RecordKind | None) -> MendForm | None:
    """The form with the row's values, for those who may mend a row that is still open."""
    if found.state != RowState.OPEN or kind is None or not request.viewer.may(Right.INTAKE_MEND):
        return None
    opened = open_row(request.viewer, found.id)
    return MendForm(kind=kind, values=opened.values, reasons=found.reasons)


def _kind_of(found: QuarantinedRow) -> RecordKind | None:
    descriptor = find_descriptor(found.delivery.system)
    return descriptor.kind(found.kind) if descriptor else None


@require_safe
@needs(Right.INTAKE_READ)
def outcome(request: ViewerRequest, row_id: int) -> HttpResponse:
    """What became of a row that was sent in again; fetched anew until it is known."""
    found = reading.find_row(request.viewer, row_id)
    resent = reading.what_became_of(request.viewer, found)
    return render(request, "integration/row.html#outcome", {"row": found, "resent": resent})


@require_POST
@needs(Right.INTAKE_MEND)
def dismiss_row(request: ViewerRequest, row_id: int) -> HttpResponse:
    """Give one row up."""
    dismiss(request.viewer, row_id, reason=request.POST.get("reason", ""))
    messages.success(request, _("这一行已放弃。"))
    return HttpResponseRedirect(reverse("integration:row", args=[row_id]))


@require_POST
@needs(Right.INTAKE_MEND)
def dismiss_rows(request: ViewerRequest) -> HttpResponse:
    """Ask the reason for giving up the chosen rows, then give them up."""
    rows = _chosen(request)
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        count = dismiss_many(request.viewer, rows, reason=form.cleaned_data["reason"])
        messages.success(request, _("已放弃 {count} 行。").format(count=count))
        return HttpResponseRedirect(f"{reverse('integration:quarantine')}?{_query(request).urlencode()}")
    context = {
        "form": form,
        "count": rows.filter(state=RowState.OPEN).count(),
        "ids": request.POST.getlist("ids"),
        "scope": request.POST.get("scope", ""),
        "query": _query(request).urlencode(),
        "sections": panels.sections("quarantine"),
    }
    return render(request, "integration/dismiss.html", context, status=422 if form.errors else 200)


def _chosen(request: ViewerRequest) -> QuerySet[QuarantinedRow]:
    """The rows that were ticked, or all rows of the list."""
    rows = reading.quarantined_rows(request.viewer)
    if request.POST.get("scope") == "all":
        return ListState.parse_strictly(lists.QUARANTINE, _query(request), viewer=request.viewer).apply(rows)
    ids = [
        int(one) for one in request.POST.getlist("ids") if one.isascii() and one.isdecimal() and len(one) < 19
    ]
    return rows.filter(id__in=ids)


def _query(request: ViewerRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", "")[:LONGEST_QUERY])
