"""`hongyan demo`: make believable source files, and load them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from hongyan.cli.conventions import Refused, Result, answers, prepare_django
from hongyan.cli.demo_applications import apply_for_some
from hongyan.cli.demo_consent import let_customers_speak
from hongyan.cli.demo_contacts import name_contacts
from hongyan.cli.demo_followups import follow_some_up
from hongyan.cli.demo_mass import tag_some
from hongyan.config import home
from hongyan.integration import demo as generator

DEFAULT_CUSTOMERS = 20_000
DEFAULT_SEED = 20261121
DEFAULT_MONTHS = 12
ORDER = ("erp", "kgc", "kgs", "jiyou", "yy", "xbd", "ems85", "psb", "ecif", "sdc")
"""The organisation first, then who is best known first (CUT-008), then what they bought."""

Progress = Callable[[str, int, int], None]


@click.group()
def demo() -> None:
    """Generate believable data with the truth beside it, and load it."""


@demo.command()
@click.option(
    "--customers", default=DEFAULT_CUSTOMERS, show_default=True, help="True customers, not records."
)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed gives the same files.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Business date of the files; today by default."
)
@click.option(
    "--months",
    default=DEFAULT_MONTHS,
    show_default=True,
    type=click.IntRange(1, 36),
    help="Whole months of facts before the current one.",
)
@click.option("--facts/--no-facts", default=True, help="With what the customers bought (the default).")
@answers
def generate(customers: int, seed: int, out: Path, as_of: Any, months: int, facts: bool) -> Result:
    """Write source-system drops, each in its system's medium, and the truth about them."""
    day = as_of.date() if as_of else _today()
    summary = generator.generate(customers, seed, out, as_of=day, months=months if facts else 0)
    return {
        "customers": summary.customers,
        "persons": summary.persons,
        "organisations": summary.organisations,
        "records": sum(summary.records.values()),
        "facts": sum(file.rows for file in summary.facts.values()),
        "files": [str(path) for path in summary.files],
        "staff": [f"{person.staff_no} {person.name}: {person.what}" for person in summary.staff],
    }


@demo.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("day", type=int)
@answers
def increment(folder: Path, day: int) -> Result:
    """Write the drops of the DAY-th day after the first load in FOLDER: what is new, corrected, repeated or late."""
    truth = json.loads((folder / generator.TRUTH_JSON).read_text("utf-8"))
    try:
        summary = generator.generate_increment(folder, truth["seed"], day)
    except ValueError as error:
        raise Refused(str(error)) from error
    return {
        "customers": summary.customers,
        "records": sum(summary.records.values()),
        "facts": sum(file.rows for file in summary.facts.values()),
        "files": [str(path) for path in summary.files],
    }


@demo.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@answers
def load(folder: Path | None) -> Result:
    """Load the drops in FOLDER, or make and load the default demo, and open accounts for its people."""
    prepare_django()
    if folder is None:
        return load_default(_no_progress)
    staff = _staff_of(folder)
    return load_folder(folder, staff, _no_progress)


def load_default(progress: Progress) -> dict[str, int]:
    """Make the default demo in `var/demo` and load it; the sums of the counts.

    `progress(step, done, total)` hears of every step. Called again after a kill it finishes what was begun.
    """
    prepare_django()
    here = home.current()
    folder = here.root / "demo"
    summary = generator.generate(
        DEFAULT_CUSTOMERS,
        DEFAULT_SEED,
        folder,
        as_of=_today(),
        months=DEFAULT_MONTHS,
        progress=lambda done, total: progress("generate", done, total),
    )
    totals = load_folder(folder, [person.staff_no for person in summary.staff], progress)
    let_customers_speak()
    _classify(progress)
    _score(progress)
    _find_work()
    return totals


