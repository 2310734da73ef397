"""Doors of data quality: units, customers, the elements of a person's identity."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hongyan.core.errors import Invalid, NotFound
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.queries.ranges import find_unit
from hongyan.customer.queries.records import find_customer
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.quality import panels
from hongyan.quality.actions.diligence import note_diligence, seen_of
from hongyan.quality.forms import DiligenceForm
from hongyan.quality.lists import QUALITY, rows_for
from hongyan.quality.queries.quality import quality_of
from hongyan.ui.lists import ListState, list_of, list_response


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
    viewer = request.viewer
    views = saved_views(viewer, QUALITY.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(QUALITY, request.GET, viewer=viewer)
    shown = list_of(
        QUALITY,
        state,
        rows_for(viewer, state),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[QUALITY.key]),
    )
    context = {"sections": panels.sections("customers")}
    return list_response(request, shown, template="quality/list.html", context=context)


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
