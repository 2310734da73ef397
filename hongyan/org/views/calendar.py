"""Doors of the calendar of working days. Everybody may read it: promises and deadlines are counted by it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongyan.core.errors import NotAllowed
from hongyan.org.access import needs
from hongyan.org.actions import edit_calendar
from hongyan.org.codes import Right
from hongyan.org.forms.calendar import DayForm
from hongyan.org.queries import calendar as reading
from hongyan.org.requests import ViewerRequest


@require_GET
def calendar(request: ViewerRequest) -> HttpResponse:
    """A year: its months, its holidays and make-up days, and whether somebody has confirmed it."""
    shown = reading.shown_year(reading.year_of(request.GET.get("year", "")))
    return render(request, "org/calendar.html", {"shown": shown, "may_edit": _may_edit(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_day(request: ViewerRequest, day: str) -> HttpResponse:
    """One day: what holds and, for editors, what was said before and a form to say otherwise."""
    shown = reading.find_day(day)
    form = _form(request, shown)
    if form is not None and form.is_valid():
        edit_calendar.set_day(request.viewer, shown.day, **form.wanted)
        messages.success(request, _("日历已保存。"))
        return HttpResponseRedirect(f"{reverse('org:calendar')}?year={shown.day.year}")
    changes = reading.changes_of(request.viewer, shown.day) if form else []
    context = {"shown": shown, "form": form, "changes": changes}
    status = 422 if form is not None and form.errors else 200
    return render(request, "org/calendar_day.html", context, status=status)


@needs(Right.CALENDAR_EDIT)
@require_POST
def confirm_year(request: ViewerRequest, year: int) -> HttpResponse:
    """Say that a year stands as announced."""
    edit_calendar.confirm_year(request.viewer, year)
    messages.success(request, _("{year} 年的日历已确认。").format(year=year))
    return HttpResponseRedirect(f"{reverse('org:calendar')}?year={year}")


def _may_edit(request: ViewerRequest) -> bool:
    return request.viewer.may(Right.CALENDAR_EDIT) and request.viewer.scope.everything


def _form(request: ViewerRequest, shown: reading.ShownDay) -> DayForm | None:
    """The form for a day. Errors: NotAllowed when somebody who may not edit sends one."""
    if not _may_edit(request):
        if request.method == "POST":
            raise NotAllowed(Right.CALENDAR_EDIT)
        return None
    return DayForm(request.POST if request.method == "POST" else None, shown=shown)
