"""Archived months laid open (取出归档): verified against the seals, then rows again for some days, to be read as ever.

What does not verify is not laid open. Each row bears the code it was written with, so a reader sees whether it is as it
was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from hongyan.core import clock
from hongyan.core.audit_archives import rows_of
from hongyan.core.audit_seals import Finding, verify_seals
from hongyan.core.models import AuditArchive, AuditEvent, OpenedAuditEvent
from hongyan.core.scope import bulk

CHUNK_ROWS = 2000

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of it: rows laid open, none where anything was found wrong."""

    rows: int
    findings: tuple[Finding, ...]


def lay_open(archive: AuditArchive, *, until: datetime, report: Report) -> Opening:
    """Verify an archive and lay its rows open until an instant; a second time lays them open anew.

    `report` hears (rows done, rows in all), twice as many as there are: they are read to be verified, then to be laid
    open. Each chunk is a transaction of its own. Errors: what `report` raises.
    """
    total, done = 2 * archive.rows, 0
    findings: list[Finding] = []
    for step in verify_seals(first_id=archive.first_id, last_id=archive.last_id):
        findings += step.findings
        done = min(done + step.rows, archive.rows)
        report(done, total)
    if findings:
        return Opening(0, tuple(findings))
    with bulk():
        OpenedAuditEvent.objects.filter(month=archive.month).delete()
    rows = rows_of(archive)
    opened = 0
    while chunk := list(_chunk(rows, archive, until)):
        with bulk():
            OpenedAuditEvent.objects.bulk_create(chunk)
        opened += len(chunk)
        report(archive.rows + opened, total)
    return Opening(opened, ())


def close_openings() -> int:
    """Remove what was laid open long enough; returns how many rows."""
    with bulk():
        return OpenedAuditEvent.objects.filter(until__lte=clock.now()).delete()[0]


def _chunk(rows: Iterator[AuditEvent], archive: AuditArchive, until: datetime) -> Iterator[OpenedAuditEvent]:
    names = [field.attname for field in AuditEvent._meta.concrete_fields]
    for row in islice(rows, CHUNK_ROWS):
        columns = {name: getattr(row, name) for name in names}
        yield OpenedAuditEvent(**columns, month=archive.month, until=until)
