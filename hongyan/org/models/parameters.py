"""Changes of parameters that take two people (参数修改申请)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeText
from hongyan.org.codes import ApprovalState, Line
from hongyan.org.models.posts import Post
from hongyan.org.models.staff import Staff
from hongyan.org.models.units import Unit


class ParameterChange(models.Model):
    """A guarded parameter's new value that waits for a colleague (参数修改申请), or a coming one to be taken back.

    For a `unit` with everything beneath it, None is the group, and a `line`, "" is all. `before` is what would hold
    there on the day, as the maker saw it: when it is another once it is approved, the change is out of date.
    `takes_back` is the number of the coming value that would go; `value` is what would hold then.
    """

    key = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    line = models.CharField(max_length=2, blank=True, choices=Line)
    before = models.JSONField()
    value = models.JSONField()
    effective_from = models.DateField()
    takes_back = models.BigIntegerField(null=True)
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    maker_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "unit", "line"],
                condition=Q(state=ApprovalState.PENDING),
                nulls_distinct=False,
                name="parameter_change_once_pending",
            ),
        ]
