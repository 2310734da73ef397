"""Addresses of the customer room. The page's panels come from above: `web.customer360` hands them over."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import URLPattern, path

from hongyan.customer import views
from hongyan.customer.panels import Panel

app_name = "customer"


def addresses(shown: Sequence[Panel]) -> list[URLPattern]:
    """The addresses under `/customers/`, for a page of the given panels."""
    page = {"shown": shown}
    return [
        path("", views.customers, name="list"),
        path("search/", views.search, name="search"),
        path("suggestions/", views.suggestions, name="suggestions"),
        path("codes/", views.codes, name="codes"),
        path("<str:code>/", views.record, page, name="record"),
        path("<str:code>/reveal/<slug:field>/", views.reveal, name="reveal"),
        path("<str:code>/reveal/<slug:field>/<int:record_id>/", views.reveal, name="reveal_record"),
        path("<str:code>/<slug:tab>/", views.record, page, name="record_tab"),
    ]
