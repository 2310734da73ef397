"""Log-ins for the demo: only accounts that cannot be used yet, each with a password of its own."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.org.actions.demo_accounts import give_demo_passwords
from hongyan.org.models import Staff
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import try_log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()
        for person in Staff.objects.filter(staff_no__in=["zhang", "li"]):
            person.set_unusable_password()
            person.save()


def test_demo_staff_can_log_in_with_what_is_printed() -> None:
    with scope.bulk():
        given = give_demo_passwords(["zhang", "li", "nobody"])
    assert [(one["staff_no"], one["name"], one["post"]) for one in given] == [
        ("li", "李娜", "经四路支局 网点负责人"), ("zhang", "张伟", "泉城路支局 网点负责人"),
    ]  # fmt: skip
    assert given[0]["password"] != given[1]["password"]
    assert try_log_in(Client(), "zhang", given[1]["password"]).status_code == 302
    with scope.acting(scope.EVERYTHING):
        assert list(AuditEvent.objects.filter(act="org.demo_account").values_list("subject", flat=True)) == [
            "li",
            "zhang",
        ]


def test_an_account_that_is_in_use_keeps_its_password() -> None:
    before = Staff.objects.get(staff_no="wang").password
    with scope.bulk():
        assert give_demo_passwords(["wang"]) == []
    assert Staff.objects.get(staff_no="wang").password == before
