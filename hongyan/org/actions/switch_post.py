"""Acting in another of one's posts (切换岗位)."""

from __future__ import annotations

from hongyan.core import audit
from hongyan.core.errors import NotFound
from hongyan.org.codes import Viewer
from hongyan.org.queries.viewers import viewer_for


def switch_post(viewer: Viewer, post_id: int) -> Viewer:
    """The viewer in another of their current posts; the door keeps it in the session.

    Errors: NotFound for a post that is not theirs, or no longer.
    """
    switched = viewer_for(viewer.staff_id, post_id=post_id, address=viewer.address)
    if switched is None:
        raise NotFound("post", post_id)
    audit.record(
        viewer.actor,
        "post.switch",
        "post",
        post_id,
        before={"post": viewer.post_id, "unit": viewer.unit_code, "role": viewer.role},
        after={"post": switched.post_id, "unit": switched.unit_code, "role": switched.role},
    )
    return switched
