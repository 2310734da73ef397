"""Doors of the overview of resolution: how it stands, counting anew, drawing a sample of joins (识别概览)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hongyan.core.models import JobRun
from hongyan.core.parameters import value_of
from hongyan.customer.actions.count_resolution import COUNTING, start_counting
from hongyan.customer.actions.second_look import draw_sample
from hongyan.customer.panels.cases import case_sections, matrix
from hongyan.customer.panels.resolution import overview as overview_of
from hongyan.customer.parameters import JOIN_SAMPLE
from hongyan.customer.queries.cases import waiting_by_worth
from hongyan.customer.queries.resolution import checked_joins, resolution_of
from hongyan.customer.queries.systems import named_systems
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@never_cache
@require_safe
@needs(Right.CUSTOMER_MERGE)
def overview(request: ViewerRequest) -> HttpResponse:
    """How customers came about in the viewer's unit, how sure that is, and how much waits.

    Asked by HTMX, whether a count has ended, for then all of the page has something new to say.
    """
    is_counting = JobRun.objects.filter(
        task=COUNTING, state__in=[JobRun.State.WAITING, JobRun.State.RUNNING]
    ).exists()
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={} if is_counting else {"HX-Refresh": "true"})
    viewer, found = request.viewer, resolution_of(request.viewer)
    names = {code: str(name) for code, name in named_systems().items()}
    context = {
        "sections": case_sections("overview"),
        "shown": overview_of(found, checked_joins(viewer), names) if found else None,
        "matrix": matrix(waiting_by_worth(viewer)),
        "size": value_of(JOIN_SAMPLE, units=viewer.unit_chain),
        "is_counting": is_counting,
    }
    return render(request, "customer/overview.html", context)


@require_POST
@needs(Right.CUSTOMER_MERGE)
def count(request: ViewerRequest) -> HttpResponse:
    """Count anew, in the background."""
    start_counting(request.viewer)
    return redirect("customer:overview")


@require_POST
@needs(Right.CUSTOMER_MERGE)
def draw(request: ViewerRequest) -> HttpResponse:
    """Draw some automatic joins at random; then on to the checks."""
    drawn = draw_sample(request.viewer)
    if not drawn:
        messages.info(request, _("没有可抽取的自动归并。"))
        return redirect("customer:overview")
    text = ngettext("已抽取 {count} 件自动归并，请复核。", "已抽取 {count} 件自动归并，请复核。", drawn)
    messages.success(request, text.format(count=drawn))
    return redirect("customer:looks")
