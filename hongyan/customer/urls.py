"""Addresses of the customer room. `web.customer360` lends the page's panels, and what finds other rooms' numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import URLPattern, path

from hongyan.customer import views
from hongyan.customer.panels import FindNumber, Panel

app_name = "customer"


def addresses(shown: Sequence[Panel], find_number: FindNumber) -> list[URLPattern]:
    """The addresses under `/customers/`, for a page of the given panels and a search that knows other numbers too."""
    page, lent = {"shown": shown}, {"find_number": find_number}
    return [
        path("", views.customers, name="list"),
        path("search/", views.search, lent, name="search"),
        path("suggestions/", views.suggestions, lent, name="suggestions"),
        path("codes/", views.codes, name="codes"),
        path("<str:code>/", views.record, page, name="record"),
        path("<str:code>/purpose/", views.purpose, name="purpose"),
        path("<str:code>/reveal/<slug:field>/", views.reveal, name="reveal"),
        path("<str:code>/reveal/<slug:field>/<int:record_id>/", views.reveal, name="reveal_record"),
        path("<str:code>/<slug:tab>/", views.record, page, name="record_tab"),
    ]
