"""How often which system knows a field, and how often it is wrong.

Rates are what stewards tell of such systems: counters that scan the card write well, delivery writes what the sender
called out, old systems hold what was true years ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class System:
    """``share`` of all records; ``has`` per field how often it is filled; ``rates`` per error how often it happens
    where it can; ``care`` (0–1) of its addresses."""

    name: str
    share: float
    care: float
    has: Mapping[str, float]
    rates: Mapping[str, float]


_PERSON = {
    "homophone": 0.012,
    "near_sound": 0.003,
    "lookalike": 0.004,
    "variant_surname": 0.05,
    "dropped_character": 0.003,
    "swapped_characters": 0.002,
    "pinyin": 0.004,
    "only_surname": 0.004,
    "masked_name": 0.004,
    "nickname": 0.002,
    "title": 0.01,
    "traditional": 0.01,
    "spaces": 0.015,
    "note": 0.006,
    "passport": 0.012,
    "fifteen_digits": 0.03,
    "id_typo": 0.008,
    "id_transposed": 0.003,
    "id_right_but_wrong": 0.0004,
    "masked_id": 0.004,
    "id_written": 0.05,
    "wrong_gender": 0.004,
    "wrong_birth": 0.015,
    "old_phone": 0.08,
    "relatives_phone": 0.04,
    "hot_phone": 0.004,
    "landline": 0.08,
    "phone_typo": 0.008,
    "phone_cut": 0.003,
    "masked_phone": 0.003,
    "phone_written": 0.05,
    "two_phones": 0.02,
    "email_typo": 0.02,
    "childs_phone": 0.3,
    "filler_phone": 0.004,
    "filler_id": 0.003,
    "moved": 0.08,
    "other_address": 0.05,
}
_ALIKE = dict.fromkeys(_PERSON, 0.02) | {
    "variant_surname": 0.1,
    "id_right_but_wrong": 0.0005,
    "old_phone": 0.1,
}
_HAS = ("credential", "gender", "birth", "phone", "email", "address")


def _system(name: str, share: float, care: float, has: tuple[float, ...], **rates: float) -> System:
    return System(name, share, care, dict(zip(_HAS, has, strict=True)), {**_PERSON, **rates})


PERSON_SYSTEMS = {
    system.name: system
    for system in (
        _system(
            "bank",
            0.2,
            0.9,
            (0.97, 0.95, 0.9, 0.98, 0.12, 0.93),
            homophone=0.003,
            only_surname=0,
            nickname=0,
            note=0,
        ),
        _system(
            "insurance", 0.12, 0.8, (0.93, 0.95, 0.95, 0.98, 0.3, 0.85), relatives_phone=0.06, nickname=0
        ),
        _system(
            *("express", 0.26, 0.5, (0.12, 0.04, 0.0, 0.995, 0.01, 0.97)),
            homophone=0.03,
            near_sound=0.008,
            only_surname=0.03,
            masked_name=0.015,
            nickname=0.01,
            title=0.03,
            note=0.015,
            relatives_phone=0.06,
            hot_phone=0.012,
            old_phone=0.06,
            masked_phone=0.008,
            pinyin=0.006,
            other_address=0.1,
        ),
        _system("counter", 0.14, 0.6, (0.92, 0.6, 0.3, 0.98, 0.0, 0.85), fifteen_digits=0.0, masked_id=0.01),
        _system(
            "philately", 0.1, 0.6, (0.5, 0.5, 0.4, 0.95, 0.08, 0.95), traditional=0.03, fifteen_digits=0.15
        ),
        _system(
            *("app", 0.12, 0.6, (0.2, 0.4, 0.3, 0.995, 0.35, 0.85)),
            nickname=0.02,
            pinyin=0.02,
            masked_name=0.01,
            phone_typo=0.0,
            old_phone=0.04,
        ),
        _system(
            *("old", 0.06, 0.3, (0.7, 0.6, 0.5, 0.85, 0.02, 0.95)),
            fifteen_digits=0.5,
            old_phone=0.35,
            landline=0.5,
            moved=0.3,
            id_typo=0.02,
            traditional=0.02,
        ),
    )
}

COPIES = {
    name: System(name, 1, 0.7, dict(zip(_HAS, (0.75, 0.9, 0.7, 0.95, 0.3, 0.9), strict=True)), _ALIKE)
    for name in ("alpha", "beta")
}
"""Two systems that know nearly everything and err in every way alike, as people write test data: other habits than
those above, to see whether an engine has learnt the habits or the trade."""

_ORGANISATION = {
    "no_region": 0.06,
    "province_too": 0.08,
    "region_in_brackets": 0.02,
    "short_name": 0.06,
    "no_legal_form": 0.04,
    "other_legal_form": 0.05,
    "stem_homophone": 0.01,
    "stem_typo": 0.004,
    "traditional": 0.01,
    "spaces": 0.02,
    "note": 0.02,
    "cut_off": 0.01,
    "former_name": 0.25,
    "former_in_brackets": 0.1,
    "heads_code": 0.12,
    "organisation_code": 0.05,
    "old_registration": 0.08,
    "code_typo": 0.01,
    "other_phone": 0.25,
    "agents_phone": 0.03,
    "phone_written": 0.06,
    "extension": 0.12,
    "two_phones": 0.04,
    "no_area_code": 0.04,
    "former_boss": 0.06,
    "boss_homophone": 0.01,
    "moved": 0.08,
    "registered_address": 0.08,
}
_ORGANISATION_HAS = ("credential", "phone", "email", "address", "legal_person")


def _office(name: str, share: float, care: float, has: tuple[float, ...], **rates: float) -> System:
    return System(
        name, share, care, dict(zip(_ORGANISATION_HAS, has, strict=True)), {**_ORGANISATION, **rates}
    )


ORGANISATION_SYSTEMS = {
    system.name: system
    for system in (
        _office("bank", 0.18, 0.9, (0.98, 0.95, 0.1, 0.9, 0.97), short_name=0, no_region=0.01, note=0.002),
        _office("contracts", 0.28, 0.8, (0.9, 0.95, 0.25, 0.9, 0.7), short_name=0.02),
        _office(
            "express",
            0.24,
            0.5,
            (0.25, 0.97, 0.05, 0.95, 0.15),
            short_name=0.2,
            no_region=0.2,
            no_legal_form=0.1,
        ),
        _office("shop", 0.12, 0.6, (0.4, 0.97, 0.4, 0.8, 0.3), short_name=0.12),
        _office("press", 0.1, 0.6, (0.2, 0.9, 0.05, 0.98, 0.2), short_name=0.08, former_name=0.45),
        _office(
            "old",
            0.08,
            0.4,
            (0.6, 0.85, 0.02, 0.9, 0.8),
            old_registration=0.5,
            organisation_code=0.3,
            former_name=0.8,
        ),
    )
}
