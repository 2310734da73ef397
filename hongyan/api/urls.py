"""Addresses of the API, under `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from hongyan.api.instance import api

urlpatterns = [path("", api.urls)]
