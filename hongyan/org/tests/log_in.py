"""Logging people in through the front door, for tests of pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from hongyan.org.tests.factory import PASSWORD


def try_log_in(client: Client, staff_no: str, password: str = PASSWORD, **sent: str) -> HttpResponse:
    """One attempt at the log-in page."""
    return client.post("/login/", {"staff_no": staff_no, "password": password, **sent})


def logged_in(staff_no: str) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    assert try_log_in(client, staff_no).status_code == 302
    return client
