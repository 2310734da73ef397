"""What customers said, under all codes they ever had (同意记录)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from hongyan.consent.models import Consent, Silence
from hongyan.consent.rules.contact import Quiet, Verdict, Word, may_contact
from hongyan.core import clock
from hongyan.customer.codes import CONTACT_PURPOSES, ConsentPurpose, Status
from hongyan.customer.models import Customer
from hongyan.org.codes import Viewer


@dataclass(slots=True)
class Said:
    """All that one customer said, under the codes `members` that stand for it now."""

    members: list[int] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    quiets: list[Quiet] = field(default_factory=list)
    is_active: bool = True

    def verdict(self, purpose: str, line: str, channel: str, *, at: datetime | None = None) -> Verdict:
        """Whether the customer may be addressed; now, or at an instant."""
        local = (at or clock.now()).astimezone(clock.BUSINESS_ZONE)
        channel = channel if purpose in CONTACT_PURPOSES else ""
        return may_contact(
            self.words, self.quiets, purpose, line, channel, at=local, is_active=self.is_active
        )

    def shared_lines(self) -> frozenset[str]:
        """The lines whose business the customer lets other lines see (X-17)."""
        lines = {word.line for word in self.words if word.is_given}
        return frozenset(
            line for line in lines if line and self.verdict(ConsentPurpose.SHARING, line, "").is_allowed
        )


def said_by(customers: Collection[int]) -> dict[int, Said]:
    """Survivor → what was said by whom some codes, by id, stand for now. Four queries, however many."""
    survivors = {
        survivor or customer
        for customer, survivor in Customer.objects.filter(pk__in=customers).values_list("pk", "survivor_id")
    }
    found: dict[int, Said] = {survivor: Said() for survivor in survivors}
    home: dict[int, int] = {}
    members = Customer.objects.filter(Q(pk__in=survivors) | Q(survivor__in=survivors))
    for customer, survivor, status in members.values_list("pk", "survivor_id", "status"):
        home[customer] = survivor or customer
        found[home[customer]].members.append(customer)
        if not survivor:
            found[customer].is_active = status == Status.ACTIVE
    for consent in Consent.objects.filter(customer__in=home).order_by("pk"):
        found[home[consent.customer_id]].words.append(word_of(consent))
    for silence in Silence.objects.filter(customer__in=home, ended_at=None).order_by("pk"):
        found[home[silence.customer_id]].quiets.append(quiet_of(silence))
    return found


def words_of(viewer: Viewer, members: Collection[Customer]) -> QuerySet[Consent]:
    """The words of a customer under all its codes, the newest first, with texts and takers."""
    words = Consent.objects.visible_to(viewer).filter(customer__in=members)
    return words.select_related("text", "taker").order_by("-pk")


def silences_of(viewer: Viewer, members: Collection[Customer]) -> QuerySet[Silence]:
    """The wishes of a customer not to be disturbed that were not ended, the newest first."""
    return Silence.objects.visible_to(viewer).filter(customer__in=members, ended_at=None).order_by("-pk")


def shared_lines(customer: Customer, aliases: Collection[Customer] = ()) -> frozenset[str]:
    """The lines whose business a customer lets other lines see, under all its codes (X-17). One query."""
    words = Consent.objects.filter(
        customer__in=[customer, *aliases], purpose__in=("", ConsentPurpose.SHARING)
    )
    return Said(words=list(map(word_of, words)), is_active=customer.status == Status.ACTIVE).shared_lines()


def said_of(customer: Customer) -> Said:
    """What one customer said. Errors: none; nothing said is a `Said` without words."""
    return said_by([customer.pk]).get(customer.pk, Said())


def word_of(consent: Consent) -> Word:
    """A row as the rules read it."""
    return Word(
        consent.is_given,
        consent.purpose,
        consent.line,
        consent.channel,
        consent.at,
        consent.ends_at,
        consent.pk,
    )


def quiet_of(silence: Silence) -> Quiet:
    """A row as the rules read it."""
    return Quiet(
        silence.since,
        silence.until,
        silence.channel_list,
        silence.opens,
        silence.closes,
        silence.with_service,
    )
