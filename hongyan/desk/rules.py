"""Decisions of the desk (规则): exports, how many rows, by whose leave, for how long; acts on many rows; notes; when
mails are sent. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.desk.codes import Every, ExportState, MassOutcome, MassState, MassWhy, Verdict, Way

UNFINISHED = frozenset({ExportState.WAITING, ExportState.QUEUED, ExportState.WRITING})
UNCOUNTED = frozenset({ExportState.REFUSED, ExportState.FAILED, ExportState.CANCELLED})
"""States of exports that took no row away: they use up nothing of a day's quota."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one person: all in rows, `growth_pct` in percent of the rows that were approved.

    `free` may be taken without approval and `a_day` in all by one person in one day, `most` by one export whoever
    approves.
    """

    free: int
    most: int
    a_day: int
    growth_pct: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows one person took in one day, over all lists and posts; `freely` those that nobody was asked for."""

    rows: int = 0
    freely: int = 0


class Refusal(Enum):
    """Why an export cannot be asked for."""

    EMPTY = "empty"
    TOO_MANY = "too_many"
    NO_APPROVAL = "no_approval"
    QUOTA = "quota"


def refusal_of(rows: int, *, limits: Limits, taken: Taken, by_approval: bool) -> Refusal | None:
    """What keeps rows from being exported, whatever is said for it; None when nothing does.

    `taken` are the rows of the same person and day; `by_approval` is false for lists whose larger exports nobody
    approves.

    >>> limits = Limits(free=1000, most=200_000, a_day=20_000, growth_pct=5)
    >>> refusal_of(5000, limits=limits, taken=Taken(16_000), by_approval=True)
    <Refusal.QUOTA: 'quota'>
    >>> refusal_of(5000, limits=limits, taken=Taken(15_000), by_approval=True)
    """
    if rows == 0:
        return Refusal.EMPTY
    if rows > limits.most:
        return Refusal.TOO_MANY
    if rows > limits.free and not by_approval:  # there is no approval to get round by asking in parts
        return Refusal.NO_APPROVAL
    if rows > quota_left(limits, taken.rows):
        return Refusal.QUOTA
    return None


def quota_left(limits: Limits, taken: int) -> int:
    """Rows a person may still export today.

    >>> quota_left(Limits(free=1000, most=200_000, a_day=20_000, growth_pct=5), 21_000)
    0
    """
    return max(limits.a_day - taken, 0)


def freely_left(limits: Limits, taken: Taken) -> int:
    """Rows a person may still export today without anybody's leave: many small exports weigh as much as one large.

    >>> freely_left(Limits(free=1000, most=200_000, a_day=20_000, growth_pct=5), Taken(5700, freely=700))
    300
    """
    return max(limits.free - taken.freely, 0)


def most_written(rows: int, limits: Limits, *, is_approved: bool) -> int:
    """How many rows the file may have when it is written: lists grow between the question and the file.

    >>> limits = Limits(free=1000, most=200_000, a_day=20_000, growth_pct=5)
    >>> most_written(5000, limits, is_approved=True), most_written(900, limits, is_approved=False)
    (5250, 1000)
    """
    return rows + rows * limits.growth_pct // 100 if is_approved else max(rows, limits.free)


