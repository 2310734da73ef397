"""Normalisers: what a source wrote → what can be compared. Pure: no clock, no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hongyan.identity.normalise.addresses import Address, address
from hongyan.identity.normalise.columns import (
    ADDRESS,
    CREDENTIAL,
    LEGAL_PERSON,
    ORGANISATION,
    PERSON,
    PHONES,
    address_values,
    credential_values,
    legal_person_values,
    organisation_values,
    person_values,
    phone_values,
)
from hongyan.identity.normalise.credentials import Credential, credential
from hongyan.identity.normalise.dates import calendar_date, day_digits
from hongyan.identity.normalise.divisions import within
from hongyan.identity.normalise.genders import gender_code
from hongyan.identity.normalise.misplaced import Fields, put_right
from hongyan.identity.normalise.names import PersonName, person_name
from hongyan.identity.normalise.organisations import OrganisationName, organisation_name
from hongyan.identity.normalise.phones import Phone, phones
from hongyan.identity.normalise.pinyin import syllables_of
from hongyan.identity.normalise.text import email_key
from hongyan.identity.record import Kind, Record

VERSION = 3
"""Raise it with every change of these modules that reads a value in another way: what was kept is then read anew."""

Row = dict[str, Any]
"""A row of the normalised table (``batch``): column → what the record says; what it does not say is absent."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """The comparable form of one record.

    Grain: one per record. Fields: ``name`` for display; ``name_key``, ``pinyin``, ``initials`` for matching
    and search; ``credentials`` valid ones first; ``birth_date`` and ``gender`` (L04: 0, 1, 2) from a valid
    credential before the record's own words; ``birth_digits`` the eight digits given, also where they are no
    day; ``division`` six digits or empty; ``numbers`` the phones of each of the record's fields, ``phones`` all
    of them; ``warnings`` codes ``field.problem``; ``compared`` the record as it compares, where a value stood in
    another's field (``misplaced``).
    """

    kind: Kind
    name: str
    name_key: str
    pinyin: str
    initials: str
    credentials: tuple[Credential, ...] = ()
    phones: tuple[Phone, ...] = ()
    numbers: tuple[tuple[Phone, ...], ...] = ()
    birth_date: date | None = None
    birth_digits: str = ""
    gender: str = "0"
    email: str = ""
    division: str = ""
    address_key: str = ""
    place: Address | None = None
    person: PersonName | None = None
    organisation: OrganisationName | None = None
    legal_person: PersonName | None = None
    warnings: tuple[str, ...] = ()
    compared: Normalised | None = None

    @property
    def legal_person_key(self) -> str:
        """The legal representative's name as it compares."""
        return self.legal_person.key if self.legal_person else ""

    def row(self) -> Row:
        """The row of the normalised table (``batch``) that this record would be; what it does not say is left out.

        >>> shop = normalise(Record("ERP", "1", "organisation", "苏州市鼎盛食品有限公司", address="观前街12号"))
        >>> [shop.row().get(name) for name in ("stem", "industry", "road", "house", "room")]
        ['鼎盛', '食品', '观前街', '12', None]
        """
        if self.compared:
            return self.compared.row()
        return {
            name: list(value) if type(value) is tuple else value
            for name, value in self._said()
            if value or value is False
        }

    def _said(self) -> Iterator[tuple[str, Any]]:
        if self.person and self.person.display:
            yield from zip(PERSON, person_values(self.person), strict=True)
        if self.person:
            yield "birth_date", self.birth_date
            yield "birth_digits", self.birth_digits
            yield "gender", self.gender.replace("0", "")
        if self.organisation:
            yield from zip(ORGANISATION, organisation_values(self.organisation), strict=True)
        if self.credentials:
            yield from zip(CREDENTIAL, credential_values(self.kind, self.credentials[0]), strict=True)
        if self.phones:
            yield from zip(PHONES, phone_values(self.kind, self.phones), strict=True)
        yield "email", self.email
        if self.place:
            yield from zip(ADDRESS, address_values(self.place), strict=True)
        yield "division", self.division
        if self.legal_person:
            yield from zip(LEGAL_PERSON, legal_person_values(self.legal_person), strict=True)


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
    found, moved = _read(record), _put_right(record)
    return found if moved is record else replace(found, compared=_read(moved))


def _put_right(record: Record) -> Record:
    """The record with values moved to the fields they belong to; itself where all are."""
    fields = Fields(record.name, record.credential_no, "/".join(filter(None, record.phones)), record.email)
    right = put_right(fields)
    if right == fields:
        return record
    phones_right = (right.phone,) if right.phone else ()
    return replace(
        record, name=right.name, credential_no=right.credential_no, phones=phones_right, email=right.email
    )


def _read(record: Record) -> Normalised:
    warnings: list[str] = []
    person = person_name(record.name) if record.kind == "person" else None
    organisation = organisation_name(record.name) if record.kind == "organisation" else None
    found = credential(record.kind, record.credential_type, record.credential_no)
    if found:
        warnings.extend(f"credential.{problem}" for problem in found.problems)
    numbers = tuple(phones(field) if field else () for field in record.phones)
    # On the record of an organisation a citizen's number is its owner's: it tells nothing about the party
    # itself.
    telling = found if found and found.valid and record.kind == "person" else None
    place = address(record.address, record.division) if record.address else None
    division = place.division if place else record.division
    if record.division and not within(record.division):
        warnings.append("division.unknown")
    name, name_key, pinyin, initials = _name_fields(person, organisation, warnings)
    birth_date = _birth_date(record.birth_date, telling, warnings) if person else None
    return Normalised(
        kind=record.kind,
        name=name,
        name_key=name_key,
        pinyin=pinyin,
        initials=initials,
        credentials=(found,) if found else (),
        phones=_phones(numbers, warnings),
        numbers=numbers,
        birth_date=birth_date,
        birth_digits=_birth_digits(record.birth_date, birth_date),
        gender=_gender(record.gender, telling, person, warnings) if person else "0",
        email=email_key(record.email) if record.email else "",
        division=division[:6] if within(division) else "",
        address_key=place.key if place else "",
        place=place,
        person=person,
        organisation=organisation,
        legal_person=person_name(record.legal_person) if organisation and record.legal_person else None,
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


def _phones(numbers: tuple[tuple[Phone, ...], ...], warnings: list[str]) -> tuple[Phone, ...]:
    found = tuple(dict.fromkeys(number for field in numbers for number in field))
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


def _birth_digits(text: str | None, birth_date: date | None) -> str:
    given = day_digits(text) if text else ""
    return given or (birth_date.strftime("%Y%m%d") if birth_date else "")


def _gender(text: str, telling: Credential | None, name: PersonName | None, warnings: list[str]) -> str:
    given = gender_code(text) or "0"
    if telling and telling.gender != "0":
        if given not in ("0", telling.gender):
            warnings.append("gender.differs_from_credential")
        return telling.gender
    return given if given != "0" or name is None else name.gender_hint
