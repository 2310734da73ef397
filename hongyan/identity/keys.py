"""The keys under which candidates are found: two records that may be one share at least one of them.

Values are clear text and personal data: blind them with a keyed hash before they touch a database.
"""

from __future__ import annotations

from dataclasses import dataclass

from hongyan.identity.normalise import Normalised
from hongyan.identity.normalise.credentials import IDENTIFYING, ORGANISATION_CODE

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Key:
    """One look-up key.

    ``kind`` is one of

    ===== ==================================================================
    C:t   a valid credential of type t (L03)
    NP    full name and phone
    RP    a reading of the name and phone (homophones, pinyin)
    SP    surname's reading and phone (masked and incomplete names)
    NBD   full name, birth date and division
    NA    full name and address
    NE    full name and e-mail
    OD    organisation's full name and division
    ON    organisation's full name, where it bears region and legal form
    OP    organisation's stem and phone
    OL    organisation's stem and legal representative
    ===== ==================================================================
    """

    kind: str
    value: str


def strong_keys(n: Normalised) -> tuple[Key, ...]:
    """The keys that alone identify: one per valid credential, and the organisation code inside a credit code.

    >>> from hongyan.identity.record import Record
    >>> from hongyan.identity.normalise import normalise
    >>> shop = Record("ERP", "1", "organisation", "甲", "20", "91110000600037341L")
    >>> [key.kind for key in strong_keys(normalise(shop))]
    ['C:20', 'C:22']
    """
    found: dict[Key, None] = {}
    for credential in n.credentials:
        if not credential.valid or credential.identity_type not in IDENTIFYING[n.kind]:
            continue
        found[Key(f"C:{credential.identity_type}", credential.number)] = None
        if code := credential.organisation_code:
            found[Key(f"C:{ORGANISATION_CODE}", code)] = None
    return tuple(found)


def weaker_keys(n: Normalised) -> tuple[Key, ...]:
    """The combinations under which a record can meet its own without a credential.

    >>> from hongyan.identity.record import Record
    >>> from hongyan.identity.normalise import normalise
    >>> zhang = Record("DK", "1", "person", "张三", phones=("13800138000",))
    >>> [key.kind for key in weaker_keys(normalise(zhang))]
    ['NP', 'RP', 'SP']
    """
    return tuple(dict.fromkeys(_person_keys(n) if n.kind == "person" else _organisation_keys(n)))


def phone_values(n: Normalised) -> tuple[str, ...]:
    """The valid numbers as they compare: a person's with the extension, an organisation's without."""
    return tuple(dict.fromkeys(phone.comparable(n.kind) for phone in n.phones if phone.valid))


def _person_keys(n: Normalised) -> list[Key]:
    person = n.person
    if person is None or not person.key:
        return []
    numbers = phone_values(n)
    keys: list[Key] = []
    if person.is_complete:
        keys += [_key("NP", n.name_key, number) for number in numbers]
        keys += [_key("RP", reading, number) for reading in person.readings for number in numbers]
    keys += [_key("SP", person.surname_pinyin, number) for number in numbers if person.surname_pinyin]
    if not person.is_complete:
        return keys
    if n.birth_date and n.division:
        keys.append(_key("NBD", n.name_key, n.birth_date.isoformat(), n.division))
    if n.address_key:
        keys.append(_key("NA", n.name_key, n.address_key))
    if n.email:
        keys.append(_key("NE", n.name_key, n.email))
    return keys


def _organisation_keys(n: Normalised) -> list[Key]:
    name = n.organisation
    if name is None or not name.key:
        return []
    keys = [_key("OP", name.stem, number) for number in phone_values(n) if name.stem]
    if n.division:
        keys.append(_key("OD", name.key, n.division))
    if name.is_full:
        keys.append(_key("ON", name.key))
    if n.legal_person_key and name.stem:
        keys.append(_key("OL", name.stem, n.legal_person_key))
    return keys


def _key(kind: str, *parts: str) -> Key:
    return Key(kind, _SEPARATOR.join(parts))
