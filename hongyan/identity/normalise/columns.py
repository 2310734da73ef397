"""What was read of one value → columns of the normalised table (``batch``), the same for a file and for one record.

Each function answers one value per column it names, in order; an empty one stands for nothing said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hongyan.identity.normalise.addresses import Address
from hongyan.identity.normalise.credentials import IDENTIFYING, LIFELONG, Credential
from hongyan.identity.normalise.names import PersonName
from hongyan.identity.normalise.organisations import OrganisationName
from hongyan.identity.normalise.phones import Phone
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.identity.record import Kind

Values = Iterable[Any]

NAME = ("name", "name_key", "name_form", "name_complete", "pinyin", "initials")
PERSON = (*NAME, "surname", "given", "surname_pinyin", "readings", "words")
ORGANISATION = (
    *NAME,
    *("region", "stem", "industry", "legal_form", "branch", "branch_kind", "former_key"),
)
CREDENTIAL = ("id_type", "id_number", "id_status", "id_key", "id_lifelong", "organisation_code")
PHONES = ("phones", "phones_partial")
ADDRESS = ("address", "address_key", "division", "road", "house", "room", "estate")
LEGAL_PERSON = ("legal_person", "legal_person_pinyin")


def person_values(name: PersonName) -> Values:
    """The columns ``PERSON``."""
    return (
        *(name.display, name.key, name.form, name.is_complete, name.pinyin, name.initials),
        *(name.surname, name.given, name.surname_pinyin, name.readings, name.words),
    )


def organisation_values(name: OrganisationName) -> Values:
    """The columns ``ORGANISATION``."""
    syllables = syllables_of(name.stem)
    initials = "".join(syllable[0] for syllable in syllables)
    return (
        *(name.display, name.key, name.form, bool(name.key), "".join(syllables), initials, name.region),
        *(name.stem, name.industry, name.legal_form, name.branch, name.branch_kind, name.former_key),
    )


def credential_values(kind: Kind, found: Credential | None) -> Values:
    """The columns ``CREDENTIAL``."""
    if found is None or found.status == "placeholder":
        return (None,) * len(CREDENTIAL)
    type_ = found.identity_type
    identifying = found.valid and type_ in IDENTIFYING[kind]
    return (
        *(type_, found.number, found.status, f"{type_}:{found.number}" if identifying else None),
        *(type_ in LIFELONG if identifying else None, found.organisation_code),
    )


def phone_values(kind: Kind, found: Sequence[Phone]) -> Values:
    """The columns ``PHONES``."""
    if len(found) == 1 and found[0].valid:
        return [found[0].comparable(kind)], None
    valid = dict.fromkeys(phone.comparable(kind) for phone in found if phone.valid)
    partial = dict.fromkeys(phone.number for phone in found if phone.is_partial)
    return list(valid), list(partial)


def address_values(place: Address) -> Values:
    """The columns ``ADDRESS``."""
    return place.plain, place.key, place.division, place.road, place.number, place.room, place.estate


def legal_person_values(name: PersonName) -> Values:
    """The columns ``LEGAL_PERSON``."""
    return name.key, name.pinyin
