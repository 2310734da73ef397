"""The comparable summary of one party, or of a whole customer: what ``rules`` compare.

Identifiers, contacts and addresses are blinded, so that a profile can be kept; names are not, for their
likeness has to be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from hongyan.identity.keys import phone_values, strong_keys, weaker_keys
from hongyan.identity.normalise import Normalised
from hongyan.identity.record import Kind

T = TypeVar("T")

Blind = Callable[[str, str], bytes]
"""(kind, value) → keyed hash. One kind per field, so that a value tells nothing across fields."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one party, or of all parties of one customer, in sets.

    Fields: ``keys`` (kind, blinded value) of its look-up keys; ``credentials`` (type, blinded number),
    valid and identifying ones only; ``names`` full names; ``partial_names`` masked or incomplete ones
    (王*明, 王); ``readings`` full pinyin; ``surnames`` in pinyin; ``genders`` without "unknown". The last
    six fields are of organisations; ``branches`` holds "" for the organisation itself, ``full_names`` those
    names that region and legal form make unique.
    """

    kind: Kind
    keys: frozenset[tuple[str, bytes]] = frozenset()
    credentials: frozenset[tuple[str, bytes]] = frozenset()
    phones: frozenset[bytes] = frozenset()
    emails: frozenset[bytes] = frozenset()
    addresses: frozenset[bytes] = frozenset()
    divisions: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    partial_names: frozenset[str] = frozenset()
    readings: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    birth_dates: frozenset[date] = frozenset()
    genders: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    legal_forms: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    full_names: frozenset[str] = frozenset()
    legal_persons: frozenset[str] = frozenset()


def profile_of(n: Normalised, blind: Blind, *, kinds: Collection[str] | None = None) -> Profile:
    """The profile of one party.

    ``kinds`` limits the weaker candidate keys to those somebody looks up; each key costs a keyed hash.
    """
    person, organisation = n.person, n.organisation
    complete = person.is_complete if person else bool(n.name_key)
    strong = [(key.kind, blind(key.kind, key.value)) for key in strong_keys(n)]
    weaker = [
        (key.kind, blind(key.kind, key.value)) for key in weaker_keys(n) if kinds is None or key.kind in kinds
    ]
    return Profile(
        kind=n.kind,
        keys=frozenset(strong + weaker),
        credentials=frozenset([(kind[2:], value) for kind, value in strong]),
        phones=frozenset([blind("P", number) for number in phone_values(n)]),
        emails=_one(blind("E", n.email) if n.email else None),
        addresses=_one(blind("A", n.address_key) if n.address_key else None),
        divisions=_one(n.division),
        names=_one(n.name_key if complete else None),
        partial_names=_one(None if complete else n.name_key),
        readings=frozenset(person.readings) if person and complete else frozenset(),
        surnames=_one(person.surname_pinyin if person else None),
        birth_dates=_one(n.birth_date),
        genders=_one(n.gender if n.gender != "0" else None),
        stems=_one(organisation.stem if organisation else None),
        legal_forms=_one(organisation.legal_form if organisation else None),
        branches=frozenset([organisation.branch]) if organisation else frozenset(),
        full_names=_one(organisation.key if organisation and organisation.is_full else None),
        legal_persons=_one(n.legal_person_key),
    )


def merge_profiles(profiles: Iterable[Profile]) -> Profile:
    """The profile of all parties together: what a customer is compared by.

    Errors: ValueError when there is none, or when persons and organisations are mixed.

    >>> one, two = Profile("person", names=frozenset({"张三"})), Profile("person", genders=frozenset({"1"}))
    >>> merge_profiles([one, two]) == merge_profiles([two, one, one])
    True
    """
    parts = tuple(profiles)
    kinds = {part.kind for part in parts}
    if len(kinds) != 1:
        raise ValueError("profiles of one kind are needed, at least one")
    merged = {name: frozenset().union(*(getattr(part, name) for part in parts)) for name in _SETS}
    return Profile(kinds.pop(), **merged)


_SETS = tuple(field.name for field in fields(Profile) if field.name != "kind")


def _one(value: T | None) -> frozenset[T]:
    return frozenset([value]) if value else frozenset()
