"""How long the other mailing line may answer an application, and who there is to hear it (X-22)."""

from __future__ import annotations

from datetime import datetime

from hongyan.core import clock
from hongyan.core.parameters import value_of
from hongyan.core.workdays import Workdays
from hongyan.customer.models import CustomerScope
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.notices import hearers, tell_other_line
from hongyan.lifecycle.parameters import OBJECTION_DAYS
from hongyan.org.codes import Viewer


def let_hear(row: Application, customer_id: int, viewer: Viewer) -> None:
    """Tell whoever looks after the customer in the other mailing line, and give them their days to answer.

    Nobody hears, and nothing waits, where there is nobody besides the maker. The application's row is saved by the
    caller, inside `scope.bulk()`.
    """
    heard = hearers(row, customer_id)
    if not heard:
        return
    owner = heard[0][0]
    row.heard_org_no = CustomerScope.objects.get(customer_id=customer_id, line=owner.line).org_no
    days = value_of(OBJECTION_DAYS, units=viewer.unit_chain, line=row.line)
    row.heard_until = _ends(clock.now(), days) if days else None
    tell_other_line(row, heard)


def _ends(start: datetime, days: int) -> datetime:
    return Workdays.near(clock.business_date(start)).due(start, days=days, working=True)
