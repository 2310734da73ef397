"""Who belongs together without being the same (客户关系), and where relatives are found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hongyan.core.free_text import FreeText
from hongyan.customer.codes import RelationSource, RelationState, RelationType, Upper
from hongyan.customer.models.parties import Customer, SourceParty


class Relation(models.Model):
    """What two customers are to each other, by a party of either, dated (客户关系, L09).

    It hangs on parties and is read through their customers, so merges and splits carry it and change nothing. `role`
    says more than the type (`identity.relations.grounds.Role`, `rules.declaring.SORTS`); `upper` which party stands
    above. `evidence` holds the grounds, `[[code, what its words show], …]`, never a number. What a person refused
    stays, so that it does not come back by itself. What a person declared ends by a person alone: `starts_on` and
    `ends_on` are its days in the world, `since` and `until` when it was written here.
    """

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey(SourceParty, models.PROTECT, related_name="relations", db_index=False)
    other_party = models.ForeignKey(SourceParty, models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=14, choices=RelationType)
    role = models.CharField(max_length=14, blank=True)
    upper = models.CharField(max_length=5, choices=Upper, blank=True)
    source = models.CharField(max_length=8, choices=RelationSource)
    state = models.CharField(max_length=9, choices=RelationState)
    confidence = models.SmallIntegerField()
    evidence = models.JSONField(default=list)
    rule_version = models.SmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = FreeText(max_length=300, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=40, blank=True, default="")
    end_reason = FreeText(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "other_party", "type"],
                condition=Q(until=None, source=RelationSource.DERIVED),
                name="relation_once",
            ),
            models.UniqueConstraint(
                fields=["party", "other_party", "type", "role", "upper"],
                condition=Q(until=None, source=RelationSource.DECLARED),
                name="relation_declared_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="relation_days",
            ),
            models.CheckConstraint(condition=Q(party__lt=F("other_party")), name="relation_in_order"),
        ]
        indexes = [
            models.Index(fields=["party"], condition=Q(until=None), name="relation_party"),
            models.Index(fields=["other_party"], condition=Q(until=None), name="relation_other"),
            models.Index(
                fields=["party"],
                condition=Q(until__isnull=False, source=RelationSource.DECLARED),
                name="relation_over",
            ),
            models.Index(
                fields=["other_party"],
                condition=Q(until__isnull=False, source=RelationSource.DECLARED),
                name="relation_over_other",
            ),
        ]


class RelationKey(models.Model):
    """Where a source party is found by its relatives: 64 bits of a keyed hash (`identity.relations.keys`).

    Written when the party's relations are derived; phones and codes are found by `CandidateKey`.
    """

    pk = models.CompositePrimaryKey("party_id", "key")
    party = models.ForeignKey(
        SourceParty, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "party"], name="relation_key")]


class TouchedCustomer(models.Model):
    """A customer whose relations are to be derived anew: taken in, changed or split since. Gone when that is done."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
