"""Background tasks of the organisation room."""

from __future__ import annotations

from typing import Any

from hongyan.core import jobs
from hongyan.core.scope import Scope
from hongyan.org.queries.audit import VERIFICATION, altered_in, count_events


@jobs.task(VERIFICATION)
def verify_audit(run: jobs.Run, *, lo: int, hi: int, everything: bool) -> dict[str, Any]:
    """Verify every audit row in a scope: `{rows, altered}`, the latter the id of the first altered row or None."""
    scope = Scope(lo, hi, everything=everything)
    total, read = count_events(scope), 0
    for read, altered in altered_in(scope):
        run.report(min(read, total), total)
        if altered:
            return {"rows": read, "altered": altered.pk}
    return {"rows": read, "altered": None}
