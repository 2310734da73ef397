"""Doors of the log of exceptions, and of the alerts on reading."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hongyan.core.versions import mark
from hongyan.org.access import needs
from hongyan.org.actions.handle_exception import handle_exception
from hongyan.org.codes import Right
from hongyan.org.forms.exceptions import HandlingForm
from hongyan.org.lists.alerts import ALERTS
from hongyan.org.lists.exceptions import EXCEPTIONS
from hongyan.org.panels.exceptions import exception_fields
from hongyan.org.queries import exceptions as reading
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@needs(Right.EXCEPTION_HANDLE)
@require_GET
def exceptions(request: ViewerRequest) -> HttpResponse:
    """What went wrong, each kind once, the latest first (CUS-011)."""
    state = ListState.parse(EXCEPTIONS, request.GET, viewer=request.viewer)
    return list_response(
        request, list_of(EXCEPTIONS, state, reading.exceptions(), rights=request.viewer.rights)
    )


@needs(Right.EXCEPTION_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def exception(request: ViewerRequest, event_id: int) -> HttpResponse:
    """One exception; POST says what was done about it."""
    event = reading.find_exception(event_id)
    form = HandlingForm(
        request.POST if request.method == "POST" else None, initial={"seen": mark(event.said)}
    )
    if form.is_valid():
        handle_exception(request.viewer, event_id, **form.cleaned_data)
        messages.success(request, _("已记为处理完毕；再次发生时会重新打开。"))
        return HttpResponseRedirect(reverse("org:exceptions"))
    context = {"event": event, "fields": exception_fields(event), "form": form}
    return render(request, "org/exception.html", context, status=422 if form.errors else 200)


@needs(Right.ALERT_READ)
@require_GET
def alerts(request: ViewerRequest) -> HttpResponse:
    """Who read conspicuously much, and when."""
    state = ListState.parse(ALERTS, request.GET, viewer=request.viewer)
    shown = list_of(ALERTS, state, reading.alerts(request.viewer), rights=request.viewer.rights)
    return list_response(request, shown)
