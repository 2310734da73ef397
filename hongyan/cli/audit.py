"""`hongyan audit`: the seals over the audit."""

from __future__ import annotations

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
