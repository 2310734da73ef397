"""Addresses of data quality, below `/quality/`."""

from __future__ import annotations

from django.urls import path

from hongyan.quality import views

app_name = "quality"

urlpatterns = [
    path("", views.units, name="units"),
    path("customers/", views.customers, name="customers"),
    path("customers/<str:code>/elements/", views.elements, name="elements"),
]
