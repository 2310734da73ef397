"""Exports as their owner sees them; what a person may still take away today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Greatest

from hongyan.core import clock, scope
from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.core.parameters import rows_in_force
from hongyan.desk.models import Export
from hongyan.desk.parameters import FREE_ROWS, GROWTH_PCT, MOST_ROWS, ROWS_A_DAY
from hongyan.desk.rules import UNCOUNTED, Limits, Refusal, needs_approval, quota_left, refusal_of
from hongyan.org.codes import Role, Viewer
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.ui.lists import capped_count

WATCHERS = (Role.SECURITY_ADMIN, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page says before somebody asks: exact `rows`, what of the day is left, what stands against it."""

    rows: int
    limits: Limits
    left: int
    refusal: Refusal | None

    @property
    def needs_approval(self) -> bool:
        return needs_approval(self.rows, self.limits)


def asking(viewer: Viewer, rows: QuerySet[Any], *, by_approval: bool) -> Asking:
    """Count what is asked for, as far as one export may go. Three queries."""
    limits = limits_for(viewer.unit_chain)
    count = capped_count(rows, limits.most + 1).value
    taken = taken_today(viewer.staff_no)
    return Asking(
        count,
        limits,
        quota_left(limits, taken),
        refusal_of(count, limits=limits, taken=taken, by_approval=by_approval),
    )


def limits_for(units: Iterable[int]) -> Limits:
    """The limits in force for a post, by the chain of its units. One query."""
    stored = rows_in_force(units=tuple(units))
    free, most, a_day, growth = (
        int(stored[one.key].value if one.key in stored else one.default)
        for one in (FREE_ROWS, MOST_ROWS, ROWS_A_DAY, GROWTH_PCT)
    )
    return Limits(free, most, a_day, growth)


def taken_today(staff_no: str) -> int:
    """Rows somebody asked for today in whichever post, but for those that were refused, failed or taken back.

    A file that has more rows than were asked for counts with all of them.
    """
    begun = datetime.combine(clock.business_date(), time.min, clock.BUSINESS_ZONE)
    with scope.bulk():  # other posts of the same person lie outside this one's scope
        asked = Export.objects.filter(owner=staff_no, at__gte=begun).exclude(state__in=UNCOUNTED)
        return asked.aggregate(rows=Sum(Greatest("rows", "written")))["rows"] or 0


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
