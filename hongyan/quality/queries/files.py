"""Files on customers by their last day (文件有效期), in the viewer's scope; PSB-i05."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hongyan.customer.models import Customer
from hongyan.customer.queries.followed import KIND
from hongyan.customer.queries.ranges import UnitChoice, rows_managed_by, rows_of
from hongyan.desk.models import RecordFile
from hongyan.org.codes import Viewer


def dated_files() -> QuerySet[RecordFile]:
    """Files on customers, in their current versions, that hold until some day; each with whose it is now.

    `holder` is the id of the customer, or of the one it was merged into. Expected index: `file_until`.
    """
    rows = RecordFile.objects.filter(kind=KIND, is_current=True, removed_at=None, valid_until__isnull=False)
    homes = Customer.objects.filter(pk=OuterRef("record_id")).annotate(home=Coalesce("survivor_id", "id"))
    return rows.annotate(holder=Subquery(homes.values("home")[:1]))


def files_in_scope(
    viewer: Viewer, unit: UnitChoice | None = None, *, only_own: bool = False
) -> QuerySet[RecordFile]:
    """Those of the customers of the viewer's scope, of a unit in it, or of those the viewer looks after.

    Each with the customer's `customer_name`, and the `unit_name` and `manager_name` of who looks after it there.
    """
    rows = rows_managed_by(viewer, viewer.staff_id) if only_own else rows_of(viewer, unit)
    here = rows.filter(customer_id=OuterRef("holder"))
    names = Customer.objects.filter(pk=OuterRef("holder"))
    return (
        dated_files()
        .filter(Exists(here))
        .annotate(
            customer_name=Subquery(names.values("name")[:1]),
            unit_name=Subquery(here.values("unit_name")[:1]),
            manager_name=Subquery(here.values("manager_name")[:1]),
            customer_id=F("holder"),
        )
    )
