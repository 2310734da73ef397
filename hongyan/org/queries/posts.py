"""Requested posts (岗位申请) as the viewer may see them: those at units in scope."""

from __future__ import annotations

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.org.codes import Viewer
from hongyan.org.models import Approval, Post, PostRequest
from hongyan.org.queries.staff import posts_in_scope
from hongyan.org.queries.viewers import is_current, lent_label, post_label

KIND, PRIVILEGED_KIND = "role_grant", "privileged_grant"
KINDS = (KIND, PRIVILEGED_KIND)
"""What approvals call a requested post, by whether its role carries privileged rights; the subject is its number."""


def post_requests(viewer: Viewer) -> QuerySet[PostRequest]:
    """Requests with `approval_id`, the number of their approval."""
    approvals = Approval.objects.filter(kind__in=KINDS, subject=Cast(OuterRef("pk"), CharField()))
    requests = PostRequest.objects.select_related("staff", "maker", "place__unit").annotate(
        approval_id=Subquery(approvals.order_by("-pk").values("pk")[:1])
    )
    if viewer.scope.everything:
        return requests
    return requests.filter(place__lo__gte=viewer.scope.lo, place__lo__lte=viewer.scope.hi)


def find_current_post(viewer: Viewer, staff_no: str, post_id: int, *, for_update: bool = False) -> Post:
    """Errors: NotFound for a post that is not theirs, has ended, or lies out of scope."""
    posts = posts_in_scope(viewer).filter(is_current(clock.business_date()), staff__staff_no=staff_no)
    posts = posts.select_related("staff", "place__unit")
    post = (posts.select_for_update(of=("self",)) if for_update else posts).filter(pk=post_id).first()
    if post is None:
        raise NotFound("post", post_id)
    return post


def acted_in(post_id: int | None, staff_no: str) -> str:
    """The post somebody acted in, in words, and for whom when it was lent; empty for a process."""
    post = Post.objects.select_related("staff", "place__unit").filter(pk=post_id or 0).first()
    if post is None:
        return ""
    label = post_label(post.role, str(post.place.unit))
    return label if post.staff.staff_no == staff_no else lent_label(post.staff.name, label)
