"""Normalisers: what a source wrote → what can be compared. Pure: no clock, no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hongyan.identity.normalise.addresses import address
from hongyan.identity.normalise.credentials import Credential, credential
from hongyan.identity.normalise.dates import calendar_date
from hongyan.identity.normalise.divisions import within
from hongyan.identity.normalise.genders import gender_code
from hongyan.identity.normalise.names import PersonName, person_name
from hongyan.identity.normalise.organisations import OrganisationName, organisation_name
from hongyan.identity.normalise.phones import Phone, phones
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.identity.normalise.text import email_key
from hongyan.identity.record import Kind, Record


@dataclass(frozen=True, slots=True)
class Normalised:
    """The comparable form of one record.

    Grain: one per record. Fields: ``name`` for display; ``name_key``, ``pinyin``, ``initials`` for matching
    and search; ``credentials`` valid ones first; ``birth_date`` and ``gender`` (L04: 0, 1, 2) from a valid
    credential before the record's own words; ``division`` six digits or empty; ``warnings`` codes
    ``field.problem``.
    """

    kind: Kind
    name: str
    name_key: str
    pinyin: str
    initials: str
    credentials: tuple[Credential, ...] = ()
    phones: tuple[Phone, ...] = ()
    birth_date: date | None = None
    gender: str = "0"
    email: str = ""
    division: str = ""
    address_key: str = ""
    person: PersonName | None = None
    organisation: OrganisationName | None = None
    legal_person_key: str = ""
    warnings: tuple[str, ...] = ()


def normalise(record: Record) -> Normalised:
    """The comparable form of a record.

    >>> found = normalise(Record("DK", "7", "person", "張曉麗 女士", credential_no="11010519491231002X",
    ...                          phones=("138 0013 8000",), gender="1"))
    >>> found.name, found.name_key, found.pinyin, found.birth_date, found.gender, found.phones[0].number
    ('張曉麗', '张晓丽', 'zhangxiaoli', datetime.date(1949, 12, 31), '2', '+8613800138000')
    >>> found.warnings
    ('gender.differs_from_credential',)
    >>> normalise(Record("DK", "8", "organisation", "苏州市鼎盛食品有限公司工会")).organisation.branch
    '工会'
    """
    warnings: list[str] = []
    person = person_name(record.name) if record.kind == "person" else None
    organisation = organisation_name(record.name) if record.kind == "organisation" else None
    found = credential(record.kind, record.credential_type, record.credential_no)
    if found:
        warnings.extend(f"credential.{problem}" for problem in found.problems)
    numbers = _phones(record.phones, warnings)
    # On the record of an organisation a citizen's number is its owner's: it tells nothing about the party
    # itself.
    telling = found if found and found.valid and record.kind == "person" else None
    place = address(record.address, record.division) if record.address else None
    division = place.division if place else record.division
    if record.division and not within(record.division):
        warnings.append("division.unknown")
    name, name_key, pinyin, initials = _name_fields(person, organisation, warnings)
    return Normalised(
        kind=record.kind,
        name=name,
        name_key=name_key,
        pinyin=pinyin,
        initials=initials,
        credentials=(found,) if found else (),
        phones=numbers,
        birth_date=_birth_date(record.birth_date, telling, warnings) if person else None,
        gender=_gender(record.gender, telling, person, warnings) if person else "0",
        email=email_key(record.email) if record.email else "",
        division=division[:6] if within(division) else "",
        address_key=place.key if place else "",
        person=person,
        organisation=organisation,
        legal_person_key=person_name(record.legal_person).key if record.legal_person else "",
        warnings=tuple(warnings),
    )


def _name_fields(
    person: PersonName | None, organisation: OrganisationName | None, warnings: list[str]
) -> tuple[str, str, str, str]:
    """(display, key, pinyin, initials) of whichever name there is."""
    if person:
        if not person.is_complete:
            warnings.append(
                "name.masked" if person.masked else "name.incomplete" if person.key else "name.empty"
            )
        return person.display, person.key, person.pinyin, person.initials
    if organisation is None or not organisation.key:
        warnings.append("name.empty")
        return "", "", "", ""
    syllables = syllables_of(organisation.key)
    return organisation.display, organisation.key, "".join(syllables), "".join([s[0] for s in syllables])


def _phones(fields: tuple[str, ...], warnings: list[str]) -> tuple[Phone, ...]:
    found = tuple(dict.fromkeys(number for field in fields if field for number in phones(field)))
    if all(number.valid for number in found):
        return found
    warnings.append("phone.invalid")
    return tuple(sorted(found, key=lambda number: not number.valid))


def _birth_date(text: str | None, telling: Credential | None, warnings: list[str]) -> date | None:
    given = calendar_date(text)
    if text and text.strip() and given is None:
        warnings.append("birth_date.unreadable")
    if telling is None or telling.birth_date is None:
        return given
    if given and given != telling.birth_date:
        warnings.append("birth_date.differs_from_credential")
    return telling.birth_date


def _gender(text: str, telling: Credential | None, name: PersonName | None, warnings: list[str]) -> str:
    given = gender_code(text) or "0"
    if telling and telling.gender != "0":
        if given not in ("0", telling.gender):
            warnings.append("gender.differs_from_credential")
        return telling.gender
    return given if given != "0" or name is None else name.gender_hint
