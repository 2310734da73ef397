"""What a clerk wrote of a customer in one system: a `Form`, with the errors of the field.

Each error is one function that spoils a form and answers whether it applied; `ERRORS` gives its rate per
record. Rates are what data stewards report from such systems, of the order of one or two records in ten
being wrong in some way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hongyan.integration.demo import words
from hongyan.integration.demo.divisions import County
from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.numbers import Numbers, fifteen_digits
from hongyan.integration.demo.world import JIYOU, KGC, Customer, Organisation, Person

RESIDENT_ID, PASSPORT, MILITARY, PERMIT = "resident_id", "passport", "military", "permit"
USCC, OLD_LICENCE, ORGANISATION_CODE, NO_CREDENTIAL = "uscc", "old_licence", "organisation_code", ""

OTHER_CREDENTIAL_RATE = 0.015  # passport, permit or military card instead of the resident ID
HEADS_USCC_RATE = 0.30  # of branches, filed with the registration of the head office
OLD_LICENCE_RATE = 0.05  # of companies still filed with the licence of before 2015
ORGANISATION_CODE_RATE = 0.03  # of organisations in the old system, filed with the code inside the USCC
WALK_IN_SYSTEMS = (JIYOU, "yy")  # where persons need no agreement and may come without a credential
AGREEMENT_PERSON_RATE = 0.35  # with philately too, of persons with an agreement in the old system
WALK_IN_WITHOUT_CREDENTIAL_RATE = 0.10  # in philately; intake leaves them out (INT-020)
SECOND_KEY_RATE = 0.012  # the same customer entered again under another key
DUPLICATE_ROW_RATE = 0.004
TWO_SPELLINGS = "two_spellings"  # the showcase woman, whose name philately writes in its own way
SECOND_SPELLING = ("traditional_characters", "spaces")
SECOND_ERROR_RATE = 0.08  # of records that have one


@dataclass(slots=True)
class Form:
    """One customer as entered in one system, in plain values; each system then writes its own codes."""

    person: bool
    agreement: bool  # an agreement customer (协议客户); the others walk in (散户)
    name: str
    surname: str
    sex: str
    birth: date | None
    credential: str
    number: str
    mobile: str
    landline: str
    email: str
    county: County | None
    address: str
    detail: str
    postcode: str
    legal_person: str
    impossible_date: bool = False
    wrong_code: bool = False
    swapped_columns: bool = False


class Clerk:
    """Fills in forms, and errs."""

    def __init__(self, *, draw: Draw, numbers: Numbers) -> None:
        self.draw = draw
        self.numbers = numbers
        self.last_mobile = ""

    def fill(self, customer: Customer, system: str) -> tuple[Form, list[str]]:
        """The form of a customer in one system, and the names of what is wrong or special in it."""
        if isinstance(customer, Person):
            return self._person(customer, system)
        return self._organisation(customer, system)

    def _person(self, person: Person, system: str) -> tuple[Form, list[str]]:
        county = person.place.county
        form = Form(
            person=True,
            agreement=system not in WALK_IN_SYSTEMS
            or (KGC in person.systems and self.draw.chance(AGREEMENT_PERSON_RATE)),
            name=person.name.full,
            surname=person.name.surname,
            sex="男" if person.male else "女",
            birth=person.birth,
            credential=RESIDENT_ID,
            number=person.resident_id,
            mobile=person.mobile,
            landline=person.landline,
            email=person.email,
            county=county,
            address=f"{county.full_name}{person.place.detail}",
            detail=person.place.detail,
            postcode=county.postcode,
            legal_person="",
        )
        notes = list(person.traits)
        if person.tidy:
            if TWO_SPELLINGS in notes and system == JIYOU:
                notes += [name for name in SECOND_SPELLING if ERRORS[name][1](form, self)]
            return form, notes
        if any(character in RARE_CHARACTERS for character in form.name):
            notes.append("rare_character")
        if self.draw.chance(OTHER_CREDENTIAL_RATE):
            self._other_credential(form)
            notes.append("other_credential")
        self._err(form, notes)
        if not form.agreement and self.draw.chance(WALK_IN_WITHOUT_CREDENTIAL_RATE):
            form.credential, form.number = NO_CREDENTIAL, ""
            notes.append("walk_in_without_credential")
        self.last_mobile = person.mobile
        return form, _still_true(notes, form)

    def _organisation(self, organisation: Organisation, system: str) -> tuple[Form, list[str]]:
        county = organisation.place.county
        form = Form(
            person=False,
            agreement=True,
            name=organisation.name,
            surname="",
            sex="",
            birth=None,
            credential=USCC if organisation.uscc else NO_CREDENTIAL,
            number=organisation.uscc,
            mobile=organisation.mobile,
            landline=organisation.landline,
            email=organisation.email,
            county=county,
            address=f"{county.full_name}{organisation.place.detail}",
            detail=organisation.place.detail,
            postcode=county.postcode,
            legal_person=organisation.legal_person,
        )
        notes = [organisation.form] if organisation.form in ("branch", "union", "canteen") else []
        if organisation.form == "branch" and self.draw.chance(HEADS_USCC_RATE):
            form.number = organisation.head_uscc
            notes.append("head_office_uscc")
        elif organisation.form == "canteen" and self.draw.chance(HEADS_USCC_RATE):
            form.credential, form.number = USCC, organisation.head_uscc
            notes.append("head_office_uscc")
        elif organisation.old_licence and self.draw.chance(OLD_LICENCE_RATE):
            form.credential, form.number = OLD_LICENCE, organisation.old_licence
            notes.append("old_licence")
        elif form.number and system == KGC and self.draw.chance(ORGANISATION_CODE_RATE):
            form.credential, form.number = ORGANISATION_CODE, f"{form.number[8:16]}-{form.number[16]}"
            notes.append("organisation_code")
        self._err(form, notes)
        return form, _still_true(notes, form)

    def _other_credential(self, form: Form) -> None:
        kind = self.draw.random()
        if kind < 0.6:
            form.credential, form.number = PASSPORT, self.numbers.passport()
        elif kind < 0.8:
            form.credential, form.number = PERMIT, self.numbers.permit()
        else:
            form.credential, form.number = MILITARY, self.numbers.military()

    def _err(self, form: Form, notes: list[str]) -> None:
        rate = ERROR_RATE
        while self.draw.random() < rate:
            name = self.draw.pick(_ERROR_TABLE)
            if name not in notes and ERRORS[name][1](form, self):
                notes.append(name)
            rate = SECOND_ERROR_RATE


def _still_true(notes: list[str], form: Form) -> list[str]:
    """Without what is said of a credential that is no longer there."""
    return notes if form.number else [note for note in notes if note not in CREDENTIAL_NOTES]


def _traditional(form: Form, _: Clerk) -> bool:
    before, form.name = form.name, form.name.translate(words.TRADITIONAL)
    return form.name != before


def _full_width(form: Form, _: Clerk) -> bool:
    form.number = form.number.translate(words.FULL_WIDTH)
    form.mobile = form.mobile.translate(words.FULL_WIDTH)
    form.address = form.address.translate(words.FULL_WIDTH)
    form.detail = form.detail.translate(words.FULL_WIDTH)
    return True


def _title(form: Form, clerk: Clerk) -> bool:
    """王女士: often the title replaces the given name."""
    if not form.surname:
        return False
    title = clerk.draw.pick(words.TITLES[form.sex])
    keep_given = len(form.surname) > 1 or clerk.draw.chance(0.6)
    form.name = (form.name if keep_given else form.surname) + title
    return True


def _spaces(form: Form, clerk: Clerk) -> bool:
    place = clerk.draw.between(1, max(1, len(form.name) - 1))
    form.name = f"{form.name[:place]}{clerk.draw.pick((' ', '  ', '　'))}{form.name[place:]}"
    return True


def _masked(form: Form, _: Clerk) -> bool:
    if not form.surname:
        return False
    form.name = f"{form.name[0]}*{form.name[2:]}"
    return True


def _homophone(form: Form, _: Clerk) -> bool:
    """One character of the given name by its sound (丽/莉)."""
    for place in range(len(form.name) - 1, len(form.surname) - 1, -1):
        other = form.name[place].translate(words.HOMOPHONES)
        if form.person and other != form.name[place]:
            form.name = f"{form.name[:place]}{other}{form.name[place + 1 :]}"
            return True
    return False


def _fifteen(form: Form, _: Clerk) -> bool:
    if form.credential != RESIDENT_ID or form.birth is None or form.birth.year >= 2000:
        return False
    form.number = fifteen_digits(form.number)
    return True


def _swapped_digits(form: Form, clerk: Clerk) -> bool:
    """Two neighbouring characters exchanged, which every check digit notices."""
    if form.credential not in (RESIDENT_ID, USCC, OLD_LICENCE):
        return False
    place = clerk.draw.between(6, len(form.number) - 2)
    left, right = form.number[place], form.number[place + 1]
    form.number = f"{form.number[:place]}{right}{left}{form.number[place + 2 :]}"
    return left != right


def _wrong_checksum(form: Form, _: Clerk) -> bool:
    if form.credential not in (RESIDENT_ID, USCC):
        return False
    last = "1" if form.number[-1] != "1" else "2"
    form.number = form.number[:-1] + last
    return True


def _missing_credential(form: Form, _: Clerk) -> bool:
    form.credential, form.number = NO_CREDENTIAL, ""
    return True


def _old_phone(form: Form, clerk: Clerk) -> bool:
    form.mobile = clerk.numbers.mobile()
    return True


def _recycled_phone(form: Form, clerk: Clerk) -> bool:
    """The operator has given her number to somebody else since."""
    form.mobile = clerk.last_mobile or form.mobile
    return bool(clerk.last_mobile)


def _missing_phone(form: Form, _: Clerk) -> bool:
    form.mobile = ""
    return True


def _decorated_phone(form: Form, clerk: Clerk) -> bool:
    """Country code, spaces or an extension."""
    if form.landline:
        form.landline = f"{form.landline}{clerk.draw.pick(('转', '-'))}{clerk.draw.between(801, 899)}"
        return True
    number = form.mobile
    grouped = f"{number[:3]} {number[3:7]} {number[7:]}"
    form.mobile = clerk.draw.pick((f"+86{number}", f"86-{number}", grouped, f"0{number}")) if number else ""
    return bool(number)


def _division_missing(form: Form, _: Clerk) -> bool:
    form.county = None
    form.address = form.detail
    return True


def _flag(attribute: str) -> Callable[[Form, Clerk], bool]:
    """Errors that only the system's own columns can show."""

    def spoil(form: Form, _: Clerk) -> bool:
        setattr(form, attribute, True)
        return True

    return spoil


