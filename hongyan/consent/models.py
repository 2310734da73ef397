"""What customers agreed to, by which text, and when they are not to be disturbed (同意、授权书、免打扰)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.consent.codes import IdentityProof, LegalBasis, Proof, RequestKind, RequestState, Source
from hongyan.core.free_text import FreeText
from hongyan.customer.codes import ConsentPurpose, ContactChannel
from hongyan.customer.models import Customer
from hongyan.org.codes import Line, Viewer
from hongyan.org.models import Staff, Unit


class ConsentText(models.Model):
    """One version of what customers agree to, for a purpose in a line, or in all where `line` is empty (授权书).

    Published once and never changed: consents point to it. New consents take the newest that is valid; those given
    under it end with `valid_to`, which is the last day.
    """

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=16, choices=ConsentPurpose)
    line = models.CharField(max_length=2, choices=Line, blank=True)
    version = models.SmallIntegerField()
    basis = models.CharField(max_length=8, choices=LegalBasis)
    text = FreeText(max_length=4000)
    text_en = FreeText(max_length=8000)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "line", "version"], name="consent_text_version")
        ]


def seen_by(viewer: Viewer) -> Q:
    """Rows of customers whom a viewer may see, also under a code that was merged since: the first wall."""
    if viewer.scope.everything:
        return Q()
    visible = Customer.objects.visible_to(viewer).filter(pk=models.OuterRef("customer_id"))
    return Q(models.Exists(visible))


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Words as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> ConsentQuerySet:
        """Words of customers of the viewer's scope."""
        return self.filter(seen_by(viewer))


class SilenceQuerySet(models.QuerySet["Silence"]):
    """Wishes as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> SilenceQuerySet:
        """Wishes of customers of the viewer's scope."""
        return self.filter(seen_by(viewer))


class Consent(models.Model):
    """One word of a customer (同意或撤回): append-only, under the code it was said to.

    Purpose, line and channel are empty where the word leaves them open; see `rules.contact`. A consent holds until
    `ends_at`, that of its text. A withdrawal needs no text and no proof: it is as easy as giving.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    is_given = models.BooleanField()
    purpose = models.CharField(max_length=16, choices=ConsentPurpose, blank=True)
    line = models.CharField(max_length=2, choices=Line, blank=True)
    channel = models.CharField(max_length=8, choices=ContactChannel, blank=True)
    at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source)
    proof = models.CharField(max_length=10, choices=Proof, blank=True)
    reference = FreeText(max_length=100, blank=True)
    taker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    post_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_given=False)
                | (~Q(purpose="") & ~Q(line="") & Q(text__isnull=False) & ~Q(proof="")),
                name="consent_names_what_it_gives",
            )
        ]


class Silence(models.Model):
    """A customer does not want to be disturbed (免打扰): by `channels`, separated by commas, or by all.

    Until an instant or for good; with hours, only between them each day. It ends early at `ended_at`.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    channels = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    with_service = models.BooleanField(default=False)
    reason = FreeText(max_length=200, blank=True)
    source = models.CharField(max_length=8, choices=Source)
    taker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    post_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)

    objects = SilenceQuerySet.as_manager()

    @property
    def channel_list(self) -> tuple[str, ...]:
        """The channels it speaks of; empty for all."""
        return tuple(filter(None, self.channels.split(",")))


REQUEST_NUMBER = "Q{:08}"


class PersonRequestQuerySet(models.QuerySet["PersonRequest"]):
    """Requests as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> PersonRequestQuerySet:
        """Requests of customers of the viewer's scope."""
        return self.filter(seen_by(viewer))


class PersonRequest(models.Model):
    """What a person asks about their own data, and how it went (个人权利请求), PIPL 44–50.

    `due_on` is the last day for an answer; `is_closed` whether there is one, so that lists begin with what is open.
    Each step keeps who took it and when. `answer` is what was said in the end, or why it was refused; `is_frozen`
    that the answer froze the customer. `version` grows with each step.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=RequestKind)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.RECEIVED)
    version = models.IntegerField(default=1)
    source = models.CharField(max_length=8, choices=Source)
    asked = FreeText(max_length=500)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    is_closed = models.BooleanField(default=False)
    taker = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    post_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    identity = models.CharField(max_length=10, choices=IdentityProof, blank=True)
    identity_note = FreeText(max_length=100, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    begun_at = models.DateTimeField(null=True)
    begun_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    answer = FreeText(max_length=1000, blank=True)
    is_frozen = models.BooleanField(default=False)

    objects = PersonRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(is_closed=False), name="request_once_open"
            )
        ]
        indexes = [models.Index(fields=["is_closed", "due_on", "id"], name="request_due")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return REQUEST_NUMBER.format(self.pk)
