"""Who is asking: the person behind a session, a token or a command, as a Viewer, in one query each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.scope import Scope
from hongyan.org import tokens
from hongyan.org.codes import Holder, Level, Right, Role, Tree, Viewer
from hongyan.org.models import Delegation, Post, Staff, behind
from hongyan.org.rights import PRIVILEGED_ROLES, RIGHTS
from hongyan.org.rules.posts import clashes

_COLUMNS = (
    "id", "role", "line_codes", "is_primary", "staff_id", "staff__staff_no", "staff__name", "staff__password",
    "staff__totp_sealed", "staff__let_in_by", "staff__let_in_until",
    "place_id", "place__unit_id", "place__tree", "place__level", "place__lo", "place__hi", "place__chain",
    "place__unit__code", "place__unit__name", "place__unit__short_name",
)  # fmt: skip

Row = Mapping[str, Any]

USABLE = Q(staff__is_active=True, staff__suspended_at=None)
"""Posts of people whose account is open."""


def viewer_for(
    staff_id: int, *, post_id: int | None = None, session_hash: str | None = None, address: str = ""
) -> Viewer | None:
    """The staff member in one of their current posts, own or lent: the given one, else the primary one.

    None when the account is inactive, the post has ended or there is none, or the password changed since the
    session with `session_hash` began. Read at every request, so each of these takes effect at the next one. Only who
    has a post of their own can act in a lent one.
    """
    delegations = _delegations_to(staff_id)
    own = _sorted(_current_posts(USABLE & Q(staff_id=staff_id)).annotate(has_lent=Exists(delegations)))
    if not own or (session_hash is not None and not _is_hash_of(session_hash, own[0])):
        return None
    # asked for by itself only where there is one: an OR of both would read all posts, at every request
    is_lent = USABLE & Q(pk__in=delegations.values("post"))
    lent = _sorted(_current_posts(is_lent)) if own[0]["has_lent"] else []
    viewer = _viewer(_without_clashes(own, lent), post_id, address)
    return replace(viewer, lacks_factor=True) if viewer and _lacks_factor(own[0], [*own, *lent]) else viewer


def viewer_for_token(token: str, *, address: str = "") -> Viewer | None:
    """The post an API token is bound to; None when it is unknown, expired or revoked, or its post has ended."""
    valid = Q(
        api_tokens__digest=tokens.digest(token),
        api_tokens__revoked_at=None,
        api_tokens__expires_at__gt=clock.now(),
    )
    return _viewer(_sorted(_current_posts(valid & USABLE)), None, address)


def find_viewer(staff_no: str, *, post_id: int | None = None) -> Viewer:
    """The viewer a command acts as. Errors: NotFound for an unknown or inactive person, or one without a post."""
    rows = _sorted(_current_posts(USABLE & Q(staff__staff_no=staff_no)))
    viewer = _viewer(rows, post_id, "")
    if viewer is None:
        raise NotFound("staff", staff_no)
    return viewer


def is_privileged(staff_id: int) -> bool:
    """Whether any of a person's current posts carries a right that takes a second factor."""
    posts = Post.objects.filter(is_current(clock.business_date()), role__in=PRIVILEGED_ROLES)
    lent = Q(pk__in=_delegations_to(staff_id).values("post"))
    return any(posts.filter(condition).exists() for condition in (Q(staff_id=staff_id), lent))


def current_roles(staff_id: int) -> list[Role]:
    """The roles of a person's own current posts."""
    posts = Post.objects.filter(is_current(clock.business_date()), staff_id=staff_id)
    return [Role(role) for role in posts.values_list("role", flat=True)]


def roles_ahead(staff_id: int) -> list[Role]:
    """The roles of a person's own posts that hold today or will: what another role has to go with."""
    posts = Post.objects.filter(is_not_over(clock.business_date()), staff_id=staff_id)
    return [Role(role) for role in posts.values_list("role", flat=True)]


def posts_ahead(staff_id: int) -> QuerySet[Post]:
    """The posts somebody acts in today or will, own and lent ones: what could be done with their account."""
    today = clock.business_date()
    lent = Delegation.objects.filter(to_staff_id=staff_id, valid_to__gte=today, ended_at=None)
    posts = Post.objects.filter(Q(staff_id=staff_id) | Q(pk__in=lent.values("post")), is_not_over(today))
    return posts.select_related("place__unit")


