"""Two people, or two clicks, at the same moment: one is done, the other is told, nothing twice (BARS A 14, 17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from conftest import clear_tables
from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import AccountRequest, Approval, PostRequest, Staff
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _organisation(transactional_db: None) -> Iterator[None]:
    with scope.bulk():
        small_organisation()
        people = [("zong", "宗总", Role.GROUP_ADMIN), ("bian", "卞安全", Role.SECURITY_ADMIN)]
        take_in_posts([post_row(no, name, "H", role) for no, name, role in people], actor=SYSTEM)
        password = Staff.objects.get(staff_no="zhang").password
        Staff.objects.filter(staff_no__in=["zong", "bian"]).update(
            password=password, password_set_at=clock.now()
        )
    yield
    clear_tables()


def at_once(*acts: Callable[[], HttpResponse]) -> list[int]:
    """Status codes of requests made at the same moment, in order of size."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], HttpResponse]) -> int:
        barrier.wait()
        try:
            return act().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def quiet(staff_no: str) -> Client:
    """A browser that sees an error page where something breaks."""
    client = logged_in(staff_no)
    client.raise_request_exception = False
    return client


def last_approval() -> Approval:
    with scope.bulk():
        return Approval.objects.latest("pk")


def approve(client: Client) -> Callable[[], HttpResponse]:
    approval = last_approval()
    sent = {"verdict": "approve", "version": approval.version, "reason": ""}
    return lambda: client.post(f"/approvals/{approval.pk}/decide/", sent)


def done(act: str) -> int:
    with scope.acting(scope.EVERYTHING):
        return AuditEvent.objects.filter(act=act, result="done").count()


def test_a_code_is_asked_for_once() -> None:
    clients = [quiet("zong"), quiet("zong")]
    path, sent = "/organisation/staff/chen/activation/request/", {"reason": "丢失手机"}
    assert at_once(*(lambda one=one: one.post(path, sent) for one in clients)) == [302, 409]
    assert (AccountRequest.objects.count(), done("staff.request")) == (1, 1)


def test_a_post_is_asked_for_once() -> None:
    clients = [quiet("zong"), quiet("zong")]
    until = (clock.business_date() + timedelta(days=30)).isoformat()
    sent = {"unit": "L1", "role": "manager", "lines": ["01"], "until": until, "reason": "顶岗"}
    path = "/organisation/staff/li/posts/new/"
    assert at_once(*(lambda one=one: one.post(path, sent) for one in clients)) == [302, 422]
    assert (PostRequest.objects.count(), done("post.request")) == (1, 1)


def test_a_change_is_approved_and_made_once() -> None:
    day = clock.business_date().isoformat()
    sent = {"value": "5000", "unit": "", "line": "", "effective_from": day, "reason": "试运行"}
    assert logged_in("bao").post("/parameters/audit.alert_rows/", sent).status_code == 302
    assert at_once(approve(quiet("zong")), approve(quiet("bian"))) == [302, 409]
    assert (ParameterValue.objects.count(), done("parameter.set")) == (1, 1)


def test_an_agreed_code_is_read_once() -> None:
    clients = [quiet("zong"), quiet("zong")]
    path = "/organisation/staff/chen/activation/"
    clients[0].post(f"{path}request/", {"reason": "丢失手机"})
    assert approve(logged_in("bian"))().status_code == 302
    assert at_once(*(lambda one=one: one.post(path) for one in clients))[0] == 200
    assert done("staff.issue_activation") == 1
