"""`hongyan intake`: load files of a source system from the command line, see and sign deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hongyan.cli.conventions import Refused, Result, answers, prepare_django

if TYPE_CHECKING:
    from hongyan.integration.models import Delivery

COUNTS = (
    "received",
    "accepted",
    "quarantined",
    "excluded",
    "new",
    "joined",
    "updated",
    "unchanged",
    "stale",
    "review",
)
OPERATOR = "system:command-line"


@click.group()
def intake() -> None:
    """Load deliveries of source systems, see how they stand, sign them."""


@intake.command()
@click.option("--system", required=True, help="Code of the source system, for example kgc.")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@answers
def load(system: str, files: tuple[Path, ...]) -> Result:
    """Receive, check and load FILES of one system, in this order, and print the counts.

    A file that came before changes nothing; one that was interrupted is finished. A file with too many bad rows waits
    for `hongyan intake sign` and is not loaded. Exit code 1 when a file is refused as a whole.
    """
    prepare_django()
    deliveries = [load_file(system, path) for path in files]
    refused = [delivery for delivery in deliveries if delivery.refusal]
    if refused:
        raise Refused("; ".join(_refusal(delivery) for delivery in refused))
    return _totals(deliveries) | {"deliveries": [_line(delivery) for delivery in deliveries]}


@intake.command()
@click.option("--limit", default=20, show_default=True, help="How many, the latest first.")
@answers
def status(limit: int) -> Result:
    """Show the latest deliveries."""
    prepare_django()
    from hongyan.integration.models import Delivery

    return {"deliveries": [_line(delivery) for delivery in Delivery.objects.order_by("-id")[:limit]]}


@intake.command()
@click.argument("number")
@answers
def sign(number: str) -> Result:
    """Sign delivery NUMBER as the operator of this machine, and load it."""
    prepare_django()
    from hongyan.core.audit import Actor
    from hongyan.integration.actions import sign_as
    from hongyan.integration.queries import find_delivery

    delivery = sign_as(Actor(OPERATOR), find_delivery(number).id, in_background=False)
    return _line(_finish(delivery))


def load_file(system: str, path: Path) -> Delivery:
    """Receive, check and apply one file in this process, showing progress on standard error."""
    from hongyan.core.audit import Actor
    from hongyan.integration.actions import receive_file
    from hongyan.integration.codes import Channel

    received = receive_file(
        path, system=system, channel=Channel.COMMAND, actor=Actor(OPERATOR), in_background=False
    )
    return _finish(received.delivery)


def _finish(delivery: Delivery) -> Delivery:
    """Check and apply as far as the delivery's state allows."""
    from hongyan.integration.actions import apply, check

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(delivery.file_name, total=None)
        delivery = check(delivery.id, in_background=False)
        return apply(delivery.id, report=lambda done, total: bars.update(bar, completed=done, total=total))


def _line(delivery: Delivery) -> dict[str, Any]:
    counts = {name: getattr(delivery, name) for name in COUNTS}
    place = {"number": delivery.number, "system": delivery.system, "file": delivery.file_name}
    return {**place, "state": str(delivery.state), **counts}


def _totals(deliveries: Iterable[Delivery]) -> dict[str, Any]:
    lines = [_line(delivery) for delivery in deliveries]
    return {name: sum(line[name] for line in lines) for name in COUNTS}


def _refusal(delivery: Delivery) -> str:
    from hongyan.integration.reasons import sentence

    return f"{delivery.file_name}: {sentence(delivery.refusal or {'code': ''})}"
