"""From a checked record to what the tables need: normalised, masked, blinded, sealed. No database.

Preparing is most of the processor time of a load and depends on nothing but the record and the key ring, so it can
run in other processes while the database writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from hongyan.core import masking, vault
from hongyan.core.personal_numbers import mask_numbers
from hongyan.core.sealed import uuid_for
from hongyan.customer.codes import MAIN_PART, SEALED_FIELDS, PartyRecord, PartyType
from hongyan.customer.rules.tokens import organisation_tokens, person_tokens
from hongyan.identity.normalise import normalise
from hongyan.identity.normalise.addresses import address as read_address
from hongyan.identity.normalise.names import PersonName, person_name
from hongyan.identity.normalise.organisations import OrganisationName, organisation_name
from hongyan.identity.normalise.phones import Phone, phones
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.identity.normalise.text import clean, email_key, simplify
from hongyan.identity.profile import Profile, profile_of
from hongyan.identity.record import Record

RECORDS = "customer_sourcerecord"
SEALED_COLUMN = f"{RECORDS}.sealed"

KEPT_KEYS = ("NP", "NE", "NA", "ON", "OD")
"""Kinds of weaker candidate keys kept for look-up: those under which deterministic rules can join."""

WORDS = frozenset({"name", "short_name", "legal_person", "contact_name", "role", "address"})
"""Fields in which people write as they like; all others are codes and days."""

_MASKS = {
    "credential_no": masking.mask_credential,
    "mobile": masking.mask_phone,
    "landline": masking.mask_phone,
    "email": masking.mask_email,
}
MASKED_FORM = {
    "credential_no": "credential_masked",
    "mobile": "mobile_masked",
    "landline": "landline_masked",
    "email": "email_masked",
}
_SORT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier of a record: kind, keyed hash, masked form."""

    kind: str
    hash: bytes
    masked: str


