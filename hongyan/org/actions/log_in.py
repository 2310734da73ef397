"""Log-in and log-out (CUS-010): one answer and one duration for whatever is wrong, and a delay for guessing.

A right password opens the door, unless something has to follow: a code of the second factor, setting one up for those
who need it, a new password. Until then nobody is logged in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db import connection
from django.db.models import Q

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.org import parameters
from hongyan.org.actions import second_factor
from hongyan.org.actions.passwords import policy
from hongyan.org.codes import Viewer
from hongyan.org.models import LoginEvent, Staff
from hongyan.org.queries.viewers import is_privileged, viewer_for
from hongyan.org.rules.log_in import Throttle, open_again_at
from hongyan.org.rules.passwords import has_expired

Outcome = LoginEvent.Outcome

_EVENTS_LOOKED_AT = 50
"""Failures in a row that are told apart; the delay is at its longest long before."""


class Hurdle(StrEnum):
    """What has to follow a right password."""

    CODE = "code"
    SET_UP = "set_up"
    NEW_PASSWORD = "new_password"  # noqa: S105  a name


@dataclass(frozen=True, slots=True)
class Entry:
    """A person whose password was right, and what they have to do before they are in."""

    viewer: Viewer
    hurdle: Hurdle | None


def log_in(staff_no: str, password: str, *, address: str, agent: str) -> Entry | None:
    """The person who gave the right password, in their primary post, or None when refused. Writes each attempt down.

    Refused without telling why: an unknown number, a wrong password, an account that is inactive, suspended, without
    a password or a current post, and anybody who has to wait. All take the time of one password check.
    """
    _take_turn(staff_no)
    staff = Staff.objects.filter(staff_no=staff_no).first()
    is_delayed = _has_to_wait(staff, address)
    # an unusable password is checked as long as a wrong one, so the clock does not tell which it was
    is_right = check_password(
        password, staff.password if staff and not is_delayed else UNUSABLE_PASSWORD_PREFIX
    )
    viewer = viewer_for(staff.pk, address=address) if staff and is_right else None
    if viewer is None:
        outcome = Outcome.DELAYED if is_delayed else Outcome.FAILED
        _write(staff.pk if staff else None, outcome, address, agent)
        return None
    return enter(viewer, agent=agent, has_shown_code=False)


def show_code(staff_no: str, code: str, *, address: str, agent: str) -> Entry | None:
    """Go on with a code of the second factor, or a recovery code; None when refused. Guessing waits like above."""
    _take_turn(staff_no)
    staff = Staff.objects.get(staff_no=staff_no)
    is_delayed = _has_to_wait(staff, address)
    is_right = not is_delayed and second_factor.is_right(staff, code)
    viewer = viewer_for(staff.pk, address=address) if is_right else None
    if viewer is None:
        _write(staff.pk, Outcome.DELAYED if is_delayed else Outcome.FAILED, address, agent)
        return None
    return enter(viewer, agent=agent, has_shown_code=True)


def enter(viewer: Viewer, *, agent: str, has_shown_code: bool) -> Entry:
    """What is left to do for somebody whose password was right; once that is nothing, they are in. Writes it down."""
    hurdle = hurdle_before(Staff.objects.get(pk=viewer.staff_id), has_shown_code=has_shown_code)
    _write(viewer.staff_id, Outcome.STEP if hurdle else Outcome.SUCCESS, viewer.address, agent)
    return Entry(viewer, hurdle)


def log_out(viewer: Viewer, *, agent: str) -> None:
    """Write down that somebody logged out; ending the session is the door's part."""
    _write(viewer.staff_id, Outcome.LOGOUT, viewer.address, agent)


def fail_activation(staff_no: str, *, address: str, agent: str) -> None:
    """Write down a wrong activation code: guessing at it counts like guessing at a password."""
    staff_id = Staff.objects.filter(staff_no=staff_no).values_list("pk", flat=True).first()
    _write(staff_id, Outcome.FAILED, address, agent)


def has_to_wait(staff_no: str, address: str) -> bool:
    """Whether an attempt for an account, or from an address, is not heard now. Attempts pass one after another."""
    _take_turn(staff_no)
    return _has_to_wait(Staff.objects.filter(staff_no=staff_no).first(), address)


def hurdle_before(staff: Staff, *, has_shown_code: bool) -> Hurdle | None:
    """What somebody has to do next, now; None when nothing stands before them."""
    if staff.totp_sealed and not has_shown_code:
        return Hurdle.CODE
    if not staff.totp_sealed and not settings.DEMO and is_privileged(staff.pk):
        return Hurdle.SET_UP
    if has_expired(staff.password_set_at, policy(), now=clock.now()):
        return Hurdle.NEW_PASSWORD
    return None


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
