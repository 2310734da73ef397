"""What people decided about who is who: merges, splits, verdicts on pairs (归并与拆分)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import MergeState, PairVerdict
from hongyan.customer.models.parties import Customer, SourceParty
from hongyan.customer.models.review import ReviewCase
from hongyan.org.models import Staff


class Merge(models.Model):
    """One customer taken into another by people, or the wish to (归并). Never removed: a split is a state.

    `choices` is what people chose where two things met: `owners` line → "survivor" or "absorbed", whose owner stands;
    `fields` head of a golden group → the source party whose value is kept. `snapshot` is what moved: the parties and
    the owners of either side at that moment. `is_override` tells that two different valid credentials were known.
    `seen` is the mark of what the maker saw. `asked_key` and `split_key` are idempotency keys of the API.
    """

    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Customer, models.PROTECT, related_name="merges_away")
    state = models.CharField(max_length=8, choices=MergeState)
    case = models.ForeignKey(ReviewCase, models.PROTECT, null=True, related_name="merges")
    reason = FreeText(max_length=300, blank=True)
    score = models.SmallIntegerField(default=0)
    evidence = models.JSONField(null=True)
    choices = models.JSONField(default=dict)
    snapshot = models.JSONField(default=dict)
    is_override = models.BooleanField(default=False)
    seen = models.CharField(max_length=16, blank=True)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    maker_post_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_key = models.CharField(max_length=130, null=True, unique=True)
    second_by = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField(null=True)
    split_by = models.CharField(max_length=40, blank=True)
    split_at = models.DateTimeField(null=True)
    split_reason = FreeText(max_length=300, blank=True)
    split_key = models.CharField(max_length=130, null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(state__in=[MergeState.WAITING, MergeState.DONE]),
                name="merge_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_two"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"G{self.pk:08}"


class PairDecision(models.Model):
    """What a person decided of two customers, for ever (人工判定): must-link, cannot-link, and a label for training.

    Append-only; of two decisions on one pair the later holds. `customer` and `candidate` are the codes as they were
    decided on; `party` and `other_party` stand for them where records are compared.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="decisions")
    candidate = models.ForeignKey(Customer, models.PROTECT, related_name="decisions_as_candidate")
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+")
    other_party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9, choices=PairVerdict)
    reason = FreeText(max_length=300, blank=True)
    evidence = models.JSONField(null=True)
    case = models.ForeignKey(ReviewCase, models.PROTECT, null=True, related_name="decisions", db_index=False)
    merge = models.ForeignKey(Merge, models.PROTECT, null=True, related_name="decisions", db_index=False)
    by = models.CharField(max_length=40)
    second_by = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(customer=F("candidate")), name="pair_decision_two"),
        ]
