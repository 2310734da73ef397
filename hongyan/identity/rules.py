"""Are two profiles the same party? Deterministic rules with safeguards (first strength of CUS-003).

The bands are decided by rules that can be read; the points of the evidence only order verdicts within a
band. The probabilistic engine answers with the same ``Verdict``, its trained weights in the place of the
points, behind the same vetoes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Literal, TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from hongyan.identity.normalise.credentials import LIFELONG
from hongyan.identity.normalise.names import fits
from hongyan.identity.normalise.text import is_han
from hongyan.identity.profile import Profile

Band = Literal["join", "review", "new"]
T = TypeVar("T")
NO_COUNTS: Mapping[bytes, int] = MappingProxyType({})
BAND_SCORES: dict[Band, tuple[int, int]] = {"join": (90, 100), "review": (50, 89), "new": (0, 49)}
"""Lowest and highest score of each band: a score alone tells the band."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may turn; every field is a parameter (``identity.<field>``).

    ``hot_phone_names``: a phone under more different names than this is an agent's or a switchboard's and
    joins nobody. ``join_on_name_and_phone``: whether full name and phone suffice where no ID contradicts;
    else they go to review. ``join_on_name_birth_and_address``: the same for full name, birth date and
    address to the room. ``join_on_surname_with_id``: whether the same ID under one surname, other given
    names, joins; else review. Off suits sources where parents register children under their own ID.
    ``organisation_similarity``: likeness of names (0–100) that the same credit code needs for a join.
    ``block_window``: in batch, how many neighbours a profile is compared with inside one crowded key.
    """

    hot_phone_names: int = 5
    join_on_name_and_phone: bool = True
    join_on_name_birth_and_address: bool = True
    join_on_surname_with_id: bool = True
    organisation_similarity: int = 80
    block_window: int = 64


DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing found when comparing: what (``code``), how it came out, and what it counts.

    ``weight`` in points, positive for, negative against; ``veto`` whether it forbids a join whatever else
    agrees; ``params`` what an explanation shows: sorted pairs, never an identifier or a contact in clear.
    """

    code: str
    outcome: str
    weight: float
    veto: bool = False
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one pair: band, score 0–100, the deciding rule, the evidence, strongest first."""

    band: Band
    score: int
    rule: str
    evidence: tuple[Evidence, ...] = ()


# Rough evidence in bits, agreed upon and not trained: they order, they do not decide.
_POINTS: dict[str, dict[str, float]] = {
    "credential": {"same": 25, "different": -25, "renewed": -6, "overlapping": -6},
    "name": {
        "same": 11,
        "reordered": 8,
        "homophone": 8,
        "similar": 5,
        "fits": 3,
        "surname": 1,
        "different": -10,
    },
    "organisation_name": {
        "registered": 18,
        "formal": 14,
        "same": 12,
        "stem": 8,
        "similar": 6,
        "different": -10,
    },
    "branch": {"different": -12},
    "legal_person": {"same": 8, "different": -2},
    "phone": {"same": 13, "hot": 2, "different": -1},
    "email": {"same": 12, "different": -1},
    "birth_date": {"same": 10, "different": -8},
    "gender": {"same": 1, "different": -5},
    "address": {"same": 8, "different": -1},
    "division": {"same": 3, "different": -1},
    "kind": {"different": -25},
}
_ALIKE = frozenset({"same", "reordered", "homophone", "similar", "fits"})


def compare(
    left: Profile,
    right: Profile,
    *,
    settings: Settings = DEFAULT,
    phone_names: Mapping[bytes, int] = NO_COUNTS,
) -> Verdict:
    """Whether two profiles are one party; symmetrical but for which name an explanation puts first.

    ``phone_names`` tells, per blinded phone, under how many different full names it is known; absent means
    few.

    >>> one = Profile("person", names=frozenset({"张三"}), phones=frozenset({b"p"}))
    >>> two = Profile("person", names=frozenset({"张四"}), phones=frozenset({b"p"}))
    >>> compare(one, one).band, compare(one, two).band
    ('join', 'new')
    """
    if left.kind != right.kind:
        return _verdict("new", "different_kind", (_evidence("kind", "different", veto=True),))
    found = [*conflicts(left, right), *_agreements(left, right, settings, phone_names)]
    outcomes = {item.code: item.outcome for item in found if item.code != "credential"}
    credentials = frozenset(item.outcome for item in found if item.code == "credential")
    if left.kind == "person":
        band, rule = _person_band(credentials, outcomes, settings)
    else:
        band, rule = _organisation_band(credentials, outcomes)
    return _verdict(band, rule, tuple(found))


def conflicts(left: Profile, right: Profile) -> tuple[Evidence, ...]:
    """What keeps two profiles from being joined without a person's decision; empty when nothing does.

    A set that contains the other one is no conflict: the customer already holds both values. Two different
    IDs of a type for life are a veto; passports and military cards are renewed, so they only ask for a
    review.
    """
    found = []
    types = {type_ for type_, _ in left.credentials} & {type_ for type_, _ in right.credentials}
    for type_ in sorted(types):
        ours, theirs = (frozenset(c for c in side.credentials if c[0] == type_) for side in (left, right))
        if _nested(ours, theirs):
            continue
        outcome = "overlapping" if ours & theirs else "different" if type_ in LIFELONG else "renewed"
        found.append(_evidence("credential", outcome, veto=outcome == "different", type=type_))
    for code in ("birth_date", "gender"):
        ours, theirs = getattr(left, code + "s"), getattr(right, code + "s")
        if ours and theirs and not _nested(ours, theirs):
            found.append(_evidence(code, "different"))
    if left.branches and right.branches and not _nested(left.branches, right.branches):
        found.append(
            _evidence("branch", "different", left=_shown(left.branches), right=_shown(right.branches))
        )
    return tuple(found)


def name_outcome(left: Profile, right: Profile) -> str:
    """How the names of two persons relate, the closest relation first; empty when one has no name.

    same · reordered · homophone (same pinyin, also Latin against Chinese) · fits (masked or incomplete) ·
    similar (one character of three or more, a slip of the keyboard) · surname · different

    >>> def named(name, pinyin="", surname=""):
    ...     return Profile("person", names=frozenset({name}), readings=frozenset({pinyin} - {""}),
    ...                    surnames=frozenset({surname} - {""}))
    >>> name_outcome(named("张小丽", "zhangxiaoli"), named("张晓丽", "zhangxiaoli"))
    'homophone'
    >>> name_outcome(named("张建国"), named("张建军")), name_outcome(named("张伟"), named("李娜"))
    ('similar', 'different')
    """
    if left.names & right.names:
        return "same"
    if not (left.names or left.partial_names) or not (right.names or right.partial_names):
        return ""
    pairs = tuple(product(left.names, right.names))
    if any(is_han(one) and sorted(one) == sorted(other) for one, other in pairs):
        return "reordered"
    if left.readings & right.readings:
        return "homophone"
    if left.partial_names & right.partial_names or _any_fits(left, right) or _any_fits(right, left):
        return "fits"
    if any(_similar(one, other) for one, other in pairs):
        return "similar"
    return "surname" if left.surnames & right.surnames else "different"


def organisation_name_outcome(left: Profile, right: Profile, *, similarity: int) -> str:
    """How the names of two organisations relate, the closest relation first; empty when one has no name.

    registered (equal, with region and legal form) · formal (equal, with legal form) · same (equal,
    informal) · stem · similar · different
    """
    if not left.names or not right.names:
        return ""
    if left.names & right.names:
        registered, formal = left.full_names & right.full_names, left.legal_forms & right.legal_forms
        return "registered" if registered else "formal" if formal else "same"
    if left.stems & right.stems:
        return "stem"
    # A short name is a part of the full one (鼎盛食品 of 苏州鼎盛食品有限公司); shorter than three it is
    # too common.
    contained = any(
        min(len(a), len(b)) >= 3 and (a in b or b in a) for a, b in product(left.names, right.names)
    )
    alike = contained or any(fuzz.ratio(a, b) >= similarity for a, b in product(left.names, right.names))
    return "similar" if alike else "different"


def _agreements(
    left: Profile, right: Profile, settings: Settings, phone_names: Mapping[bytes, int]
) -> list[Evidence]:
    """Everything but the conflicts: what agrees, and what differs without forbidding anything."""
    found = [
        _evidence("credential", "same", type=type_)
        for type_, _ in sorted(left.credentials & right.credentials)
    ]
    if left.kind == "person":
        code, outcome = "name", name_outcome(left, right)
    else:
        code = "organisation_name"
        outcome = organisation_name_outcome(left, right, similarity=settings.organisation_similarity)
    if outcome:
        ours, theirs = (side.names or side.partial_names for side in (left, right))
        found.append(_evidence(code, outcome, left=_shown(ours), right=_shown(theirs)))
    if phone := _phone_outcome(left, right, settings, phone_names):
        found.append(_evidence("phone", phone))
    for code, attribute in (("birth_date", "birth_dates"), ("gender", "genders")):
        if getattr(left, attribute) & getattr(right, attribute):
            found.append(_evidence(code, "same"))
    for code, attribute in _SOFT:
        ours, theirs = getattr(left, attribute), getattr(right, attribute)
        if ours and theirs:
            found.append(_evidence(code, "same" if ours & theirs else "different"))
    return found


_SOFT = (
    ("email", "emails"),
    ("address", "addresses"),
    ("division", "divisions"),
    ("legal_person", "legal_persons"),
)


def _person_band(
    credentials: frozenset[str], outcomes: dict[str, str], settings: Settings
) -> tuple[Band, str]:
    name = outcomes.get("name", "")
    disputed = bool(credentials - {"same"}) or "different" in (
        outcomes.get("birth_date"),
        outcomes.get("gender"),
    )
    if "same" in credentials:
        if disputed:
            return "review", "same_id_but_conflict"
        if name in _ALIKE or (name == "surname" and settings.join_on_surname_with_id):
            return "join", "same_id_alike_name"
        return "review", "same_id_other_name"
    if "different" in credentials:
        return "new", "different_id"
    same = {code for code, outcome in outcomes.items() if outcome == "same"}
    if name == "same":
        return _same_name_band(same, outcomes.get("phone") == "hot", disputed, settings)
    # Without an ID other names stay apart: father and son, twins. Only another spelling of one name is
    # worth a look.
    if name in ("homophone", "reordered", "fits") and "phone" in same and not disputed:
        return "review", "alike_name_same_phone"
    return "new", "other_name_without_id"


def _same_name_band(same: set[str], hot: bool, disputed: bool, settings: Settings) -> tuple[Band, str]:
    reachable = bool(same & {"phone", "email"})
    at_home = {"birth_date", "address"} <= same
    if disputed:
        return ("review", "same_name_but_conflict") if reachable or at_home else ("new", "same_name_only")
    if reachable:
        return "join" if settings.join_on_name_and_phone else "review", "same_name_same_contact"
    if at_home:
        return "join" if settings.join_on_name_birth_and_address else "review", "same_name_birth_address"
    if hot:
        return "review", "same_name_hot_phone"
    if "address" in same or {"birth_date", "division"} <= same:
        return "review", "same_name_same_place"
    return "new", "same_name_only"


def _organisation_band(credentials: frozenset[str], outcomes: dict[str, str]) -> tuple[Band, str]:
    name, part = outcomes.get("organisation_name", ""), "branch" in outcomes
    if "same" in credentials:
        if part:
            return "review", "branch_under_same_code"
        if credentials - {"same"}:
            return "review", "same_id_but_conflict"
        if name in ("", "different"):
            return "review", "same_id_other_name"
        return "join", "same_id_alike_name"
    if "different" in credentials:
        return "new", "different_id"
    if part:
        return "new", "branch_is_not_company"
    supports = {code for code in ("phone", "legal_person") if outcomes.get(code) == "same"}
    in_place = outcomes.get("division") == "same"
    if name in ("registered", "formal") and (supports or in_place) and not credentials:
        return "join", "same_full_name_supported"
    if name == "registered" or (name in ("formal", "same") and (supports or in_place)):
        return "review", "same_full_name_alone"
    if name in ("stem", "similar") and supports:
        return "review", "alike_name_supported"
    return "new", "other_name_without_id"


def _phone_outcome(
    left: Profile, right: Profile, settings: Settings, phone_names: Mapping[bytes, int]
) -> str:
    if not left.phones or not right.phones:
        return ""
    shared = left.phones & right.phones
    if not shared:
        return "different"
    cold = any(phone_names.get(phone, 0) <= settings.hot_phone_names for phone in shared)
    return "same" if cold else "hot"


def _verdict(band: Band, rule: str, evidence: tuple[Evidence, ...]) -> Verdict:
    low, high = BAND_SCORES[band]
    total = 50 + round(sum(item.weight for item in evidence))
    ordered = sorted(evidence, key=lambda e: (not e.veto, -abs(e.weight), e.code, e.outcome, e.params))
    return Verdict(band, min(max(total, low), high), rule, tuple(ordered))


def _evidence(code: str, outcome: str, *, veto: bool = False, **params: str) -> Evidence:
    return Evidence(code, outcome, _POINTS[code][outcome], veto, tuple(sorted(params.items())))


def _nested(ours: frozenset[T], theirs: frozenset[T]) -> bool:
    return ours <= theirs or theirs <= ours


def _any_fits(short: Profile, full: Profile) -> bool:
    return any(fits(pattern, name) for pattern, name in product(short.partial_names, full.names))


def _similar(one: str, other: str) -> bool:
    longest = max(len(one), len(other))
    return longest >= 3 and Levenshtein.distance(one, other) <= max(1, longest // 4)


def _shown(values: frozenset[str]) -> str:
    return "、".join(sorted(values))
