"""What the rules of the house found to do, and what people said of it (今日工作)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeJSON, FreeText
from hongyan.desk.codes import WorkState
from hongyan.org.codes import Line, Right, Viewer


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Items as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> WorkItemQuerySet:
        """One's own; of the whole range, those of nobody too, for who assigns to others there."""
        items = self
        if not viewer.scope.everything:
            items = items.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
        return items if viewer.may(Right.TASK_ASSIGN) else items.filter(staff_id__in=viewer.people)


class WorkItem(models.Model):
    """One reason to do something about a record, found by a rule (今日工作项).

    A rule finds a reason once a `period`; what was said of it holds for the period. `amount` is the money at stake in
    yuan, null where none is; `facts` are the numbers of the sentence that says why; `rank` is by what lists are
    ordered, see `desk.work_rules`. Whoever looks after the record in the line does it, `staff_id`, none for a pool,
    unless it `is_delegated`; `org_no` is the number of their unit, which walls it. `is_current`: the rule still finds
    it. Put off, it is not shown before `shown_from`.
    """

    id = models.BigAutoField(primary_key=True)
    rule = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    line = models.CharField(max_length=2, choices=Line, blank=True)
    period = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    due_on = models.DateField()
    facts = FreeJSON(default=dict)
    rank = models.DecimalField(max_digits=20, decimal_places=4)
    org_no = models.BigIntegerField()
    staff_id = models.BigIntegerField(null=True)
    is_current = models.BooleanField(default=True)
    is_delegated = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=WorkState, default=WorkState.OPEN)
    shown_from = models.DateField()
    postponed = models.SmallIntegerField(default=0)
    note = FreeText(max_length=500, blank=True)
    said_by = models.CharField(max_length=60, blank=True)
    said_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "kind", "record_id", "line", "period"], name="work_item_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["staff_id", "-rank", "id"],
                condition=Q(state="open", is_current=True),
                name="work_item_staff",
            ),
            models.Index(
                fields=["org_no", "-rank", "id"],
                condition=Q(state="open", is_current=True),
                name="work_item_org",
            ),
            models.Index(fields=["kind", "record_id"], name="work_item_record"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What the audit calls it."""
        return f"W{self.pk:08}"
