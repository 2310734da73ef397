"""Addresses of consent, below `/consent/`."""

from __future__ import annotations

from django.urls import path

from hongyan.consent import views

app_name = "consent"
urlpatterns = [
    path("excluded/", views.excluded, name="excluded"),
    path("texts/", views.texts, name="texts"),
    path("texts/new/", views.new_text, name="new_text"),
    path("texts/<int:text_id>/", views.text, name="text"),
    path("customers/<str:code>/give/", views.give, name="give"),
    path("customers/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("customers/<str:code>/silence/", views.silence, name="silence"),
    path("customers/<str:code>/silences/<int:silence_id>/end/", views.end_silence, name="end_silence"),
]
