"""Who can do what, and why one can or cannot (权限说明)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hongyan.core import clock
from hongyan.org.codes import Right, Role, Viewer
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.org.rights import PRIVILEGED, RIGHTS

SHOWN_HOLDERS = 3


@dataclass(frozen=True, slots=True)
class ExplainedRight:
    """One right: whether the viewer's present post carries it, which roles do, and who does it nearest by.

    `other_posts` are posts of the viewer's own that carry it; `holders` people at the viewer's unit or, failing that,
    at the nearest unit above, as (name, unit, role).
    """

    right: Right
    is_mine: bool
    takes_second_factor: bool
    roles: Sequence[Role]
    other_posts: Sequence[str]
    holders: Sequence[tuple[str, str, str]]


def explained_rights(viewer: Viewer) -> list[ExplainedRight]:
    """Every right as it stands for the viewer, in the order of the code list; one query."""
    holders = _holders(viewer)
    return [_explained(right, viewer, holders) for right in Right]


def _explained(right: Right, viewer: Viewer, holders: dict[Role, list[tuple[int, Post]]]) -> ExplainedRight:
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    near = sorted(
        (entry for role in roles for entry in holders[role]), key=lambda entry: (entry[0], entry[1].pk)
    )
    nearest = [post for distance, post in near if distance == near[0][0] and post.staff_id != viewer.staff_id]
    own = [post for _, post in near if post.staff_id == viewer.staff_id and post.pk != viewer.post_id]
    return ExplainedRight(
        right=right,
        is_mine=viewer.may(right),
        takes_second_factor=right in PRIVILEGED,
        roles=roles,
        other_posts=[f"{post.place.unit} · {post.get_role_display()}" for post in own],
        holders=[
            (post.staff.name, str(post.place.unit), str(post.get_role_display()))
            for post in nearest[:SHOWN_HOLDERS]
        ],
    )


def _holders(viewer: Viewer) -> dict[Role, list[tuple[int, Post]]]:
    """Role → (steps above the viewer's unit, post) of the current posts there, and of the viewer's own posts."""
    steps = {unit: distance for distance, unit in enumerate(viewer.unit_chain)}
    posts = Post.objects.filter(USABLE, is_current(clock.business_date())).select_related(
        "staff", "place__unit"
    )
    found: dict[Role, list[tuple[int, Post]]] = defaultdict(list)
    for post in posts.filter(place__unit__in=steps) | posts.filter(staff_id=viewer.staff_id):
        found[Role(post.role)].append((steps.get(post.place.unit_id, len(steps)), post))
    return found
