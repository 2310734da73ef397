"""Doors of data quality: units, customers, the elements of a person's identity, campaigns of completion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid, NotFound
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.queries.ranges import find_unit, units_beneath
from hongyan.customer.queries.records import find_customer
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right, Viewer
from hongyan.org.requests import ViewerRequest
from hongyan.quality import file_lists, panels
from hongyan.quality.actions import campaigns as acts
from hongyan.quality.actions.diligence import note_diligence, seen_of
from hongyan.quality.forms import CampaignForm, DiligenceForm
from hongyan.quality.lists import CAMPAIGNS, QUALITY, TASKS, rows_for, tasks_for
from hongyan.quality.queries.campaigns import campaigns_of, find_campaign
from hongyan.quality.queries.quality import quality_of
from hongyan.ui.lists import ListSpec, ListState, list_of, list_response


@require_safe
@needs(Right.CUSTOMER_READ)
def units(request: ViewerRequest) -> HttpResponse:
    """How the data of the viewer's unit stand, or of one beneath it, month by month."""
    viewer, code = request.viewer, request.GET.get("unit", "")[:20]
    unit = find_unit(viewer, code) if code else None
    if code and unit is None:
        raise NotFound("unit", code)
    context = {"shown": panels.unit_page(viewer, unit), "sections": panels.sections("units")}
    return render(request, "quality/units.html", context)


@require_safe
@needs(Right.CUSTOMER_READ)
def customers(request: ViewerRequest) -> HttpResponse:
    """Customers by how good their data are, the poorest first."""
    return _list(request, QUALITY, rows_for, section="customers")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_CORRECT)
def elements(request: ViewerRequest, code: str) -> HttpResponse:
    """What a person's papers say: the form; posted, what was noted."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    told = quality_of(customer)
    initial = {
        "nationality": told.nationality if told else "",
        "occupation": told.occupation if told else "",
        "credential_until": told.credential_until if told else None,
        "is_lifelong": told.is_lifelong if told else False,
        "seen": seen_of(told.note_id if told else None),
    }
    form = DiligenceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            note_diligence(viewer, customer.code, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记身份要素，资料得分已更新。"))
            return redirect("customer:record_tab", customer.code, "quality")
    open_part(viewer, customer, part="quality")
    context = {"form": form, "customer": customer}
    return render(request, "quality/elements.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.CUSTOMER_READ)
def files(request: ViewerRequest) -> HttpResponse:
    """Files on customers by their last day, the next to end first."""
    return _list(request, file_lists.EXPIRING, file_lists.rows_for, section="files")


# --- campaigns


@require_safe
@needs(Right.CUSTOMER_READ)
def tasks(request: ViewerRequest) -> HttpResponse:
    """Customers whose data running campaigns ask for."""
    return _list(request, TASKS, tasks_for, section="tasks")


@require_safe
@needs(Right.CUSTOMER_READ)
def campaigns(request: ViewerRequest) -> HttpResponse:
    """Campaigns of the viewer's unit and of those beneath it."""
    return _list(request, CAMPAIGNS, lambda viewer, _state: campaigns_of(viewer), section="campaigns")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.QUALITY_LEAD)
def new_campaign(request: ViewerRequest) -> HttpResponse:
    """Draw up a campaign: the form; posted, its page, where its customers are counted before it begins."""
    viewer = request.viewer
    units = [("", viewer.unit_name), *units_beneath(viewer)]
    form = CampaignForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        try:
            campaign = acts.draw_up(viewer, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect("quality:campaign", campaign.pk)
    context = {"form": form, "sections": panels.sections("campaigns")}
    return render(request, "quality/new_campaign.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.CUSTOMER_READ)
def campaign(request: ViewerRequest, campaign_id: int) -> HttpResponse:
    """A campaign: counted, under way, or its result."""
    found = find_campaign(request.viewer, campaign_id)
    context = {
        "shown": panels.campaign_page(request.viewer, found),
        "sections": panels.sections("campaigns"),
    }
    return render(request, "quality/campaign.html", context)


@require_POST
@needs(Right.QUALITY_LEAD)
def begin_campaign(request: ViewerRequest, campaign_id: int) -> HttpResponse:
    """Begin a campaign."""
    begun = acts.begin(request.viewer, campaign_id)
    messages.success(request, _("补录活动已开始，{count} 位客户已派给客户经理。").format(count=begun.members))
    return redirect("quality:campaign", campaign_id)


@require_POST
@needs(Right.QUALITY_LEAD)
def close_campaign(request: ViewerRequest, campaign_id: int) -> HttpResponse:
    """End a campaign before its last day."""
    acts.close(request.viewer, campaign_id)
    messages.success(request, _("补录活动已结束。"))
    return redirect("quality:campaign", campaign_id)


def _list(
    request: ViewerRequest,
    spec: ListSpec,
    rows: Callable[[Viewer, ListState], QuerySet[Any]],
    *,
    section: str,
) -> HttpResponse:
    viewer = request.viewer
    views = saved_views(viewer, spec.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(spec, request.GET, viewer=viewer)
    shown = list_of(
        spec,
        state,
        rows(viewer, state),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[spec.key]),
    )
    context = {"sections": panels.sections(section)}
    return list_response(request, shown, template="quality/list.html", context=context)
