"""Addresses of the customer's life, below `/applications/`."""

from __future__ import annotations

from django.urls import path

from hongyan.lifecycle import views

app_name = "lifecycle"

urlpatterns = [
    path("", views.applications, name="list"),
    path("new/", views.new, name="new"),
    path("prospect/", views.prospect, name="prospect"),
    path("for/<str:code>/convert/", views.convert, name="convert"),
    path("for/<str:code>/<slug:kind>/", views.ask, name="ask"),
    path("<int:application_id>/", views.application, name="application"),
    path("<int:application_id>/edit/", views.edit, name="edit"),
    path("<int:application_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:application_id>/answer/", views.answer, name="answer"),
    path("<int:application_id>/undo/", views.undo, name="undo"),
]
