"""Background tasks of the organisation room."""

from __future__ import annotations

from typing import Any

from hongyan.core import jobs
from hongyan.core.scope import Scope
from hongyan.org.queries.audit import VERIFICATION, count_events, verification_steps

SHOWN_FINDINGS = 50
"""Findings a verification names one by one; it counts them all."""


@jobs.task(VERIFICATION)
def verify_audit(run: jobs.Run, *, lo: int, hi: int, everything: bool) -> dict[str, Any]:
    """Verify every audit row in a scope, and with a scope of everything every seal over them.

    Answers `{rows, unsealed, faults, findings: [{fault, id}]}`; `unsealed` is None where seals were not asked.
    """
    scope = Scope(lo, hi, everything=everything)
    total, read, unsealed, faults = count_events(scope), 0, 0, 0
    named: list[dict[str, Any]] = []
    for step in verification_steps(scope):
        read += step.rows
        unsealed += 0 if step.is_sealed else step.rows
        faults += len(step.findings)
        named += [{"fault": found.fault.value, "id": found.id} for found in step.findings]
        del named[SHOWN_FINDINGS:]
        run.report(min(read, total), total)
    return {"rows": read, "unsealed": unsealed if everything else None, "faults": faults, "findings": named}
