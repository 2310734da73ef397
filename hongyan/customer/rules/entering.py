"""What a person types of a customer (录入): what is wrong with it, and what of it is fit to be compared. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hongyan.customer.codes import Flaw, PartyType
from hongyan.identity.normalise.addresses import address as read_address
from hongyan.identity.normalise.credentials import IDENTIFYING, OTHER, Credential, credential
from hongyan.identity.normalise.dates import calendar_date
from hongyan.identity.normalise.genders import gender_code
from hongyan.identity.normalise.names import person_name
from hongyan.identity.normalise.organisations import organisation_name
from hongyan.identity.normalise.phones import phones
from hongyan.identity.normalise.text import email_key
from hongyan.identity.record import Kind, Record

OF_PERSONS = ("gender", "birth_date")
OF_ORGANISATIONS = ("legal_person",)


@dataclass(frozen=True, slots=True)
class Entered:
    """A customer as somebody typed them; texts, empty where nothing was said."""

    party_type: PartyType
    name: str = ""
    gender: str = ""
    birth_date: str = ""
    credential_type: str = ""
    credential_no: str = ""
    mobile: str = ""
    landline: str = ""
    email: str = ""
    address: str = ""
    legal_person: str = ""

    @property
    def kind(self) -> Kind:
        """Person or organisation as identity names them."""
        return "person" if self.party_type == PartyType.PERSON else "organisation"

    @property
    def is_findable(self) -> bool:
        """Whether it has a number, or an address that names a place: a name alone says of nobody who it is."""
        numbers = (self.credential_no, self.mobile, self.landline, self.email)
        return any(numbers) or bool(read_address(self.address).road)


def flaws_of(entered: Entered, *, today: date) -> dict[str, Flaw]:
    """Field → what is wrong with it; the empty field for the whole. Source: CUS-002.

    >>> said = Entered(PartyType.PERSON, "王女士", mobile="1381234", credential_no="110105194912310021")
    >>> flaws_of(said, today=date(2026, 11, 23))
    {'name': Flaw.NAME, 'credential_no': Flaw.CHECKSUM, 'mobile': Flaw.MOBILE}
    >>> flaws_of(Entered(PartyType.PERSON, "王小明"), today=date(2026, 11, 23))
    {'': Flaw.TOO_LITTLE}
    """
    found = dict(_flaws(entered, today))
    if not found and not entered.is_findable:
        found[""] = Flaw.TOO_LITTLE
    return found


def sound(entered: Entered, *, today: date) -> Entered:
    """What was typed without what is wrong: half a phone number is nobody's."""
    cleared: dict[str, Any] = {name: "" for name in flaws_of(entered, today=today) if name}
    return replace(entered, **cleared)


def record_of(entered: Entered) -> Record:
    """What was typed as identity reads it."""
    return Record(
        source="",
        source_key="",
        kind=entered.kind,
        name=entered.name,
        credential_type=entered.credential_type,
        credential_no=entered.credential_no,
        gender=entered.gender,
        birth_date=entered.birth_date,
        phones=(entered.mobile, entered.landline),
        email=entered.email,
        address=entered.address,
        legal_person=entered.legal_person,
    )


def _flaws(entered: Entered, today: date) -> Iterator[tuple[str, Flaw]]:
    if flaw := _of_name(entered):
        yield "name", flaw
    number = credential(entered.kind, entered.credential_type, entered.credential_no)
    if number and (found := _of_credential(entered.kind, number)):
        yield found
    if entered.credential_no and number is None:
        yield "credential_no", Flaw.FORMAT
    if entered.birth_date and (flaw := _of_birth_date(entered.birth_date, number, today)):
        yield "birth_date", flaw
    if number and {gender_code(entered.gender), number.gender} == {"1", "2"}:
        yield "gender", Flaw.DIFFERS
    if entered.mobile and not _is_one(entered.mobile, "mobile"):
        yield "mobile", Flaw.MOBILE
    if entered.landline and not _is_one(entered.landline, "landline"):
        yield "landline", Flaw.LANDLINE
    if entered.email and not email_key(entered.email):
        yield "email", Flaw.EMAIL


def _of_name(entered: Entered) -> Flaw | None:
    if not entered.name:
        return Flaw.MISSING
    if entered.kind == "person":
        return _of_person_name(entered.name)
    name = organisation_name(entered.name)
    is_whole = name.stem and not name.key.isdigit() and "*" not in name.display
    return None if is_whole else Flaw.NAME


def _of_person_name(text: str) -> Flaw | None:
    name = person_name(text)
    if not name.surname and organisation_name(text).legal_form:
        return Flaw.ORGANISATION
    return None if name.is_complete else Flaw.NAME


def _of_credential(kind: Kind, number: Credential) -> tuple[str, Flaw] | None:
    """The field at fault and what is wrong; kinds of documents that nobody can check pass as they are."""
    if number.valid and number.identity_type not in IDENTIFYING[kind]:
        return "credential_no", Flaw.OTHERS
    if "type_corrected" in number.problems:
        return "credential_type", Flaw.CREDENTIAL_TYPE
    if number.valid:
        return None
    if "*" in number.number:
        return "credential_no", Flaw.MASKED
    if number.type == OTHER and "placeholder" not in number.problems:
        return None
    return "credential_no", Flaw.CHECKSUM if "checksum" in number.problems else Flaw.FORMAT


def _of_birth_date(text: str, number: Credential | None, today: date) -> Flaw | None:
    given = calendar_date(text)
    if given is None:
        return Flaw.DATE
    if given > today:
        return Flaw.FUTURE
    told = number.birth_date if number else None
    return Flaw.DIFFERS if told and told != given else None


def _is_one(text: str, kind: str) -> bool:
    found = phones(text)
    return len(found) == 1 and found[0].valid and found[0].kind == kind