def load_folder(folder: Path, staff_nos: Iterable[str], progress: Progress) -> dict[str, int]:
    """Receive, check, sign and load all drops of a folder, those already there again; the sums of the counts.

    Errors: Refused when a drop is refused as a whole.
    """
    from hongyan.core.audit import Actor
    from hongyan.integration.actions import apply, check, receive_file
    from hongyan.integration.actions.sign import sign_as
    from hongyan.integration.codes import Channel, DeliveryState
    from hongyan.integration.reasons import sentence

    _serve_the_province()
    actor = Actor("system:demo")
    totals = {"received": 0, "accepted": 0, "quarantined": 0, "new": 0, "joined": 0, "review": 0}
    for system, path in _drops(folder):
        received = receive_file(
            path, system=system, channel=Channel.COMMAND, actor=actor, in_background=False
        )
        progress(path.name, 0, 1)
        delivery = check(received.delivery.id, in_background=False)
        if delivery.state == DeliveryState.REFUSED:
            raise Refused(f"{path.name}: {sentence(delivery.refusal or {'code': ''})}")
        if delivery.state == DeliveryState.CHECKED:  # a small file, in which one bad row is a large share
            delivery = sign_as(actor, delivery.id, in_background=False)
        delivery = apply(delivery.id, report=lambda done, total, name=path.name: progress(name, done, total))  # type: ignore[misc]
        for name in totals:
            totals[name] += getattr(delivery, name)
    people = list(staff_nos)
    open_accounts(people)
    for staff_no in people[:1]:
        apply_for_some(staff_no)
        tag_some(staff_no)
        follow_some_up(staff_no)
        name_contacts(staff_no)
    return totals


def _find_work() -> None:
    """What the first morning would find to do, left to the worker: the rules stand in the web shell."""
    from hongyan.core import jobs

    jobs.defer_once("web.find_work", "web.find_work")


def _classify(progress: Progress) -> None:
    """What the first night would do: so the classes, and the filters by them, are there from the start."""
    from hongyan.classes.actions.classify import classify

    classify(_today(), by="system:demo", report=lambda done, total: progress("classes", done, total))


def _score(progress: Progress) -> None:
    """The same for the quality of data, and what managers noted of some customers of the bank."""
    from hongyan.cli.demo_quality import note_some
    from hongyan.quality.actions.score import score_everybody

    score_everybody(_today(), by="system:demo", report=lambda done, total: progress("quality", done, total))
    note_some()


def _serve_the_province() -> None:
    """The demo's systems deliver for its province: rows whose own unit nobody knows are the province's to mend."""
    from hongyan.core.audit import Actor
    from hongyan.integration.actions.describe_system import serve_unit

    for system in ORDER:
        serve_unit(Actor("system:demo"), system, generator.province_unit())


def _drops(folder: Path) -> list[tuple[str, Path]]:
    """The files of a folder with their systems, in the order in which they have to be loaded."""
    from hongyan.integration.descriptors import find_descriptor

    found = []
    for system in ORDER:
        descriptor = find_descriptor(system)
        assert descriptor is not None, "the demo's systems have connectors"
        kinds = {kind.code: place for place, kind in enumerate(descriptor.kinds)}
        files = [
            (matched, path) for path in sorted(folder.iterdir()) if (matched := descriptor.match(path.name))
        ]
        found += [
            (system, path)
            for matched, path in sorted(files, key=lambda file: (file[0][1], kinds[file[0][0][0].code]))
        ]
    return found


def open_accounts(staff_nos: Iterable[str]) -> None:
    """Give the demo's people passwords and keep them for whoever starts the server; they are printed there."""
    from hongyan.core import scope
    from hongyan.org.actions.demo_accounts import give_demo_passwords

    path = home.current().demo_logins
    known = {login["staff_no"]: login for login in json.loads(path.read_text())} if path.exists() else {}
    with scope.bulk():
        known |= {login["staff_no"]: login for login in give_demo_passwords(staff_nos)}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(list(known.values()), file, ensure_ascii=False, indent=2)


def _staff_of(folder: Path) -> list[str]:
    """Staff numbers of the demo's people as the truth beside the drops names them; none where it is missing."""
    truth = folder / "truth.json"
    if not truth.exists():
        return []
    return [person["staff_no"] for person in json.loads(truth.read_text("utf-8"))["staff"]]


def _today() -> date:
    prepare_django()
    from hongyan.core import clock

    return clock.business_date()


def _no_progress(_step: str, _done: int, _total: int) -> None:
    """For callers who do not show any."""
