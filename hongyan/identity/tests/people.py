"""Parties as the tests write them, with numbers that pass their checks and belong to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from hongyan.identity.model.weights import Model, default_model
from hongyan.identity.normalise import normalise
from hongyan.identity.normalise.credentials import citizen_check, credit_code_check, organisation_check
from hongyan.identity.online.party import Counts, Party, Worth, party_of
from hongyan.identity.online.scoring import compare
from hongyan.identity.record import Kind, Record
from hongyan.identity.verdict import Verdict

PHONE, OTHER_PHONE = "13812345670", "13912345671"
KINDS: tuple[Kind, ...] = ("person", "organisation")
MODELS: Mapping[Kind, Model] = {kind: default_model(kind) for kind in KINDS}
NOTHING_COUNTED: Mapping[Kind, Worth] = {kind: Counts(model, 0, {}) for kind, model in MODELS.items()}


def citizen(birth: str = "19800102", sequence: int = 12, county: str = "320508") -> str:
    head = f"{county}{birth}{sequence:03}"
    return head + citizen_check(head)


def credit_code(organisation: str = "MA1ABCD1") -> str:
    head = "91320508" + organisation + organisation_check(organisation)
    return head + credit_code_check(head)


def person(name: str, *phones: str, id_: int | None = None, **fields: str) -> Party:
    return _party("person", name, phones, id_, fields)


def firm(name: str, *phones: str, id_: int | None = None, **fields: str) -> Party:
    return _party("organisation", name, phones, id_, fields)


def compared(one: Party, other: Party, worth: Worth | None = None) -> Verdict:
    assert one.kind == other.kind
    return compare(MODELS[one.kind], one.row, other.row, worth or NOTHING_COUNTED[one.kind])


def _party(kind: Kind, name: str, phones: tuple[str, ...], id_: int | None, fields: dict[str, str]) -> Party:
    record = Record("T", name, kind, name, phones=phones, **fields)
    return party_of(kind, normalise(record).row(), id_)
