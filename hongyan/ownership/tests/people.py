"""People for tests of ownership: in 历下's outlet 泉城路 two managers and their head, another manager next door.

`zhang` and `zhao` are managers of 泉城路, `qin` heads it, `ma` is manager of 文化路, `wang` heads the county.
`li` is the manager of another county; `shi` runs the city above both counties.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import jobs, scope
from hongyan.core.models import JobRun
from hongyan.customer.models import Ownership
from hongyan.customer.tests.factory import LIXIA_OUTLET, TESTER, make_organisation, many, take
from hongyan.desk.models import Notification
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.tests.factory import post_row
from hongyan.ownership.models import Transfer

ZHAO, QIN, MA, SHI = "zhao", "qin", "ma", "shi"
CULTURE_OUTLET = "370102002"


def make_people() -> None:
    """Units and people, without customers."""
    make_organisation()
    with scope.bulk():
        rows = [
            post_row(ZHAO, "赵敏", LIXIA_OUTLET, Role.MANAGER),
            post_row(QIN, "秦岚", LIXIA_OUTLET, Role.OUTLET_HEAD),
            post_row(MA, "马超", CULTURE_OUTLET, Role.MANAGER),
            post_row(SHI, "石城", "3701", Role.CITY_ADMIN),
        ]
        take_in_posts(rows, actor=TESTER)


def make_customers(count: int, **same: object) -> None:
    """Customers of zhang at 泉城路 in the mail line, if nothing else is said."""
    take(*many(count, **same))


def owners(manager: str | None = None, *, unit: str = "") -> list[Ownership]:
    """Present owners, past every wall: of a manager, or of the pool for an empty number."""
    with scope.bulk():
        rows = Ownership.objects.filter(until=None).select_related("unit", "manager", "customer")
        if manager is not None:
            rows = rows.filter(manager__staff_no=manager) if manager else rows.filter(manager=None)
        if unit:
            rows = rows.filter(unit__code=unit)
        return list(rows.order_by("id"))


def first_code(manager: str) -> str:
    """The code of a manager's first customer."""
    return owners(manager)[0].customer.code


def transfer() -> Transfer:
    """The latest act."""
    with scope.bulk():
        return Transfer.objects.select_related("maker").latest("pk")


def run_job(found: Transfer | None = None) -> JobRun:
    """What the worker does with an act, the latest one if not said."""
    with scope.bulk():
        found = Transfer.objects.get(pk=(found or transfer()).pk)
    run = JobRun.objects.get(pk=found.run_id)
    jobs.carry_out(run.task, run.pk, {"transfer_id": found.pk})
    run.refresh_from_db()
    return run


def told(recipient: str) -> list[str]:
    """The kinds of notices somebody got, in order."""
    rows = Notification.objects.filter(recipient=recipient, kind__startswith="ownership")
    return list(rows.order_by("id").values_list("kind", flat=True))


def seen_on(client: Client, address: str) -> dict[str, str]:
    """The mark that a page's form carries, as a browser would send it."""
    page = client.get(address).content.decode()
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return {"seen": found[1]} if found else {}


def act(client: Client, code: str, what: str, **given: str) -> Any:
    """Send the form of one act on a customer in the mail line, as it was shown."""
    address = f"/ownership/customers/{code}/01/{what}/"
    return client.post(address, {"reason": "岗位调整", **seen_on(client, address), **given})


def statements_of(client: Client, address: str) -> int:
    """How many statements a page sends to the database; it is opened once before.

    Savepoints count, but for the first and last: a test's request begins no transaction of its own.
    """
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured) - 2
