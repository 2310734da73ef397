"""The console's people and days, for tests of pages: who stewards where, and work done as a worker would."""

from __future__ import annotations

from django.test import Client

from hongyan.core import jobs, scope
from hongyan.core.models import JobRun
from hongyan.customer.tests import factory
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.tests.factory import post_row

QIAN, WU, ZHOU = "qian", "wu", "zhou"
"""Data stewards: of the group, of zhang's county, and of the next county, who must see nothing of it."""

BAD_ID, NEW_PHONE = "110105194912310021", "13612345678"
BAD_ROWS = [
    customer(2, 证件类型="1", 证件号码=BAD_ID),
    customer(3, 客户名称="王*明", 签订日期="19870231"),
    customer(4, 证件类型="8"),
]


def make_stewards() -> None:
    """The customer room's organisation and three stewards."""
    factory.make_organisation()
    posts = ((QIAN, "钱数据", "1000"), (WU, "吴数据", "370102"), (ZHOU, "周数据", "370104"))
    with scope.bulk():
        take_in_posts(
            [
                post_row(number, name, unit, Role.STEWARD, row=row)
                for row, (number, name, unit) in enumerate(posts, 2)
            ],
            actor=factory.TESTER,
        )


def browser(staff_no: str) -> Client:
    """A browser in which one of the people is logged in."""
    return factory.log_in(Client(), staff_no)


def three_bad_rows(good: int = 60) -> Delivery:
    """A file with three bad rows among many good ones: signed by the house itself and loaded."""
    return loaded(kgc_file([*BAD_ROWS, *(customer(number) for number in range(10, 10 + good))]))


def bad_file(name: str = "") -> Delivery:
    """A file of which half is bad: it waits for a signature."""
    return loaded(
        kgc_file([*BAD_ROWS, customer(5), customer(6), customer(7)]), name or f"KG_CUST_{day()}.txt"
    )


def rows_of(delivery: Delivery) -> list[QuarantinedRow]:
    """The quarantined rows of a delivery, past every scope."""
    with scope.bulk():
        return list(QuarantinedRow.objects.filter(delivery=delivery).order_by("row"))


def work_off() -> None:
    """Carry out every waiting job of intake, those they start included, as a worker would."""
    while run := JobRun.objects.filter(state=JobRun.State.WAITING, task__startswith="integration.").first():
        delivery = Delivery.objects.get(run=run)
        jobs.carry_out(run.task, run.id, {"delivery_id": delivery.id})
