"""Who is asking: the person behind a session, a token or a command, as a Viewer, in one query each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.scope import Scope
from hongyan.org import tokens
from hongyan.org.codes import Level, Role, Tree, Viewer
from hongyan.org.models import Post, Staff
from hongyan.org.rights import PRIVILEGED_ROLES, RIGHTS

_CHAIN = tuple(f"place__{'parent__' * steps}unit_id" for steps in range(len(Level)))
"""The post's unit and the units above it, nearest first: a tree is at most as deep as there are levels."""

_COLUMNS = (
    "id", "role", "line_codes", "staff_id", "staff__staff_no", "staff__name", "staff__password",
    "place__tree", "place__level", "place__lo", "place__hi", "place__unit__code", "place__unit__name",
    "place__unit__short_name", *_CHAIN,
)  # fmt: skip

Row = Mapping[str, Any]

USABLE = Q(staff__is_active=True, staff__suspended_at=None)
"""Posts of people whose account is open."""


def viewer_for(
    staff_id: int, *, post_id: int | None = None, session_hash: str | None = None, address: str = ""
) -> Viewer | None:
    """The staff member in one of their current posts: the given one, else the primary one.

    None when the account is inactive, the post has ended or there is none, or the password changed since the
    session with `session_hash` began. Read at every request, so each of these takes effect at the next one.
    """
    rows = _current_posts(USABLE & Q(staff_id=staff_id))
    if rows and session_hash is not None and not _is_hash_of(session_hash, rows[0]):
        return None
    return _viewer(rows, post_id, address)


def viewer_for_token(token: str, *, address: str = "") -> Viewer | None:
    """The post an API token is bound to; None when it is unknown, expired or revoked, or its post has ended."""
    valid = Q(
        api_tokens__digest=tokens.digest(token),
        api_tokens__revoked_at=None,
        api_tokens__expires_at__gt=clock.now(),
    )
    return _viewer(_current_posts(valid & USABLE), None, address)


def find_viewer(staff_no: str, *, post_id: int | None = None) -> Viewer:
    """The viewer a command acts as. Errors: NotFound for an unknown or inactive person, or one without a post."""
    rows = _current_posts(USABLE & Q(staff__staff_no=staff_no))
    viewer = _viewer(rows, post_id, "")
    if viewer is None:
        raise NotFound("staff", staff_no)
    return viewer


def is_privileged(staff_id: int) -> bool:
    """Whether any of a person's current posts carries a right that takes a second factor."""
    posts = Post.objects.filter(is_current(clock.business_date()), staff_id=staff_id)
    return posts.filter(role__in=PRIVILEGED_ROLES).exists()


def is_current(day: date) -> Q:
    """Posts that hold on a day; both ends belong to the post."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def post_label(role: str, unit_name: str) -> str:
    """A post in words: its role and its unit."""
    return pgettext("岗位", "{unit} · {role}").format(unit=unit_name, role=Role(role).label)


def _current_posts(condition: Q) -> list[Row]:
    posts = Post.objects.filter(condition, is_current(clock.business_date()))
    return list(posts.order_by("-is_primary", "id").values(*_COLUMNS))


def _is_hash_of(session_hash: str, row: Row) -> bool:
    return constant_time_compare(session_hash, Staff(password=row["staff__password"]).get_session_auth_hash())


def _viewer(rows: Sequence[Row], post_id: int | None, address: str) -> Viewer | None:
    row = next((row for row in rows if post_id in {None, row["id"]}), None)
    if row is None:
        return None
    level = Level(row["place__level"])
    role = Role(row["role"])
    return Viewer(
        staff_id=row["staff_id"],
        staff_no=row["staff__staff_no"],
        name=row["staff__name"],
        post_id=row["id"],
        role=role,
        unit_id=row["place__unit_id"],
        unit_code=row["place__unit__code"],
        unit_name=_unit_name(row),
        level=level,
        tree=Tree(row["place__tree"]),
        scope=Scope(row["place__lo"], row["place__hi"], everything=level == Level.GROUP),
        line_codes=tuple(row["line_codes"]),
        rights=RIGHTS[role],
        unit_chain=tuple(row[column] for column in _CHAIN if row[column] is not None),
        address=address,
        other_posts=tuple(
            (other["id"], post_label(other["role"], _unit_name(other))) for other in rows if other is not row
        ),
    )


def _unit_name(row: Row) -> str:
    return str(row["place__unit__short_name"] or row["place__unit__name"])
