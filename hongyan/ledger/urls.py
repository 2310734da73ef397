"""Addresses of the ledger, below `/ledger/`. Deliveries stand in a higher room: `web.ledger` lends the way to a row."""

from __future__ import annotations

from django.urls import URLPattern, path

from hongyan.customer.panels import FindRow
from hongyan.ledger import views

app_name = "ledger"


def addresses(find_row: FindRow) -> list[URLPattern]:
    """The addresses, given how to find the row of a delivery."""
    lent = {"find_row": find_row}
    return [
        path("", views.units, name="units"),
        path("figure/", views.unit_figure, name="unit_figure"),
        path("facts/", views.facts, name="facts"),
        # `path`: a source's numbers may hold slashes, as invoice lines do.
        path("facts/<slug:kind>/<slug:system>/<str:day>/<path:number>/", views.fact, lent, name="fact"),
        path("customers/<str:code>/", views.behind, name="behind"),
        path("products/", views.products, name="products"),
        path("products/map/", views.map_product, name="map_product"),
        path("intake/", views.bank_intake, name="bank_intake"),
        path("partitions/", views.partitions, name="partitions"),
    ]
