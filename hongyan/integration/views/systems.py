"""Doors of the source systems."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hongyan.core import clock
from hongyan.core.errors import NotAllowed
from hongyan.core.versions import mark
from hongyan.integration import panels
from hongyan.integration.actions.describe_system import describe_system
from hongyan.integration.actions.upload import expected_names
from hongyan.integration.codes import Connection
from hongyan.integration.forms import SystemForm
from hongyan.integration.queries import systems as reading
from hongyan.integration.queries.deliveries import sees_counts
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.queries.tree import unit_choices
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import Choice


@require_safe
@needs(Right.INTAKE_READ)
def systems(request: ViewerRequest) -> HttpResponse:
    """Every source system at a glance."""
    shown = [
        (one, panels.connection_of(one), panels.today_of(one)) for one in reading.systems(request.viewer)
    ]
    context = {
        "systems": shown,
        "day": clock.business_date().isoformat(),
        "sees_counts": sees_counts(request.viewer),
        "sections": panels.sections("systems"),
    }
    return render(request, "integration/systems.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.INTAKE_READ)
def system(request: ViewerRequest, code: str) -> HttpResponse:
    """One source system: its descriptor in words, its last deliveries; how it stands is said by POST."""
    shown = reading.find_system(request.viewer, code)
    form = _form(request, shown)
    if form is not None and form.is_valid():
        given = form.cleaned_data
        describe_system(
            request.viewer,
            code,
            connection=Connection(given["connection"]),
            note=given["note"],
            unit_code=given["unit"],
            seen=given["seen"],
        )
        messages.success(request, _("接入状态已保存。"))
        return HttpResponseRedirect(reverse("integration:system", args=[code]))
    context = {
        "system": shown,
        "record": panels.system_header(shown),
        "fields": panels.system_fields(shown.descriptor),
        "kinds": panels.mapped_kinds(shown.descriptor, expected_names(shown.descriptor)),
        "deliveries": reading.recent_deliveries(shown.descriptor),
        "sees_counts": sees_counts(request.viewer),
        "form": form,
        "sections": panels.sections("systems"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "integration/system.html", context, status=status)


def _form(request: ViewerRequest, shown: reading.SystemOverview) -> SystemForm | None:
    """The form of those who may sign. Errors: NotAllowed when somebody else sends one."""
    if not request.viewer.may(Right.INTAKE_SIGN):
        if request.method == "POST":
            raise NotAllowed(Right.INTAKE_SIGN)
        return None
    viewer = request.viewer
    units = [*([Choice("", _("全集团"))] if viewer.scope.everything else []), *unit_choices(viewer)]
    is_theirs = viewer.scope.everything or shown.unit_code in {unit.value for unit in units}
    return SystemForm(
        request.POST if request.method == "POST" else None,
        initial={
            "connection": shown.connection,
            "note": shown.note,
            "unit": shown.unit_code,
            "seen": mark(shown.state.said if shown.state else None),
        },
        units=units if is_theirs else [],
        home=shown.home or _("全集团"),
    )
