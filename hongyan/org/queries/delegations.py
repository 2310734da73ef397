"""Posts that were lent (代理): by the viewer, and to the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hongyan.core import clock
from hongyan.org.codes import Viewer
from hongyan.org.models import Delegation, Post
from hongyan.org.queries.viewers import post_label


@dataclass(frozen=True, slots=True)
class ShownDelegation:
    """One delegation as its giver or its receiver sees it; `other` is the person on the other side."""

    id: int
    post: str
    other: str
    is_mine: bool
    first: date
    last: date
    reason: str
    is_running: bool


def delegations_of(post: Post) -> QuerySet[Delegation]:
    """Those of a post that nobody ended."""
    return Delegation.objects.filter(post=post, ended_at=None)


def my_delegations(viewer: Viewer) -> Sequence[ShownDelegation]:
    """Those that run or are to come, which the viewer gave or was given, the next to end first; one query."""
    today = clock.business_date()
    found = (
        Delegation.objects.filter(
            Q(post__staff_id=viewer.staff_id) | Q(to_staff_id=viewer.staff_id), ended_at=None, valid_to__gte=today
        )
        .select_related("post__staff", "post__place__unit", "to_staff")
        .order_by("valid_to", "id")
    )  # fmt: skip
    return [_shown(one, viewer, today) for one in found]


def _shown(given: Delegation, viewer: Viewer, today: date) -> ShownDelegation:
    is_mine = given.post.staff_id == viewer.staff_id
    return ShownDelegation(
        id=given.pk,
        post=post_label(given.post.role, str(given.post.place.unit)),
        other=str(given.to_staff if is_mine else given.post.staff),
        is_mine=is_mine,
        first=given.valid_from,
        last=given.valid_to,
        reason=given.reason,
        is_running=given.valid_from <= today,
    )
