"""All pages. `hongyan.config.urls` puts them at the root."""

from __future__ import annotations

from django.urls import include, path

from hongyan.integration import urls as intake
from hongyan.web import today_views, views

HOME = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("search/pins/", views.pin, name="pin"),
    path("search/opened/", views.opened, name="opened"),
    path("bell/", views.bell, name="bell"),
    path("healthz", views.health, name="health"),
    path("overview/", views.overview, name="overview"),
    path("today/", today_views.today, name="today"),
    path("today/counts/", today_views.today_counts, name="today_counts"),
    path("today/<int:item_id>/done/", today_views.finish, name="finish_today"),
    path("today/<int:item_id>/postpone/", today_views.postpone, name="postpone_today"),
    path("today/<int:item_id>/delegate/", today_views.delegate, name="delegate_today"),
    path("today/<int:item_id>/refuse/", today_views.refuse, name="refuse_today"),
]

urlpatterns = [
    path("", include((HOME, "web"))),
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
