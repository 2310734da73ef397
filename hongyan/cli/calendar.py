"""`hongyan calendar`: the calendar of working days, as far as a package knows it."""

from __future__ import annotations

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def calendar() -> None:
    """Keep the calendar of working days."""


@calendar.command()
@click.argument("year", type=click.IntRange(2004, 2099))
@answers
def seed(year: int) -> Result:
    """Enter the holidays and make-up days of YEAR as the package chinesecalendar knows them.

    Days that people entered stay; a year that somebody has confirmed is not touched.
    """
    prepare_django()
    from hongyan.core import scope
    from hongyan.org.actions.edit_calendar import seed_year

    with scope.bulk():
        return {"year": year, "days": seed_year(year)}
