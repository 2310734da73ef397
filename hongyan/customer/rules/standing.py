"""Who decides the status of a relationship: its source, until people set another one (状态以谁为准). Pure.

What people froze or closed stays so whatever files bring, until people undo it; meanwhile what the source says is kept
beside it. Source: SM1, X-21.
"""

from __future__ import annotations

from dataclasses import dataclass

from hongyan.customer.codes import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """A status, and what the source says of it while people hold it otherwise; empty where the source decides."""

    status: str
    said: str = ""

    @property
    def source(self) -> str:
        """What the source says."""
        return self.said or self.status


def set_by_people(now: Standing, status: str) -> Standing:
    """After people froze or closed it.

    >>> set_by_people(Standing("active"), "frozen")
    Standing(status='frozen', said='active')
    """
    return Standing(status, now.source)


def told_by_file(now: Standing, status: str) -> Standing:
    """After a file says a status: people's word holds, except where both agree that it is active again.

    >>> told_by_file(Standing("active"), "frozen")
    Standing(status='frozen', said='')
    >>> told_by_file(Standing("deregistered", "active"), "active")
    Standing(status='deregistered', said='active')
    >>> told_by_file(Standing("active", "frozen"), "active")
    Standing(status='active', said='')
    """
    if not now.said or now.status == status == Status.ACTIVE:
        return Standing(status)
    return Standing(now.status, status)


def released(now: Standing) -> Standing:
    """After people unfroze it: what the source says, unless that is frozen too; then people's word holds against it.

    >>> released(Standing("frozen", "active")), released(Standing("frozen"))
    (Standing(status='active', said=''), Standing(status='active', said='frozen'))
    """
    if now.source == Status.FROZEN:
        return Standing(Status.ACTIVE.value, now.source)
    return Standing(now.source)


def taken_back(now: Standing, before: Standing) -> Standing:
    """After people took the closing of it back: as it was before.

    What the source said since counts, except that it is closed: systems follow people's word in that.

    >>> taken_back(Standing("deregistered", "active"), Standing("active"))
    Standing(status='active', said='')
    >>> taken_back(Standing("deregistered", "deregistered"), Standing("active"))
    Standing(status='active', said='deregistered')
    >>> taken_back(Standing("deregistered", "active"), Standing("frozen", "active"))
    Standing(status='frozen', said='active')
    """
    if before.said or now.source == Status.DEREGISTERED:
        return Standing(before.status, now.source)
    return Standing(now.source)
