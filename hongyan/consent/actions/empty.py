"""Emptying what was written of people who became nameless (匿名化)."""

from __future__ import annotations

from collections.abc import Collection

from hongyan.consent.models import Consent, PersonRequest, Silence


def empty_words(customers: Collection[int]) -> None:
    """Empty the words of consents, wishes and requests of some customers. Call it inside `scope.bulk()`."""
    Consent.objects.filter(customer__in=customers).update(reference="")
    Silence.objects.filter(customer__in=customers).update(reason="")
    PersonRequest.objects.filter(customer__in=customers).update(asked="", identity_note="", answer="")
