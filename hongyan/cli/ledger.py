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
    """Compare every monthly sum with the facts it is made of, and every partition with its table.

    Reads all facts. Fails, with what differs, unless everything is as it should be.
    """
    prepare_django()
    from hongyan.core import scope
    from hongyan.core.errors import Conflict
    from hongyan.ledger.queries.digests import wrong_sums
    from hongyan.ledger.queries.partitions import expected_months, partition_states

    with scope.bulk():
        differing = wrong_sums()
        states = partition_states(expected=expected_months())
    wrong = [f"{state.name}: {', '.join(state.differences)}" for state in states if state.differences]
    if differing or wrong:
        raise Conflict("ledger", "; ".join([f"{differing} monthly sums differ", *wrong]))
    return {"partitions": len(states), "monthly sums that differ": 0}


@ledger.command()
@answers
def intake() -> Result:
    """Find the bank's daily intake anew for everybody, after the threshold changed."""
    prepare_django()
    from hongyan.ledger.actions.bank_intake import recalculate_all

    return {"changed": recalculate_all()}
