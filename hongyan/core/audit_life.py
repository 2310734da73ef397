"""The life of the audit (审计的保存): a partition a month, kept for years, then archived and dropped (BARS A 11).

Every night: the months to come are made; a month that is over for longer than the audit is kept is verified against its
seals, written to a sealed file (`core.audit_archives`) and only then dropped. What does not verify stays, and is said.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import or_
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from hongyan.core import audit, clock, storage
from hongyan.core.audit_archives import (
    CHUNK_ROWS,
    archive_mac,
    compressed,
    digest_of_leaves,
    line_of,
    place_of,
    rows_of,
)
from hongyan.core.audit_guard import proof_of
from hongyan.core.audit_seals import verify_seals
from hongyan.core.merkle import leaf
from hongyan.core.models import AuditArchive, AuditEvent, AuditSeal
from hongyan.core.parameters import Parameter, define, value_of
from hongyan.core.scope import EVERYTHING, acting, bulk

log = logging.getLogger(__name__)

KEEPER = audit.Actor("system:audit")
MONTHS_AHEAD = 3
LARGEST_ARCHIVE = 1 << 40  # bytes of one month, compressed
_ARCHIVES = UUID("6f2f6d0e-6a0b-5a55-9d3c-9b1f1c0c5a11")  # of which a month's name makes its file's

KEPT_DAYS = define(
    Parameter(
        is_guarded=True,
        key="audit.kept_days",
        default=1096,
        kind="int",
        label=_("审计在数据库里至少保存多少天，之后归档"),
        unit=_("天"),
        source="BARS A 11; 网络安全法 21",
        minimum=Decimal(180),
        maximum=Decimal(36500),
    )
)

_MONTHS = """
SELECT to_date(right(part.relname, 6), 'YYYYMM') FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
WHERE inhparent = 'core_auditevent'::regclass AND part.relname ~ '_[0-9]{6}$' ORDER BY 1
"""


def make_months() -> int:
    """Make the months to come, and those of rows that were taken without one; returns how many were missing."""
    known = months()
    missing = {*_months_ahead(), *_homeless_months(known)} - {*known}
    with bulk(), connection.cursor() as cursor:
        for month in sorted(missing):
            cursor.execute("SELECT core_make_audit_months(%s, %s)", [month, month])
    return len(missing)


def _months_ahead() -> Iterator[date]:
    month = clock.now().astimezone(UTC).date().replace(day=1)
    for _ahead in range(MONTHS_AHEAD + 1):
        yield month
        month = _following(month)


def _homeless_months(known: Sequence[date]) -> list[date]:
    """The months of the rows that lie in none of the known ones."""
    with acting(EVERYTHING):
        rows = AuditEvent.objects.filter(_outside(known)).order_by()
        found = rows.annotate(month=TruncMonth("at", tzinfo=UTC)).values_list("month", flat=True).distinct()
        return [at.date() for at in found]


def _outside(known: Sequence[date]) -> Q:
    """Rows of no known month: in ranges, so that no month is read for it."""
    if not known:
        return Q()
    gaps = [
        Q(at__gte=_start(_following(month)), at__lt=_start(after))
        for month, after in pairwise(known)
        if after != _following(month)
    ]
    outside = Q(at__lt=_start(known[0])) | Q(at__gte=_start(_following(known[-1])))
    return reduce(or_, gaps, outside)


def months() -> list[date]:
    """First days of the months that have a partition, oldest first."""
    with acting(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        return [month for (month,) in cursor.fetchall()]


def archive_old_months() -> list[AuditArchive]:
    """Archive and drop every month that ended longer ago than the audit is kept; the oldest first."""
    with acting(EVERYTHING):
        kept = timedelta(days=int(value_of(KEPT_DAYS)))
    old = [month for month in months() if _following(month) <= (clock.now() - kept).astimezone(UTC).date()]
    return [archive for month in old if (archive := archive_month(month))]


def archive_month(month: date) -> AuditArchive | None:
    """Verify a month, write it to a sealed file and drop it; None when it does not verify, and then it stays.

    The file is there, and was read back, before the entry that names it; the entry comes with the drop, which the
    database refuses unless the entry says what the month holds. A kill in between leaves the month as it was, and a
    file that the next night writes anew.
    """
    if not _is_whole(month):
        return None
    entry = AuditArchive(month=month, uuid=uuid5(_ARCHIVES, f"{month:%Y-%m}"), rows=0, first_id=0, last_id=0)
    chunks: list[bytes] = []
    stored = storage.seal_chunks(
        compressed(_lines(entry, chunks)), place_of(entry.uuid), record=entry.uuid, limit=LARGEST_ARCHIVE
    )
    entry.size, entry.digest = stored.size, stored.digest
    entry.root, entry.archived_at = digest_of_leaves(chunks), clock.now()
    entry.mac = archive_mac(entry)
    written = sum(map(audit.is_intact, rows_of(entry)))
    with bulk(), connection.cursor() as cursor:
        if not written == entry.rows == _rows_in(month).count():
            log.error("audit not archived", extra={"month": f"{month:%Y-%m}", "rows": entry.rows})
            return None
        entry.save(force_insert=True)
        facts = {"rows": entry.rows, "digest": entry.digest, "root": entry.root.hex()}
        audit.record(KEEPER, "audit.archive", "audit", f"{month:%Y-%m}", after=facts, count=entry.rows)
        today = clock.now().astimezone(UTC).date()
        cursor.execute("SELECT core_drop_audit_month(%s, %s, %s)", [month, today, proof_of(entry)])
    log.info("audit archived", extra={"month": f"{month:%Y-%m}", **facts})
    return entry


def _is_whole(month: date) -> bool:
    """Whether every row of a month is under a seal and as it was written, up to the first row that stays."""
    with acting(EVERYTHING):
        ends = _rows_in(month).aggregate(first=Min("id"), last=Max("id"))
        first, last = ends["first"], ends["last"]
        if first is None:
            return True
        following = AuditEvent.objects.filter(id__gt=last).aggregate(first=Min("id"))["first"] or last
        sealed = AuditSeal.objects.aggregate(last=Max("last_id"))["last"] or 0
    faults = sum(len(step.findings) for step in verify_seals(first_id=first, last_id=following))
    if faults or last > sealed:
        log.error("audit not archived", extra={"month": f"{month:%Y-%m}", "faults": faults})
    return not faults and last <= sealed


def _lines(entry: AuditArchive, chunks: list[bytes]) -> Iterator[bytes]:
    """The rows of a month as lines; `entry` learns how many there are, `chunks` one digest of leaves a chunk."""
    last = 0
    while True:
        with acting(EVERYTHING):
            events = list(_rows_in(entry.month).filter(id__gt=last).order_by("id")[:CHUNK_ROWS])
        if not events:
            return
        last = events[-1].id
        entry.first_id, entry.last_id = entry.first_id or events[0].id, last
        entry.rows += len(events)
        leaves = b"".join(leaf(event.id, bytes(event.mac)) for event in events)
        chunks.append(hashlib.sha256(leaves).digest())
        yield b"".join(map(line_of, events))


def _rows_in(month: date) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(at__gte=_start(month), at__lt=_start(_following(month)))


def _start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def _following(month: date) -> date:
    """The first day of the month after one.

    >>> _following(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
