"""From a checked record to what the tables need: normalised, masked, blinded, sealed. No database.

Preparing is most of the processor time of a load and depends on nothing but the record and the key ring, so it can
run in other processes while the database writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from hongyan.core import masking, vault
from hongyan.core.bulk import as_text
from hongyan.core.personal_numbers import mask_numbers
from hongyan.core.sealed import uuid_for
from hongyan.customer.codes import MAIN_PART, SEALED_FIELDS, PartyRecord, PartyType
from hongyan.customer.custom import is_custom, mask
from hongyan.customer.rules.custom import PREFIX
from hongyan.customer.rules.golden import CUSTOM
from hongyan.customer.rules.likeness import pack
from hongyan.customer.rules.tokens import organisation_tokens, person_tokens
from hongyan.identity.model.conditions import Row
from hongyan.identity.normalise import Normalised, normalise
from hongyan.identity.normalise.addresses import address as read_address
from hongyan.identity.normalise.credentials import IDENTIFYING, ORGANISATION_CODE
from hongyan.identity.normalise.names import PersonName, person_name
from hongyan.identity.normalise.organisations import OrganisationName, organisation_name
from hongyan.identity.normalise.phones import Phone, phones
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.identity.normalise.text import clean, email_key, simplify
from hongyan.identity.online.keys import LOOK_UPS, candidate_keys
from hongyan.identity.online.party import Party, party_of
from hongyan.identity.record import Kind, Record

RECORDS = "customer_sourcerecord"
SEALED_COLUMN = f"{RECORDS}.sealed"
LIKENESS_COLUMN = f"{RECORDS}.likeness"

CONTENT = (
    "uuid", "part", "line", "fields", "sealed", "digest", "row", "as_of", "source_updated_at", "likeness",
)  # fmt: skip
"""Columns of a source record that say what it says."""

WORDS = frozenset(
    {"name", "short_name", "legal_person", "contact_name", "role", "address", "note", "end_reason"}
)
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
_PHONES = ("mobile", "landline")
_SORT_LENGTH = 120


class Found(NamedTuple):
    """One identifier of a record: kind, keyed hash, masked form."""

    kind: str
    hash: bytes
    masked: str


class Name(NamedTuple):
    """What follows from a party's name: the key to compare by, the pinyin to sort by, the search tokens."""

    key: str
    sort_key: str
    tokens: tuple[str, ...]


class LookUpKey(NamedTuple):
    """A key under which candidates are found.

    Fields: `value` a keyed hash; `crowd` above how many parties it is passed over, 0 never; `mark` stands for the
    number that the asking party has for life, with its type in the last eight bits, None without one.
    """

    value: int
    crowd: int
    mark: int | None


class Prepared(NamedTuple):
    """A record ready to be written; `record` without what it says, which is in `fields` and sealed.

    `party` is what it is compared by, `keys` where its candidates are found; `strong` are its valid credentials,
    blinded. Sub-records have none of them: they say nothing about who the party is.
    Texts are pieces of lines as COPY takes them (`core.bulk.as_text`), without whom they belong to: `content` the
    columns `CONTENT`, `identifiers` and `stands` one each for those of `Identifier` and `CandidateKey`.
    """

    record: PartyRecord
    digest: bytes
    fields: dict[str, Any]
    content: str
    identifiers: tuple[str, ...]
    strong: tuple[bytes, ...] = ()
    party: Party | None = None
    keys: tuple[LookUpKey, ...] = ()
    stands: tuple[str, ...] = ()
    name: Name | None = None


def prepare(record: PartyRecord) -> Prepared:
    """Normalise, mask, blind and seal one record. Numbers of people inside its words are masked, not sealed."""
    words = {name: mask_numbers(text) for name, text in record.fields.items() if name in WORDS}
    record = record._replace(fields={**record.fields, **words})
    return _prepare_party(record) if record.part == MAIN_PART else _prepare_part(record)


def prepare_all(records: Iterable[PartyRecord]) -> list[Prepared]:
    """Prepare a chunk; a plain function of a module, so that another process can be asked for it."""
    return [prepare(record) for record in records]


def search_hash(kind: str, value: str) -> bytes:
    """The keyed hash under which an identifier is found; kinds are `P` phone, `E` e-mail, `C:<L03>` credential."""
    return vault.blind(kind, value)


def credential_hashes(record: Record) -> list[bytes]:
    """The keyed hashes of a record's valid credentials that say who a party is, as `search_hash` makes them."""
    return [value for _, value in _strong(normalise(record))]


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
    normalised = normalise(identity_record(record))
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
    strong = _strong(normalised)
    found = []
    if normalised.credentials:
        credential = normalised.credentials[0]
        secrets["credential_no"] = credential.number
        fields["credential_type"] = credential.type
        fields["credential_valid"] = credential.valid
        masked = masking.mask_credential(credential.number)
        found = [Found(kind, value, masked) for kind, value in strong]
    found += _contact_identifiers(secrets, fields, normalised.numbers, prefix="")
    party = party_of(normalised.kind, normalised.row())
    keys = look_up_keys(party)
    return _sealed(
        record,
        fields,
        secrets,
        found,
        strong=tuple(sorted(value for _, value in strong)),
        party=party,
        keys=keys,
        stands=tuple({as_text((key.value, key.mark)) for key in keys}),
        name=_name(normalised.person, normalised.organisation),
    )


