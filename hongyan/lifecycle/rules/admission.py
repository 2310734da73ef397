"""The admission check of an agreement customer, line by line (准入校验), CUS-002. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hongyan.customer.codes import Flaw, PartyType
from hongyan.customer.rules.entering import Entered
from hongyan.identity.normalise.credentials import IDENTIFYING, Credential, credential
from hongyan.identity.normalise.dates import calendar_date
from hongyan.lifecycle.codes import MAILING, Checked, Item, Need, Outcome, Problem

Step = Literal["new", "known", "known_elsewhere", "unsure"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an application says besides who it is about: the agreement, and what the maker looked at.

    Fields: ``valid_to`` None is without end; ``credential_until`` None is not said, ``is_lifelong`` that it never ends;
    ``sighted`` that the maker held the original in hand.
    """

    line: str
    families: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    credential_until: date | None = None
    is_lifelong: bool = False
    sighted: bool = False


def admission(
    entered: Entered,
    wish: Wish,
    *,
    flaws: Mapping[str, Flaw],
    needs: Collection[str],
    least_age: int,
    today: date,
) -> list[Checked]:
    """The lines that need nobody else: what was typed, and whether the party may sign.

    >>> who = Entered(PartyType.PERSON, "王小明", mobile="13812345678", address="济南市历下区泉城路12号")
    >>> wish = Wish("01", frozenset({"1"}), date(2026, 1, 1), sighted=True)
    >>> lines = admission(who, wish, flaws={}, needs=["credential"], least_age=18, today=date(2026, 1, 1))
    >>> [line.item.value for line in lines if line.blocks]
    ['mandatory', 'credential']
    """
    number = credential(entered.kind, entered.credential_type, entered.credential_no)
    return [
        _fields(flaws),
        _mandatory(entered, needs),
        _credential(entered, number),
        _passed_if(Item.REAL_NAME, wish.sighted, Problem.NOT_SIGHTED),
        _validity(wish, today),
        _age(entered, number, least_age, today),
        _terms(wish, today),
    ]


def registration(flaws: Mapping[str, Flaw]) -> list[Checked]:
    """The lines of a potential customer (CUS-008) that need nobody else: only what was typed.

    >>> [line.outcome.value for line in registration({})]
    ['passed']
    """
    return [_fields(flaws)]


def duplicate(step: Step, *, agreed: bool, is_taken: bool = False, is_prospect: bool = False) -> Checked:
    """What the check for duplicates found, and whether the maker agreed about it.

    A customer of other units `is_taken` where one of them owns it in the wished line: a line has one owner (X-02). It
    is no potential customer of anybody else.
    """
    if is_prospect and step == "known_elsewhere":
        return Checked(Item.DUPLICATE, Outcome.FAILED, Problem.NOT_OURS)
    if is_taken:
        return Checked(Item.DUPLICATE, Outcome.FAILED, Problem.OWNED_ELSEWHERE)
    if step == "new":
        return Checked(Item.DUPLICATE, Outcome.PASSED)
    problem = {"known": Problem.KNOWN, "known_elsewhere": Problem.KNOWN_ELSEWHERE, "unsure": Problem.UNSURE}
    return Checked(Item.DUPLICATE, Outcome.PASSED if agreed else Outcome.ASKS, problem[step])


def blacklist(*, is_listed: bool) -> Checked:
    """Whether the blacklist lets the party in; why it stands there is not told (CUS-002)."""
    return _passed_if(Item.BLACKLIST, not is_listed, Problem.BLACKLISTED)


def exclusion(line: str, found: Sequence[str], *, excepted: bool) -> Checked:
    """Which agreements exclude the wished one, and whether an exception is applied for."""
    if line not in MAILING:
        return Checked(Item.EXCLUSION, Outcome.NOT_ASKED)
    if not found:
        return Checked(Item.EXCLUSION, Outcome.PASSED)
    return Checked(
        Item.EXCLUSION, Outcome.PASSED if excepted else Outcome.ASKS, Problem.EXCLUDED, tuple(found)
    )


def age_on(born: date, day: date) -> int:
    """Full years of age on a day; whoever was born on 29 February is a year older on 1 March.

    >>> age_on(date(2008, 11, 23), date(2026, 11, 22)), age_on(date(2008, 11, 23), date(2026, 11, 23))
    (17, 18)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _passed_if(item: Item, is_so: bool, problem: Problem) -> Checked:
    return Checked(item, Outcome.PASSED) if is_so else Checked(item, Outcome.FAILED, problem)


def _fields(flaws: Mapping[str, Flaw]) -> Checked:
    if not flaws:
        return Checked(Item.FIELDS, Outcome.PASSED)
    return Checked(Item.FIELDS, Outcome.FAILED, Problem.FLAWED, tuple(flaw.value for flaw in flaws.values()))


def _mandatory(entered: Entered, needs: Collection[str]) -> Checked:
    said = {
        Need.CREDENTIAL: entered.credential_no,
        Need.LEGAL_PERSON: entered.legal_person,
        Need.PHONE: entered.mobile or entered.landline,
        Need.ADDRESS: entered.address,
        Need.EMAIL: entered.email,
    }
    missing = tuple(need.value for need in Need if need.value in needs and not said[need])
    if not missing:
        return Checked(Item.MANDATORY, Outcome.PASSED)
    return Checked(Item.MANDATORY, Outcome.FAILED, Problem.MISSING, missing)


def _credential(entered: Entered, number: Credential | None) -> Checked:
    if number is None:
        return Checked(Item.CREDENTIAL, Outcome.FAILED, Problem.NO_CREDENTIAL)
    is_sound = number.valid and number.identity_type in IDENTIFYING[entered.kind]
    return _passed_if(Item.CREDENTIAL, is_sound, Problem.BAD_CREDENTIAL)


def _validity(wish: Wish, today: date) -> Checked:
    if wish.is_lifelong:
        return Checked(Item.VALIDITY, Outcome.PASSED)
    if wish.credential_until is None:
        return Checked(Item.VALIDITY, Outcome.NOT_KNOWN, Problem.NO_EXPIRY)
    return _passed_if(Item.VALIDITY, wish.credential_until >= today, Problem.EXPIRED)


def _age(entered: Entered, number: Credential | None, least: int, today: date) -> Checked:
    if entered.party_type != PartyType.PERSON:
        return Checked(Item.AGE, Outcome.NOT_ASKED)
    born = (number.birth_date if number else None) or calendar_date(entered.birth_date)
    if born is None:
        return Checked(Item.AGE, Outcome.NOT_KNOWN, Problem.AGE_UNKNOWN)
    return _passed_if(Item.AGE, age_on(born, today) >= least, Problem.TOO_YOUNG)


def _terms(wish: Wish, today: date) -> Checked:
    if wish.valid_from is None:
        return Checked(Item.TERMS, Outcome.FAILED, Problem.NO_START)
    if wish.line in MAILING and not wish.families:
        return Checked(Item.TERMS, Outcome.FAILED, Problem.NO_FAMILY)
    ends = wish.valid_to is None or wish.valid_to >= max(wish.valid_from, today)
    return _passed_if(Item.TERMS, ends, Problem.ENDS_BEFORE)