@dataclass(frozen=True, slots=True)
class Name:
    """What follows from a party's name: the key to compare by, the pinyin to sort by, the search tokens."""

    key: str
    sort_key: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record ready to be written. `profile` is None for sub-records, which say nothing about who the party is."""

    record: PartyRecord
    uuid: UUID
    digest: bytes
    fields: dict[str, Any]
    fields_json: str
    sealed: bytes
    identifiers: tuple[Found, ...]
    strong: tuple[bytes, ...] = ()
    profile: Profile | None = None
    name: Name | None = None


def prepare(record: PartyRecord) -> Prepared:
    """Normalise, mask, blind and seal one record. Numbers of people inside its words are masked, not sealed."""
    words = {name: mask_numbers(text) for name, text in record.fields.items() if name in WORDS}
    record = replace(record, fields={**record.fields, **words})
    return _prepare_party(record) if record.part == MAIN_PART else _prepare_part(record)


def prepare_all(records: Iterable[PartyRecord]) -> list[Prepared]:
    """Prepare a chunk; a plain function of a module, so that another process can be asked for it."""
    return [prepare(record) for record in records]


def search_hash(kind: str, value: str) -> bytes:
    """The keyed hash under which an identifier is found; kinds are `P` phone, `E` e-mail, `C:<L03>` credential."""
    return vault.blind(kind, value)


def display_phone(number: str) -> str:
    """A Chinese number as people write it, from its international form.

    >>> display_phone("+8613812345678"), display_phone("+8653182345678"), display_phone("+861082345678")
    ('13812345678', '0531-82345678', '010-82345678')
    """
    national = number.removeprefix("+86")
    if national == number or (len(national) == 11 and national[0] == "1" and national[1] != "0"):
        return national
    area = 2 if national[0] in "12" else 3
    return f"0{national[:area]}-{national[area:]}"


def name_of(party_type: PartyType, text: str) -> Name:
    """What follows from a name that stands alone."""
    if party_type == PartyType.PERSON:
        return _name(person_name(text), None)
    return _name(None, organisation_name(text))


def _name(person: PersonName | None, organisation: OrganisationName | None) -> Name:
    if person is not None:
        surname_syllables = len(person.syllables) - len(syllables_of(person.given)) if person.given else 1
        tokens = person_tokens(person.key, person.syllables, max(surname_syllables, 1))
        return Name(person.key, (person.pinyin or person.key)[:_SORT_LENGTH], tuple(tokens))
    assert organisation is not None
    written = simplify(clean(organisation.display)).replace(" ", "")
    syllables = syllables_of(written)
    tokens = organisation_tokens(written, syllables, syllables_of(organisation.stem))
    return Name(written, ("".join(syllables) or written.casefold())[:_SORT_LENGTH], tuple(tokens))


def _prepare_party(record: PartyRecord) -> Prepared:
    normalised = normalise(_as_identity_record(record))
    profile = profile_of(normalised, vault.blind, kinds=KEPT_KEYS)
    fields = _open_fields(record)
    fields["name"] = normalised.name or record.fields["name"]
    if normalised.person and not normalised.person.is_complete:
        fields["name_is_fragment"] = True
    fields.pop("birth_date", None)
    if normalised.birth_date:
        fields["birth_date"] = normalised.birth_date.isoformat()
    if normalised.gender != "0":
        fields["gender"] = normalised.gender
    if normalised.division:
        fields["division"] = normalised.division
    secrets = dict(record.secrets)
    credential = normalised.credentials[0] if normalised.credentials else None
    if credential:
        secrets["credential_no"] = credential.number
        fields["credential_type"] = credential.type
        fields["credential_valid"] = credential.valid
    match = {
        "A": [value.hex() for value in profile.addresses],
        "E": [value.hex() for value in profile.emails],
    }
    fields["match"] = {kind: values for kind, values in match.items() if values}
    found = [Found(kind, value, "") for kind, value in profile.keys if kind in KEPT_KEYS]
    if credential:
        masked = masking.mask_credential(credential.number)
        found += [Found(kind, value, masked) for kind, value in profile.keys if kind.startswith("C:")]
    found += _contact_identifiers(secrets, fields, prefix="")
    strong = tuple(sorted(value for kind, value in profile.keys if kind.startswith("C:")))
    name = _name(normalised.person, normalised.organisation)
    return _sealed(record, fields, secrets, found, strong=strong, profile=profile, name=name)


def _prepare_part(record: PartyRecord) -> Prepared:
    fields, secrets = _open_fields(record), dict(record.secrets)
    found = _contact_identifiers(secrets, fields, prefix="contact_")
    if "address" in fields:
        place = read_address(fields["address"], fields.get("division", ""))
        fields["division"] = place.division or fields.get("division", "")
    return _sealed(record, fields, secrets, found)


def _as_identity_record(record: PartyRecord) -> Record:
    fields, secrets = record.fields, record.secrets
    return Record(
        source=record.system,
        source_key=record.key,
        kind="person" if record.party_type == PartyType.PERSON else "organisation",
        name=fields["name"],
        credential_type=fields.get("credential_type", ""),
        credential_no=secrets.get("credential_no", ""),
        gender=fields.get("gender", ""),
        birth_date=fields.get("birth_date"),
        phones=tuple(filter(None, (secrets.get("mobile"), secrets.get("landline")))),
        email=secrets.get("email", ""),
        address=fields.get("address", ""),
        division=fields.get("division", ""),
        postcode=fields.get("postcode", ""),
        legal_person=fields.get("legal_person", ""),
    )


def _open_fields(record: PartyRecord) -> dict[str, Any]:
    leaked = record.fields.keys() & set(SEALED_FIELDS)
    if leaked:
        raise ValueError(f"sealed fields among the open ones: {sorted(leaked)}")
    return dict(record.fields)


def _contact_identifiers(secrets: dict[str, str], fields: dict[str, Any], *, prefix: str) -> list[Found]:
    """Phones and e-mail of a record; puts their normal form into `secrets`."""
    found: dict[tuple[str, bytes], Found] = {}
    for name in ("mobile", "landline"):
        text = secrets.get(name)
        numbers = phones(text) if text else ()
        if not numbers:
            continue
        secrets[name] = _display(numbers[0])
        fields[f"{name}_valid"] = numbers[0].valid
        for number in numbers:
            kind, value = prefix + number.kind, search_hash("P", number.number)
            found[kind, value] = Found(kind, value, masking.mask_phone(_display(number)))
    if secrets.get("email"):
        address = email_key(secrets["email"])
        fields["email_valid"] = bool(address)
        if address:
            secrets["email"] = address
            kind, value = prefix + "email", search_hash("E", address)
            found[kind, value] = Found(kind, value, masking.mask_email(address))
    return list(found.values())


def _display(phone: Phone) -> str:
    number = display_phone(phone.number) if phone.valid else phone.number
    return f"{number}-{phone.extension}" if phone.extension else number


def _sealed(
    record: PartyRecord, fields: dict[str, Any], secrets: dict[str, str], found: list[Found], **party: Any
) -> Prepared:
    secrets = {name: value for name, value in secrets.items() if value}
    fields |= {MASKED_FORM[name]: _MASKS[name](value) for name, value in secrets.items()}
    relation = (
        record.party_type.value,
        record.line,
        record.kind.value,
        record.unit_code,
        record.manager_no,
        record.status.value,
    )
    open_json = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()
    body = orjson.dumps(secrets, option=orjson.OPT_SORT_KEYS)
    digest = vault.blind("record", "\x1f".join([open_json, body.decode(), *relation]))
    uuid = uuid_for(RECORDS, record.system, record.key, record.part, digest)
    return Prepared(
        record=record,
        uuid=uuid,
        digest=digest,
        fields=fields,
        fields_json=open_json,
        sealed=vault.seal(body, record=uuid, column=SEALED_COLUMN) if secrets else b"",
        identifiers=tuple(found),
        **party,
    )
