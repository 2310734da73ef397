"""`hongyan ownership`: what the bank's belonging rule says of its customers, and pools that rise to the county's."""

from __future__ import annotations

from datetime import datetime

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def ownership() -> None:
    """Find to which outlet customers of the bank belong; let pools rise."""


@ownership.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Business day; today unless given.")
@answers
def belong(as_of: datetime | None) -> Result:
    """Find what the belonging rule says as of a day, and propose it to the heads. Changes no owner.

    Refuses a day to come. Doing it again changes nothing.
    """
    prepare_django()
    from hongyan.core import clock
    from hongyan.ownership.actions.belong import belong as find

    found = find(as_of.date() if as_of else clock.business_date())
    return {
        "as_of": found.as_of,
        "first": found.first,
        "last": found.last,
        "asked": found.asked,
        "proposed": found.proposed,
        "ties": found.ties,
        "outdated": found.outdated,
    }


@ownership.command()
@answers
def rise() -> Result:
    """Let what lies in the pools of outlets too long rise to the pools of their counties.

    Doing it again changes nothing.
    """
    prepare_django()
    from hongyan.ownership.actions.rise import rise as let_rise

    found = let_rise()
    return {"counties": found.counties, "risen": found.risen}
