"""All addresses: the API under `/api/v1/`, everything else in `hongyan.web`."""

from __future__ import annotations

from django.urls import include, path

handler400 = "hongyan.web.answers.refused_unread"
handler404 = "hongyan.web.answers.nowhere"
handler500 = "hongyan.web.answers.failed"

urlpatterns = [
    path("api/v1/", include("hongyan.api.urls")),
    path("", include("hongyan.web.urls")),
]
