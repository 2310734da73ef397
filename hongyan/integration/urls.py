"""Addresses of the intake console, below `/intake/`, and of imports by people, below `/imports/`."""

from __future__ import annotations

from django.urls import path

from hongyan.integration.views import calendar, deliveries, findings, quarantine, systems
from hongyan.integration.views import imports as views

app_name = "integration"

urlpatterns = [
    path("", systems.systems, name="systems"),
    path("systems/<str:code>/", systems.system, name="system"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("findings/", findings.findings, name="findings"),
    path("unknown/", findings.unknown, name="unknown"),
    path("upload/", deliveries.upload, name="upload"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<str:number>/", deliveries.delivery, name="delivery"),
    path("deliveries/<str:number>/progress/", deliveries.progress, name="progress"),
    path("deliveries/<str:number>/records/", deliveries.records, name="records"),
    path("deliveries/<str:number>/sign/", deliveries.sign, name="sign"),
    path("deliveries/<str:number>/withdraw/", deliveries.withdraw, name="withdraw"),
    path("deliveries/<str:number>/stop/", deliveries.stop, name="stop"),
    path("deliveries/<str:number>/resume/", deliveries.resume, name="resume"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/dismiss/", quarantine.dismiss_rows, name="dismiss_rows"),
    path("quarantine/<int:row_id>/", quarantine.row, name="row"),
    path("quarantine/<int:row_id>/outcome/", quarantine.outcome, name="outcome"),
    path("quarantine/<int:row_id>/dismiss/", quarantine.dismiss_row, name="dismiss_row"),
]

imports = (
    [
        path("", views.imports, name="list"),
        path("new/", views.new, name="new"),
        path("<str:number>/", views.one, name="one"),
        path("<str:number>/progress/", views.progress, name="progress"),
        path("<str:number>/map/", views.map_file, name="map"),
        path("<str:number>/confirm/", views.confirm, name="confirm"),
        path("<str:number>/sign/", views.sign, name="sign"),
        path("<str:number>/withdraw/", views.withdraw, name="withdraw"),
        path("<str:number>/stop/", views.stop, name="stop"),
        path("<str:number>/resume/", views.resume, name="resume"),
        path("<str:number>/revert/", views.revert, name="revert"),
        path("<str:number>/rows/", views.rows, name="rows"),
        path("<str:number>/errors/", views.errors, name="errors"),
    ],
    "imports",
)
