"""Who can decide a request, and what keeps others from it (审批人)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from hongyan.core import clock
from hongyan.org.codes import Level, Risk, StepState, Viewer
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Place, Post, Staff
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.org.rules.approvals import NO_PARTIES, Bar, Hands, Parties, bar, roles_at, words_for


def open_steps_of(viewer: Viewer, approval: Approval, steps: Iterable[ApprovalStep]) -> list[ApprovalStep]:
    """Those open steps of a request whose checkers the viewer's post is among."""
    if approval.line and viewer.line_codes and approval.line not in viewer.line_codes:
        return []
    named = words_for(viewer.role, viewer.level)
    return [
        step
        for step in steps
        if step.state == StepState.OPEN
        and step.place_id == viewer.place_id
        and not named.isdisjoint(step.roles)
    ]


def bar_of(
    viewer: Viewer, approval: Approval, steps: Iterable[ApprovalStep], events: Iterable[ApprovalEvent]
) -> Bar | None:
    """What keeps the viewer from deciding a request, None when nothing does."""
    is_checker = bool(open_steps_of(viewer, approval, steps))
    return bar(Hands(viewer.people, viewer.behind), parties_of(approval, events), is_checker=is_checker)


def parties_of(approval: Approval, events: Iterable[ApprovalEvent]) -> Parties:
    """Who has a part in a request, holders of lent posts included."""
    acts = [event for event in events if event.step_id is not None]
    return Parties(
        makers=_hands(approval.maker, approval.holder),
        deciders=_hands(*(one for event in acts for one in (event.staff, event.holder))),
        about=frozenset({approval.about_id} if approval.about_id else ()),
        is_grave=approval.risk == Risk.HIGH,
    )


def _hands(*staff: Staff | None) -> Hands:
    people = [one for one in staff if one is not None]
    return Hands(frozenset(one.pk for one in people), frozenset().union(*(one.behind for one in people)))


def stands_over(place: Place, below: Place) -> bool:
    """Whether a place is another or stands above it, as the tree is today."""
    return place.tree == below.tree and place.lo <= below.lo <= place.hi


def chain_above(place: Place) -> list[Place]:
    """A place and those above it, nearest first."""
    above = Place.objects.filter(tree=place.tree, lo__lte=place.lo, hi__gte=place.lo)
    return list(above.select_related("unit").order_by("-lo"))


def checkers_by_place(
    places: Iterable[Place], *, line: str, parties: Parties = NO_PARTIES
) -> dict[int, list[Post]]:
    """Place id → the current posts there, of people who may check for a line and whom no part in it bars. One query."""
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), place__in=list(places))
    if line:
        posts = posts.filter(Q(line_codes=[]) | Q(line_codes__contains=[line]))
    found: dict[int, list[Post]] = defaultdict(list)
    for post in posts.select_related("staff").order_by("-is_primary", "pk"):
        if bar(_hands(post.staff), parties, is_checker=True) is None:
            found[post.place_id].append(post)
    return found


def checkers_at(place: Place, roles: Iterable[str], posts: Mapping[int, Sequence[Post]]) -> list[Post]:
    """Those of some posts that hold one of the roles at a place."""
    named = roles_at(roles, Level(place.level))
    return [post for post in posts.get(place.pk, []) if post.role in named]


def urgent_approvals(now: datetime) -> list[int]:
    """Ids of requests with an open step that is over, to be reminded of, or has nobody left to check.

    A reorganisation may leave a step where nobody sees the request any more. Two queries.
    """
    waiting = ApprovalStep.objects.filter(state=StepState.OPEN)
    steps = list(waiting.select_related("approval__place", "approval__maker", "approval__holder", "place"))
    posts = checkers_by_place({step.place for step in steps if step.place}, line="")
    urgent = (step.approval_id for step in steps if _is_urgent(step, posts, now))
    return list(dict.fromkeys(urgent))


def _is_urgent(step: ApprovalStep, posts: Mapping[int, Sequence[Post]], now: datetime) -> bool:
    if any(at is not None and at <= now for at in (step.due_at, step.remind_at)):
        return True
    parties = parties_of(step.approval, ())
    is_there = step.place is not None and stands_over(step.place, step.approval.place)
    people = checkers_at(step.place, step.roles, posts) if step.place and is_there else []
    return all(bar(_hands(post.staff), parties, is_checker=True) for post in people)
