"""`hongyan classes`: put customers into tiers and classes."""

from __future__ import annotations

from datetime import datetime

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def classes() -> None:
    """Put customers into tiers and classes, and find signals of loss."""


@classes.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Business day; today unless given.")
@click.option(
    "--whole", is_flag=True, help="Look at everybody, also where nothing changed since the last run."
)
@answers
def run(as_of: datetime | None, whole: bool) -> Result:
    """Classify everybody as of a day, or go on where the run of that day was stopped.

    Refuses a day to come, and one before the day as of which customers are classified already.
    """
    prepare_django()
    from hongyan.classes.actions.classify import classify
    from hongyan.core import clock

    done = classify(as_of.date() if as_of else clock.business_date(), by="system:command", is_whole=whole)
    seconds = (done.ended_at - done.started_at).total_seconds() if done.ended_at else None
    return {
        "as_of": done.as_of,
        "is_whole": done.is_whole,
        "customers": done.customers,
        "moves": done.moves,
        "seconds": seconds,
    }
