"""Clerks who enter customers at the page, each form as it comes and some of them twice; what stands afterwards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from random import Random
from uuid import uuid4

from bench.identity.chance import Chance
from bench.identity.habits import PERSON_SYSTEMS
from bench.identity.persons import describe, draw_people
from bench.identity.places import counties
from bench.identity.records import Row
from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.core.personal_numbers import find_numbers
from hongyan.customer.actions.check import check
from hongyan.customer.actions.decide_case import decide_case
from hongyan.customer.codes import CaseState, PairVerdict, PartyType
from hongyan.customer.models import ReviewCase, SourceRecord
from hongyan.customer.rules.entering import Entered, flaws_of, record_of, sound
from hongyan.identity.normalise.credentials import credential
from hongyan.identity.normalise.genders import gender_code
from hongyan.identity.normalise.phones import phones
from hongyan.org.codes import Viewer

NEW = "/customers/new/"
REASON = "柜面核对过证件"
_SEEN = re.compile(r'name="seen" value="([0-9a-f]{16})"')

Post = Callable[[Mapping[str, str]], tuple[int, str]]
"""Posts a form to the page; answers the status, and the page or where it leads."""


def forms_of(people: int, *, seed: int, rounds: int) -> list[tuple[str, Entered]]:
    """(whose it is, form): people as the clerks of many systems wrote them, what no page would take left out.

    On the average there are two forms a round of each person, in an order that tells nothing.
    """
    chance = Chance(f"entered {seed}")
    drawn = draw_people(chance, people, counties())[:people]
    rows = [row for _ in range(rounds) for row in describe(chance, drawn, dirt=1.0, systems=PERSON_SYSTEMS)]
    found = [(row.entity, sound(_typed(row), today=clock.business_date())) for row in rows]
    whole = [(who, form) for who, form in found if _is_taken(form)]
    Random(seed).shuffle(whole)
    return whole


def _is_taken(form: Entered) -> bool:
    """Whether the page takes a form: some clerks write a phone behind the name or the address."""
    has_numbers = find_numbers(form.name) or find_numbers(form.address)
    return not has_numbers and not flaws_of(form, today=clock.business_date())


def _typed(row: Row) -> Entered:
    """A record as a clerk types it into the page."""
    number = credential("person", row.credential_type, row.credential_no)
    numbers = {one.kind: one.number.removeprefix("+86") for one in reversed(phones(row.phone)) if one.valid}
    landline = numbers.get("landline", "")
    return Entered(
        PartyType.PERSON,
        name=row.name,
        gender=gender_code(row.gender),
        birth_date=row.birth_date,
        credential_type=number.type if number else "",
        credential_no=number.number if number else "",
        mobile=numbers.get("mobile", ""),
        landline=f"0{landline}" if landline else "",
        email=row.email,
        address=row.address,
    )


def enter(post: Post, form: Entered, *, twice: bool) -> tuple[str, str]:
    """Enter a form as a person does, who agrees to what the page proposes; `twice` presses the button once more.

    Answers what came of it, `saved`, `elsewhere` for a customer of others, else the status; and the customer's code.
    """
    typed = {**{name: text for name, text in asdict(form).items() if text}, "line": "01", "key": str(uuid4())}
    status, answer = post(typed)
    for _ in range(5):  # while others enter the same person, who is shown changes
        if status != 409:
            break
        if not (seen := _SEEN.search(answer)):
            return "elsewhere", ""
        typed |= {"seen": seen[1], "confirm": "1", "reason": REASON}
        status, answer = post(typed)
    if status == 302 and twice:
        assert post(typed) == (status, answer)
    return ("saved", answer.split("/")[2]) if status == 302 else (str(status), "")


def doubles(viewer: Viewer, forms: Iterable[Entered]) -> set[frozenset[str]]:
    """Pairs of customers, by their codes, both of which some form fits surely."""
    found = set()
    for form in forms:
        codes = [one.code for one in check(viewer, record_of(form)).found if one.band == "join"]
        found |= {frozenset((codes[0], other)) for other in codes[1:]}
    return found


def pairs_in(*states: CaseState) -> set[frozenset[str]]:
    """Pairs of customers, by their present codes, whose case stands so."""
    cases = ReviewCase.objects.filter(state__in=states).select_related(
        "customer__survivor", "candidate__survivor"
    )
    pairs = ((one.customer, one.candidate) for one in cases)
    return {frozenset((each.survivor or each).code for each in pair) for pair in pairs}


def work_cases(viewer: Viewer, whose: Mapping[str, set[str]]) -> Counter[str]:
    """Decide every case as a steward who knows the truth: code → whose records were entered under it.

    Where a clerk typed somebody else's valid ID, a merge takes a second person, who is asked.
    """
    said: Counter[str] = Counter()
    for case_id in list(ReviewCase.objects.order_by("id").values_list("id", flat=True)):
        case = ReviewCase.objects.select_related("customer", "candidate").get(pk=case_id)
        if case.state != CaseState.OPEN:  # settled by a merge before
            continue
        is_one = whose[case.customer.code] & whose[case.candidate.code]
        verdict = PairVerdict.SAME if is_one else PairVerdict.DIFFERENT
        try:
            decided = decide_case(viewer, case_id, verdict)
        except Invalid:
            decided = decide_case(viewer, case_id, verdict, override=True, reason="证件录错，已核对原件")
        said[str(decided.state)] += 1
    return said


def entered_records() -> int:
    """How many records came from the page."""
    return SourceRecord.objects.filter(party__system="entry").count()
