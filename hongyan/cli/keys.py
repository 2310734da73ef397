"""`hongyan keys`: the vault's data keys."""

from __future__ import annotations

from contextlib import ExitStack

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hongyan.cli.conventions import Refused, Result, answers, prepare_django

MOST_SHOWN = 20
console = Console(stderr=True, highlight=False)


@click.group()
def keys() -> None:
    """Add data keys to the vault, seal everything anew under the newest, drop the old ones; check what is sealed."""


@keys.command("list")
@answers
def list_keys() -> Result:
    """The data keys, and how many values and files are sealed under each."""
    prepare_django()
    from hongyan.core import rotation, vault

    ring, counts = vault.ring(), rotation.counts_by_key()
    return {
        f"key {number}{' (seals now)' if number == ring.current else ''}": counts.get(number, 0)
        for number in sorted({*ring.ciphers, *counts})
    }


@keys.command()
@answers
def add() -> Result:
    """Add a data key; from now on it seals. Copy the key ring to its safe place again."""
    prepare_django()
    from django.conf import settings

    from hongyan.config import secrets
    from hongyan.core import audit, scope

    number = secrets.add_data_key(settings.HOME)
    with scope.acting(scope.EVERYTHING):
        audit.record(audit.SYSTEM, "keys.add", "key", number)
    return {"added": number}


@keys.command()
@answers
def rotate() -> Result:
    """Seal every value and file anew under the newest key, beside the daily work. Start it again after a kill."""
    prepare_django()
    from hongyan.core import rotation

    columns = (TextColumn("sealing anew"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(*columns, console=console))
        bar = progress.add_task("", total=None)
        done = rotation.rotate(lambda done, total: progress.update(bar, completed=done, total=total))
    return {"sealed anew": done}


@keys.command()
@answers
def check() -> Result:
    """Open every sealed value where it stands. Refused, with their rows, when some were altered or moved."""
    prepare_django()
    from hongyan.core import sealed

    read, faults = 0, []
    for found in sealed.misplaced():
        if isinstance(found, sealed.Misplaced):
            faults.append(f"{found.table}.{found.column} {found.id}")
        else:
            read += found
    if faults:
        shown = ", ".join(faults[:MOST_SHOWN])
        raise Refused(f"{len(faults)} of {read} sealed values do not belong to their rows: {shown}")
    return {"opened": read}


@keys.command()
@click.argument("number", type=int)
@answers
def drop(number: int) -> Result:
    """Take an old key off the ring. Refused while anything is sealed under it."""
    prepare_django()
    from django.conf import settings

    from hongyan.config import secrets
    from hongyan.core import audit, rotation, scope

    if left := rotation.counts_by_key().get(number, 0):
        raise Refused(
            f"{left} values and files are still sealed under key {number}: run `hongyan keys rotate` first"
        )
    secrets.drop_data_key(settings.HOME, number)
    with scope.acting(scope.EVERYTHING):
        audit.record(audit.SYSTEM, "keys.drop", "key", number)
    return {"dropped": number}
