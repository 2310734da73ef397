"""Applications as pages and actions find them (客户申请)."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.customer.queries.records import CustomerRecord
from hongyan.lifecycle.codes import MAILING, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.org.codes import Viewer


def applications(viewer: Viewer) -> QuerySet[Application]:
    """What a viewer may see of the applications."""
    return Application.objects.visible_to(viewer).select_related(
        "customer", "maker", "unit", "approval", "answerer"
    )


def waiting_for_answer(viewer: Viewer, rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those of the other mailing line that somebody of the viewer's scope may still object to (X-22)."""
    rows = rows.filter(state__in=(ApplicationState.SUBMITTED, ApplicationState.AGREED), answered_at=None)
    rows = rows.filter(heard_until__gt=clock.now()).exclude(maker_id__in=viewer.people)
    rows = rows.filter(
        line__in=[line for line in MAILING if (set(MAILING) - {line}) & set(viewer.line_codes)]
    )
    if viewer.scope.everything:
        return rows
    return rows.filter(heard_org_no__range=(viewer.scope.lo, viewer.scope.hi))


def find_application(viewer: Viewer, application_id: int) -> Application:
    """Errors: NotFound out of scope, and for a draft of somebody else."""
    row = applications(viewer).filter(pk=application_id).first()
    if row is None:
        raise NotFound("application", application_id)
    return row


def find_asked(viewer: Viewer, key: str) -> Application | None:
    """What somebody asked for with an idempotency key of theirs, once it is no draft any more."""
    rows = applications(viewer).filter(asked_key=key, maker_id=viewer.staff_id)
    return rows.exclude(state__in=(ApplicationState.DRAFT, ApplicationState.REFUSED)).first()


def applications_about(viewer: Viewer, record: CustomerRecord) -> QuerySet[Application]:
    """Those about a customer under any of its codes, the latest first."""
    members = [record.customer.pk, *(alias.pk for alias in record.aliases)]
    return applications(viewer).filter(customer_id__in=members).order_by("-changed_at", "-id")
