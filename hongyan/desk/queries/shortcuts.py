"""One's own ways back to records: pinned ones, and those opened lately."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.desk.models import Shortcut
from hongyan.org.codes import Viewer

MOST_RECENT = 10
"""Records opened lately that are kept beside the pinned ones."""


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """The newest first; what is pinned is not among the recent."""

    pinned: tuple[Shortcut, ...] = ()
    recent: tuple[Shortcut, ...] = ()


def own_shortcuts(viewer: Viewer) -> QuerySet[Shortcut]:
    """The viewer's own in this post: what may be seen depends on it. Expected index: `shortcut_once`."""
    return Shortcut.objects.filter(staff_id=viewer.staff_id, post_id=viewer.post_id)


def my_shortcuts(viewer: Viewer) -> Shortcuts:
    """What is pinned and what was opened lately. One query."""
    rows = list(own_shortcuts(viewer))
    pinned = [row for row in rows if row.pinned_at]
    recent = [row for row in rows if row.opened_at and not row.pinned_at]
    return Shortcuts(
        tuple(sorted(pinned, key=lambda row: row.pinned_at, reverse=True)),  # type: ignore[arg-type,return-value]
        tuple(sorted(recent, key=lambda row: row.opened_at, reverse=True)[:MOST_RECENT]),  # type: ignore[arg-type,return-value]
    )
