"""Doors of the customer room: list, search, record, reveal (客户页面)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import NotFound
from hongyan.customer import lists, panels
from hongyan.customer.actions.copy_codes import copy_codes
from hongyan.customer.actions.find import find
from hongyan.customer.actions.open_record import minutes_of, note_asking, reading, state_purpose
from hongyan.customer.actions.reveal import reveal as reveal_value
from hongyan.customer.columns import with_lent
from hongyan.customer.forms import PurposeForm
from hongyan.customer.list_edits import with_waiting
from hongyan.customer.queries.records import find_customer, owners_of
from hongyan.customer.queries.search import only_hit
from hongyan.customer.queries.terms import LONGEST, read_terms
from hongyan.customer.reach import Reached
from hongyan.customer.rules.code import code_for, serial_of
from hongyan.desk.queries import opening_query, saved_views
from hongyan.org import sessions
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest, own_address
from hongyan.ui.lists import ListState, Notice, list_of, list_response
from hongyan.ui.records import Tab

REVEAL_SECONDS = 60


@require_safe
@needs(Right.CUSTOMER_READ)
def customers(request: ViewerRequest, *, excluded: str) -> HttpResponse:
    """The list of customers; its filters, order, columns and position stand in the address.

    `excluded` is the page, by name, that tells whom a filter by consent leaves out.
    """
    viewer = request.viewer
    spec = lists.customers_spec()
    views = saved_views(viewer, spec.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(spec, request.GET, viewer=viewer)
    rows = with_lent(viewer, state.columns, lists.with_own(lists.rows_for(viewer, state.values)))
    shown = list_of(
        spec,
        state,
        with_waiting(viewer, rows),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[spec.key]),
        rows_of=lambda other: lists.rows_for(viewer, other.values),
    )
    context = {"notice": _whom_it_leaves_out(state, excluded)}
    return list_response(request, shown, template="customer/customers.html", context=context)


def _whom_it_leaves_out(state: ListState, excluded: str) -> Notice | None:
    reached: Reached | None = state.values.get("reach")
    if reached is None or reached.reason is not None:
        return None
    return Notice(
        _("只列出现在可以联系的客户。"), f"{reverse(excluded)}{state.link()}", _("看排除了多少、为什么")
    )


@require_POST
@needs(Right.CUSTOMER_READ)
def search(request: ViewerRequest, *, find_number: panels.FindNumber) -> HttpResponse:
    """Where Enter in the list's own box leads: to the only customer meant, to what else bears the number, or back.

    Posted, so that no typed phone or credential stands in an address. `list` carries the query of the list the
    reader comes from, whose other filters stay.
    """
    typed = request.POST.get("q", "").strip()
    terms, hits = read_terms(typed), find(request.viewer, typed)
    if hit := only_hit(hits):
        return redirect("customer:record", code=hit.row.code)
    if not hits and (found := find_number(request.viewer, typed[:LONGEST])).groups:
        if found.url:
            return redirect(found.url)
        messages.info(request, _("这个号码在几处用到，请在搜索框的提示里选择。"))
    query = QueryDict(request.POST.get("list", "")[:2000], mutable=True)
    for key in ("q", "key", "number", "after", "before"):
        query.pop(key, None)
    query.update(panels.list_query(terms, hits, typed))
    return redirect(f"{reverse('customer:list')}?{query.urlencode()}")


@require_POST
@needs(Right.CUSTOMER_READ)
def codes(request: ViewerRequest) -> HttpResponse:
    """The codes of chosen customers, one a line, to be copied elsewhere."""
    if request.POST.get("scope") == "all":
        rows = lists.chosen_rows(request.viewer, request.POST.get("query", "")[:2000])
    else:
        rows = (
            lists.rows_for(request.viewer, {})
            .filter(code__in=request.POST.getlist("ids"))
            .order_by("sort_key")
        )
    copied = copy_codes(request.viewer, rows)
    return render(request, "customer/codes.html", {"copied": copied})


@dataclass(frozen=True, slots=True)
class _Position:
    """Where in a panel's own paging the reader is, and all that the address asks."""

    after: str
    before: str
    query: Mapping[str, str]