def _strong(normalised: Normalised) -> list[tuple[str, bytes]]:
    """(kind, keyed hash) of a valid credential that says who a party is, and of the organisation code inside it."""
    found: dict[str, bytes] = {}
    for credential in normalised.credentials:
        if not credential.valid or credential.identity_type not in IDENTIFYING[normalised.kind]:
            continue
        kind = f"C:{credential.identity_type}"
        found[kind] = search_hash(kind, credential.number)
        if code := credential.organisation_code:
            kind = f"C:{ORGANISATION_CODE}"
            found[kind] = search_hash(kind, code)
    return list(found.items())


def look_up_keys(party: Party) -> tuple[LookUpKey, ...]:
    """The keys of a party as they stand in the database: 64 bits of a keyed hash."""
    mark = _mark(party.row)
    return tuple(
        LookUpKey(int.from_bytes(vault.blind(name, value)[:8], signed=True), _CROWDS[name], mark)
        for name, value in candidate_keys(party.kind, party.row)
    )


def may_meet(one: LookUpKey, other: LookUpKey) -> bool:
    """Whether two who stand under one key may be the same, as far as their numbers for life tell.

    >>> one, other = LookUpKey(7, 30, 0x5501), LookUpKey(7, 30, 0x6601)
    >>> may_meet(one, other), may_meet(one, other._replace(mark=None))
    (False, True)
    """
    if one.mark is None or other.mark is None or one.mark == other.mark:
        return True
    return one.mark & 255 != other.mark & 255


def _mark(row: Row) -> int | None:
    if code := row.get("organisation_code"):
        type_, number = ORGANISATION_CODE, code
    elif row.get("id_lifelong"):
        type_, number = row["id_type"], row["id_key"]
    else:
        return None
    return int.from_bytes(vault.blind("mark", number)[:6]) << 8 | int(type_)


_CROWDS = {look_up.name: look_up.crowd for found in LOOK_UPS.values() for look_up in found}


def _prepare_part(record: PartyRecord) -> Prepared:
    fields, secrets = _open_fields(record), dict(record.secrets)
    found = _contact_identifiers(secrets, fields, _numbers(secrets), prefix="contact_")
    if "address" in fields:
        place = read_address(fields["address"], fields.get("division", ""))
        fields["division"] = place.division or fields.get("division", "")
    return _sealed(record, fields, secrets, found)


def identity_record(record: PartyRecord) -> Record:
    """The record as identity reads it."""
    fields, secrets = record.fields, record.secrets
    return Record(
        source=record.system,
        source_key=record.key,
        kind=kind_of(record.party_type),
        name=fields["name"],
        credential_type=fields.get("credential_type", ""),
        credential_no=secrets.get("credential_no", ""),
        gender=fields.get("gender", ""),
        birth_date=fields.get("birth_date"),
        phones=tuple(secrets.get(name, "") for name in _PHONES),
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


def kind_of(party_type: str) -> Kind:
    """Person or organisation as identity names them."""
    return "person" if party_type == PartyType.PERSON else "organisation"


def _numbers(secrets: Mapping[str, str]) -> tuple[tuple[Phone, ...], ...]:
    return tuple(phones(secrets.get(name, "")) for name in _PHONES)


def _contact_identifiers(
    secrets: dict[str, str], fields: dict[str, Any], numbers: tuple[tuple[Phone, ...], ...], *, prefix: str
) -> list[Found]:
    """Phones and e-mail of a record; puts their normal form into `secrets`. `numbers` are those of `_PHONES`."""
    found: dict[tuple[str, bytes], Found] = {}
    for name, in_field in zip(_PHONES, numbers, strict=True):
        if not in_field:
            continue
        secrets[name] = _display(in_field[0])
        fields[f"{name}_valid"] = in_field[0].valid
        for number in in_field:
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
    record: PartyRecord,
    fields: dict[str, Any],
    secrets: dict[str, str],
    found: list[Found],
    *,
    party: Party | None = None,
    **rest: Any,
) -> Prepared:
    secrets = {name: value for name, value in secrets.items() if value}
    fields |= {MASKED_FORM[name]: _MASKS[name](value) for name, value in secrets.items() if name in _MASKS}
    sealed = {name.removeprefix(PREFIX): mask(value) for name, value in secrets.items() if is_custom(name)}
    if sealed:
        fields[CUSTOM] = {**fields.get(CUSTOM, {}), **sealed}
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
    content = (
        uuid,
        record.part,
        record.line,
        open_json,
        vault.seal(body, record=uuid, column=SEALED_COLUMN) if secrets else b"",
        digest,
        record.row,
        record.as_of,
        record.source_updated_at,
        seal_likeness(party, uuid) if party else b"",
    )
    return Prepared(
        record=record._replace(fields={}, secrets={}),
        digest=digest,
        fields=fields,
        content=as_text(content),
        identifiers=tuple(map(as_text, found)),
        party=party,
        **rest,
    )


def seal_likeness(party: Party, record: UUID) -> bytes:
    """What a party is compared by, sealed for its record."""
    return vault.seal(pack(party.kind, party.row), record=record, column=LIKENESS_COLUMN)
