"""All addresses: the API under `/api/v1/`, everything else in `hongyan.web`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("hongyan.api.urls")),
    path("", include("hongyan.web.urls")),
]
