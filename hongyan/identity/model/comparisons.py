"""What is compared of two parties, and how its outcomes are ordered: the structure that weights are trained for.

A comparison takes the first of its levels that holds, the closest relation first. ``unknown`` (one side says
nothing) counts nothing; ``different`` is what remains.
"""

from __future__ import annotations

from dataclasses import dataclass

from hongyan.identity.model.conditions import (
    Abbreviates,
    Always,
    Begins,
    Condition,
    Covers,
    Crossed,
    EndsAlike,
    Flag,
    Is,
    Known,
    LeftOut,
    Naming,
    Near,
    Nickname,
    Not,
    Overlap,
    Replaced,
    Row,
    Same,
    Shares,
    Silent,
    Within,
    WordsNear,
    differ,
    every,
    some,
)
from hongyan.identity.record import Kind

UNKNOWN, DIFFERENT = "unknown", "different"


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison.

    Fields: ``frequency`` the column whose value's share of all parties says how much the agreement is worth
    (张伟 is worth less than a rare name); ``holders`` the column whose value loses one bit with each doubling
    of the names known under it (a courier's phone). At most one of them; both None where all values are worth
    the same.
    """

    name: str
    condition: Condition
    frequency: str | None = None
    holders: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One piece of evidence: when both sides say something, and its levels, the closest first."""

    name: str
    known: Condition
    levels: tuple[Level, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome in order: ``unknown``, the levels, ``different``; the position is the code in SQL."""
        return UNKNOWN, *(level.name for level in self.levels), DIFFERENT

    def sql(self, at: Naming) -> str:
        """The position of the outcome in ``outcomes``, as TINYINT."""
        cases = " ".join(
            f"WHEN {level.condition.sql(at)} THEN {code}" for code, level in enumerate(self.levels, 1)
        )
        return f"(CASE WHEN NOT {self.known.sql(at)} THEN 0 {cases} ELSE {len(self.levels) + 1} END)::TINYINT"

    def outcome(self, left: Row, right: Row) -> str:
        """The outcome for two rows."""
        if not self.known.holds(left, right):
            return UNKNOWN
        held = (level.name for level in self.levels if level.condition.holds(left, right))
        return next(held, DIFFERENT)


_WHOLE = Flag("name_complete")
_HIDDEN = every(Not(_WHOLE), Is("name_form", ("masked",), both=False))
_HAN = Is("name_form", ("han",))
_LATIN = Known("words")
_IN_PINYIN = Is("name_form", ("pinyin",), both=False)
_PERSON_NAME = Comparison(
    "name",
    Known("name_key"),
    (
        Level("same", every(_WHOLE, Same("name_key")), frequency="name_key"),
        Level("homophone", every(_WHOLE, Shares("readings")), frequency="pinyin"),
        Level("reordered", every(_WHOLE, Same("letters")), frequency="name_key"),
        Level("masked", every(_HIDDEN, Flag("given_shown"), Covers("name_key", surname=True))),
        Level(
            "partial",
            every(
                Not(_WHOLE),
                some(
                    Covers("name_key", surname=True),
                    # What a pinyin name has in common with a hidden or short one is the surname's sound.
                    every(Same("surname_pinyin"), some(_IN_PINYIN, Not(_HIDDEN))),
                ),
            ),
            frequency="surname_pinyin",
        ),
        Level(
            "nickname", every(Not(_WHOLE), Is("name_form", ("partial",), both=False), Nickname("name_key"))
        ),
        Level("typed", every(_LATIN, WordsNear("words", at_least=2))),
        Level("slip", every(_HAN, Same("sound"))),
        Level("shortened", every(_HAN, some(LeftOut("name_key"), Begins("name_key")))),
        Level("close", every(_HAN, Replaced("name_key"))),
        Level("word", every(_LATIN, WordsNear("words", at_least=1))),
        Level("surname", Same("surname_pinyin")),
    ),
)
_ANY_TYPE = Is("id_type", ("99",), both=False)
_SECRET = Is("id_status", ("masked",), both=False)
_PERSON_ID = Comparison(
    "id",
    every(Known("id_number"), some(Same("id_type"), _ANY_TYPE)),
    (
        Level("same", every(Same("id_key"), Flag("id_lifelong")), holders="id_key"),
        Level("number", every(Not(_SECRET), Same("id_number"))),
        Level("masked", every(_SECRET, Covers("id_number"))),
        Level("conflict", every(Known("id_key"), Same("id_type"), Flag("id_lifelong"))),
        Level("slip", Near("id_number", 2, longer_than=6)),
    ),
)
_PHONE_KNOWN = some(Known("dialled"), Shares("numbers"))
_PHONE_NEARLY = (
    Level("slip", Near("dialled", 1, longer_than=9)),
    Level("hidden", Covers("dialled")),
    Level("local", Within("dialled", 7)),
)
# A fixed line is answered by a whole household; of an organisation any number is its own.
_PERSON_PHONE = Comparison(
    "phone",
    _PHONE_KNOWN,
    (
        Level("same", Shares("mobiles"), holders="numbers"),
        Level("line", Shares("numbers"), holders="numbers"),
        *_PHONE_NEARLY,
    ),
)
_PHONE = Comparison(
    "phone", _PHONE_KNOWN, (Level("same", Shares("numbers"), holders="numbers"), *_PHONE_NEARLY)
)
_EMAIL = Comparison("email", Known("email"), (Level("same", Same("email"), holders="email"),))
_BIRTH = Comparison(
    "birth",
    Known("birth_digits"),
    (
        Level("same", Same("birth_digits"), frequency="birth_digits"),
        Level("slip", some(Near("birth_digits", 1), Same("birth_sorted"))),
    ),
)
_GENDER = Comparison("gender", Known("gender"), (Level("same", Same("gender")),))
_SAME_CITY = Not(differ("city"))
_ADDRESS = Comparison(
    "address",
    Known("address"),
    (
        Level(
            "same",
            some(
                Same("address"),
                every(Same("spot"), _SAME_CITY),
                every(Same("flat"), some(Same("door"), every(Same("estate"), _SAME_CITY))),
            ),
            holders="spot",
        ),
        Level("house", Same("door"), frequency="door"),
        Level("worded", WordsNear("address_words", at_least=4, share=65)),
        Level("alike", Overlap("address_numbers", share=75, at_least=2)),
        # The same number in a road of that name, where one does not tell the city.
        Level("plate", every(Same("plate"), _SAME_CITY), frequency="plate"),
        Level("quarter", Same("quarter"), frequency="quarter"),
        Level(
            "road",
            some(
                every(some(Same("road"), Same("estate")), _SAME_CITY),
                WordsNear("address_words", at_least=2, share=40),
            ),
        ),
        # How many of a county's people stand in a file says nothing of how many live there.
        Level("county", Same("division")),
        Level("city", Same("city")),
    ),
)

_SAME_REGION = Not(differ("region"))
_SAME_INDUSTRY = Not(differ("industry"))
_SAME_FORM = Not(differ("legal_form"))
# Where one has shown a card, and the other lives: told only where it agrees.
_ORIGIN = Comparison(
    "origin",
    every(Not(Known("division")), Crossed("id_county", "division")),
    (Level("same", Crossed("id_county", "division")),),
)

_ORGANISATION_NAME = Comparison(
    "name",
    Known("name_key"),
    (
        Level("registered", every(Is("name_form", ("full",)), Same("name_key"))),
        Level("same", Same("name_key"), frequency="name_key"),
        Level("former", Crossed("name_key", "former_key"), frequency="name_key"),
        Level("variant", every(Same("place_core"), Known("industry")), frequency="place_core"),
        Level("core", every(Same("core"), Known("industry"), _SAME_REGION), frequency="core"),
        Level("brief", every(Same("brief"), _SAME_INDUSTRY), frequency="brief"),
        Level("stem", every(Same("stem"), _SAME_INDUSTRY, _SAME_REGION), frequency="stem"),
        Level(
            "homophone", every(Same("pinyin"), _SAME_INDUSTRY, _SAME_REGION, _SAME_FORM), frequency="pinyin"
        ),
        Level(
            "slip",
            every(
                _SAME_REGION,
                some(
                    every(Near("name_key", 3, longer_than=14), _SAME_INDUSTRY),
                    Replaced("core"),
                    LeftOut("core"),
                ),
            ),
        ),
        Level(
            "within",
            every(_SAME_REGION, some(Within("core", 3), every(EndsAlike("stem", 2), _SAME_INDUSTRY))),
        ),
        Level("affiliate", some(Same("stem"), Same("core"))),
        Level("spelled", every(_SAME_REGION, Crossed("pinyin", "latin_head"))),
        Level("reordered", Same("letters")),
        Level("abbreviated", every(_SAME_REGION, Abbreviates("title", 6))),
    ),
)
_ORGANISATION_ID = Comparison(
    "id",
    Known("id_number"),
    (
        Level("same", some(Same("id_key"), Same("organisation_code")), holders="organisation_code"),
        Level("number", every(Not(_SECRET), Same("id_number"))),
        Level("masked", every(_SECRET, Covers("id_number"))),
        Level(
            "conflict",
            some(differ("organisation_code"), every(Known("id_key"), Same("id_type"), Flag("id_lifelong"))),
        ),
        Level("slip", Near("id_number", 2, longer_than=6)),
        Level("other_type", differ("id_type")),
    ),
)
_PART = Comparison(
    "part",
    Always(),
    (
        Level("whole", Silent("branch")),
        Level("placed", Same("placed_branch")),
        Level("same", Same("branch")),
        Level("alike", every(Same("branch_kind"), Within("branch", 2))),
    ),
)
_LEGAL_PERSON = Comparison(
    "legal_person",
    Known("legal_person"),
    (
        Level("same", Same("legal_person"), frequency="legal_person"),
        Level("homophone", Same("legal_person_pinyin")),
        Level("masked", Covers("legal_person", surname=True)),
    ),
)

COMPARISONS: dict[Kind, tuple[Comparison, ...]] = {
    "person": (_PERSON_NAME, _PERSON_ID, _PERSON_PHONE, _EMAIL, _BIRTH, _GENDER, _ADDRESS, _ORIGIN),
    "organisation": (_ORGANISATION_NAME, _ORGANISATION_ID, _PART, _PHONE, _EMAIL, _LEGAL_PERSON, _ADDRESS),
}
