"""Who reached the bank's threshold, as far as a viewer may see (邮储入库名单, PSB-008)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from hongyan.customer.models import CustomerScope, Ownership
from hongyan.ledger.models import BankIntake
from hongyan.ledger.queries.access import lines_of
from hongyan.org.codes import Line, Viewer


def bank_intake_of(viewer: Viewer) -> QuerySet[BankIntake]:
    """The customers of the viewer's scope who reached it, each with its `outlet` at the bank, by name.

    Nobody for a post without the bank's line (X-17). `outlet` is None where nobody looks after them yet.
    """
    if Line.BANK not in lines_of(viewer):
        return BankIntake.objects.none()
    owners = Ownership.objects.filter(customer_id=OuterRef("customer_id"), line=Line.BANK, until=None)
    name = Coalesce(NullIf("unit__short_name", Value("")), "unit__name")
    reached = BankIntake.objects.select_related("customer").annotate(
        outlet=Subquery(owners.values_list(name))
    )
    if viewer.scope.everything:
        return reached
    span = (viewer.scope.lo, viewer.scope.hi)
    owned = CustomerScope.objects.filter(customer_id=OuterRef("customer_id"), org_no__range=span)
    return reached.filter(Exists(owned))
