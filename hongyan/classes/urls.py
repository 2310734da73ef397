"""Addresses of classification, below `/classes/`."""

from __future__ import annotations

from django.urls import path

from hongyan.classes import views

app_name = "classes"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("start/", views.start, name="start"),
    path("stop/", views.stop, name="stop"),
    path("blacklist/", views.blacklist, name="blacklist"),
    path("blacklist/new/<str:code>/", views.new_block, name="new_block"),
    path("blacklist/<int:entry_id>/", views.block, name="block"),
    path("moves/", views.moves, name="moves"),
    path("tags/", views.tags, name="tags"),
    path("tags/<int:tag_id>/retire/", views.retire_tag, name="retire_tag"),
    path("tags/of/<str:code>/", views.customer_tags, name="customer_tags"),
    path("tags/on/<str:code>/", views.tag_customer, name="tag_customer"),
]
