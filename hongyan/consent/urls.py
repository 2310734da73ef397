"""Addresses of consent, below `/consent/`."""

from __future__ import annotations

from django.urls import path

from hongyan.consent import request_views, views

app_name = "consent"
urlpatterns = [
    path("excluded/", views.excluded, name="excluded"),
    path("requests/", request_views.requests, name="requests"),
    path("requests/for/<str:code>/", request_views.new, name="new_request"),
    path("requests/<int:request_id>/", request_views.one, name="request"),
    path("requests/<int:request_id>/verify/", request_views.verify, name="verify_request"),
    path("requests/<int:request_id>/begin/", request_views.begin, name="begin_request"),
    path("requests/<int:request_id>/answer/", request_views.answer, name="answer_request"),
    path("requests/<int:request_id>/refuse/", request_views.refuse, name="refuse_request"),
    path("texts/", views.texts, name="texts"),
    path("texts/new/", views.new_text, name="new_text"),
    path("texts/<int:text_id>/", views.text, name="text"),
    path("customers/<str:code>/give/", views.give, name="give"),
    path("customers/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("customers/<str:code>/freeze/", views.freeze, name="freeze"),
    path("customers/<str:code>/unfreeze/", views.unfreeze, name="unfreeze"),
    path("customers/<str:code>/silence/", views.silence, name="silence"),
    path("customers/<str:code>/silences/<int:silence_id>/end/", views.end_silence, name="end_silence"),
]
