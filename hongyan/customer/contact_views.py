"""Doors of contact persons that people write down (联系人)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hongyan.core.errors import Conflict, Invalid
from hongyan.customer.actions.keep_contact import add_contact, change_contact, end_contact
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.forms_contacts import ContactForm, EndContactForm
from hongyan.customer.models import Customer
from hongyan.customer.panels.contacts import contact_words
from hongyan.customer.queries.contacts import find_contact
from hongyan.customer.queries.records import find_customer
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_CORRECT)
def add(request: ViewerRequest, code: str) -> HttpResponse:
    """An empty contact to fill in; posted, it stands on the customer's page."""
    customer = _opened(request, code)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            add_contact(request.viewer, customer.code, form.typed)
            messages.success(request, _("已登记联系人。"))
            return _back(customer)
        except Invalid as error:
            form.refuse(error)
    return _page(request, customer, form, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_CORRECT)
def change(request: ViewerRequest, code: str, party: int, number: int) -> HttpResponse:
    """A contact to write over; posted, it stands so, or the form again with what is wrong or what changed."""
    customer = _opened(request, code)
    record = find_contact(customer, party, number)
    form = ContactForm(request.POST if request.method == "POST" else None, record=record)
    status = 200
    if form.is_valid():
        try:
            change_contact(
                request.viewer, customer.code, party, number, form.typed, cleared=form.cleared,
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
            messages.success(request, _("已保存联系人。"))
            return _back(customer)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            status = 409
            form.add_error(None, f"{error.message} {contact_words(record)}")
            form.show_again(record)
    return _page(request, customer, form, status=status if status != 200 else 422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_CORRECT)
def end(request: ViewerRequest, code: str, party: int, number: int) -> HttpResponse:
    """Write down that somebody is a contact no more."""
    customer = _opened(request, code)
    record = find_contact(customer, party, number)
    form = EndContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_contact(request.viewer, customer.code, party, number, **form.cleaned_data)
            messages.success(request, _("已结束，历史保留。"))
            return _back(customer)
        except Invalid as error:
            form.refuse(error)
    context = {"form": form, "customer": customer, "contact_name": record.fields["contact_name"]}
    return render(request, "customer/end_contact.html", context, status=422 if form.errors else 200)


def _opened(request: ViewerRequest, code: str) -> Customer:
    customer = find_customer(request.viewer, code)
    open_part(request.viewer, customer, part="contacts")
    return customer


def _back(customer: Customer) -> HttpResponse:
    return redirect("customer:record_tab", customer.code, "contacts")


def _page(request: ViewerRequest, customer: Customer, form: ContactForm, *, status: int) -> HttpResponse:
    context = {"form": form, "customer": customer, "is_new": not form.initial["contact_name"]}
    return render(request, "customer/contact.html", context, status=status)