def holders_over(org_no: int, right: Right) -> list[str]:
    """Staff numbers of those who hold a right in a post whose scope covers a unit's number."""
    covering = Q(place__lo__lte=org_no, place__hi__gte=org_no) | Q(place__level=Level.GROUP)
    carrying = [role for role, rights in RIGHTS.items() if right in rights]
    posts = Post.objects.filter(USABLE, covering, is_current(clock.business_date()), role__in=carrying)
    return sorted(set(posts.values_list("staff__staff_no", flat=True)))


def is_current(day: date) -> Q:
    """Posts that hold on a day; both ends belong to the post."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    return begun & is_not_over(day)


def is_not_over(day: date) -> Q:
    """Posts that hold on a day, or begin later."""
    return (Q(valid_to=None) | Q(valid_to__gte=day)) & Q(ended_at=None)


def post_label(role: str, unit_name: str) -> str:
    """A post in words: its role and its unit."""
    return pgettext("岗位", "{unit} · {role}").format(unit=unit_name, role=Role(role).label)


def lent_label(holder: str, post: str) -> str:
    """A post in words that is lent by somebody (代)."""
    return pgettext("岗位", "代{holder}：{post}").format(holder=holder, post=post)


def _delegations_to(staff_id: int) -> QuerySet[Delegation]:
    """Those that run today; each has a first and a last day."""
    today = clock.business_date()
    return Delegation.objects.filter(
        to_staff_id=staff_id, valid_from__lte=today, valid_to__gte=today, ended_at=None
    )


def _current_posts(condition: Q) -> QuerySet[Post, Row]:
    posts: QuerySet[Post, Row] = Post.objects.filter(condition, is_current(clock.business_date())).values(
        *_COLUMNS
    )
    return posts


def _sorted(posts: QuerySet[Post, Row]) -> list[Row]:
    return list(posts.order_by("-is_primary", "id"))


def _lacks_factor(person: Row, posts: Iterable[Row]) -> bool:
    """Whether somebody without a second factor holds, or was lent, a post that takes one."""
    return not person["staff__totp_sealed"] and any(post["role"] in PRIVILEGED_ROLES for post in posts)


def _is_hash_of(session_hash: str, row: Row) -> bool:
    return constant_time_compare(session_hash, Staff(password=row["staff__password"]).get_session_auth_hash())


def _without_clashes(own: Sequence[Row], lent: Iterable[Row]) -> list[Row]:
    """Somebody's own posts, and of the lent ones those whose roles exclude none that they have already."""
    rows = list(own)
    for row in lent:
        if not clashes(Role(row["role"]), [Role(other["role"]) for other in rows]):
            rows.append(row)
    return rows


def _viewer(rows: Sequence[Row], post_id: int | None, address: str) -> Viewer | None:
    """The viewer of a post among their posts; the first is one of their own and says who they are."""
    row = next((row for row in rows if post_id in {None, row["id"]}), None)
    if row is None:
        return None
    person = rows[0]
    level = Level(row["place__level"])
    role = Role(row["role"])
    return Viewer(
        staff_id=person["staff_id"],
        staff_no=person["staff__staff_no"],
        name=person["staff__name"],
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
        unit_chain=tuple(row["place__chain"]),
        address=address,
        other_posts=tuple((other["id"], _label(other, person)) for other in rows if other is not row),
        holder=_holder(row, person),
        place_id=row["place_id"],
        behind=_behind(person) | _behind(row),
    )


def _behind(row: Row) -> frozenset[int]:
    return behind(row["staff__let_in_by"], row["staff__let_in_until"])


def _holder(row: Row, person: Row) -> Holder | None:
    if row["staff_id"] == person["staff_id"]:
        return None
    return Holder(row["staff_id"], row["staff__staff_no"], row["staff__name"])


def _label(row: Row, person: Row) -> str:
    label, holder = post_label(row["role"], _unit_name(row)), _holder(row, person)
    return lent_label(holder.name, label) if holder else label


def label_of_post(viewer: Viewer) -> str:
    """The viewer's present post in words."""
    label = post_label(viewer.role, viewer.unit_name)
    return lent_label(viewer.holder.name, label) if viewer.holder else label


def _unit_name(row: Row) -> str:
    return str(row["place__unit__short_name"] or row["place__unit__name"])
