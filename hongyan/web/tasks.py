"""Background tasks of the web shell."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hongyan.core import clock, jobs
from hongyan.desk.actions.work import find_work
from hongyan.web.today import RULES


@app.periodic(cron=jobs.daily(50, 5, 12, 16))
@app.task(name="web.find_work", queueing_lock="web.find_work", pass_context=False)
@jobs.noting_failures
def find_anew(timestamp: int) -> None:  # noqa: ARG001  the queue passes it by name
    """Find what there is to do: before the day begins, and twice while it goes on."""
    find_work(RULES, clock.business_date())
