"""`hongyan org`: moving units under another parent, as somebody at the top of the group."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def org() -> None:
    """Reorganise: move units under another parent."""


@org.command()
@click.argument("units", nargs=-1, required=True, metavar="UNIT...")
@click.option("--to", "parent", required=True, metavar="UNIT", help="The new parent.")
@click.option("--tree", type=click.Choice(["postal", "bank"]), default="postal", show_default=True)
@click.option("--as", "staff_no", required=True, metavar="STAFF_NO", help="Act in this person's main post.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it takes effect; today without."
)
@click.option("--reason", default="", help="Why; asks for approval. Without it nothing is written.")
@answers
def move(
    units: tuple[str, ...], parent: str, tree: str, staff_no: str, day: datetime | None, reason: str
) -> Result:
    """Say what a move would do, and with --reason ask for its approval.

    Units move with everything beneath them. Once another administrator of the group has approved, a job carries the
    move out on its day; pages show how it stands.
    """
    prepare_django()
    from hongyan.core import clock, scope
    from hongyan.org.actions import reorganise
    from hongyan.org.codes import Tree
    from hongyan.org.queries.viewers import find_viewer

    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        if not reason:
            return asdict(reorganise.preview(viewer, tree=Tree(tree), codes=units, parent_code=parent))
        row = reorganise.request_reorganisation(
            viewer,
            tree=Tree(tree),
            codes=units,
            parent_code=parent,
            effective_on=day.date() if day else clock.business_date(),
            reason=reason,
        )
        return {"reorganisation": row.pk, "state": row.state, **row.preview}
