"""Doors of the customers one follows (我关注的客户)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hongyan.customer.followed_lists import FOLLOWED
from hongyan.customer.queries.followed import KIND, followed_rows, followed_under
from hongyan.desk.actions.follow import unfollow_many
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@require_safe
@needs(Right.CUSTOMER_READ)
def followed(request: ViewerRequest) -> HttpResponse:
    """The customers the viewer follows, what happened last first."""
    viewer = request.viewer
    views = saved_views(viewer, FOLLOWED.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(FOLLOWED, request.GET, viewer=viewer)
    shown = list_of(
        FOLLOWED,
        state,
        followed_rows(viewer),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[FOLLOWED.key]),
    )
    return list_response(request, shown)


@require_POST
@needs(Right.CUSTOMER_READ)
def unfollow(request: ViewerRequest) -> HttpResponse:
    """Follow the chosen customers of one's list no more."""
    viewer, codes = request.viewer, request.POST.getlist("ids")
    if request.POST.get("scope") == "all":
        asked = QueryDict(request.POST.get("query", "")[:2000])
        state = ListState.parse_strictly(FOLLOWED, asked, viewer=viewer)
        codes = list(state.apply(followed_rows(viewer)).values_list("code", flat=True))
    unfollow_many(viewer, KIND, followed_under(viewer, codes))
    messages.success(request, _("不再关注。"))
    return redirect("customer:followed")
