"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from hongyan.desk import mass_views, note_views, schedule_views, task_views, views

app_name = "desk"

urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/new/<slug:key>/", views.new_export, name="new_export"),
    path("exports/<int:export_id>/", views.export, name="export"),
    path("exports/<int:export_id>/cancel/", views.cancel_export, name="cancel_export"),
    path("exports/<int:export_id>/file/", views.export_file, name="export_file"),
    path("mass/", mass_views.mass_runs, name="mass_runs"),
    path("mass/new/<slug:key>/", mass_views.mass_begin, name="mass_begin"),
    path("mass/<int:run_id>/", mass_views.mass_run, name="mass_run"),
    path("mass/<int:run_id>/rows/", mass_views.mass_rows, name="mass_rows"),
    path("mass/<int:run_id>/start/", mass_views.mass_start, name="mass_start"),
    path("mass/<int:run_id>/stop/", mass_views.mass_stop, name="mass_stop"),
    path("mass/<int:run_id>/continue/", mass_views.mass_go_on, name="mass_go_on"),
    path("mass/<int:run_id>/undo/", mass_views.mass_undo, name="mass_undo"),
    path("notes/<int:note_id>/", note_views.mend, name="mend_note"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<int:notification_id>/", views.notification, name="notification"),
    path("records/<slug:kind>/<str:key>/notes/new/", note_views.new_note, name="new_note"),
    path("records/<slug:kind>/<str:key>/follow/", note_views.follow, name="follow"),
    path("records/<slug:kind>/<str:key>/tasks/new/", task_views.new_task_of, name="new_task_of"),
    path("schedules/", schedule_views.schedules, name="schedules"),
    path("schedules/new/<slug:key>/", schedule_views.new_schedule, name="new_schedule"),
    path("schedules/<int:schedule_id>/pause/", schedule_views.pause_schedule, name="pause_schedule"),
    path("schedules/<int:schedule_id>/resume/", schedule_views.resume_schedule, name="resume_schedule"),
    path("schedules/<int:schedule_id>/end/", schedule_views.end_schedule, name="end_schedule"),
    path("tasks/", task_views.tasks, name="tasks"),
    path("tasks/calendar/", task_views.task_calendar, name="task_calendar"),
    path("tasks/new/", task_views.new_task, name="new_task"),
    path("tasks/<int:task_id>/", task_views.task, name="task"),
    path("tasks/<int:task_id>/change/", task_views.mend, name="mend_task"),
    path("tasks/<int:task_id>/postpone/", task_views.postpone, name="postpone_task"),
    path("tasks/<int:task_id>/delegate/", task_views.delegate, name="delegate_task"),
    path("tasks/<int:task_id>/done/", task_views.finish, name="finish_task"),
    path("tasks/<int:task_id>/drop/", task_views.drop, name="drop_task"),
    path("views/", views.my_views, name="my_views"),
    path("views/save/<slug:list_key>/", views.save_view, name="save_view"),
    path("views/<int:view_id>/", views.change_view, name="change_view"),
    path("views/<int:view_id>/save/", views.replace_view, name="replace_view"),
    path("views/<int:view_id>/delete/", views.delete_view, name="delete_view"),
]
