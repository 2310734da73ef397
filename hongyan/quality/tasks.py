"""Background tasks of data quality."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hongyan.core import clock, jobs
from hongyan.quality.actions.campaigns import close_overdue
from hongyan.quality.actions.score import score_everybody
from hongyan.quality.actions.tell_of_files import tell_of_files


@app.periodic(cron=jobs.daily(15, 3))
@app.task(name="quality.score_nightly", queueing_lock="quality.score_nightly", pass_context=False)
@jobs.noting_failures
def score_nightly(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """Each night, after the day's files are in; killed, the next one goes on where it was. Campaigns end.

    Managers hear which files of their customers end soon.
    """
    score_everybody(clock.business_date(), by="night")
    close_overdue()
    tell_of_files()
