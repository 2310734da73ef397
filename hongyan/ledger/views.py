"""Doors of the ledger: facts, what is behind a figure, months of units, products, intake, partitions, exports."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hongyan.core.errors import NotFound
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.panels import FindRow
from hongyan.customer.queries.records import find_customer
from hongyan.desk.queries import opening_query, saved_views
from hongyan.ledger import lists, panels
from hongyan.ledger.actions.map_products import map_product as map_source_product
from hongyan.ledger.actions.note_reading import note_fact
from hongyan.ledger.codes import FactKind
from hongyan.ledger.currencies import YUAN
from hongyan.ledger.queries import facts as reading
from hongyan.ledger.queries import products as catalogue
from hongyan.ledger.queries.access import check_bank_line, lines_of
from hongyan.ledger.queries.intake_list import bank_intake_of
from hongyan.ledger.words import address_problems, read_business_day, read_day, read_month
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@require_safe
@needs(Right.LEDGER_READ)
def facts(request: ViewerRequest) -> HttpResponse:
    """Transactions or mail items of a customer, a unit, a delivery or a number."""
    viewer = request.viewer
    state, rows = lists.read_list(viewer, request.GET)
    views = saved_views(viewer, state.spec.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    if not state.is_choosing and (customer := lists.customer_of(viewer, state.values)):
        open_part(viewer, customer, part="facts")
    shown = list_of(
        state.spec,
        state,
        rows,
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[state.spec.key]),
    )
    return list_response(
        request, shown, template="ledger/list.html", context={"sections": panels.sections(viewer, "facts")}
    )


@require_safe
@needs(Right.LEDGER_READ)
def fact(
    request: ViewerRequest, kind: str, system: str, day: str, number: str, *, find_row: FindRow
) -> HttpResponse:
    """One fact: how it stands, every entry with when it was known and from which row, an item's way."""
    on = read_business_day(day)
    if on is None or kind not in {one.value for one in reading.LISTED}:
        raise NotFound("fact", number[:40])
    found = reading.find_fact(request.viewer, FactKind(kind), system, on, number)
    if shown := found.last.shown:
        open_part(request.viewer, find_customer(request.viewer, shown["code"]), part="fact")
    else:
        note_fact(request.viewer, system, number)
    context = {
        "fact": panels.fact_view(request.viewer, found, find_row),
        "sections": panels.sections(request.viewer, "facts"),
    }
    return render(request, "ledger/fact.html", context)


@require_safe
@needs(Right.LEDGER_READ)
@needs(Right.CUSTOMER_READ)
def behind(request: ViewerRequest, code: str) -> HttpResponse:
    """The rows behind one figure of a customer: a month in a line, now or as it was known at the end of a day."""
    viewer, line = request.viewer, request.GET.get("line", "")
    month, as_of = read_month(request.GET.get("month", "")), read_day(request.GET.get("as_of", ""))
    if month is None or line not in lines_of(viewer):
        raise NotFound("figure", code[:20])
    customer = find_customer(viewer, code)
    if customer.code != code:
        return redirect(f"{reverse('ledger:behind', args=[customer.code])}?{request.GET.urlencode()}")
    open_part(viewer, customer, part="facts")
    context = {
        "behind": panels.behind(viewer, customer, month, line, as_of, request.GET.get("currency", YUAN)[:3]),
        "problems": address_problems(request.GET),
        "sections": panels.sections(viewer, ""),
    }
    return render(request, "ledger/behind.html", context)


@require_safe
@needs(Right.LEDGER_READ)
def units(request: ViewerRequest) -> HttpResponse:
    """Months of the units of the viewer's scope, or of one of them, by line."""
    shown = panels.unit_view(request.viewer, request.GET)
    context = {"shown": shown, "sections": panels.sections(request.viewer, "units")}
    return render(request, "ledger/units.html", context)


@require_safe
@needs(Right.LEDGER_READ)
def unit_figure(request: ViewerRequest) -> HttpResponse:
    """What one figure of units is made of: kinds and products that add up to it, each with the way to its rows."""
    context = {
        "figure": panels.unit_figure(request.viewer, request.GET),
        "sections": panels.sections(request.viewer, "units"),
    }
    return render(request, "ledger/figure.html", context)


@require_safe
@needs(Right.LEDGER_READ)
def products(request: ViewerRequest) -> HttpResponse:
    """Families and products with what each system calls them; what is not classified yet comes first.

    `map` in the address is the source's code that is being classified: the form is for one at a time.
    """
    may_map, asked = request.viewer.may(Right.PRODUCT_MAP), request.GET.get("map", "")
    context = {
        "shown": catalogue.catalogue(request.viewer),
        "may_map": may_map,
        "mapping": int(asked) if may_map and re.fullmatch("[0-9]{1,9}", asked) else None,
        "sections": panels.sections(request.viewer, "products"),
    }
    return render(request, "ledger/products.html", context)


@require_POST
@needs(Right.PRODUCT_MAP)
def map_product(request: ViewerRequest) -> HttpResponse:
    """Say which product of the house a source's code means; an empty choice takes it back."""
    system, code, product, seen = (
        request.POST.get(name, "") for name in ("system", "code", "product", "seen")
    )
    mapped = map_source_product(request.viewer, system[:20], code[:40], product_code=product[:12], seen=seen)
    messages.success(request, _("来源编码 {code} 的归类已保存。").format(code=mapped.code))
    return redirect(f"{reverse('ledger:products')}#source-{mapped.id}")


@require_safe
@needs(Right.LEDGER_READ)
def bank_intake(request: ViewerRequest) -> HttpResponse:
    """Customers whose assets and liabilities reached the bank's threshold, by the day they did (PSB-008)."""
    viewer = request.viewer
    check_bank_line(viewer)
    views = saved_views(viewer, lists.INTAKE.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(lists.INTAKE, request.GET, viewer=viewer)
    shown = list_of(
        lists.INTAKE,
        state,
        bank_intake_of(viewer),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[lists.INTAKE.key]),
    )
    return list_response(
        request,
        shown,
        template="ledger/list.html",
        context={"sections": panels.sections(viewer, "bank_intake")},
    )


@require_safe
@needs(Right.LEDGER_CHECK)
def partitions(request: ViewerRequest) -> HttpResponse:
    """Whether every partition is what its parent is (R37)."""
    return render(request, "ledger/partitions.html", {"shown": panels.partition_view()})
