"""Who is asked about an application, and until when they may answer (答复期限).

The other mailing line about an agreement (X-22); the other lines and the systems that know a customer before it is
closed (外围校验, X-21).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from hongyan.core import clock, scope
from hongyan.core.parameters import value_of
from hongyan.core.workdays import Workdays
from hongyan.customer.codes import ENTRY_SYSTEM, IMPORT_SYSTEM, MANUAL_SYSTEM
from hongyan.customer.models import CustomerScope, SourceParty
from hongyan.lifecycle.codes import MAILING
from hongyan.lifecycle.models import Application, Inquiry
from hongyan.lifecycle.notices import hearers, tell_asked_lines, tell_other_line
from hongyan.lifecycle.parameters import INQUIRY_DAYS, OBJECTION_DAYS
from hongyan.org.codes import Line, Viewer

OWN_SYSTEMS = (MANUAL_SYSTEM, ENTRY_SYSTEM, IMPORT_SYSTEM)
"""What people typed or brought here: there is no system outside to be asked."""


def let_hear(row: Application, customer_id: int, viewer: Viewer) -> None:
    """Tell whoever looks after the customer in the other mailing line, and give them their days to answer.

    Nobody hears, and nothing waits, where there is nobody besides the maker. The application's row is saved by the
    caller, inside `scope.bulk()`.
    """
    heard = hearers(row, customer_id, [line for line in MAILING if line != row.line])
    if not heard:
        return
    owner = heard[0][0]
    row.heard_org_no = CustomerScope.objects.get(customer_id=customer_id, line=owner.line).org_no
    days = value_of(OBJECTION_DAYS, units=viewer.unit_chain, line=row.line)
    row.heard_until = _ends(clock.now(), days) if days else None
    tell_other_line(row, heard)


def ask_around(row: Application, lines: Collection[str], viewer: Viewer) -> bool:
    """Ask whoever else knows a customer whether it may be closed in some lines; whether there is anybody to ask.

    The owners of the other lines are told; systems ask by themselves, over the API.
    """
    days = value_of(INQUIRY_DAYS, units=viewer.unit_chain, line=row.line)
    if not days:
        return False
    assert row.customer_id is not None
    until = _ends(clock.now(), days)
    with scope.bulk():
        others = [line for line in Line.values if line not in lines]
        asked = hearers(row, row.customer_id, others)
        where = dict(CustomerScope.objects.filter(customer_id=row.customer_id).values_list("line", "org_no"))
        parties = SourceParty.objects.filter(customer_id=row.customer_id).exclude(system__in=OWN_SYSTEMS)
        systems = sorted(set(parties.values_list("system", flat=True)))
        made = Inquiry.objects.bulk_create(
            [
                *(
                    Inquiry(application=row, line=owner.line, org_no=where[owner.line], until=until)
                    for owner, _people in asked
                ),
                *(Inquiry(application=row, system=one, org_no=row.org_no, until=until) for one in systems),
            ]
        )
        tell_asked_lines(row, asked, until)
    return bool(made)


def _ends(start: datetime, days: int) -> datetime:
    return Workdays.near(clock.business_date(start)).due(start, days=days, working=True)
