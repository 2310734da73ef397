"""`hongyan quality`: score the data of customers."""

from __future__ import annotations

from datetime import datetime

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def quality() -> None:
    """Score how complete, valid and fresh the data of customers are."""


@quality.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Business day; today unless given.")
@click.option(
    "--whole", is_flag=True, help="Look at everybody, also where nothing changed since the last run."
)
@answers
def score(as_of: datetime | None, whole: bool) -> Result:
    """Score customers as of a day, or go on where the run of that day was stopped. Refuses a day to come."""
    prepare_django()
    from hongyan.core import clock
    from hongyan.quality.actions.score import score_everybody

    done = score_everybody(
        as_of.date() if as_of else clock.business_date(), by="system:command", is_whole=whole
    )
    seconds = (done.ended_at - done.started_at).total_seconds() if done.ended_at else None
    return {"as_of": done.as_of, "is_whole": done.is_whole, "customers": done.customers, "seconds": seconds}
