"""Posts that guard others, by file: from the personnel system, and not from a person (两人办理)."""

from __future__ import annotations

from pathlib import Path

import pytest

from hongyan.core import scope
from hongyan.integration.actions.sign import sign_as
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.demo.erp import STAFF_COLUMNS, STAFF_SHEET, UNIT_COLUMNS, UNITS_SHEET
from hongyan.integration.demo.xlsx import write_workbook
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.reasons import sentence
from hongyan.integration.tests.factory import OPERATOR, day, loaded
from hongyan.org.models import Post
from hongyan.org.tests.factory import small_organisation

pytestmark = pytest.mark.django_db(transaction=True)

UNIT = ("370102", "历下区分公司", "历下", "4", "3701", "邮政", "自营", "管理机构", "370102", "250000", "", "")


def post(staff_no: str, unit: str, role: str, until: str = "") -> tuple[str, ...]:
    mobile, email = "13812345678", f"{staff_no.lower()}@example.com"
    return (staff_no, "马明", "男", mobile, email, unit, "邮政", role, "01", "否", "2001-01-01", until)


def send(tmp_path: Path, channel: Channel, *posts: tuple[str, ...]) -> Delivery:
    """A workbook of the personnel system by some door, signed and loaded."""
    path = tmp_path / f"erp_org_{day()}.xlsx"
    write_workbook(path, {UNITS_SHEET: (UNIT_COLUMNS, [UNIT]), STAFF_SHEET: (STAFF_COLUMNS, posts)})
    delivery = loaded(path.read_bytes(), path.name, "erp", channel)
    if delivery.state == DeliveryState.CHECKED:
        delivery = sign_as(OPERATOR, delivery.pk, in_background=False)
    return delivery


def roles_of(staff_no: str) -> list[str]:
    return list(Post.objects.filter(staff__staff_no=staff_no).order_by("pk").values_list("role", flat=True))


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


@pytest.mark.parametrize("channel", [Channel.UPLOAD, Channel.API])
def test_a_person_who_brings_a_file_makes_nobody_a_guardian(tmp_path: Path, channel: Channel) -> None:
    """Else whoever may load a file could make a friend security administrator, and have everything approved."""
    send(tmp_path, channel, post("M1001", "370102", "客户经理"), post("M1001", "370102", "安全管理员"))
    assert roles_of("M1001") == ["manager"]
    with scope.bulk():
        row = QuarantinedRow.objects.get()
    (reason,) = row.reasons
    assert "须由两人办理" in sentence(reason)


def test_the_personnel_system_does(tmp_path: Path) -> None:
    send(tmp_path, Channel.DROP, post("M1001", "370102", "客户经理"), post("M1001", "370102", "安全管理员"))
    assert roles_of("M1001") == ["manager", "security_admin"]
    send(tmp_path, Channel.DROP, post("M1002", "370102", "审计"))
    ended = post("M1002", "370102", "审计", until="2002-01-01")
    send(tmp_path, Channel.UPLOAD, ended)
    assert Post.objects.get(staff__staff_no="M1002").valid_to is None, "nor does a person end one"
