"""The tab 动态: where notes and calls are written, and the timeline of what happened and what is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from hongyan.customer.panels.tabs import Asked
from hongyan.customer.panels.timeline import Stream, Timeline, told_of
from hongyan.customer.queries.followed import KIND
from hongyan.customer.queries.records import CustomerRecord
from hongyan.desk.queries.notes import follows
from hongyan.org.codes import Right, Viewer


@dataclass(frozen=True, slots=True)
class Activity:
    """The tab: the timeline, and what the reader may do. addresses are empty for what they may not."""

    timeline: Timeline
    note_url: str
    task_url: str
    follow_url: str
    is_followed: bool


def activity(streams: Sequence[Stream]) -> Callable[[Viewer, CustomerRecord, Asked], Activity]:
    """The query of the panel 动态, given the streams of all rooms. Three queries of its own at most."""

    def query(viewer: Viewer, record: CustomerRecord, asked: Asked) -> Activity:
        code = record.customer.code
        may_write = viewer.may(Right.NOTE_WRITE)
        return Activity(
            timeline=told_of(streams, viewer, record, asked),
            note_url=reverse("desk:new_note", args=[KIND, code]) if may_write else "",
            task_url="" if viewer.is_guest else reverse("desk:new_task_of", args=[KIND, code]),
            follow_url="" if viewer.is_guest else reverse("desk:follow", args=[KIND, code]),
            is_followed=not viewer.is_guest and follows(viewer, KIND, [one.pk for one in record.members]),
        )

    return query
