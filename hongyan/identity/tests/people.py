"""Records as the tests write them, with numbers that pass their checks and belong to nobody."""

from __future__ import annotations

import hashlib

from hongyan.identity.normalise import normalise
from hongyan.identity.normalise.credentials import citizen_check, credit_code_check, organisation_check
from hongyan.identity.profile import Profile, profile_of
from hongyan.identity.record import Record

PHONE, OTHER_PHONE = "13812345670", "13912345671"


def blind(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}\x1f{value}".encode()).digest()[:12]


def citizen(birth: str = "19800102", sequence: int = 12, county: str = "320508") -> str:
    head = f"{county}{birth}{sequence:03}"
    return head + citizen_check(head)


def credit_code(organisation: str = "MA1ABCD1") -> str:
    head = "91320508" + organisation + organisation_check(organisation)
    return head + credit_code_check(head)


def person(name: str, *phones: str, **fields: str) -> Profile:
    return profile_of(normalise(Record("T", name, "person", name, phones=phones, **fields)), blind)


def firm(name: str, *phones: str, **fields: str) -> Profile:
    return profile_of(normalise(Record("T", name, "organisation", name, phones=phones, **fields)), blind)
