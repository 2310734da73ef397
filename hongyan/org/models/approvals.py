"""Requests that somebody else has to agree to (审批, SM13)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeText
from hongyan.org.codes import ApprovalAct, ApprovalState, Joins, Level, Line, OnTimeout, Risk, StepState
from hongyan.org.models.posts import Post
from hongyan.org.models.staff import Staff
from hongyan.org.models.units import Place


class Approval(models.Model):
    """A request that somebody else has to agree to (审批), and how it stands (SM13).

    `kind` is declared by the room that owns the subject (see `org.approvals`), `subject` an id or code there, never
    personal data. `maker` acted at `place`; `holder` is whose post it was when it was lent. `about` is who gets or
    loses something by it, and so has no say in it. `amount` is counted as the kind counts. `due_at` is when the next of
    the open steps is over. `version` grows with each act, so that whoever decides says which state of things they saw.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    line = models.CharField(max_length=2, blank=True, choices=Line)
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    risk = models.SmallIntegerField(choices=Risk)
    reason = FreeText(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state=ApprovalState.PENDING),
                name="approval_once_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="approval_submitted"),
            models.Index(fields=["maker", "-submitted_at"], name="approval_maker"),
            models.Index(fields=["due_at"], condition=Q(state=ApprovalState.PENDING), name="approval_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ApprovalStep(models.Model):
    """One group of checkers of a request: a line of the route as it stood when the request was made.

    `roles` and `level` as in `rules.approvals.Check`. `place` is where it is checked, null before its turn; whoever
    holds one of the roles there at the moment may decide.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="steps")
    number = models.SmallIntegerField()
    roles = ArrayField(models.CharField(max_length=20))
    level = models.SmallIntegerField(null=True, choices=Level)
    joins = models.CharField(max_length=3, choices=Joins)
    hours = models.SmallIntegerField()
    on_timeout = models.CharField(max_length=8, choices=OnTimeout)
    state = models.CharField(max_length=8, choices=StepState, default=StepState.WAITING)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number", "id")
        indexes = [
            models.Index(fields=["place", "state"], name="approval_step_place"),
            models.Index(fields=["due_at"], condition=Q(state=StepState.OPEN), name="approval_step_due"),
        ]


class ApprovalEvent(models.Model):
    """What happened to a request (审批记录); rows are added and never changed, which the grants see to.

    `staff` is null for the system's own acts, `holder` whose post it was when it was lent. `version` is the one of the
    request that the act was done on.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="events")
    step = models.ForeignKey(ApprovalStep, models.PROTECT, null=True, related_name="events")
    act = models.CharField(max_length=8, choices=ApprovalAct)
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField()
    reason = FreeText(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "id")
