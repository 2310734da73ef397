"""What one's own page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.core import clock
from hongyan.org.codes import Viewer
from hongyan.org.models import ApiToken, LoginEvent, Staff
from hongyan.org.queries.delegations import ShownDelegation, my_delegations
from hongyan.org.queries.viewers import label_of_post

_LOGINS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class MyPage:
    """The viewer's own account; `logins` are the last attempts, newest first, `tokens` those that still work.

    `may_lend`: whether the present post is the viewer's own to lend.
    """

    staff: Staff
    post: str
    other_posts: Sequence[str]
    logins: Sequence[LoginEvent]
    tokens: Sequence[ApiToken]
    delegations: Sequence[ShownDelegation]
    may_lend: bool


def working_tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """A person's tokens that still work, of all their posts."""
    return ApiToken.objects.filter(
        revoked_at=None, expires_at__gt=clock.now(), post__staff_id=viewer.staff_id
    )


def my_page(viewer: Viewer) -> MyPage:
    """The account of the viewer, in four queries."""
    return MyPage(
        staff=Staff.objects.get(pk=viewer.staff_id),
        post=label_of_post(viewer),
        other_posts=[label for _id, label in viewer.other_posts],
        logins=list(
            LoginEvent.objects.filter(staff_id=viewer.staff_id).order_by("-at", "-id")[:_LOGINS_SHOWN]
        ),
        tokens=list(working_tokens(viewer).select_related("post__place__unit").order_by("-created_at")),
        delegations=my_delegations(viewer),
        may_lend=viewer.holder is None,
    )
