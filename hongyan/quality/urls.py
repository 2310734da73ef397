"""Addresses of data quality, below `/quality/`."""

from __future__ import annotations

from django.urls import path

from hongyan.quality import views

app_name = "quality"

urlpatterns = [
    path("", views.units, name="units"),
    path("customers/", views.customers, name="customers"),
    path("files/", views.files, name="files"),
    path("tasks/", views.tasks, name="tasks"),
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.new_campaign, name="new_campaign"),
    path("campaigns/<int:campaign_id>/", views.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/begin/", views.begin_campaign, name="begin_campaign"),
    path("campaigns/<int:campaign_id>/close/", views.close_campaign, name="close_campaign"),
    path("customers/<str:code>/elements/", views.elements, name="elements"),
]
