"""`hongyan audit`: the seals over the audit, and what was archived of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def audit() -> None:
    """Seal the audit, and verify that nothing of it was altered or removed."""


@audit.command()
@answers
def seal() -> Result:
    """Seal what was written since the last seal; the worker does so every minute."""
    prepare_django()
    from hongyan.core.audit_seals import seal_rows

    return {"sealed": seal_rows()}


@audit.command()
@answers
def verify() -> Result:
    """Verify every row and every seal. Fails, naming the rows, when something was altered, removed or slipped in."""
    prepare_django()
    from hongyan.core.audit_seals import verify_seals
    from hongyan.core.errors import Conflict

    steps = list(verify_seals())
    findings = [f"{found.fault.value} {found.id}" for step in steps for found in step.findings]
    if findings:
        raise Conflict("audit", "; ".join(findings))
    rows = sum(step.rows for step in steps)
    return {"rows": rows, "not yet sealed": sum(step.rows for step in steps if not step.is_sealed)}


@audit.command()
@answers
def archive() -> Result:
    """Archive and drop the months that are older than the audit is kept; the worker does so every night."""
    prepare_django()
    from hongyan.core.audit_life import archive_old_months, make_months

    make_months()
    return {f"{one.month:%Y-%m}": one.rows for one in archive_old_months()}


@audit.command()
@click.argument("month", type=click.DateTime(["%Y-%m"]))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False, writable=True))
@answers
def extract(month: datetime, out: Path) -> Result:
    """Write the rows of an archived month, 2026-01 for instance, to a file of JSON lines; this is audited."""
    prepare_django()
    from hongyan.core import audit as records
    from hongyan.core.audit_archives import find_archive, line_of, rows_of
    from hongyan.core.errors import NotFound
    from hongyan.core.scope import EVERYTHING, acting

    found = find_archive(month.date())
    if found is None:
        raise NotFound("archive", f"{month:%Y-%m}")
    with acting(EVERYTHING):
        records.record(records.SYSTEM, "audit.extract", "audit", f"{found.month:%Y-%m}", count=found.rows)
        with out.open("wb") as lines:
            lines.writelines(map(line_of, rows_of(found)))
    return {"rows": found.rows}
