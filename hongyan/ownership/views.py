"""Doors of ownership: the list, the load, acts on one customer and on many (管户页面)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid, NotFound
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.queries.ranges import find_unit
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org.access import needs
from hongyan.org.codes import Line, Right
from hongyan.org.queries.staff import staff_page
from hongyan.org.requests import ViewerRequest
from hongyan.ownership import lists, panels
from hongyan.ownership.actions import assist, belong, many, single
from hongyan.ownership.actions import claim as claiming
from hongyan.ownership.codes import SINGLE, Act, BelongingState, TransferState
from hongyan.ownership.forms import AssistForm, ChangeForm, DeclineForm, EndAssistingForm, PlanForm
from hongyan.ownership.models import Belonging, Transfer
from hongyan.ownership.queries.assistants import find_assisting, may_let_assist
from hongyan.ownership.queries.belonging import belongings_in_scope, find_belonging
from hongyan.ownership.queries.load import load_of
from hongyan.ownership.queries.owners import find_owned, owners_in_scope
from hongyan.ownership.queries.people import Manager, customers_of, lines_of, managers_in_scope
from hongyan.ownership.queries.pool import last_rising
from hongyan.ownership.queries.transfers import find_transfer, shares_of, standing_of, transfers_of
from hongyan.ui.lists import ListState, list_of, list_response

SHOWN_TRANSFERS = 100


@require_safe
@needs(Right.CUSTOMER_READ)
def owners(request: ViewerRequest) -> HttpResponse:
    """Who looks after whom, and the pools; the filters stand in the address."""
    viewer = request.viewer
    views = saved_views(viewer, lists.OWNERS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(lists.OWNERS, request.GET, viewer=viewer)
    shown = list_of(
        lists.OWNERS,
        state,
        lists.rows_for(viewer, state.values),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[lists.OWNERS.key]),
    )
    keeper = state.values.get("keeper") or ""
    is_pool = keeper in lists.POOLS
    context = {
        "sections": panels.sections(viewer, "pool" if is_pool else "owners"),
        "pools": panels.pool_tabs(keeper) if is_pool else (),
        "rising": last_rising() if is_pool else None,
    }
    return list_response(request, shown, template="ownership/owners.html", context=context)


@require_POST
@needs(Right.OWNERSHIP_CLAIM)
def claim(request: ViewerRequest) -> HttpResponse:
    """Take chosen customers of the pool of one's own outlet."""
    chosen = _chosen_ids(request)
    done = claiming.claim(request.viewer, chosen)
    messages.success(request, _("已认领 {count} 户。").format(count=done.size))
    return redirect(f"{reverse('ownership:owners')}?keeper=mine")


@require_POST
@needs(Right.OWNERSHIP_CHANGE)
def reassign(request: ViewerRequest) -> HttpResponse:
    """Choose rows of the list, to be shared out on the next page."""
    if request.POST.get("scope") == "all":
        rows = lists.chosen_rows(request.viewer, request.POST.get("query", "")[:2000])
    else:
        rows = owners_in_scope(request.viewer).filter(pk__in=_chosen_ids(request))
    begun = many.begin_reassign(request.viewer, rows)
    return redirect("ownership:transfer", transfer_id=begun.pk)


def _chosen_ids(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("ids") if one.isascii() and one.isdecimal()][:1000]


@require_safe
@needs(Right.OWNERSHIP_CHANGE)
def load(request: ViewerRequest) -> HttpResponse:
    """How much each manager and unit looks after."""
    viewer = request.viewer
    code = request.GET.get("unit", "")[:20]
    unit = find_unit(viewer, code) if code else None
    if code and unit is None:
        raise NotFound("unit", code)
    lines = [line for line in Line if line.value in lines_of(viewer)]
    found = load_of(viewer, unit)
    context = {
        "shown_units": found.units,
        "managers": panels.load_rows(found, lines),
        "unit": unit.label if unit else viewer.unit_name,
        "lines": lines,
        "sections": panels.sections(viewer, "load"),
    }
    return render(request, "ownership/load.html", context)


# --- one customer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def change(request: ViewerRequest, code: str, line: str, act: str) -> HttpResponse:
    """Change who looks after one customer in one line."""
    viewer, owned = request.viewer, find_owned(request.viewer, code, line)
    if act not in SINGLE or act not in single.acts_for(viewer, owned):
        raise NotFound("act", act)
    doing = Act(act)
    takes_manager = doing in {Act.ASSIGN, Act.ADJUST}
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        act=doing,
        managers=managers_in_scope(viewer, line=line) if takes_manager else (),
        seen=single.owner_mark(owned),
    )
    if form.is_valid():
        given = form.cleaned_data
        wanted = single.Wanted(given.get("staff_no", ""), given.get("unit", ""))
        try:
            done = single.change_owner(
                viewer, code, line, doing, wanted=wanted, reason=given["reason"], seen=given["seen"]
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _told(done))
            return redirect("customer:record_tab", code=owned.customer.code, tab="ownership")
    else:
        open_part(viewer, owned.customer, part="ownership", owners=owned.owners)
    context = {
        "form": form,
        "customer": owned.customer,
        "owner": owned.owner,
        "line": Line(line).label,
        "act": doing,
    }
    return render(request, "ownership/change.html", context, status=422 if form.errors else 200)


