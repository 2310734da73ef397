"""Doors of scheduled reports (定时报表)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.desk.actions import schedules as scheduling
from hongyan.desk.exports import find_list
from hongyan.desk.forms import ScheduleForm
from hongyan.desk.panels import schedule_views, spoken
from hongyan.desk.queries.schedules import own_schedules
from hongyan.org.requests import ViewerRequest


@require_safe
def schedules(request: ViewerRequest) -> HttpResponse:
    """The reports the viewer scheduled in the present post."""
    shown = schedule_views(list(own_schedules(request.viewer)))
    return render(request, "desk/schedules.html", {"schedules": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def new_schedule(request: ViewerRequest, key: str) -> HttpResponse:
    """Have a list taken away again and again, as the same address narrows it."""
    viewer = request.viewer
    source = find_list(viewer, key)
    found = source.read(viewer, request.GET)
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, purposes=source.purposes, formats=source.formats
    )
    if form.is_valid():
        scheduling.create_schedule(viewer, source, found, **form.cleaned_data)
        return HttpResponseRedirect(reverse("desk:schedules"))
    context = {
        "form": form,
        "title": found.state.spec.title,
        "conditions": spoken(found.state),
        "back_url": f"{reverse(source.address)}{found.state.link()}",
    }
    return render(request, "desk/new_schedule.html", context, status=422 if form.errors else 200)


@require_POST
def pause_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    scheduling.pause_schedule(request.viewer, schedule_id)
    return HttpResponseRedirect(reverse("desk:schedules"))


@require_POST
def resume_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    scheduling.resume_schedule(request.viewer, schedule_id)
    return HttpResponseRedirect(reverse("desk:schedules"))


@require_POST
def end_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    scheduling.end_schedule(request.viewer, schedule_id)
    return HttpResponseRedirect(reverse("desk:schedules"))