# Name in the truth file → (share of records, what it does).
ERRORS: dict[str, tuple[float, Callable[[Form, Clerk], bool]]] = {
    "traditional_characters": (0.012, _traditional),
    "full_width_digits": (0.008, _full_width),
    "title": (0.010, _title),
    "spaces": (0.015, _spaces),
    "masked_name": (0.006, _masked),
    "homophone": (0.012, _homophone),
    "id_15_digits": (0.012, _fifteen),
    "swapped_digits": (0.006, _swapped_digits),
    "wrong_checksum": (0.004, _wrong_checksum),
    "missing_credential": (0.030, _missing_credential),
    "old_phone": (0.050, _old_phone),
    "recycled_phone": (0.003, _recycled_phone),
    "missing_phone": (0.015, _missing_phone),
    "decorated_phone": (0.020, _decorated_phone),
    "division_missing": (0.015, _division_missing),
    "impossible_date": (0.003, _flag("impossible_date")),
    "wrong_code": (0.003, _flag("wrong_code")),
    "swapped_columns": (0.002, _flag("swapped_columns")),
}
CREDENTIAL_NOTES = frozenset(
    (
        *("id_15_digits", "swapped_digits", "wrong_checksum", "other_credential"),
        *("head_office_uscc", "old_licence", "organisation_code"),
    )
)
ERROR_RATE = sum(rate for rate, _ in ERRORS.values())
RARE_CHARACTERS = frozenset(words.RARE_GIVEN)
_ERROR_TABLE = spread({name: rate for name, (rate, _) in ERRORS.items()}, slots=1024)
