"""Doors of posts: requested, ended, lent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.org import sessions
from hongyan.org.access import needs
from hongyan.org.actions import accounts, delegations
from hongyan.org.actions import posts as posting
from hongyan.org.codes import Right
from hongyan.org.forms.posts import CodeForm, LendForm, PostForm, ReasonForm
from hongyan.org.lists.posts import POST_REQUESTS
from hongyan.org.models import Approval
from hongyan.org.parameters import DELEGATION_DAYS, GRANT_DAYS
from hongyan.org.queries.posts import find_current_post, post_requests
from hongyan.org.queries.staff import staff_page
from hongyan.org.queries.tree import unit_choices
from hongyan.org.queries.viewers import label_of_post, post_label, roles_ahead
from hongyan.org.requests import ViewerRequest
from hongyan.org.rights import GUARDED_ROLES
from hongyan.ui.lists import ListState, list_of, list_response


@needs(Right.POST_REQUEST)
@require_GET
def requests(request: ViewerRequest) -> HttpResponse:
    """The list of requested posts."""
    state = ListState.parse(POST_REQUESTS, request.GET, viewer=request.viewer)
    rows = post_requests(request.viewer)
    return list_response(request, list_of(POST_REQUESTS, state, rows, rights=request.viewer.rights))


@needs(Right.POST_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def new_post(request: ViewerRequest, staff_no: str) -> HttpResponse:
    """Request a post for somebody."""
    viewer, page = request.viewer, staff_page(request.viewer, staff_no)
    form = PostForm(
        request.POST if request.method == "POST" else None,
        viewer=viewer,
        like=page.posts[0],
        held=roles_ahead(page.staff.pk),
        units=unit_choices(viewer),
        days=value_of(GRANT_DAYS, units=viewer.unit_chain),
    )
    if form.is_valid():
        try:
            posting.request_post(viewer, staff_no, **form.wanted)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("申请已提交审批。"))
            return HttpResponseRedirect(reverse("org:staff", args=[staff_no]))
    context = {"form": form, "staff": page.staff}
    return render(request, "org/new_post.html", context, status=422 if form.errors else 200)


@needs(Right.POST_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def end_post(request: ViewerRequest, staff_no: str, post_id: int) -> HttpResponse:
    """End somebody's post at once; one that guards others, once a colleague agrees."""
    post = find_current_post(request.viewer, staff_no, post_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    is_guarded = post.role in GUARDED_ROLES
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if is_guarded:
            approval = accounts.request_end(request.viewer, staff_no, post_id, reason=reason)
            return _waiting(request, approval)
        posting.end_post(request.viewer, staff_no, post_id, reason=reason)
        messages.success(request, _("岗位已结束，从下一次操作起不再有效。"))
        return HttpResponseRedirect(reverse("org:staff", args=[staff_no]))
    context = {
        "form": form,
        "staff": post.staff,
        "post": post_label(post.role, str(post.place.unit)),
        "is_guarded": is_guarded,
    }
    return render(request, "org/end_post.html", context, status=422 if form.errors else 200)


@needs(Right.STAFF_ACTIVATE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_activation(request: ViewerRequest, staff_no: str) -> HttpResponse:
    """Ask for a code for an account that guards others."""
    page = staff_page(request.viewer, staff_no)
    if not page.may_activate:
        raise NotAllowed(Right.STAFF_ACTIVATE)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _waiting(request, accounts.request_activation(request.viewer, staff_no, reason=reason))
    context = {"form": form, "staff": page.staff}
    return render(request, "org/request_activation.html", context, status=422 if form.errors else 200)


def _waiting(request: ViewerRequest, approval: Approval) -> HttpResponse:
    """To the request, which says who checks it, or who is missing."""
    messages.success(request, _("申请已提交审批。"))
    return HttpResponseRedirect(reverse("org:approval", args=[approval.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def lend(request: ViewerRequest) -> HttpResponse:
    """Lend the present post to a colleague."""
    days = value_of(DELEGATION_DAYS, units=request.viewer.unit_chain)
    form = LendForm(request.POST if request.method == "POST" else None, days=days)
    if form.is_valid():
        try:
            delegations.lend_post(request.viewer, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已委托代理。对方从开始日期起可以切换到这个岗位。"))
            return HttpResponseRedirect(reverse("org:me"))
    context = {"form": form, "post": label_of_post(request.viewer)}
    return render(request, "org/lend.html", context, status=422 if form.errors else 200)


@require_POST
def end_delegation(request: ViewerRequest, delegation_id: int) -> HttpResponse:
    """End a delegation; whoever acts in that very post goes on in their own."""
    given = delegations.end_delegation(request.viewer, delegation_id)
    if request.viewer.holder and given.post_id == request.viewer.post_id:
        sessions.act_in_own(request)
    messages.success(request, _("代理已结束。"))
    return HttpResponseRedirect(reverse("org:me"))
