"""Background tasks of classification."""

from __future__ import annotations

from datetime import date

from procrastinate.contrib.django import app

from hongyan.classes.actions import classify
from hongyan.classes.actions.blacklist import mark_blacklisted
from hongyan.classes.queries.runs import CLASSIFYING
from hongyan.core import jobs


@jobs.task(CLASSIFYING)
def classify_everybody(run: jobs.Run, *, as_of: str) -> dict[str, int]:
    """Who is in which class; killed or stopped, it goes on where it was."""
    done = classify.classify(date.fromisoformat(as_of), by="job", report=run.report, job=run.id)
    return {"customers": done.customers, "moves": done.moves}


@app.periodic(cron=jobs.daily(30, 2))
@app.task(name="classes.classify_nightly", queueing_lock="classes.classify_nightly", pass_context=False)
@jobs.noting_failures
def classify_nightly(timestamp: int) -> None:  # noqa: ARG001  the scheduler passes it
    """Each night, after the day's facts are in; who is on the blacklist changes with the day as well."""
    mark_blacklisted()
    classify.start_nightly()
