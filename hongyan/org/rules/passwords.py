"""Which passwords may be chosen, and for how long (口令策略). Pure.

The standards contradict each other: classified protection (等保) asks for kinds of characters and periodic change, NIST
SP 800-63B and ASVS 5.0 (V6.2.5, V6.2.10) forbid to ask for either. So there are two named profiles; see BARS C 8.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

KINDS_ASKED = 3
"""Of the four kinds of characters (capital, small, digit, other), so many: the usual reading of 等保's complexity."""

LONGEST = 128
_RUN = 4


class Profile(StrEnum):
    """Named sets of rules for passwords."""

    MLPS3 = "mlps3"
    NIST = "nist"


class Fault(StrEnum):
    """Why a password may not be chosen."""

    SHORT = "short"
    LONG = "long"
    KINDS = "kinds"
    PERSONAL = "personal"
    PLAIN = "plain"
    COMMON = "common"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Policy:
    """A profile with its numbers: characters at least, days until a change, passwords remembered."""

    profile: Profile
    length: int
    max_age: int
    history: int

    @property
    def remembered(self) -> int:
        """How many past passwords may not come again."""
        return self.history if self.profile == Profile.MLPS3 else 0


def faults_of(password: str, policy: Policy, *, about: tuple[str, ...] = ()) -> list[Fault]:
    """What speaks against a password; empty when it may be chosen.

    `about` is what everybody knows of the person: staff number, name, pinyin. Whether a password is common or was
    used before is asked elsewhere, since it takes a list and a database.

    >>> nist = Policy(Profile.NIST, 10, 90, 5)
    >>> faults_of("correct horse battery", nist), faults_of("aaaaaaaaaaaa", nist), faults_of("短", nist)
    ([], [<Fault.PLAIN: 'plain'>], [<Fault.SHORT: 'short'>])
    >>> faults_of("correct horse battery", Policy(Profile.MLPS3, 10, 90, 5))
    [<Fault.KINDS: 'kinds'>]
    """
    text = unicodedata.normalize("NFKC", password)
    folded = text.casefold()
    faults = {
        Fault.SHORT: len(text) < policy.length,
        Fault.LONG: len(text) > LONGEST,
        Fault.KINDS: policy.profile == Profile.MLPS3 and len(_kinds(text)) < KINDS_ASKED,
        Fault.PERSONAL: any(len(part) >= _RUN and part.casefold() in folded for part in about),
        Fault.PLAIN: len(text) >= policy.length and _is_plain(folded),
    }
    return [fault for fault, is_so in faults.items() if is_so]


def has_expired(set_at: datetime | None, policy: Policy, *, now: datetime) -> bool:
    """Whether a password has to be changed before anything else; one of unknown age has.

    >>> then = datetime(2026, 1, 1)
    >>> [has_expired(then, Policy(profile, 10, 90, 5), now=datetime(2026, 4, 1)) for profile in Profile]
    [True, False]
    """
    if policy.profile != Profile.MLPS3:
        return False
    return set_at is None or now - set_at >= timedelta(days=policy.max_age)


def _kinds(text: str) -> set[str]:
    return {
        "digit" if char.isdigit() else "capital" if char.isupper() else "small" if char.islower() else "other"
        for char in text
    }


def _is_plain(text: str) -> bool:
    """Whether a text is one character again and again, or one long run of neighbours such as 123456 or fedcba."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(set(text)) < _RUN or steps in ({1}, {-1})
