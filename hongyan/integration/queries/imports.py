"""Imports that people brought, and what became of their rows (导入)."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import F, OuterRef, QuerySet, Subquery

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.models import AuditEvent, JobRun
from hongyan.core.parameters import value_of
from hongyan.core.scope import NOTHING, Scope
from hongyan.customer.codes import IMPORT_SYSTEM
from hongyan.customer.models import Link, SourceRecord
from hongyan.integration.codes import ImportState
from hongyan.integration.models import CustomerImport
from hongyan.integration.parameters import IMPORT_REVERT_DAYS
from hongyan.org.codes import Viewer
from hongyan.org.models import Place

_NUMBER = re.compile(r"[Ii]?0*(\d{1,15})")
_ENDED_RUNS = frozenset({JobRun.State.FAILED, JobRun.State.CANCELLED, JobRun.State.DONE})
WORKING = frozenset({ImportState.CHECKING, ImportState.LOADING, ImportState.REVERTING})
"""States in which a job is at work, or should be."""
OPEN = frozenset({ImportState.UPLOADED, ImportState.REFUSED, ImportState.CHECKED})
"""States in which its maker decides what to do with it."""


def imports(viewer: Viewer) -> QuerySet[CustomerImport]:
    """The imports that a viewer may see."""
    return CustomerImport.objects.visible_to(viewer).select_related("run").defer("sample")


def find_import(viewer: Viewer, number: str) -> CustomerImport:
    """An import by its public number, as far as the viewer may see it. Errors: NotFound."""
    named = _NUMBER.fullmatch(number.strip())
    visible = CustomerImport.objects.visible_to(viewer).select_related("run")
    found = visible.filter(id=int(named[1])).first() if named else None
    if found is None:
        raise NotFound("customer_import", number)
    return found


def is_at_work(brought: CustomerImport) -> bool:
    """Whether a job works on it, or waits to."""
    return brought.state in WORKING and not is_stopped(brought)


def is_stopped(brought: CustomerImport) -> bool:
    """Whether the work on it ended before its time."""
    return brought.state in WORKING and (brought.run is None or brought.run.state in _ENDED_RUNS)


def scope_of(brought: CustomerImport) -> Scope:
    """The scope it was brought in: that of the maker's post."""
    place = Place.objects.filter(lo=brought.org_no).first()
    return place.scope if place else NOTHING


def mapped_before(viewer: Viewer, brought: CustomerImport) -> CustomerImport | None:
    """The last mapped import of a file with the same columns, by the viewer or else in their unit.

    So nobody maps the same list twice. Two queries at most.
    """
    alike = CustomerImport.objects.filter(org_no=brought.org_no, headers=brought.headers).exclude(mapping=[])
    alike = alike.exclude(pk=brought.pk).defer("sample").order_by("-id")
    return alike.filter(maker=viewer.staff_no).first() or alike.first()


def same_file(brought: CustomerImport) -> CustomerImport | None:
    """The last import of the very same file by the same person that was loaded and not taken back."""
    alike = CustomerImport.objects.filter(
        maker=brought.maker,
        digest=brought.digest,
        state__in=(ImportState.LOADING, ImportState.DONE),
        id__lt=brought.pk,
    )
    return alike.defer("sample").order_by("-id").first()


def is_revertible(brought: CustomerImport) -> bool:
    """Whether it was finished lately enough to be taken back."""
    days = int(value_of(IMPORT_REVERT_DAYS))
    return (
        brought.state == ImportState.DONE
        and brought.done_at is not None
        and clock.now() <= brought.done_at + timedelta(days=days)
    )


def records_of(brought: CustomerImport) -> QuerySet[SourceRecord]:
    """The records an import brought that still count, as far as the transaction's scope shows their customers."""
    links = Link.objects.filter(party_id=OuterRef("party_id"), until=None)
    return (
        SourceRecord.objects.filter(delivery_id=brought.pk, party__system=IMPORT_SYSTEM, is_current=True)
        .annotate(outcome=Subquery(links.values("outcome")[:1]), customer_code=F("party__customer__code"))
        .select_related("party__customer")
        .defer("sealed", "digest", "likeness")
    )


def history_of(brought: CustomerImport) -> list[AuditEvent]:
    """What was done to an import, newest first."""
    events = AuditEvent.objects.filter(subject_kind="customer_import", subject=brought.number)
    return list(events.order_by("-at", "-id")[:50])
