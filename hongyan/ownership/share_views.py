"""Doors of sharing: with whom, until when, and what was shared with oneself (共享查看)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.core.parameters import value_of
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.queries.shares import as_guest, shared_with
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ownership import panels
from hongyan.ownership.actions import share as sharing
from hongyan.ownership.forms import ShareForm
from hongyan.ownership.parameters import SHARE_DAYS
from hongyan.ownership.queries.sharing import colleagues_near, find_to_share
from hongyan.ownership.share_lists import SHARED
from hongyan.ui.lists import ListState, list_of, list_response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def share(request: ViewerRequest, code: str) -> HttpResponse:
    """Let a colleague look at a customer for a time."""
    viewer, found = request.viewer, find_to_share(request.viewer, code)
    last = clock.business_date() + timedelta(days=int(value_of(SHARE_DAYS, units=viewer.unit_chain)))
    form = ShareForm(
        request.POST if request.method == "POST" else None, colleagues=colleagues_near(viewer), last=last
    )
    if form.is_valid():
        try:
            sharing.share_customer(viewer, found.customer.code, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已共享，同事会收到通知；到期自动收回。"))
            return redirect("customer:record_tab", code=found.customer.code, tab="ownership")
    else:
        open_part(viewer, found.customer, part="ownership", owners=found.owners)
    context = {"form": form, "customer": found.customer}
    return render(request, "ownership/share.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.CUSTOMER_READ)
def take_back(request: ViewerRequest, share_id: int) -> HttpResponse:
    """End now what was shared."""
    code = sharing.take_back(request.viewer, share_id)
    messages.success(request, _("已收回。"))
    return redirect("customer:record_tab", code=code, tab="ownership")


@require_safe
@needs(Right.CUSTOMER_READ)
def shared(request: ViewerRequest) -> HttpResponse:
    """The customers that are shared with the viewer."""
    viewer = request.viewer
    views = saved_views(viewer, SHARED.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(SHARED, request.GET, viewer=viewer)
    with as_guest(viewer):
        shown = list_of(
            SHARED,
            state,
            shared_with(viewer),
            views=views,
            rights=viewer.rights,
            save_as_url=reverse("desk:save_view", args=[SHARED.key]),
        )
    context = {"sections": panels.sections(viewer, "shared")}
    return list_response(request, shown, template="ownership/owners.html", context=context)
