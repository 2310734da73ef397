"""Doors of the stewards' desk: the queue, one case, checks by sample and what they say (识别工作台)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Conflict, Invalid
from hongyan.core.parameters import value_of
from hongyan.customer import case_lists as lists
from hongyan.customer.actions.case_batch import begin_batch, start_batch, stop_batch
from hongyan.customer.actions.hold_case import hold_case
from hongyan.customer.actions.open_case import open_case
from hongyan.customer.actions.second_look import look_again, open_look
from hongyan.customer.actions.work_case import undo_case, work_case
from hongyan.customer.codes import CaseState, PairVerdict, Worth
from hongyan.customer.forms import UNSURE_BECAUSE, CaseForm
from hongyan.customer.look_lists import LOOKS
from hongyan.customer.models import CaseRow
from hongyan.customer.panels import cases as panel
from hongyan.customer.panels.comparison import comparison
from hongyan.customer.panels.quality import quality_rows
from hongyan.customer.parameters import BATCH_SAMPLE, SECOND_LOOK_SHARE
from hongyan.customer.queries.case_batches import BECOMES, batches_of, find_batch, standing_of, suitable
from hongyan.customer.queries.cases import (
    Neighbours,
    find_row,
    free_for,
    holder_of,
    holding_since,
    neighbours,
    waiting_by_worth,
)
from hongyan.customer.queries.second_looks import looks_of, names_of, precisions, waiting_looks
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Right, Viewer
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

LONGEST_QUERY = 2000
SHOWN_BATCHES = 50
TRIES = 3
"""How often the next case is looked for when somebody else takes it at the same moment."""


@require_safe
@needs(Right.CUSTOMER_MERGE)
def cases(request: ViewerRequest) -> HttpResponse:
    """The queue; above it how much waits, by likelihood and by what it touches."""
    viewer = request.viewer
    saved = saved_views(viewer, lists.CASES.key)
    if opening := opening_query(saved, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(lists.CASES, lists.opening(request.GET), viewer=viewer)
    shown = list_of(
        lists.spec_for(state),
        state,
        lists.rows_for(viewer, state.values),
        views=[*lists.tabs(), *saved],
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[lists.CASES.key]),
    )
    context = {
        "sections": panel.case_sections("cases"),
        "matrix": panel.matrix(waiting_by_worth(viewer)),
        "first": _first_free(viewer, shown.page.rows),
    }
    return list_response(request, shown, template="customer/cases.html", context=context)


# --- one case


@never_cache
@require_safe
@needs(Right.CUSTOMER_MERGE)
def case(request: ViewerRequest, case_id: int) -> HttpResponse:
    """Two customers side by side, and what speaks for one. The query is that of the queue one works through."""
    return _case_page(request, case_id, _queue(request))


@require_POST
@needs(Right.CUSTOMER_MERGE)
def decide(request: ViewerRequest, case_id: int) -> HttpResponse:
    """Say what a pair is; the answer is the next case of the queue."""
    state, form = _queue(request), CaseForm(request.POST)
    if not form.is_valid():
        # said beside the page, which keeps what was typed
        raise Invalid({name: " ".join(map(str, said)) for name, said in form.errors.items()})
    row = find_row(request.viewer, case_id)
    row = work_case(
        request.viewer,
        case_id,
        form.verdict_given,
        reason=form.reason_given,
        survivor=form.survivor_of((row.code, row.other_code)),
        choices=form.choices,
    )
    return _go_on(request, state, _next_case(request, row, state), last=row)


@require_POST
@needs(Right.CUSTOMER_MERGE)
def undo(request: ViewerRequest, case_id: int) -> HttpResponse:
    """Take back what was decided of a case, and stay at it."""
    row = undo_case(request.viewer, case_id)
    return _go_on(request, _queue(request), row.pk)


def _queue(request: ViewerRequest) -> ListState:
    """The queue that somebody works through, as the address says; what waits, where it says nothing."""
    query = QueryDict(request.GET.urlencode()[:LONGEST_QUERY])
    return ListState.parse(lists.CASES, lists.opening(query), viewer=request.viewer)


def _first_free(viewer: Viewer, rows: Sequence[CaseRow]) -> CaseRow | None:
    """The first of some cases that nobody else works on."""
    free = free_for(viewer, since=holding_since(viewer), of="case__")
    found = set(CaseRow.objects.filter(free, pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return next((row for row in rows if row.pk in found), None)


def _next_case(request: ViewerRequest, row: CaseRow, state: ListState) -> int | None:
    """The case that comes after one, held for the viewer: two who go on at the same moment get two cases."""
    since = holding_since(request.viewer)
    for _try in range(TRIES):
        near = _neighbours(request, row, state, since=since)
        following = near.after or near.before
        if following is None or hold_case(request.viewer, following, since=since):
            break
    return following


def _neighbours(request: ViewerRequest, row: CaseRow, state: ListState, *, since: datetime) -> Neighbours:
    """Who stands beside a case, without those that somebody else works on."""
    queue = lists.case_rows(request.viewer, state).filter(free_for(request.viewer, since=since, of="case__"))
    return neighbours(queue, row, state.sort_fields, descending=state.is_descending)


def _go_on(
    request: ViewerRequest, state: ListState, case_id: int | None, *, last: CaseRow | None = None
) -> HttpResponse:
    """On to a case in the same answer, or back to the queue when nothing is left of it."""
    if case_id is None and (batch := state.values.get("sample")):
        return _elsewhere(request, reverse("customer:batch", args=[batch.pk]))
    if case_id is None:
        messages.success(request, _("这个队列已经做完。"))
        return _elsewhere(request, f"{reverse('customer:cases')}?{state.query}")
    address = f"{reverse('customer:case', args=[case_id])}?{state.query}"
    if not _is_htmx(request):
        return HttpResponseRedirect(address)
    response = _case_page(request, case_id, state, last=last)
    response["HX-Push-Url"] = address
    return response


def _case_page(
    request: ViewerRequest, case_id: int, state: ListState, *, last: CaseRow | None = None
) -> HttpResponse:
    since = holding_since(request.viewer)
    view = open_case(request.viewer, case_id, since=since)
    # a request that waits for a second person is taken back by whoever made it
    may_undo = view.case.state != CaseState.ASKED or view.case.decided_by == request.viewer.staff_no
    context = {
        "desk": panel.desk(request.viewer, view),
        "state": panel.state_badge(view.row.state),
        "preview_url": reverse("customer:merge_with", args=[view.row.code, view.row.other_code]),
        "near": _neighbours(request, view.row, state, since=since),
        "holder": holder_of(request.viewer, view.case, since=since),
        "query": state.query,
        "last": last,
        "may_undo": may_undo,
        "unsure": UNSURE_BECAUSE,
        "sections": panel.case_sections("cases"),
    }
    part = "#desk" if _is_htmx(request) else ""
    return render(request, f"customer/case.html{part}", context)


def _is_htmx(request: ViewerRequest) -> bool:
    return "HX-Request" in request.headers


def _elsewhere(request: ViewerRequest, address: str) -> HttpResponse:
    if _is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


# --- checks by sample


@require_safe
@needs(Right.CUSTOMER_MERGE)
def looks(request: ViewerRequest) -> HttpResponse:
    """The decisions drawn for a second look; who is to look does not see the first word."""
    viewer = request.viewer
    saved = saved_views(viewer, LOOKS.key)
    if opening := opening_query(saved, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(LOOKS, request.GET, viewer=viewer)
    shown = list_of(
        LOOKS,
        state,
        looks_of(viewer),
        views=saved,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[LOOKS.key]),
    )
    context = {"sections": panel.case_sections("looks"), "next": waiting_looks(viewer).first()}
    return list_response(request, shown, template="customer/looks.html", context=context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_MERGE)
def look(request: ViewerRequest, look_id: int) -> HttpResponse:
    """A pair without names of customers or a word of the first decision; POST says what it is, then on to the next."""
    if request.method == "POST":
        try:
            look_again(request.viewer, look_id, request.POST.get("verdict", ""))
        except Conflict as error:
            messages.info(request, error.message)
        following = waiting_looks(request.viewer).first()
        address = reverse("customer:look", args=[following.pk]) if following else reverse("customer:looks")
        return HttpResponseRedirect(address)
    opened, sides = open_look(request.viewer, look_id)
    compared = comparison(request.viewer, sides, codes=None)
    context = {
        "check": opened,
        "compared": compared,
        "sides": panel.unnamed(compared),
        "first": opened.get_first_display(),
        "second": opened.get_second_display(),
        "customer_code": sides[0].customer.code,
        "may_look": not opened.second and opened.first_by not in names_of(request.viewer),
        "sections": panel.case_sections("looks"),
    }
    return render(request, "customer/look.html", context)


@require_safe
@needs(Right.CUSTOMER_MERGE)
def quality(request: ViewerRequest) -> HttpResponse:
    """How well decisions hold, by score, as far as somebody looked again."""
    context = {
        "rows": quality_rows(precisions(request.viewer)),
        "share": value_of(SECOND_LOOK_SHARE, units=request.viewer.unit_chain),
        "sections": panel.case_sections("quality"),
    }
    return render(request, "customer/quality.html", context)


# --- many at once


@require_safe
@needs(Right.CUSTOMER_MERGE)
def batches(request: ViewerRequest) -> HttpResponse:
    """What the viewer decided in batches, the latest ones."""
    context = {
        "batches": batches_of(request.viewer)[:SHOWN_BATCHES],
        "sections": panel.case_sections("batches"),
    }
    return render(request, "customer/batches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_MERGE)
def new_batch(request: ViewerRequest) -> HttpResponse:
    """What a batch of the cases of a query would take; POST draws its sample."""
    state = _queue(request)
    rows = lists.case_rows(request.viewer, state)
    if request.method == "POST":
        batch = begin_batch(request.viewer, rows, state.query, request.POST.get("verdict", ""))
        return HttpResponseRedirect(reverse("customer:batch", args=[batch.pk]))
    found = suitable(rows)
    context = {
        "state": state,
        "chips": [chip for chip in state.chips if chip.key != "state"],
        "count": found.count(),
        "left_out": rows.filter(worth=Worth.AGREEMENT).count(),
        "sample": value_of(BATCH_SAMPLE, units=request.viewer.unit_chain),
        "verdicts": [(one.value, one.label) for one in BECOMES],
        "sections": panel.case_sections("batches"),
    }
    return render(request, "customer/new_batch.html", context)


@never_cache
@require_safe
@needs(Right.CUSTOMER_MERGE)
def batch(request: ViewerRequest, batch_id: int) -> HttpResponse:
    """How a batch stands: its sample first, then the job; fetched anew while that is at work."""
    found = find_batch(request.viewer, batch_id)
    context = {
        "batch": found,
        "verdict": PairVerdict(found.verdict).label,
        "standing": standing_of(found),
        "conditions": panel.conditions(lists.CASES, found.query, request.viewer),
        "sections": panel.case_sections("batches"),
    }
    part = "#progress" if _is_htmx(request) else ""
    return render(request, f"customer/batch.html{part}", context)


@require_POST
@needs(Right.CUSTOMER_MERGE)
def start(request: ViewerRequest, batch_id: int) -> HttpResponse:
    """Decide the rest, or go on with it."""
    start_batch(request.viewer, batch_id)
    return HttpResponseRedirect(reverse("customer:batch", args=[batch_id]))


@require_POST
@needs(Right.CUSTOMER_MERGE)
def stop(request: ViewerRequest, batch_id: int) -> HttpResponse:
    """Stop; what is decided stays."""
    stop_batch(request.viewer, batch_id)
    return HttpResponseRedirect(reverse("customer:batch", args=[batch_id]))
