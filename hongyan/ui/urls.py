"""Addresses of the design system; the gallery exists only while developing."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from hongyan.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [path("preferences/", views.preferences, name="preferences")]

if settings.DEBUG:
    urlpatterns += [
        path("gallery/", views.gallery, name="gallery"),
        path("gallery/list/", views.gallery_list, name="gallery-list"),
        path("gallery/record/", views.gallery_record, name="gallery-record"),
        path("gallery/suggestions/", views.gallery_suggestions, name="gallery-suggestions"),
        path("gallery/dialog/", views.gallery_dialog, name="gallery-dialog"),
        path("gallery/reveal/", views.gallery_reveal, name="gallery-reveal"),
    ]
