"""`hongyan customers`: find and show customers as one person in their post would see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hongyan.cli.acting import acting, as_staff
from hongyan.cli.conventions import Result, answers, prepare_django

if TYPE_CHECKING:
    from hongyan.identity.record import Kind


@click.group()
def customers() -> None:
    """Find and show customers, in the scope of one person's post."""


@customers.command()
@click.argument("q")
@as_staff
@answers
def find(q: str, staff_no: str) -> Result:
    """Search by name, pinyin, initials, code, phone, credential or agreement number."""
    with acting(staff_no) as viewer:
        from hongyan.customer.actions import find as finding

        hits = finding.find(viewer, q)
        return {hit.row.code: f"{hit.row.name} · {hit.row.unit_name} · {hit.matched}" for hit in hits}


@customers.command()
@click.argument("code")
@as_staff
@click.option("--purpose", default="", metavar="PURPOSE", help="What for: needed for a customer of others.")
@answers
def show(code: str, staff_no: str, purpose: str) -> Result:
    """One customer, masked, with the source of every value; the look is audited."""
    with acting(staff_no) as viewer:
        from hongyan.customer.actions.open_record import open_code
        from hongyan.customer.api import customer_as_data

        return customer_as_data(open_code(viewer, code, part="command", purpose=purpose))


@customers.command()
@answers
def recalculate() -> Result:
    """Calculate every golden record, list row and search token anew, after a rule or its parameter changed."""
    prepare_django()
    from hongyan.customer.actions.recalculate import recalculate_all

    return {"customers": recalculate_all(actor="system:recalculate")}


@customers.command()
@click.option("--dry-run", is_flag=True, help="Only tell who is due; nothing is changed.")
@answers
def anonymise(dry_run: bool) -> Result:
    """Make closed customers nameless whose retention is over. It cannot be undone.

    Every night does the same. Left alone is who is frozen, blacklisted, asks for something, waits for a decision or
    holds something still. Tells code, day of closing and day from which it was due.
    """
    prepare_django()
    from hongyan.lifecycle.actions.retiring import anonymise_due, due

    found = due() if dry_run else anonymise_due()
    return {
        "customers": len(found),
        **{one.code: f"{one.closed_on} · {one.due_on}" for one in found},
    }


@customers.command()
@answers
def relate() -> Result:
    """Derive who belongs together, of all customers: households, company trees, legal representatives."""
    prepare_django()
    from hongyan.customer.actions.relate_all import relate_all

    return relate_all(_unheard)._asdict()


def _unheard(_done: int, _total: int) -> None:
    """A command tells what it did at its end."""


@customers.command("train-model")
@click.option(
    "--kind", type=click.Choice(["person", "organisation"]), required=True, help="Of whom the model is."
)
@as_staff
@answers
def train_model(kind: Kind, staff_no: str) -> Result:
    """Let a job train a model from the house's own parties and stewards' verdicts; its page shows what came of it.

    Nothing is put in force by it. Exit code 1 while another training of the kind is at work.
    """
    with acting(staff_no) as viewer:
        from hongyan.customer.actions.train_model import start_training

        row = start_training(viewer, kind)
        return {"model": row.number, "version": row.version, "run": row.run_id}
