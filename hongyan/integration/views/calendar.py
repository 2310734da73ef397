"""Door of the delivery calendar."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hongyan.integration import panels
from hongyan.integration.queries.calendar import Arrival, delivery_calendar
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@require_safe
@needs(Right.INTAKE_READ)
def calendar(request: ViewerRequest) -> HttpResponse:
    """What every system should have delivered in the last days, and what came."""
    shown = delivery_calendar()
    context = {
        "calendar": shown,
        "missing": shown.count(Arrival.MISSING),
        "late": shown.count(Arrival.LATE),
        "expected": shown.count(Arrival.EXPECTED),
        "sections": panels.sections("calendar"),
    }
    return render(request, "integration/calendar.html", context)