def is_downloadable(state: ExportState, expires_at: datetime | None, now: datetime) -> bool:
    """Whether there is a file that may be had at an instant."""
    return state == ExportState.READY and expires_at is not None and now < expires_at


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a report is made: at an hour in China; `weekday` from 1, Monday; `day` of the month, at most 28."""

    every: Every
    hour: int
    weekday: int = 1
    day: int = 1


def next_time(rhythm: Rhythm, after: datetime) -> datetime:
    """The first time after an instant at which a report is due. What was missed meanwhile is not made up for.

    >>> from datetime import UTC
    >>> next_time(Rhythm(Every.WEEK, hour=8, weekday=1), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)).isoformat()
    '2026-11-30T08:00:00+08:00'
    """
    today = after.astimezone(BUSINESS_ZONE).date()
    days = (today + timedelta(days=ahead) for ahead in range(63))
    times = (datetime.combine(day, time(rhythm.hour), BUSINESS_ZONE) for day in days)
    return next(at for at in times if at > after and _is_day_of(rhythm, at))


def _is_day_of(rhythm: Rhythm, at: datetime) -> bool:
    if rhythm.every == Every.WEEK:
        return at.isoweekday() == rhythm.weekday
    return rhythm.every == Every.DAY or at.day == rhythm.day


# --- acts on many rows (批量修改)


def foreseen(verdict: Verdict | None) -> tuple[MassOutcome, str]:
    """What a preview says of a row, and why not; no verdict is a row out of scope.

    >>> foreseen(None) == (MassOutcome.REFUSED, MassWhy.ABSENT)
    True
    >>> foreseen(Verdict("A", "A"))[0].value, foreseen(Verdict("A", "B"))[0].value, foreseen(Verdict(why="x"))[1]
    ('same', 'ready', 'x')
    """
    if verdict is None:
        return MassOutcome.REFUSED, MassWhy.ABSENT
    if verdict.why:
        return MassOutcome.REFUSED, verdict.why
    return (MassOutcome.SAME if verdict.was == verdict.becomes else MassOutcome.READY), ""


def still_as_foreseen(was: str, verdict: Verdict | None) -> str:
    """Why a row that the preview promised to change is left now, empty for nothing against it.

    What somebody changed since the preview is not changed over their heads, also where it came to the same.

    >>> still_as_foreseen("A", Verdict("A", "B")), str(still_as_foreseen("A", Verdict("C", "B")))
    ('', 'moved')
    """
    outcome, why = foreseen(verdict)
    if outcome == MassOutcome.REFUSED:
        return why
    assert verdict is not None
    return "" if verdict.was == was and outcome == MassOutcome.READY else MassWhy.MOVED


def may_undo(
    state: MassState, *, is_stopped: bool, begun_at: datetime | None, now: datetime, days: int
) -> bool:
    """Whether an act on many may still be undone: it is done, or was stopped half-way, and not too long ago.

    >>> start = datetime(2026, 11, 1)
    >>> may_undo(MassState.DONE, is_stopped=False, begun_at=start, now=datetime(2026, 12, 1), days=30)
    True
    >>> may_undo(MassState.DONE, is_stopped=False, begun_at=start, now=datetime(2026, 12, 2), days=30)
    False
    >>> may_undo(MassState.RUNNING, is_stopped=False, begun_at=start, now=start, days=30)
    False
    """
    if begun_at is None or now - begun_at > timedelta(days=days):
        return False
    return state == MassState.DONE or (state == MassState.RUNNING and is_stopped)


def may_mend(at: datetime, *, now: datetime, within: timedelta) -> bool:
    """Whether somebody may still change what they wrote.

    >>> noon = datetime(2026, 11, 23, 12)
    >>> may_mend(noon, now=datetime(2026, 11, 23, 13), within=timedelta(hours=1))
    True
    >>> may_mend(noon, now=datetime(2026, 11, 23, 13, 1), within=timedelta(hours=1))
    False
    """
    return now - at <= within


# --- how people hear of things (通知)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When somebody wants no mail: from one hour in China to another, over midnight too, and on days off.

    The same hour twice is no hour of quiet.
    """

    from_hour: int
    to_hour: int
    on_days_off: bool = False

    def holds(self, hour: int) -> bool:
        """Whether it is quiet during an hour of the day.

        >>> night = Quiet(21, 7)
        >>> [night.holds(hour) for hour in (20, 21, 6, 7)]
        [False, True, True, False]
        """
        if self.from_hour <= self.to_hour:
            return self.from_hour <= hour < self.to_hour
        return hour >= self.from_hour or hour < self.to_hour


NEVER_QUIET = Quiet(0, 0)


def way_of(chosen: str, *, may_mute: bool) -> Way:
    """How somebody hears of a family: what they chose, else in the page; what may not be muted never is.

    >>> [str(way_of(*given, may_mute=False)) for given in (("",), ("mail",), ("muted",), ("gone",))]
    ['page', 'mail', 'page', 'page']
    """
    if chosen not in Way.values or (chosen == Way.MUTED and not may_mute):
        return Way.PAGE
    return Way(chosen)


def after_quiet(quiet: Quiet, now: datetime, *, is_working: Callable[[date], bool]) -> datetime:
    """When a mail is sent that somebody wants at once: now, or as soon as their quiet time is over, in China's time.

    `is_working` tells the working days; it is asked only for who wants quiet on days off. After a month of days off
    the mail goes all the same: then the calendar is wrong.

    >>> from datetime import UTC
    >>> evening = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)  # a Friday, 22:30 in China
    >>> weekday = lambda day: day.weekday() < 5
    >>> str(after_quiet(Quiet(21, 7), evening, is_working=weekday))
    '2026-11-28 07:00:00+08:00'
    >>> str(after_quiet(Quiet(21, 7, on_days_off=True), evening, is_working=weekday))
    '2026-11-30 07:00:00+08:00'
    >>> after_quiet(NEVER_QUIET, evening, is_working=weekday) == evening
    True
    """
    at = now.astimezone(BUSINESS_ZONE)
    latest = at + timedelta(days=31)
    while at < latest:
        if quiet.on_days_off and not is_working(at.date()):
            at = datetime.combine(at.date() + timedelta(days=1), time(), BUSINESS_ZONE)
        elif quiet.holds(at.hour):
            at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        else:
            break
    return at


def retry_at(now: datetime, *, tries: int, most: int, first_minutes: int) -> datetime | None:
    """When a mail that could not be sent is tried again, each time after twice as long; None when it is given up.

    >>> noon = datetime(2026, 11, 23, 12)
    >>> [str(retry_at(noon, tries=tries, most=4, first_minutes=2)) for tries in (1, 3, 4)]
    ['2026-11-23 12:02:00', '2026-11-23 12:08:00', 'None']
    """
    return now + timedelta(minutes=first_minutes << (tries - 1)) if tries < most else None


def is_house_address(address: str, domains: Sequence[str]) -> bool:
    """Whether mails may go to an address: one of the house's domains, or any where none is named.

    >>> [is_house_address(f"li@{domain}", ["post.example"]) for domain in ("Post.example", "elsewhere.example")]
    [True, False]
    """
    domain = address.rpartition("@")[2].casefold()
    return not domains or domain in {one.casefold().lstrip("@") for one in domains}
