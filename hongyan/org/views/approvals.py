"""Doors of approvals: the inbox, one request, and what can be done with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hongyan.core.errors import Invalid
from hongyan.org.actions import approvals as deciding
from hongyan.org.codes import Verdict
from hongyan.org.forms.approvals import DecisionForm, RecallForm
from hongyan.org.lists import approvals as lists
from hongyan.org.panels.approvals import approval_facts, approval_header, approval_history
from hongyan.org.queries import approvals as reading
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

LONGEST_QUERY = 2000
LARGEST_BATCH = 200


@require_GET
def inbox(request: ViewerRequest) -> HttpResponse:
    """What waits for the viewer; the other boxes are tabs."""
    state = ListState.parse(lists.APPROVALS, lists.opening(request.GET), viewer=request.viewer)
    shown = list_of(
        lists.spec_for(state),
        state,
        lists.rows_of(request.viewer, state),
        views=lists.tabs(),
        rights=request.viewer.rights,
    )
    reading.tell_asked(shown.page.rows)
    return list_response(request, shown)


@require_GET
def approval(request: ViewerRequest, approval_id: int) -> HttpResponse:
    """One request: the facts, the way it takes, and the decision."""
    return _page(request, approval_id)


@require_POST
def decide(request: ViewerRequest, approval_id: int) -> HttpResponse:
    """Say yes or no."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, approval_id, decision=form)
    given = form.cleaned_data
    deciding.decide(
        request.viewer,
        approval_id,
        Verdict(given["verdict"]),
        reason=given["reason"],
        step_version=given["version"],
    )
    messages.success(request, _("已通过。") if given["verdict"] == Verdict.APPROVE else _("已驳回。"))
    return HttpResponseRedirect(reverse("org:approvals"))


@require_POST
def recall(request: ViewerRequest, approval_id: int) -> HttpResponse:
    """Take one's own request back."""
    form = RecallForm(request.POST)
    if not form.is_valid():
        return _page(request, approval_id, taking_back=form)
    deciding.recall(request.viewer, approval_id, form.cleaned_data["reason"])
    messages.success(request, _("申请已撤回。"))
    return HttpResponseRedirect(reverse("org:approval", args=[approval_id]))


@require_POST
def approve_many(request: ViewerRequest) -> HttpResponse:
    """Approve the chosen requests of low risk, all or none."""
    done = deciding.decide_many(request.viewer, _chosen(request), Verdict.APPROVE)
    told = ngettext("已通过 {count} 项申请。", "已通过 {count} 项申请。", len(done))
    messages.success(request, told.format(count=len(done)))
    return HttpResponseRedirect(reverse("org:approvals"))


def _page(
    request: ViewerRequest,
    approval_id: int,
    *,
    decision: DecisionForm | None = None,
    taking_back: RecallForm | None = None,
) -> HttpResponse:
    page = reading.approval_page(request.viewer, approval_id)
    refused = decision or taking_back
    if refused:  # the field is far down on a phone
        refused.fields["reason"].widget.attrs["autofocus"] = True
    context = {
        "page": page,
        "record": approval_header(page),
        "facts": approval_facts(page),
        "history": approval_history(page),
        "decision": decision or DecisionForm(initial={"version": page.approval.version}),
        "taking_back": taking_back or RecallForm(),
        "why_not": "" if page.way.bar is None else deciding.words_of_bar(page.way.bar),
    }
    return render(request, "org/approval.html", context, status=422 if refused else 200)


def _chosen(request: ViewerRequest) -> list[int]:
    """The requests that were ticked, or all of the list.

    Errors: Invalid for more than a batch holds, and for a condition that cannot be used.
    """
    rows = reading.to_decide(request.viewer)
    if request.POST.get("scope") == "all":
        query = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY])
        state = ListState.parse_strictly(lists.APPROVALS, query, viewer=request.viewer)
        ids = list(state.apply(rows).values_list("pk", flat=True)[: LARGEST_BATCH + 1])
    else:
        ticked = request.POST.getlist("ids")
        ids = [int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 19]
    if len(ids) > LARGEST_BATCH:
        raise Invalid({"": _("一次最多批量审批 {count} 项").format(count=LARGEST_BATCH)})
    return ids
