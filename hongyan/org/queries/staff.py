"""Staff and posts the viewer may see: people with a post in the scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.parameters import value_of
from hongyan.org.codes import AccountAct, ApprovalState, Level, Right, Role, Viewer
from hongyan.org.models import AccountRequest, LoginEvent, Place, Post, Staff
from hongyan.org.parameters import ACTIVATION_HOURS
from hongyan.org.queries.tree import find_place
from hongyan.org.queries.viewers import USABLE, is_current, posts_ahead
from hongyan.org.rights import GUARDED_ROLES
from hongyan.org.rules.posts import Fault, Wanted, faults_of_ending

SHOWN_LOGINS = 10


@dataclass(frozen=True)
class StaffPage:
    """One person: the posts in the viewer's scope, how many lie outside, and the last log-ins if these may be seen.

    `may_activate`: whether the viewer may let the person in. Whoever has a post outside the viewer's scope, or acts in
    a role the viewer could not request, be it lent, has rights the viewer could take over with the account, so only
    somebody above may; and nobody for who lent them the post. An account that `is_guarded` takes two people: `asked` is
    the request for its code that waits, or whose code the viewer may take now. `may_request`: whether the viewer may
    request posts for the person; `endable` are the ids of the posts the viewer may end.
    """

    staff: Staff
    posts: Sequence[Post]
    hidden_posts: int
    logins: Sequence[LoginEvent] | None
    may_activate: bool
    is_guarded: bool
    asked: AccountRequest | None
    may_request: bool
    endable: frozenset[int]


def posts_in_scope(viewer: Viewer) -> QuerySet[Post]:
    """All posts in the viewer's scope, past ones too, with unit and place."""
    posts = Post.objects.select_related("place__unit")
    if viewer.scope.everything:
        return posts
    return posts.filter(place__lo__gte=viewer.scope.lo, place__lo__lte=viewer.scope.hi)


def current_posts_at(viewer: Viewer, places: Sequence[Place]) -> list[Post]:
    """Current posts right at some places, with their people, heads first."""
    posts = posts_in_scope(viewer).filter(
        is_current(clock.business_date()), place__in=places, staff__is_active=True
    )
    return list(posts.select_related("staff", "place__unit").order_by("role", "staff__pinyin", "id"))


def staff_list(
    viewer: Viewer, *, unit: str = "", roles: Sequence[str] = (), line: str = ""
) -> QuerySet[Staff]:
    """People with one post in scope that meets all conditions; `current_posts` of each are those in scope.

    `unit` includes everything beneath it.
    """
    posts = posts_in_scope(viewer)
    if unit:
        place = find_place(viewer, unit)
        posts = posts.filter(place__lo__gte=place.lo, place__lo__lte=place.hi)
    if roles:
        posts = posts.filter(role__in=roles)
    if line:
        posts = posts.filter(line_codes__contains=[line])
    current = posts_in_scope(viewer).filter(is_current(clock.business_date())).order_by("-is_primary", "id")
    return Staff.objects.filter(Exists(posts.filter(staff=OuterRef("pk")))).prefetch_related(
        Prefetch("posts", current, to_attr="current_posts")
    )


def find_colleague(viewer: Viewer, staff_no: str) -> Staff | None:
    """Somebody with an open account and a current post in the viewer's scope."""
    posts = posts_in_scope(viewer).filter(USABLE, is_current(clock.business_date()))
    return Staff.objects.filter(Exists(posts.filter(staff=OuterRef("pk"))), staff_no=staff_no.strip()).first()


def find_by_text(staff: QuerySet[Staff], text: str) -> QuerySet[Staff]:
    """Staff by a piece of the name, the beginning of pinyin or initials, or of the number."""
    typed = text.lower().replace(" ", "")
    return staff.filter(
        Q(name__icontains=text)
        | Q(staff_no__istartswith=text)
        | Q(pinyin__startswith=typed)
        | Q(pinyin__contains=f" {typed}")
    )


def staff_page(viewer: Viewer, staff_no: str) -> StaffPage:
    """Errors: NotFound for somebody without a post in scope."""
    posts = list(
        posts_in_scope(viewer).filter(staff__staff_no=staff_no).select_related("staff", "place__unit")
    )
    if not posts:
        raise NotFound("staff", staff_no)
    staff = posts[0].staff
    posts.sort(key=lambda post: (not post.is_primary, post.pk))
    hidden = Post.objects.filter(staff=staff).count() - len(posts)
    ahead = list(posts_ahead(staff.pk))
    may_activate = not hidden and _may_activate(viewer, staff, ahead)
    is_guarded = any(post.role in GUARDED_ROLES for post in ahead)
    return StaffPage(
        staff=staff,
        posts=posts,
        hidden_posts=hidden,
        logins=_last_logins(staff) if viewer.may(Right.AUDIT_READ) else None,
        may_activate=may_activate,
        is_guarded=is_guarded,
        asked=_asked(viewer, staff) if may_activate and is_guarded else None,
        may_request=viewer.may(Right.POST_REQUEST) and staff.pk not in viewer.people,
        endable=frozenset(post.pk for post in posts if _may_end(viewer, post)),
    )


def _may_activate(viewer: Viewer, staff: Staff, ahead: Sequence[Post]) -> bool:
    """Whether somebody may hand out a key to an account: every post in it has to be one they may give and take."""
    if not viewer.may(Right.STAFF_ACTIVATE) or staff.pk in viewer.people:
        return False
    return not any(set(faults_of_ending(wanted(post), by=viewer)) - {Fault.ONESELF} for post in ahead)


def _asked(viewer: Viewer, staff: Staff) -> AccountRequest | None:
    """The last request for the account's code that waits, or is approved and the viewer's to take."""
    asked = AccountRequest.objects.filter(staff=staff, act=AccountAct.ACTIVATE)
    return asked.filter(Q(state=ApprovalState.PENDING) | _takeable(viewer)).order_by("-pk").first()


def _takeable(viewer: Viewer) -> Q:
    """Requests whose code the viewer asked for, was granted lately and has not taken yet."""
    since = clock.now() - timedelta(hours=value_of(ACTIVATION_HOURS))
    return Q(maker_id=viewer.staff_id, state=ApprovalState.APPROVED, taken_at=None, ended_at__gt=since)


def _may_end(viewer: Viewer, post: Post) -> bool:
    today = clock.business_date()
    is_over = post.ended_at is not None or (post.valid_to is not None and post.valid_to < today)
    return not is_over and viewer.may(Right.POST_REQUEST) and not faults_of_ending(wanted(post), by=viewer)


def wanted(post: Post) -> Wanted:
    """A post as the rules see it."""
    return Wanted(Role(post.role), post.staff_id, (), Level(post.place.level), post.place.lo)


def _last_logins(staff: Staff) -> list[LoginEvent]:
    return list(LoginEvent.objects.filter(staff=staff).order_by("-at", "-id")[:SHOWN_LOGINS])


def log_ins(viewer: Viewer) -> QuerySet[LoginEvent]:
    """Log-ins of people with a post in scope; attempts under unknown names are the group's to see."""
    events = LoginEvent.objects.select_related("staff")
    if viewer.scope.everything:
        return events
    return events.filter(Exists(posts_in_scope(viewer).filter(staff=OuterRef("staff"))))
