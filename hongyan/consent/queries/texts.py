"""The texts that customers agree to (授权书)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from hongyan.consent.models import ConsentText
from hongyan.core.errors import NotFound


def valid_on(day: date) -> QuerySet[ConsentText]:
    """Texts that new consents may be given under on a day."""
    return ConsentText.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def text_for(texts: Iterable[ConsentText], purpose: str, line: str) -> ConsentText | None:
    """The text of a purpose in a line among those valid: the line's own before that of all lines, the newest."""
    fitting = [one for one in texts if one.purpose == purpose and one.line in ("", line)]
    return max(fitting, key=lambda one: (one.line != "", one.version), default=None)


def all_texts() -> QuerySet[ConsentText]:
    """Every version of every text: they are the house's own, and everybody may read them."""
    return ConsentText.objects.all()


def find_text(text_id: int) -> ConsentText:
    """One version of a text. Errors: NotFound."""
    found = ConsentText.objects.filter(pk=text_id).first()
    if found is None:
        raise NotFound("consent_text", text_id)
    return found
