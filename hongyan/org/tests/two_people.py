"""People who guard what binds everybody, and what they do to each other's accounts (两人办理)."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.core.parameters import find, value_of
from hongyan.org.actions.passwords import issue_activation
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Approval, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.accounts import NEW
from hongyan.org.tests.factory import post_row, small_organisation

ROWS = "audit.alert_rows"
ROUTE = "approval.role_grant"

PEOPLE = (
    ("zong", "宗总", "H", Role.GROUP_ADMIN),
    ("bian", "卞安全", "H", Role.SECURITY_ADMIN),
    ("sheng", "盛省", "37", Role.PROVINCE_ADMIN),
    ("gao", "高市", "3701", Role.CITY_ADMIN),
    ("ma", "马明", "L1", Role.MANAGER),
)


def arrive(*people: tuple[str, str, str, Role]) -> None:
    """Let people come by file, with everybody's password."""
    with scope.bulk():
        take_in_posts([post_row(*person) for person in people], actor=SYSTEM)
        password = Staff.objects.get(staff_no="zhang").password
        Staff.objects.filter(staff_no__in=[person[0] for person in people]).update(
            password=password, password_set_at=clock.now()
        )


def guardians() -> None:
    """The small organisation with `zong` over the group, `sheng` the province, `gao` the city; `bian` beside `bao`."""
    with scope.bulk():
        small_organisation()
    arrive(*PEOPLE)


def change(client: Client, key: str = ROWS, **changes: object) -> HttpResponse:
    """Ask for a new value of a guarded parameter."""
    day = clock.business_date().isoformat()
    sent = {"value": "5000", "unit": "", "line": "", "effective_from": day, "reason": "试运行", **changes}
    return client.post(f"/parameters/{key}/", sent)


def last_approval() -> Approval:
    with scope.bulk():
        return Approval.objects.latest("pk")


def decide(client: Client, verdict: str = "approve") -> HttpResponse:
    """Decide the last request on its page."""
    approval = last_approval()
    sent = {"verdict": verdict, "version": approval.version, "reason": "核对过"}
    return client.post(f"/approvals/{approval.pk}/decide/", sent)


def page(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def in_force(key: str = ROWS) -> object:
    parameter = find(key)
    assert parameter is not None
    return value_of(parameter)


def audited(act: str) -> list[tuple[str, str, object]]:
    """Who did an act to what, and by which approval."""
    with scope.acting(scope.EVERYTHING):
        events = AuditEvent.objects.filter(act=act, result="done").order_by("id")
        return [(event.actor, event.subject, (event.after or {}).get("approval")) for event in events]


def ask_code(client: Client, staff_no: str) -> HttpResponse:
    """Ask for a code to somebody's account."""
    return client.post(f"/organisation/staff/{staff_no}/activation/request/", {"reason": "丢失手机"})


def hand_out(client: Client, staff_no: str) -> HttpResponse:
    """Take the code to somebody's account."""
    return client.post(f"/organisation/staff/{staff_no}/activation/")


def code_in(answer: HttpResponse) -> str:
    return re.search(r'data-copy="(\w+)"', answer.content.decode())[1]  # type: ignore[index]


def use(code: str, staff_no: str) -> Client:
    """Set a new password with a code, and be in with it."""
    client = Client()
    sent = {"staff_no": staff_no, "code": code, "password": NEW, "again": NEW}
    assert client.post("/login/activate/", sent).status_code == 302
    return client


def let_in(by: str, staff_no: str) -> Client:
    """Somebody in by a code that another handed out alone."""
    viewer = find_viewer(by)
    with scope.acting(viewer.scope):
        _, code = issue_activation(
            Staff.objects.get(staff_no=staff_no), actor=viewer.actor, issuer_id=viewer.staff_id
        )
    return use(code, staff_no)
