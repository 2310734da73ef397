"""Applications as pages and actions find them (客户申请)."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.customer.queries.records import CustomerRecord
from hongyan.lifecycle.models import Application
from hongyan.org.codes import Viewer


def applications(viewer: Viewer) -> QuerySet[Application]:
    """What a viewer may see of the applications."""
    return Application.objects.visible_to(viewer).select_related("customer", "maker", "unit", "approval")


def find_application(viewer: Viewer, application_id: int) -> Application:
    """Errors: NotFound out of scope, and for a draft of somebody else."""
    row = applications(viewer).filter(pk=application_id).first()
    if row is None:
        raise NotFound("application", application_id)
    return row


def applications_about(viewer: Viewer, record: CustomerRecord) -> QuerySet[Application]:
    """Those about a customer under any of its codes, the latest first."""
    members = [record.customer.pk, *(alias.pk for alias in record.aliases)]
    return applications(viewer).filter(customer_id__in=members).order_by("-changed_at", "-id")