def _told(done: Transfer) -> str:
    if done.state == TransferState.PENDING:
        return _("申请已提交审批。")
    if done.pooled:
        return _("客户经理已到管户上限，客户已转入网点待分配池，并通知了客户经理和负责人。")
    return _("管户已变更，原客户经理和新客户经理都会收到通知。")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def let_assist(request: ViewerRequest, code: str, line: str) -> HttpResponse:
    """Say who assists with one customer in one line."""
    viewer, owned = request.viewer, find_owned(request.viewer, code, line)
    if not may_let_assist(viewer, owned):
        raise NotFound("act", "assist")
    form = AssistForm(
        request.POST if request.method == "POST" else None, managers=managers_in_scope(viewer, line=line)
    )
    if form.is_valid():
        try:
            assist.let_assist(viewer, code, line, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记协办，协办客户经理会收到通知。"))
            return redirect("customer:record_tab", code=owned.customer.code, tab="ownership")
    else:
        open_part(viewer, owned.customer, part="ownership", owners=owned.owners)
    context = {"form": form, "customer": owned.customer, "owner": owned.owner, "line": Line(line).label}
    return render(request, "ownership/assist.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def end_assisting(request: ViewerRequest, assistant_id: int) -> HttpResponse:
    """End somebody's assistance."""
    viewer, found = request.viewer, find_assisting(request.viewer, assistant_id)
    if not found.may_end:
        raise NotFound("assistant", assistant_id)
    form = EndAssistingForm(request.POST if request.method == "POST" else None, initial={"seen": found.mark})
    if form.is_valid():
        try:
            assist.end_assisting(viewer, assistant_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("协办已结束。"))
            if found.row.staff_id in viewer.people:  # who may not see the customer any more
                return redirect(f"{reverse('customer:list')}?manager=assist")
            return redirect("customer:record_tab", code=found.customer.code, tab="ownership")
    else:
        open_part(viewer, found.customer, part="ownership")
    context = {"form": form, "customer": found.customer, "row": found.row}
    return render(request, "ownership/end_assisting.html", context, status=422 if form.errors else 200)


# --- belonging at the bank


@require_safe
@needs(Right.OWNERSHIP_CHANGE)
def belongings(request: ViewerRequest) -> HttpResponse:
    """What the bank's belonging rule proposes, and what came of it."""
    viewer = request.viewer
    views = saved_views(viewer, lists.BELONGINGS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(lists.BELONGINGS, request.GET, viewer=viewer)
    shown = list_of(
        lists.BELONGINGS,
        state,
        lists.belonging_rows(viewer, state.values),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[lists.BELONGINGS.key]),
    )
    context = {"sections": panels.sections(viewer, "belongings")}
    return list_response(request, shown, template="ownership/owners.html", context=context)


@never_cache
@require_safe
@needs(Right.OWNERSHIP_CHANGE)
def belonging(request: ViewerRequest, belonging_id: int) -> HttpResponse:
    """One proposal: each outlet's figures, and the accounts they are the sum of."""
    found = find_belonging(request.viewer, belonging_id)
    return _belonging_page(request, found, DeclineForm())


def _belonging_page(request: ViewerRequest, found: Belonging, form: DeclineForm) -> HttpResponse:
    customer = found.customer.survivor or found.customer
    open_part(request.viewer, customer, part="belonging")
    context = {
        "belonging": found,
        "customer": customer,
        "outlets": panels.outlets_of(found, customer),
        "step": lists.step_cell(found),
        "state": lists.belonging_state(found),
        "form": form if found.state == BelongingState.OPEN else None,
        "sections": panels.sections(request.viewer, "belongings"),
    }
    return render(request, "ownership/belonging.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.OWNERSHIP_CHANGE)
def confirm_belonging(request: ViewerRequest) -> HttpResponse:
    """Do what the rule proposes for chosen customers, or all of the list."""
    viewer = request.viewer
    if request.POST.get("scope") == "all":
        rows = lists.chosen_belongings(viewer, request.POST.get("query", "")[:2000])
    else:
        rows = belongings_in_scope(viewer).filter(pk__in=_chosen_ids(request))
    done = belong.confirm(viewer, rows)
    if done.asked:
        messages.success(request, _("{count} 户转到范围外的网点，已提交上级审批。").format(count=done.asked))
    if done.outdated:
        messages.warning(request, _("{count} 户的管户已经变了，建议已过时。").format(count=done.outdated))
    if done.transfer:
        return redirect("ownership:transfer", transfer_id=done.transfer.pk)
    return redirect(f"{reverse('ownership:belongings')}?state=open")


@require_POST
@needs(Right.OWNERSHIP_CHANGE)
def decline_belonging(request: ViewerRequest, belonging_id: int) -> HttpResponse:
    """Leave a customer where it is."""
    viewer, form = request.viewer, DeclineForm(request.POST)
    found = find_belonging(viewer, belonging_id)
    if form.is_valid():
        try:
            belong.decline(viewer, belonging_id, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已记下，同一期间不再建议。"))
            return redirect(f"{reverse('ownership:belongings')}?state=open")
    return _belonging_page(request, found, form)


# --- many at once


@require_safe
@needs(Right.OWNERSHIP_CHANGE)
def transfers(request: ViewerRequest) -> HttpResponse:
    """What changed owners in the viewer's scope, the latest acts."""
    context = {
        "transfers": transfers_of(request.viewer)[:SHOWN_TRANSFERS],
        "sections": panels.sections(request.viewer, "transfers"),
    }
    return render(request, "ownership/transfers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OWNERSHIP_CHANGE)
def hand_over(request: ViewerRequest, staff_no: str) -> HttpResponse:
    """What somebody looks after; POST chooses all of it, to be shared out on the next page."""
    viewer, leaving = request.viewer, staff_page(request.viewer, staff_no).staff
    if request.method == "POST":
        begun = many.begin_hand_over(viewer, staff_no)
        return redirect("ownership:transfer", transfer_id=begun.pk)
    rows = owners_in_scope(viewer).filter(manager=leaving)
    counts = [(Line(line).label, count) for line, count in panels.count_by_line(rows)]
    here = rows.values("customer_id").distinct().count()
    context = {
        "leaving": leaving,
        "counts": counts,
        "customers": here,
        "elsewhere": max(0, customers_of([leaving.pk]).get(leaving.pk, 0) - here),
        "sections": panels.sections(viewer, "load"),
    }
    return render(request, "ownership/hand_over.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.OWNERSHIP_CHANGE)
def transfer(request: ViewerRequest, transfer_id: int) -> HttpResponse:
    """An act on many: shared out here first, then looked at, then followed while a job does it."""
    viewer, found = request.viewer, find_transfer(request.viewer, transfer_id)
    form, offered = None, list[Manager]()
    if found.state == TransferState.DRAFT:
        offered = managers_in_scope(viewer, leaving=found.leaving)
        form = PlanForm(
            request.POST if request.method == "POST" else None,
            managers=offered,
            shares=shares_of(found),
            reason=found.reason,
            seen=many.plan_mark(found),
        )
        if form.is_valid():
            given = form.cleaned_data
            try:
                many.plan(viewer, transfer_id, form.shares, reason=given["reason"], seen=given["seen"])
            except Invalid as error:
                form.refuse(error)
            else:
                return redirect(f"{reverse('ownership:transfer', args=[transfer_id])}#plan")
    standing = standing_of(viewer, found, offered)
    context = {
        "transfer": found,
        "standing": standing,
        "shown": panels.plan_view(standing),
        "form": form,
        "seen": many.plan_mark(found),
        "sections": panels.sections(viewer, "transfers"),
    }
    part = "#progress" if request.headers.get("HX-Request") == "true" else ""
    is_wrong = form is not None and bool(form.errors)
    return render(request, f"ownership/transfer.html{part}", context, status=422 if is_wrong else 200)


@require_POST
@needs(Right.OWNERSHIP_CHANGE)
def start(request: ViewerRequest, transfer_id: int) -> HttpResponse:
    """Do what was planned."""
    many.start(request.viewer, transfer_id, seen=request.POST.get("seen", ""))
    return redirect("ownership:transfer", transfer_id=transfer_id)


@require_POST
@needs(Right.OWNERSHIP_CHANGE)
def undo(request: ViewerRequest, transfer_id: int) -> HttpResponse:
    """Bring everybody back."""
    many.undo(request.viewer, transfer_id)
    return redirect("ownership:transfer", transfer_id=transfer_id)


@require_POST
@needs(Right.OWNERSHIP_CHANGE)
def go_on(request: ViewerRequest, transfer_id: int) -> HttpResponse:
    """Go on with what ended early."""
    many.go_on(request.viewer, transfer_id)
    return redirect("ownership:transfer", transfer_id=transfer_id)
