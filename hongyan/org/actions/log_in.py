"""Log-in and log-out (CUS-010): one answer and one duration for whatever is wrong, and a delay for guessing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db import connection
from django.db.models import Q

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.org import parameters
from hongyan.org.codes import Viewer
from hongyan.org.models import LoginEvent, Staff
from hongyan.org.queries.viewers import viewer_for
from hongyan.org.rules.log_in import Throttle, open_again_at

Outcome = LoginEvent.Outcome

_EVENTS_LOOKED_AT = 50
"""Failures in a row that are told apart; the delay is at its longest long before."""


def log_in(staff_no: str, password: str, *, address: str, agent: str) -> Viewer | None:
    """The person who gave the right password, in their primary post, or None when refused. Writes each attempt down.

    Refused without telling why: an unknown number, a wrong password, an account that is inactive, without a
    password or a current post, and anybody who has to wait. All take the time of one password check.
    """
    _take_turn(staff_no)
    staff = Staff.objects.filter(staff_no=staff_no).first()
    is_delayed = _has_to_wait(staff, address)
    # an unusable password is checked as long as a wrong one, so the clock does not tell which it was
    is_right = check_password(
        password, staff.password if staff and not is_delayed else UNUSABLE_PASSWORD_PREFIX
    )
    viewer = viewer_for(staff.pk, address=address) if staff and is_right else None
    outcome = Outcome.DELAYED if is_delayed else Outcome.SUCCESS if viewer else Outcome.FAILED
    _write(staff.pk if staff else None, outcome, address, agent)
    return viewer


def log_out(viewer: Viewer, *, agent: str) -> None:
    """Write down that somebody logged out; ending the session is the door's part."""
    _write(viewer.staff_id, Outcome.LOGOUT, viewer.address, agent)


def _take_turn(staff_no: str) -> None:
    """Let attempts on one account pass one after another, so that many at once cannot outrun the count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"org.log_in/{staff_no}"])


def _has_to_wait(staff: Staff | None, address: str) -> bool:
    now = clock.now()
    by_address = _throttle(value_of(parameters.LOGIN_FREE_ADDRESS_FAILURES))
    if open_again_at(_failures(Q(address=address)), by_address, now=now) is not None:
        return True
    by_account = _throttle(value_of(parameters.LOGIN_FREE_FAILURES))
    return staff is not None and open_again_at(_failures(Q(staff=staff)), by_account, now=now) is not None


def _failures(side: Q) -> list[datetime]:
    """Instants of the failures since the last success, newest first."""
    heard = LoginEvent.objects.filter(side, outcome__in=(Outcome.FAILED, Outcome.SUCCESS))
    events: Iterable[tuple[datetime, str]] = heard.order_by("-at", "-id").values_list("at", "outcome")[
        :_EVENTS_LOOKED_AT
    ]
    return [at for at, _outcome in takewhile(lambda event: event[1] == Outcome.FAILED, events)]


def _throttle(free_failures: int) -> Throttle:
    return Throttle(
        free_failures=free_failures,
        first_delay=value_of(parameters.LOGIN_FIRST_DELAY),
        longest_delay=value_of(parameters.LOGIN_LONGEST_DELAY),
        memory=int(timedelta(hours=value_of(parameters.LOGIN_FAILURE_MEMORY)).total_seconds()),
    )


def _write(staff_id: int | None, outcome: str, address: str, agent: str) -> None:
    LoginEvent.objects.create(
        staff_id=staff_id, at=clock.now(), outcome=outcome, address=address, agent=agent[:200]
    )