@require_safe
@needs(Right.CUSTOMER_READ)
def record(
    request: ViewerRequest, code: str, tab: str = "", *, shown: Sequence[panels.Panel]
) -> HttpResponse:
    """One customer: a tab of the page whose panels `web.customer360` lists. An alias leads to the survivor's page."""
    where = _Position(request.GET.get("after", ""), request.GET.get("before", ""), request.GET)
    with reading(request.viewer, code) as found:
        viewer, customer = found.viewer, found.customer
        shown = [panel for panel in shown if panel.is_for_guests or not viewer.is_guest]
        panel = next((panel for panel in shown if panel.key == (tab or shown[0].key)), None)
        if panel is None:
            raise NotFound("customer_tab", tab)
        if customer.code != code:
            # Not for ever: a split makes the code a customer of its own again.
            if serial_of(code) != customer.id:
                alias = code_for(serial_of(code) or 0)
                messages.info(request, _("{alias} 已归并到本客户。").format(alias=alias))
            return redirect(_tab_url(customer.code, tab))
        opened = found.open(panel.key)
        context = {
            "record": panels.header(viewer, opened, share=found.share),
            "opened": opened,
            "tabs": [
                Tab(
                    one.key, one.label, _tab_url(code, one.key), is_active=one is panel, is_whole=one.is_whole
                )
                for one in shown
            ],
            "side": panels.side_parts(viewer, opened),
            "idle_lines": panels.lines_without_business(opened),
            "cases": panels.case_views(viewer, opened),
            "panel": panel.query(viewer, opened, where),
        }
    return render(request, panel.template, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def purpose(request: ViewerRequest, code: str) -> HttpResponse:
    """Asks what a customer of others is needed for, before it is opened; then on to the page that was asked for."""
    viewer, customer = request.viewer, find_customer(request.viewer, code)
    asked = request.POST.get("next") or request.GET.get("next", "")
    target = own_address(request, asked, otherwise=_tab_url(customer.code, ""))
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        stated = state_purpose(viewer, customer, **form.cleaned_data)
        sessions.keep_purpose(request, customer.code, stated.purpose, minutes=stated.minutes)
        return HttpResponseRedirect(target)
    note_asking(viewer, customer)
    context = {
        "form": form,
        "customer": customer,
        "owners": panels.owner_facts(owners_of(customer)),
        "minutes": minutes_of(viewer),
        "next": target,
    }
    return render(request, "customer/purpose.html", context, status=422 if form.errors else 200)


def _tab_url(code: str, tab: str) -> str:
    return (
        reverse("customer:record_tab", args=[code, tab]) if tab else reverse("customer:record", args=[code])
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_REVEAL)
def reveal(request: ViewerRequest, code: str, field: str, record_id: int | None = None) -> HttpResponse:
    """One masked value in full: JSON for the page's dialog, a page of its own where scripts do not run."""
    if request.method != "POST":
        customer = find_customer(request.viewer, code)
        context = {"form": PurposeForm(), "code": customer.code, "what": panels.label_of(field)}
        return render(request, "customer/reveal.html", context)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _ask_again(request, code, field, form)
    value = reveal_value(request.viewer, code, field, **form.cleaned_data, record_id=record_id)
    if _wants_json(request):
        return JsonResponse({"value": value, "seconds": REVEAL_SECONDS})
    context = {"value": value, "code": code, "what": panels.label_of(field), "seconds": REVEAL_SECONDS}
    return render(request, "customer/revealed.html", context)


def _ask_again(request: ViewerRequest, code: str, field: str, form: PurposeForm) -> HttpResponse:
    """What is wrong with a purpose or note, where they were typed."""
    customer = find_customer(request.viewer, code)
    if _wants_json(request):
        problems = [str(text) for texts in form.errors.values() for text in texts]
        return JsonResponse({"message": " ".join(problems)}, status=422)
    context = {"form": form, "code": customer.code, "what": panels.label_of(field)}
    return render(request, "customer/reveal.html", context, status=422)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
