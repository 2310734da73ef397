"""Exports as their owner sees them; what a person may still take away today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Greatest

from hongyan.core import clock, scope
from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.core.parameters import rows_in_force
from hongyan.desk.models import Export
from hongyan.desk.parameters import FREE_ROWS, GROWTH_PCT, MOST_ROWS, ROWS_A_DAY
from hongyan.desk.rules import UNCOUNTED, Limits, Refusal, Taken, freely_left, quota_left, refusal_of
from hongyan.org.codes import Role, Viewer
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.ui.lists import capped_count

WATCHERS = (Role.SECURITY_ADMIN, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page says before somebody asks: exact `rows`, what was `taken` today, what stands against it.

    `by_approval` says whether somebody could approve more rows of this list than are free.
    """

    rows: int
    limits: Limits
    taken: Taken
    by_approval: bool

    @property
    def left(self) -> int:
        """Rows that may still be exported today."""
        return quota_left(self.limits, self.taken.rows)

    @property
    def freely_left(self) -> int:
        """Rows that may still be exported today without approval."""
        return freely_left(self.limits, self.taken)

    @property
    def refusal(self) -> Refusal | None:
        return refusal_of(self.rows, limits=self.limits, taken=self.taken, by_approval=self.by_approval)

    @property
    def needs_approval(self) -> bool:
        return self.by_approval and self.rows > self.freely_left


def asking(viewer: Viewer, rows: QuerySet[Any], *, by_approval: bool) -> Asking:
    """Count what is asked for, as far as one export may go. Three queries."""
    limits = limits_for(viewer.unit_chain)
    count = capped_count(rows, limits.most + 1).value
    return Asking(count, limits, taken_on(clock.business_date(), viewer.staff_no), by_approval)


def limits_for(units: Iterable[int]) -> Limits:
    """The limits in force for a post, by the chain of its units. One query."""
    stored = rows_in_force(units=tuple(units))
    free, most, a_day, growth = (
        int(stored[one.key].value if one.key in stored else one.default)
        for one in (FREE_ROWS, MOST_ROWS, ROWS_A_DAY, GROWTH_PCT)
    )
    return Limits(free, most, a_day, growth)


def taken_on(day: date, staff_no: str) -> Taken:
    """What somebody asked for on a day in whichever post, but for what was refused, failed or taken back. One query.

    A file that has more rows than were asked for counts with all of them.
    """
    begun = datetime.combine(day, time.min, clock.BUSINESS_ZONE)
    rows = Greatest("rows", "written")
    with scope.bulk():  # other posts of the same person lie outside this one's scope
        asked = Export.objects.filter(owner=staff_no, at__gte=begun, at__lt=begun + timedelta(days=1))
        counted = asked.exclude(state__in=UNCOUNTED).aggregate(
            all=Sum(rows, default=0), freely=Sum(rows, filter=Q(approval_id=None), default=0)
        )
    return Taken(counted["all"], counted["freely"])


def one_at_a_time(staff_no: str) -> None:
    """Let one export of a person at a time be counted, until the transaction ends.

    Two at the same moment would each see the whole of what is left of the day.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"desk.export/{staff_no}"])


def own_exports(viewer: Viewer) -> QuerySet[Export]:
    """The exports the viewer asked for in the present post."""
    return Export.objects.filter(owner=viewer.staff_no, post_id=viewer.post_id)


def find_export(viewer: Viewer, export_id: int) -> Export:
    """One's own export. Errors: NotFound for anybody else's."""
    export = own_exports(viewer).filter(pk=export_id).first()
    if export is None:
        raise NotFound("export", export_id)
    return export


def run_of(export: Export) -> JobRun | None:
    """The job that writes the file; None before there is one."""
    return JobRun.objects.filter(pk=export.run_id).first() if export.run_id else None


def watchers_of(viewer: Viewer) -> list[str]:
    """Staff numbers of those who watch a post: security administrators and auditors of its unit and those above."""
    posts = Post.objects.filter(
        USABLE, is_current(clock.business_date()), role__in=WATCHERS, place__unit_id__in=viewer.unit_chain
    )
    return sorted(set(posts.values_list("staff__staff_no", flat=True)))
