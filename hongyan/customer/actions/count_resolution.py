"""Counting how customers came about (识别统计), per unit: at night, and when a steward asks."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from hongyan.core import clock, jobs, scope
from hongyan.core.errors import NotAllowed
from hongyan.core.models import JobRun
from hongyan.core.versions import take_turn
from hongyan.customer.codes import JOIN_BANDS, MOST_SOURCES
from hongyan.customer.models import ResolutionCount
from hongyan.org.codes import Right, Viewer

COUNTING = "customer.count_resolution_now"
_COUNT = (Path(__file__).parents[1] / "sql" / "count_resolution.sql").read_text()


def count_resolution() -> int:
    """Count anew; returns how many numbers there are. Readers see the numbers of before until all are there."""
    with transaction.atomic(), scope.bulk(), connection.cursor() as cursor:
        take_turn(COUNTING, "count")  # at night one may be at it whom somebody asked
        ResolutionCount.objects.all().delete()
        cursor.execute(
            _COUNT,
            {
                "most": MOST_SOURCES,
                "bands": list(JOIN_BANDS),
                "lows": [low for low, _ in JOIN_BANDS.values()],
                "highs": [high for _, high in JOIN_BANDS.values()],
                "now": clock.now(),
            },
        )
        return int(cursor.rowcount)


def start_counting(viewer: Viewer) -> JobRun:
    """Count in the background; a count that waits or runs already is enough. Errors: NotAllowed without the right."""
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
    with transaction.atomic(savepoint=False):
        take_turn(COUNTING, "start")
        going = JobRun.objects.filter(
            task=COUNTING, state__in=[JobRun.State.WAITING, JobRun.State.RUNNING]
        ).first()
        return going or jobs.start(COUNTING, actor=viewer.actor, lock=COUNTING)
