"""Doors of correcting a customer by hand (更正资料)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hongyan.core.errors import Conflict, Invalid
from hongyan.customer.actions.correct import correct, golden_facts
from hongyan.customer.actions.open_record import open_code
from hongyan.customer.codes import CorrectionState, LayoutPlace
from hongyan.customer.custom import Own
from hongyan.customer.forms_correcting import CorrectionForm
from hongyan.customer.layouts import layouts_for
from hongyan.customer.models import Correction, Customer
from hongyan.customer.panels.corrections import changes_of, shown_as
from hongyan.customer.panels.words import LABELS, Text
from hongyan.customer.queries.corrections import corrections_of
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest, own_address
from hongyan.ui.records import Field

SHOWN = 20


@dataclass(frozen=True)
class Past:
    """An earlier correction as the page shows it."""

    row: Correction
    changes: list[Field]

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to decide."""
        return self.row.state == CorrectionState.WAITING


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed while this one was being typed: what it was for the maker, what it is now."""

    label: Text
    was: str
    now: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_CORRECT)
def correct_customer(request: ViewerRequest, code: str) -> HttpResponse:
    """The golden values to write over; posted, the customer, or the form again with what is wrong or what changed.

    `field` in the address asks for one of them, which a page opens as a dialog where it stands, and a list over its
    cell; what a script posted is answered by 204.
    """
    customer = open_code(request.viewer, code, part="correct").customer
    parts = layouts_for(request.viewer, LayoutPlace.FORM).get(customer.party_type)
    only = request.GET.get("field", "")
    if request.method != "POST":
        return _page(request, customer, CorrectionForm(customer, parts=parts, only=only))
    form = CorrectionForm(customer, request.POST, parts=parts, only=only)
    if not form.is_valid():
        return _page(request, customer, form, status=422)
    try:
        made = correct(
            request.viewer,
            customer.code,
            form.typed,
            reason=form.cleaned_data["reason"],
            key=f"{request.viewer.staff_no}/{form.cleaned_data['key']}",
            seen=form.cleaned_data["seen"],
        )
    except Invalid as error:
        form.refuse(error)
        return _page(request, customer, form, status=422)
    except Conflict as error:
        customer.refresh_from_db()
        form.add_error(None, error.message)
        changed = _changed_since(request, customer)
        form.show_again(customer)
        return _page(request, customer, form, changed, status=409)
    waits = made.state == CorrectionState.WAITING
    text = _("更正已提交，另一人批准后生效。") if waits else _("已更正。")
    if _is_fragment(request):
        notice = {"ui:toast": {"text": text, "tone": "info" if waits else "good"}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(notice)})
    messages.add_message(request, messages.INFO if waits else messages.SUCCESS, text)
    return redirect(own_address(request, request.GET.get("next", ""), otherwise=_record(customer)))


def _is_fragment(request: ViewerRequest) -> bool:
    """Whether a script asks, which shows the form as a dialog, or over the cell of a list, and stays where it is."""
    return "HX-Request" in request.headers


def _record(customer: Customer) -> str:
    return reverse("customer:record", args=[customer.code])


def _changed_since(request: ViewerRequest, customer: Customer) -> list[Difference]:
    """What differs between the values that the posted form was filled with and those of now."""
    was, own = request.POST, Own()
    return [
        Difference(own.label(head, LABELS), was[f"was_{head}"] or "—", value or "—")
        for head, value in _told(customer).items()
        if f"was_{head}" in was and was[f"was_{head}"] != value
    ]


def _told(customer: Customer) -> dict[str, str]:
    """Head of a golden group → its value in words, fit to stand in a page."""
    own = Own()
    return {head: shown_as(head, value, own) for head, value in golden_facts(customer).items()}


def _page(
    request: ViewerRequest,
    customer: Customer,
    form: CorrectionForm,
    changed: list[Difference] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    past = [Past(row, changes_of(row)) for row in corrections_of(customer)[:SHOWN]]
    context = {
        "customer": customer,
        "form": form,
        "changed": changed or [],
        "was": _told(customer),
        "past": past,
        "is_waiting": any(one.is_waiting for one in past),
    }
    template = "customer/correct_field.html" if _is_fragment(request) else "customer/correct.html"
    return render(request, template, context | {"address": request.get_full_path()}, status=status)
