"""`hongyan ledger`: whether what customers did still adds up, and the bank's intake."""

from __future__ import annotations

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def ledger() -> None:
    """Check what customers did, and find the bank's intake anew."""


@ledger.command()
@answers
def check() -> Result:
    """Compare every monthly sum with the facts it is made of, every fact with itself, and partitions with their table.

    Reads all facts. Fails, with what differs, unless every figure adds up, every fact stands once, and every partition
    is whole. Moves from a day under which the fact never stood are told: a fact that is still to come, or a source
    that named a wrong day.
    """
    prepare_django()
    from hongyan.core import scope
    from hongyan.core.errors import Conflict
    from hongyan.ledger.queries.digests import days_without_fact, facts_that_stand_twice, wrong_sums
    from hongyan.ledger.queries.partitions import expected_months, partition_states

    with scope.bulk():
        differing, twice, unknown = wrong_sums(), facts_that_stand_twice(), days_without_fact()
        states = partition_states(expected=expected_months())
    wrong = [f"{state.name}: {', '.join(state.differences)}" for state in states if state.differences]
    if differing or twice or wrong:
        found = [f"{differing} monthly sums differ", f"{twice} facts stand twice", *wrong]
        raise Conflict("ledger", "; ".join(found))
    return {
        "partitions": len(states),
        "monthly sums that differ": 0,
        "facts that stand twice": 0,
        "moves from a day without the fact": unknown,
    }


@ledger.command()
@answers
def intake() -> Result:
    """Find the bank's daily intake anew for everybody, after the threshold changed."""
    prepare_django()
    from hongyan.ledger.actions.bank_intake import recalculate_all

    return {"changed": recalculate_all()}
