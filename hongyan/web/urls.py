"""All pages. `hongyan.config.urls` puts them at the root."""

from __future__ import annotations

from django.urls import include, path

from hongyan.integration import urls as intake
from hongyan.web import views

urlpatterns = [
    path(
        "",
        include(
            (
                [
                    path("", views.home, name="home"),
                    path("search/", views.search, name="search"),
                    path("search/suggestions/", views.suggestions, name="suggestions"),
                    path("search/pins/", views.pin, name="pin"),
                    path("search/opened/", views.opened, name="opened"),
                    path("bell/", views.bell, name="bell"),
                    path("healthz", views.health, name="health"),
                ],
                "web",
            )
        ),
    ),
    path("", include("hongyan.desk.urls")),
    path("", include("hongyan.org.urls")),
    path("customers/", include("hongyan.web.customer360")),
    path("consent/", include("hongyan.consent.urls")),
    path("ownership/", include("hongyan.ownership.urls")),
    path("ledger/", include("hongyan.web.ledger")),
    path("quality/", include("hongyan.quality.urls")),
    path("classes/", include("hongyan.classes.urls")),
    path("applications/", include("hongyan.lifecycle.urls")),
    path("intake/", include("hongyan.integration.urls")),
    path("imports/", include(intake.imports)),
    path("ui/", include("hongyan.ui.urls")),
]
