"""Posts, whom they are lent to, and requests for new ones (岗位、代理、岗位申请)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hongyan.core.free_text import FreeText
from hongyan.org.codes import ApprovalState, Line, PostSource, Role
from hongyan.org.models.staff import Staff
from hongyan.org.models.units import Place


class Post(models.Model):
    """A role at a unit, for lines (岗位). A request acts in one post; people may have several (兼岗).

    `source` says who keeps the post: the files of the personnel system never touch a granted one, and a grant never one
    of theirs. `ended_at` is when somebody here ended it at once; what a file says afterwards does not revive it.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="posts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    line_codes = ArrayField(models.CharField(max_length=2, choices=Line), default=list)
    is_primary = models.BooleanField(default=False)
    source = models.CharField(max_length=5, choices=PostSource, default=PostSource.FILE)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "place", "role"],
                condition=Q(source=PostSource.FILE),
                name="post_once",
            ),
        ]

    @property
    def lines(self) -> list[Line]:
        """The lines of the post."""
        return [Line(code) for code in self.line_codes]


class Delegation(models.Model):
    """A post lent to somebody for some days (代理): they act in it with its scope and rights, and sign as themselves.

    Both days belong to it. `ended_at` is when it was ended before its last day.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    to_staff = models.ForeignKey(Staff, models.PROTECT, related_name="delegations")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = FreeText(max_length=200)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_days"),
        ]
        indexes = [models.Index(fields=["to_staff", "valid_to"], name="delegation_to")]


class PostRequest(models.Model):
    """A post somebody requests for a colleague (岗位申请); approval makes it the granted post `post`.

    `maker` acted in `maker_post`, whose scope and role have to allow it when it is requested and when it is approved.
    `state` follows the approval.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="post_requests")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    line_codes = ArrayField(models.CharField(max_length=2, choices=Line), default=list)
    valid_to = models.DateField()
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    maker_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)
    post = models.OneToOneField(Post, models.PROTECT, null=True, related_name="request")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "place", "role"],
                condition=Q(state=ApprovalState.PENDING),
                name="post_request_once_pending",
            ),
        ]
        indexes = [models.Index(fields=["-requested_at", "-id"], name="post_request_at")]

    @property
    def lines(self) -> list[Line]:
        """The lines of the post."""
        return [Line(code) for code in self.line_codes]
