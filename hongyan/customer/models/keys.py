"""Ways to find a customer: identifiers, candidate keys, how common a value is (标识与检索键)."""

from __future__ import annotations

from django.db import models

from hongyan.customer.codes import PartyType
from hongyan.customer.models.parties import Customer, SourceParty, SourceRecord


class Identifier(models.Model):
    """A way to find a customer, blinded for look-up and masked for show: credential, phone, e-mail (标识).

    It stems from one source record and goes with it: a superseded record takes its identifiers along.
    """

    pk = models.CompositePrimaryKey("record_id", "kind", "hash")
    # No constraint in the database: these rows are written with their record and follow from it.
    record = models.ForeignKey(
        SourceRecord, models.CASCADE, related_name="identifiers", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=16)
    hash = models.BinaryField(max_length=16)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identifiers", db_constraint=False)
    masked = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["hash"], name="identifier_hash")]


class CandidateKey(models.Model):
    """Where a source party is found when somebody may be the same: 64 bits of a keyed hash (候选键).

    Grain: one row per key of the party's current record, written and replaced with it. `mark` stands for the number
    that the party has for life: whoever has another one need not be compared. Only the check for duplicates reads it,
    past every scope.
    """

    pk = models.CompositePrimaryKey("party_id", "key")
    party = models.ForeignKey(
        SourceParty, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    key = models.BigIntegerField()
    mark = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["key", "party"], include=["mark"], name="candidate_key")]


class ValueCount(models.Model):
    """How many parties say the same, or how many names one address has, where it is more than a few (常见度).

    Counted in a sample (`actions.count_values`). `value` is 64 bits of a keyed hash; the row of the empty `column`
    tells how many of the kind were read, and its `value` how many parties there were of both kinds.
    """

    pk = models.CompositePrimaryKey("party_type", "column", "value")
    party_type = models.CharField(max_length=1, choices=PartyType)
    column = models.CharField(max_length=20, blank=True)
    value = models.BigIntegerField()
    count = models.IntegerField()


class StrongKey(models.Model):
    """The claim of one customer on one valid credential: the database's word that there are no duplicates.

    A second customer with the same credential (another name, a branch under its company's code) holds no claim; a
    review case tells the steward. `home` is as in SourceParty.
    """

    hash = models.BinaryField(max_length=16, primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="strong_keys")
    home = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+", db_index=False)
