"""How long the other mailing line may answer an application, and who there is to hear it (X-22)."""

from __future__ import annotations

from datetime import datetime

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.core.workdays import Workdays
from hongyan.customer.models import CustomerScope, Ownership
from hongyan.lifecycle.codes import MAILING
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.parameters import OBJECTION_DAYS
from hongyan.org.codes import Viewer


def open_window(row: Application, customer_id: int, viewer: Viewer) -> None:
    """Give whoever owns the customer in the other mailing line its days to answer.

    None where nobody does, or where the maker looks after the customer there too.
    """
    others = [line for line in MAILING if line != row.line]
    own = Ownership.objects.filter(customer_id=customer_id, line__in=others, until=None, gives_way=False)
    if own.filter(manager_id=row.maker_id).exists():
        return
    owned = CustomerScope.objects.filter(customer_id=customer_id, line__in=others).order_by("line")
    row.heard_org_no = owned.values_list("org_no", flat=True).first()
    days = value_of(OBJECTION_DAYS, units=viewer.unit_chain, line=row.line)
    row.heard_until = _ends(clock.now(), days) if row.heard_org_no is not None and days else None


def _ends(start: datetime, days: int) -> datetime:
    return Workdays.near(clock.business_date(start)).due(start, days=days, working=True)
