"""What keeps a pair apart, or before a steward, whatever else agrees (DESIGN 3 Identity, 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hongyan.identity.record import Kind

Outcomes = Mapping[str, str]
"""Comparison → outcome."""

Wanted = Mapping[str, frozenset[str]]
"""Comparison → the outcomes any of which is accepted."""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A pair with all the outcomes of ``when`` reaches ``at_most`` the band named, if nothing in ``unless`` is met.

    Fields: comparison → outcomes, one of which is needed; each entry of ``unless`` is enough by itself.
    """

    code: str
    at_most: Literal["review", "new"]
    when: Wanted
    unless: tuple[Wanted, ...] = ()

    def applies(self, outcomes: Outcomes) -> bool:
        """Whether the pair is held back."""
        return _met(self.when, outcomes) and not any(_met(enough, outcomes) for enough in self.unless)


def _met(wanted: Wanted, outcomes: Outcomes) -> bool:
    return all(outcomes[name] in accepted for name, accepted in wanted.items())


def _of(**outcomes: str) -> Wanted:
    return {name: frozenset(words.split()) for name, words in outcomes.items()}


_SAME_ID = _of(id="same number")
_NEAR_ID = _of(id="same number slip masked")
_AT_HOME = "same house worded alike"
# Renamed, or the second firm of one owner: a steward can find out.
_ONE_DOOR = _of(name="different", part="whole", phone="same", legal_person="same", address=_AT_HOME)
_ONE_ADDRESSEE = (
    _of(id="same number", phone="same"),
    _of(id="same number", email="same"),
    _of(id="same number", address=_AT_HOME),
)
# Twins have one surname: two under one roof, born on one day, with nothing of their names in common, are one.
_ONE_BIRTH = _of(name="different", id="unknown different", birth="same", address=_AT_HOME)
_MISTYPED_ID = _of(id="slip", birth="same", address=_AT_HOME)
SAFEGUARDS: dict[Kind, tuple[Safeguard, ...]] = {
    "person": (
        Safeguard("two_ids", "new", _of(id="conflict")),
        # A family shares phone, address and surname; without an ID only the name tells its members apart.
        Safeguard("other_name", "new", _of(name="surname different"), (_SAME_ID, _MISTYPED_ID, _ONE_BIRTH)),
        Safeguard("no_name", "review", _of(name="unknown"), (_NEAR_ID, _of(phone="same"), _of(email="same"))),
        # Parents enter their own ID for their children; a number that nobody can check needs a second witness.
        Safeguard(
            "other_name_same_id",
            "review",
            _of(name="different"),
            (_of(id="number", birth="same"), _of(id="number", address=_AT_HOME), _MISTYPED_ID, _ONE_BIRTH),
        ),
        # Brothers, sisters, twins above all (张建国, 张建军): one home, one birthday, but each a phone of their own.
        Safeguard(
            "close_name", "review", _of(name="close"), (_NEAR_ID, _of(phone="same"), _of(email="same"))
        ),
        Safeguard(
            "shortened_name",
            "review",
            _of(name="shortened"),
            (_NEAR_ID, _of(phone="same"), _of(email="same"), _of(birth="same", address=_AT_HOME)),
        ),
        # Twins share a birthday besides, and as children also the phone of a parent; their names are equally long.
        Safeguard("twins", "review", _of(name="close", birth="same", address=_AT_HOME), (_NEAR_ID,)),
        Safeguard(
            "sibling",
            "new",
            _of(name="close shortened", phone="different"),
            (_NEAR_ID, _of(birth="same"), _of(email="same")),
        ),
        # John and Jane Smith.
        Safeguard("one_word", "review", _of(name="word"), (_NEAR_ID, _of(birth="same"), _of(email="same"))),
        # A whole family answers to 王女士 at one address.
        Safeguard(
            "incomplete_name",
            "review",
            _of(name="partial nickname"),
            (
                _of(name="nickname", address="same"),
                *(_NEAR_ID, _of(phone="same"), _of(email="same")),
                *(_of(phone="slip hidden", address=_AT_HOME), _of(birth="same slip", address=_AT_HOME)),
            ),
        ),
        Safeguard(
            "incomplete_name_other_birth",
            "review",
            _of(name="partial masked nickname", birth="different"),
            (_SAME_ID,),
        ),
        Safeguard(
            "other_name_other_birth",
            "review",
            _of(name="surname close shortened different", id="same", birth="different"),
        ),
    ),
    "organisation": (
        Safeguard("two_ids", "new", _of(id="conflict")),
        # Branches often stand under the code of their head office, which makes them its relations. Where they share a
        # door or a contact as well, one of the two names may be wrong: a steward may know, we do not.
        Safeguard("part", "new", _of(part="different"), _ONE_ADDRESSEE),
        Safeguard("part_same_id", "review", _of(part="different")),
        # One owner's two firms share phone, address and legal representative.
        Safeguard("other_name", "new", _of(name="different affiliate"), (_SAME_ID, _ONE_DOOR)),
        Safeguard("no_name", "review", _of(name="unknown"), (_SAME_ID, _of(phone="same"), _of(email="same"))),
        Safeguard("other_name_one_door", "review", _of(name="different affiliate"), (_SAME_ID,)),
        # Renamed, or somebody else's code: another witness tells.
        Safeguard(
            "other_name_same_id",
            "review",
            _of(name="different"),
            (_of(phone="same"), _of(email="same"), _of(legal_person="same homophone"), _of(address=_AT_HOME)),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Apart:
    """Outcomes that two parties of one cluster must not have.

    ``attested``: but for names known under one and the same number, such as a person's old and new name.
    """

    comparison: str
    outcomes: frozenset[str]
    attested: bool


APART: dict[Kind, tuple[Apart, ...]] = {
    "person": (
        Apart(
            "name",
            frozenset({"close", "shortened", "word", "nickname", "surname", "different"}),
            attested=True,
        ),
    ),
    "organisation": (
        Apart("part", frozenset({"different"}), attested=False),
        Apart("name", frozenset({"affiliate", "different"}), attested=True),
    ),
}
