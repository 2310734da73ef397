"""Where a step is checked, by whom and by when (审批人、时限)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from hongyan.core import clock, events, parameters
from hongyan.core.workdays import OfficeHours, Workdays
from hongyan.org.codes import ApprovalAsked, Asked, Level
from hongyan.org.models import Approval, ApprovalStep, Place, Post
from hongyan.org.parameters import APPROVAL_REMINDER, OFFICE_CLOSES, OFFICE_OPENS
from hongyan.org.queries.checkers import chain_above, checkers_at, checkers_by_place, parties_of
from hongyan.org.rules.approvals import Check, Parties, remind_after


@dataclass(frozen=True, slots=True)
class Search:
    """Where checkers of a request may be found: the places above its maker, nearest first, and who may check there."""

    chain: Sequence[Place]
    posts: Mapping[int, Sequence[Post]]

    @classmethod
    def upward(cls, place: Place, *, line: str, parties: Parties) -> Search:
        """The search from the maker's place upward, for a line, past those whom a part in the request bars."""
        chain = chain_above(place)
        return cls(chain, checkers_by_place(chain, line=line, parties=parties))

    def place_for(self, step: ApprovalStep | Check, *, above: Level | None = None) -> Place | None:
        """The nearest place, at the step's level or `above` another, with somebody who can check."""
        high = (one for one in self.chain if step.level is None or one.level <= step.level)
        higher = (one for one in high if above is None or one.level < above)
        return next((one for one in higher if checkers_at(one, step.roles, self.posts)), None)


def search_for(approval: Approval) -> Search:
    """The search for checkers of a request, as the tree, the posts and its history are now."""
    parties = parties_of(approval, approval.events.select_related("staff", "holder"))
    return Search.upward(approval.place, line=approval.line, parties=parties)


def hand(approval: Approval, step: ApprovalStep, place: Place, search: Search, why: Asked) -> None:
    """Begin a step's time at a place, and ask who can check there."""
    _begin(step, place)
    people = checkers_at(place, step.roles, search.posts)
    events.publish(ApprovalAsked(approval.pk, approval.kind, numbers_of(people), why))


def _begin(step: ApprovalStep, place: Place) -> None:
    now = clock.now()
    calendar = Workdays.near(clock.business_date(now))
    before, opens, closes = parameters.values_of(
        APPROVAL_REMINDER, OFFICE_OPENS, OFFICE_CLOSES, units=place.chain
    )
    office = OfficeHours(time.fromisoformat(opens), time.fromisoformat(closes))
    reminder = remind_after(step.hours, before)
    step.place = place
    step.opened_at = now
    step.due_at = calendar.due(now, hours=step.hours, working=True, office=office)
    step.remind_at = calendar.due(now, hours=reminder, working=True, office=office) if reminder else None


def numbers_of(posts: Sequence[Post]) -> tuple[str, ...]:
    """The staff numbers of those who hold some posts."""
    return tuple(sorted({post.staff.staff_no for post in posts}))
