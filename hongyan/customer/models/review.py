"""Pairs that wait for a steward, and the second looks at what was decided (识别工作台)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import BatchState, CaseState, Measure, PairVerdict, PartyType, Worth
from hongyan.customer.models.parties import Customer, Link, SourceParty


class ReviewCase(models.Model):
    """Two customers that may be one and wait for a steward (待核).

    A case keeps the codes it was opened under; after a merge it is read through them. `decided_by` is who said what
    `state` tells, `second_by` who agreed where it takes two. `held_by` is who opened it last while it waited, since
    `held_at`: others are led past it for some minutes.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="review_cases")
    candidate = models.ForeignKey(Customer, models.PROTECT, related_name="candidate_cases")
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    evidence = models.JSONField()
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    created_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True, db_default="")
    decided_at = models.DateTimeField(null=True)
    reason = FreeText(max_length=300, blank=True, db_default="")
    second_by = models.CharField(max_length=40, blank=True, db_default="")
    held_by = models.CharField(max_length=40, blank=True, db_default="")
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "candidate"], name="review_case_once"),
            models.CheckConstraint(condition=~Q(customer=F("candidate")), name="review_case_two"),
        ]


class CaseRow(models.Model):
    """Projection: a review case as the queue of the stewards lists it, filters it and sorts it (待核队列).

    `org_no` is the number of the lowest unit that has an owner of both customers beneath it: whoever covers that unit
    may see both, nobody below may. 0 where only the whole group does, such as a pair from both trees. It stays where it
    was once the case is decided. `grounds` are the comparisons that speak for one customer, each between commas,
    `agreements` how many agreements the two have, `worth` how much business there is (see `codes.Worth`).
    """

    case = models.OneToOneField(
        ReviewCase, models.CASCADE, primary_key=True, related_name="row", db_constraint=False
    )
    org_no = models.BigIntegerField()
    unit_name = models.CharField(max_length=60, blank=True)
    party_type = models.CharField(max_length=1, choices=PartyType)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    other_code = models.CharField(max_length=12)
    other_name = models.CharField(max_length=200)
    score = models.SmallIntegerField()
    rule = models.CharField(max_length=40)
    grounds = models.CharField(max_length=200, blank=True)
    line_codes = models.CharField(max_length=15)
    agreements = models.SmallIntegerField()
    worth = models.SmallIntegerField(choices=Worth)
    state = models.CharField(max_length=12, choices=CaseState)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "worth", "score", "case"], name="case_row_order"),
            models.Index(fields=["org_no"], name="case_row_org"),
        ]

    @property
    def number(self) -> str:
        """What people call the case, and the purpose for which its customers are opened."""
        return f"R{self.pk:08}"


class SecondLook(models.Model):
    """A decision that another steward takes again without knowing the first (抽检).

    Of a case that one steward decided, or of a party that joined a customer by itself; `score` is the one it had then.
    `first` and `second` are verdicts on the pair, `first_by` is empty for the system. Whose scope covers `org_no` may
    look.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.OneToOneField(ReviewCase, models.PROTECT, null=True, related_name="second_look")
    link = models.OneToOneField(Link, models.PROTECT, null=True, related_name="second_look")
    org_no = models.BigIntegerField()
    score = models.SmallIntegerField()
    first = models.CharField(max_length=9, choices=PairVerdict)
    first_by = models.CharField(max_length=40, blank=True)
    second = models.CharField(max_length=9, choices=PairVerdict, blank=True)
    second_by = models.CharField(max_length=40, blank=True)
    drawn_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None, link__isnull=False) | Q(case__isnull=False, link=None),
                name="second_look_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["org_no"], name="second_look_org"),
            models.Index(fields=["score", "first", "second"], name="second_look_score"),
        ]

    @property
    def number(self) -> str:
        """What people call it, and the purpose for which its customers are opened."""
        return f"S{self.pk:08}"


class CaseBatch(models.Model):
    """Review cases of one rule-defined kind decided together (批量处理): a sample by hand, then the rest by a job.

    `query` brings the queue back as it was filtered, `until` which cases it held then. `sample` are the ids of those
    that the steward decides one by one; the batch goes on when all of them came out as its `verdict`. It belongs to the
    post it was begun in, whose number `org_no` walls it.
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.CharField(max_length=40)
    post_id = models.BigIntegerField()
    org_no = models.BigIntegerField()
    query = models.CharField(max_length=2000, blank=True)
    verdict = models.CharField(max_length=9, choices=PairVerdict)
    size = models.IntegerField()
    sample = ArrayField(models.BigIntegerField())
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.CHECKING)
    decided = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    run_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="case_batch_owner")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"B{self.pk:08}"


class ResolutionCount(models.Model):
    """How many customers a unit with everything beneath it has, by how they came about (识别统计).

    `key` is the number of source records, the band of the least sure join (`codes.JOIN_BANDS`) or a system, as
    `measure` says; of `parties`, which counts source records, it is empty. `org_no` 0 is the whole group.
    """

    pk = models.CompositePrimaryKey("org_no", "party_type", "measure", "key")
    org_no = models.BigIntegerField()
    party_type = models.CharField(max_length=1, choices=PartyType)
    measure = models.CharField(max_length=8, choices=Measure)
    key = models.CharField(max_length=24)
    count = models.BigIntegerField()
    counted_at = models.DateTimeField()
