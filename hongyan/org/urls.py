"""Addresses of the organisation room."""

from __future__ import annotations

from django.urls import path

from hongyan.org.views import audit, calendar, log_in, me, organisation, parameters, places, rights, sessions

app_name = "org"

urlpatterns = [
    path("login/", log_in.log_in, name="log_in"),
    path("login/code/", log_in.show_code, name="show_code"),
    path("login/factor/", log_in.set_up_factor, name="set_up_factor"),
    path("login/password/", log_in.renew_password, name="renew_password"),
    path("login/activate/", log_in.activate, name="activate"),
    path("logout/", sessions.log_out, name="log_out"),
    path("post/", sessions.switch_post, name="switch_post"),
    path("language/", sessions.choose_language, name="choose_language"),
    path("me/", me.me, name="me"),
    path("me/password/", me.change_password, name="change_password"),
    path("me/tokens/", me.make_token, name="make_token"),
    path("me/tokens/<int:token_id>/revoke/", me.revoke_token, name="revoke_token"),
    path("organisation/", organisation.units, name="units"),
    path("organisation/branch/<str:code>/", organisation.branch, name="branch"),
    path("organisation/units/<str:code>/", organisation.unit, name="unit"),
    path("organisation/staff/", organisation.staff_list, name="staff_list"),
    path("organisation/staff/<str:staff_no>/", organisation.staff, name="staff"),
    path(
        "organisation/staff/<str:staff_no>/activation/",
        organisation.issue_activation,
        name="issue_activation",
    ),
    path("rights/", rights.rights, name="rights"),
    path("divisions/", places.divisions, name="divisions"),
    path("postcodes/", places.postcodes, name="postcodes"),
    path("parameters/", parameters.parameters, name="parameters"),
    path("parameters/<str:key>/", parameters.parameter, name="parameter"),
    path(
        "parameters/<str:key>/<int:value_id>/withdraw/",
        parameters.withdraw_parameter,
        name="withdraw_parameter",
    ),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<str:day>/", calendar.calendar_day, name="calendar_day"),
    path("calendar/<int:year>/confirm/", calendar.confirm_year, name="confirm_year"),
    path("audit/", audit.events, name="audit"),
    path("audit/<int:event_id>/", audit.event, name="audit_event"),
    path("audit/export/", audit.export, name="export_audit"),
    path("audit/logins/", audit.log_ins, name="log_ins"),
    path("audit/verify/", audit.verify, name="verify_audit"),
    path("audit/verify/<int:run_id>/", audit.verification, name="verification"),
]
