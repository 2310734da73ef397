"""Whether a customer may be addressed (可否联系), from what they said. Pure, deny by default.

A word gives or withdraws, and names a purpose, a line and a channel, or leaves some of them open. A consent holds
until a withdrawal that covers the same comes at the same instant or later; and a withdrawal that names a part which
the consent leaves open stands against it whenever it came: who said "no calls" and signs a general form later
still gets none, until they say "calls" again. Source: PIPL 13–16, SEC-i01.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

SERVICE = "service"
"""What is told of business under way rests on the contract: it takes no consent, and ends only when named."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a customer said at an instant; empty parts are left open. A consent may end by itself at `until`."""

    is_given: bool
    purpose: str
    line: str
    channel: str
    at: datetime
    until: datetime | None = None
    key: int = 0


@dataclass(frozen=True, slots=True)
class Quiet:
    """A wish not to be disturbed (免打扰): by some channels or all, from an instant to another or for good.

    With hours, only between them each day, local time; they may run over midnight. Service notices pass unless
    `with_service`.
    """

    since: datetime
    until: datetime | None = None
    channels: tuple[str, ...] = ()
    opens: time | None = None
    closes: time | None = None
    with_service: bool = False

    def silences(self, purpose: str, channel: str) -> bool:
        """Whether it speaks of a purpose and channel at all."""
        return (self.with_service or purpose != SERVICE) and (not self.channels or channel in self.channels)

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at an instant, given in local time.

        >>> night = Quiet(datetime(2026, 1, 1), opens=time(21), closes=time(8))
        >>> [night.holds(datetime(2026, 5, 1, hour)) for hour in (7, 8, 20, 21)]
        [True, False, False, True]
        """
        if at < self.since or (self.until is not None and at >= self.until):
            return False
        if self.opens is None or self.closes is None:
            return True
        now = at.time().replace(tzinfo=None)
        if self.opens <= self.closes:
            return self.opens <= now < self.closes
        return now >= self.opens or now < self.closes


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be, why not in one of `codes.Why`, and the word it rests on."""

    why: str
    word: Word | None = None

    @property
    def is_allowed(self) -> bool:
        return self.why == "allowed"


def standing(words: Iterable[Word], purpose: str, line: str, channel: str) -> tuple[Word | None, Word | None]:
    """The consent that holds and the withdrawal that stands against it: one of them, or neither was ever said.

    Of several consents that hold the one that lasts longest, then the latest. Ends of consents are not looked at.

    >>> def said(is_given, channel, day, line="04"):
    ...     return Word(is_given, "marketing", line, channel, datetime(2026, 1, day))
    >>> def holds(*words, channel="sms"):
    ...     return standing(words, "marketing", "04", channel)[0] is not None
    >>> holds(said(True, "", 1)), holds(said(True, "", 1), said(False, "sms", 2))
    (True, False)
    >>> holds(said(True, "", 1), said(False, "sms", 2), channel="phone")
    True
    >>> holds(said(False, "sms", 1), said(True, "", 2)), holds(said(False, "sms", 1), said(True, "sms", 2))
    (False, True)
    """
    covering = [word for word in words if _covers(word, purpose, line, channel)]
    withdrawn = [word for word in covering if not word.is_given]
    given = [
        word
        for word in covering
        if word.is_given and not any(_stands_against(other, word) for other in withdrawn)
    ]
    if given:
        return max(given, key=lambda one: (one.until is None, one.until or one.at, one.at)), None
    return None, max(withdrawn, key=lambda one: one.at, default=None)


def may_contact(
    words: Iterable[Word],
    quiets: Iterable[Quiet],
    purpose: str,
    line: str,
    channel: str,
    *,
    at: datetime,
    is_active: bool = True,
) -> Verdict:
    """Whether a customer may be addressed for a purpose of a line by a channel at an instant (local time)."""
    if not is_active:
        return Verdict("not_active")
    given, withdrawn = standing(words, purpose, line, channel)
    if withdrawn is not None:
        return Verdict("withdrawn", withdrawn)
    if given is None and purpose != SERVICE:
        return Verdict("no_consent")
    if given is not None and given.until is not None and given.until <= at:
        return Verdict("ended", given)
    if any(quiet.silences(purpose, channel) and quiet.holds(at) for quiet in quiets):
        return Verdict("silent", given)
    return Verdict("allowed", given)


def silent_until(quiets: Sequence[Quiet], purpose: str, channel: str) -> tuple[bool, datetime | None]:
    """Whether whole days are silent: for good, or until an instant. Hours of a day keep nobody out of a list.

    >>> silent_until([Quiet(datetime(2026, 1, 1), datetime(2026, 3, 1))], "marketing", "sms")
    (False, datetime.datetime(2026, 3, 1, 0, 0))
    >>> silent_until([Quiet(datetime(2026, 1, 1), channels=("phone",))], "marketing", "phone")
    (True, None)
    """
    whole = [one for one in quiets if one.opens is None and one.silences(purpose, channel)]
    if any(one.until is None for one in whole):
        return True, None
    return False, max((one.until for one in whole if one.until is not None), default=None)


def _covers(word: Word, purpose: str, line: str, channel: str) -> bool:
    named = word.purpose == purpose or (word.purpose == "" and purpose != SERVICE)
    return named and word.line in ("", line) and word.channel in ("", channel)


def _stands_against(withdrawn: Word, given: Word) -> bool:
    return withdrawn.at >= given.at or any(
        part and not open_part
        for part, open_part in (
            (withdrawn.purpose, given.purpose),
            (withdrawn.line, given.line),
            (withdrawn.channel, given.channel),
        )
    )
