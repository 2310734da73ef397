"""Addresses of ownership, under `/ownership/`."""

from __future__ import annotations

from django.urls import path

from hongyan.ownership import share_views, views

app_name = "ownership"

urlpatterns = [
    path("", views.owners, name="owners"),
    path("claim/", views.claim, name="claim"),
    path("reassign/", views.reassign, name="reassign"),
    path("load/", views.load, name="load"),
    path("changes/", views.transfers, name="transfers"),
    path("changes/<int:transfer_id>/", views.transfer, name="transfer"),
    path("changes/<int:transfer_id>/start/", views.start, name="start"),
    path("changes/<int:transfer_id>/undo/", views.undo, name="undo"),
    path("changes/<int:transfer_id>/continue/", views.go_on, name="go_on"),
    path("belonging/", views.belongings, name="belongings"),
    path("belonging/confirm/", views.confirm_belonging, name="confirm_belonging"),
    path("belonging/<int:belonging_id>/", views.belonging, name="belonging"),
    path("belonging/<int:belonging_id>/decline/", views.decline_belonging, name="decline_belonging"),
    path("hand-over/<str:staff_no>/", views.hand_over, name="hand_over"),
    path("shared/", share_views.shared, name="shared"),
    path("shared/<int:share_id>/end/", share_views.take_back, name="take_back"),
    path("assistants/<int:assistant_id>/end/", views.end_assisting, name="end_assisting"),
    path("customers/<str:code>/share/", share_views.share, name="share"),
    path("customers/<str:code>/<str:line>/assistants/", views.let_assist, name="let_assist"),
    path("customers/<str:code>/<str:line>/<slug:act>/", views.change, name="change"),
]
