"""The models by which customers are compared: trained in the house, measured, put in force by two people (识别模型)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import MatchBand, ModelState, PairVerdict, PartyType
from hongyan.customer.models.parties import Customer, SourceParty
from hongyan.org.models import Staff


class IdentityModel(models.Model):
    """One training and what came of it (识别模型). Version 0 is the model shipped with the program and has no row.

    `content` is the model as `identity resolve --model` reads it, None until the training is done; `started_from` the
    version it learned from; `taught` what it learned from, in numbers; `measures` how the two compare
    (`rules.measures`). Holds nothing of any customer.
    """

    id = models.BigAutoField(primary_key=True)
    party_type = models.CharField(max_length=1, choices=PartyType)
    version = models.IntegerField()
    content = models.JSONField(null=True)
    started_from = models.IntegerField(default=0)
    taught = models.JSONField(default=dict)
    measures = models.JSONField(default=dict)
    run_id = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    trained_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party_type", "version"], name="identity_model_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"M{self.party_type}{self.version:04}"


class ModelUse(models.Model):
    """From when to when a model was in force, or the wish that it be (启用). `model` is None for the shipped one."""

    id = models.BigAutoField(primary_key=True)
    party_type = models.CharField(max_length=1, choices=PartyType)
    model = models.ForeignKey(IdentityModel, models.PROTECT, null=True, related_name="uses")
    state = models.CharField(max_length=8, choices=ModelState)
    reason = FreeText(max_length=300)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    maker_post_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    second_by = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party_type"], condition=Q(state=ModelState.IN_FORCE), name="model_use_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["party_type"], condition=Q(state=ModelState.WAITING), name="model_use_one_waiting"
            ),
        ]

    @property
    def version(self) -> int:
        """The version that is meant; 0 for the shipped model."""
        return self.model.version if self.model else 0


class ModelPair(models.Model):
    """A pair of parties that two models were compared by (比对样本): what either says of it.

    `label` is what stewards said, empty for a pair that was drawn; `is_held_out` that the training did not see it. Kept
    are all labelled pairs, and of the drawn ones those that change band.
    """

    id = models.BigAutoField(primary_key=True)
    model = models.ForeignKey(IdentityModel, models.CASCADE, related_name="pairs", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    candidate = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+", db_index=False)
    other_party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+", db_index=False)
    label = models.CharField(max_length=9, choices=PairVerdict, blank=True)
    is_held_out = models.BooleanField(default=False)
    before = models.SmallIntegerField()
    after = models.SmallIntegerField()
    band_before = models.CharField(max_length=6, choices=MatchBand)
    band_after = models.CharField(max_length=6, choices=MatchBand)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(party=F("other_party")), name="model_pair_two")]
        indexes = [
            models.Index(fields=["model", "label", "band_before", "band_after"], name="model_pair_moves")
        ]
