"""The session of a logged-in person: who, in which post, since when, and when it was last used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from hongyan.core import clock, vault
from hongyan.core.parameters import value_of
from hongyan.org.codes import Viewer
from hongyan.org.models import Staff
from hongyan.org.parameters import WATERMARK
from hongyan.org.queries.viewers import viewer_for
from hongyan.org.rules.log_in import session_is_over

HALF_IN = "half_in"
POST = "post"
SINCE = "since"
SEEN = "seen"
PURPOSES = "purposes"
MARKED = "marked"

HALF_IN_FOR = timedelta(minutes=10)
"""How long somebody may take between the password and what has to follow it."""

_SEALED_AS = "session.totp"

RENEWED_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept: finer would mean a write at every request."""

MOST_PURPOSES = 200
"""Stated purposes a session keeps at most; the oldest are asked for again. It is read at every request."""


def begin(request: HttpRequest, viewer: Viewer) -> None:
    """Start the session of somebody whose password was right, under a new id: an id planted before is worthless."""
    staff = Staff.objects.get(pk=viewer.staff_id)
    request.session.pop(HALF_IN, None)
    auth.login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    now = clock.now().timestamp()
    request.session.update({POST: viewer.post_id, SINCE: now, SEEN: now, MARKED: _is_marked(viewer)})


@dataclass(frozen=True, slots=True)
class HalfIn:
    """Somebody whose password was right and who is not in yet; `secret` is a second factor being set up."""

    staff: Staff
    viewer: Viewer
    has_shown_code: bool
    secret: bytes


def wait_for(
    request: HttpRequest, staff_id: int, *, has_shown_code: bool = False, secret: bytes = b""
) -> None:
    """Remember who is at the door, under a new id. Nothing but the pages of log-in knows them until `begin`."""
    staff = Staff.objects.get(pk=staff_id)
    request.session.cycle_key()
    request.session[HALF_IN] = {
        "staff": staff_id,
        "password": staff.get_session_auth_hash(),
        "code": has_shown_code,
        "secret": vault.seal(secret, record=staff.uuid, column=_SEALED_AS).hex(),
        "at": clock.now().timestamp(),
    }


def hold_back(request: HttpRequest, viewer: Viewer) -> None:
    """End the session of somebody whose rights take a second factor by now, and let them set it up at the door."""
    request.session.flush()
    wait_for(request, viewer.staff_id)


def half_in(request: HttpRequest, *, address: str) -> HalfIn | None:
    """Who is at the door; None for others, after ten minutes, and once the password is another."""
    kept = request.session.get(HALF_IN)
    if not kept or clock.now() - datetime.fromtimestamp(kept["at"], UTC) >= HALF_IN_FOR:
        return None
    viewer = viewer_for(kept["staff"], session_hash=kept["password"], address=address)
    if viewer is None:
        return None
    staff = Staff.objects.get(pk=viewer.staff_id)
    secret = vault.unseal(bytes.fromhex(kept["secret"]), record=staff.uuid, column=_SEALED_AS)
    return HalfIn(staff, viewer, kept["code"], secret)


def renew(request: HttpRequest, staff: Staff) -> None:
    """Keep this session through a change of the person's password, which ends all others."""
    request.session.cycle_key()
    request.session[auth.HASH_SESSION_KEY] = staff.get_session_auth_hash()


def act_in(request: HttpRequest, post_id: int) -> None:
    """Act in another post from the next request on. What things were needed for in the one before counts no more."""
    request.session[POST] = post_id
    request.session.pop(PURPOSES, None)


def keep_purpose(request: HttpRequest, key: str, purpose: str, *, minutes: int) -> None:
    """Keep what somebody said they need a thing for: it is `Viewer.purposes[key]` for so long."""
    until = clock.now() + timedelta(minutes=minutes)
    holding = _holding(request.session)
    holding.pop(key, None)
    holding[key] = (purpose, until.timestamp())
    request.session[PURPOSES] = dict(list(holding.items())[-MOST_PURPOSES:])


def act_in_own(request: HttpRequest) -> None:
    """Act in the primary post of one's own from the next request on."""
    for key in (POST, PURPOSES):
        request.session.pop(key, None)


def end(request: HttpRequest) -> None:
    """Forget the session, here and in the database."""
    auth.logout(request)


def viewer_of(request: HttpRequest, *, address: str, is_use: bool = True) -> Viewer | None:
    """The viewer a request's session stands for; None for strangers and for sessions that are over.

    A session ends after `SESSION_COOKIE_AGE` seconds without a request, `SESSION_ABSOLUTE_AGE` seconds after
    log-in, with the account, with the last post, and with the password. Where a post ended, or a loan of one, and
    others are left, the viewer is in the primary one (`has_lost_post`). What a page asks by itself is no use.
    """
    session = request.session
    if auth.SESSION_KEY not in session:
        return None
    viewer = None if _is_over(session) else _viewer(session, address)
    if viewer is None:
        session.flush()
    elif is_use and clock.now() - _instant(session, SEEN) >= RENEWED_EVERY:
        session[SEEN], session[MARKED] = clock.now().timestamp(), _is_marked(viewer)
    return viewer


def has_lost_post(request: HttpRequest, viewer: Viewer) -> bool:
    """Whether the post somebody acted in ended since their last request, and they are in another of theirs."""
    return bool(request.session.get(POST, viewer.post_id) != viewer.post_id)


def _viewer(session: SessionBase, address: str) -> Viewer | None:
    staff_id, session_hash = int(session[auth.SESSION_KEY]), session.get(auth.HASH_SESSION_KEY, "")
    viewer = viewer_for(
        staff_id, post_id=session.get(POST), session_hash=session_hash, address=address
    ) or viewer_for(staff_id, session_hash=session_hash, address=address)
    if viewer is None:
        return None
    purposes = {key: purpose for key, (purpose, _until) in _holding(session).items()}
    return replace(viewer, purposes=purposes, is_marked=session.get(MARKED, True))


def _is_marked(viewer: Viewer) -> bool:
    """Whether pages bear a watermark for a viewer. Kept in the session: asked at every page it would cost a query."""
    return bool(value_of(WATERMARK, units=viewer.unit_chain))


def _holding(session: SessionBase) -> dict[str, tuple[str, float]]:
    """Key → (purpose, until when) of the stated purposes that still hold, the oldest first."""
    now = clock.now().timestamp()
    kept: Mapping[str, tuple[str, float]] = session.get(PURPOSES, {})
    return {key: (purpose, until) for key, (purpose, until) in kept.items() if now < until}


def _is_over(session: SessionBase) -> bool:
    return session_is_over(
        since=_instant(session, SINCE),
        seen=_instant(session, SEEN),
        now=clock.now(),
        idle=timedelta(seconds=settings.SESSION_COOKIE_AGE),
        longest=timedelta(seconds=settings.SESSION_ABSOLUTE_AGE),
    )


def _instant(session: SessionBase, key: str) -> datetime:
    return datetime.fromtimestamp(session.get(key, 0), UTC)
