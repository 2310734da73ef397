"""Posts that guard others, by file: from the personnel system, and not from a person (两人办理)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongyan.core import scope
from hongyan.core.audit import SYSTEM
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, log_in, make_organisation
from hongyan.integration.actions.apply import apply
from hongyan.integration.actions.check import check
from hongyan.integration.actions.receive import receive
from hongyan.integration.actions.sign import sign_as
from hongyan.integration.codes import BY_HAND, Channel, DeliveryState
from hongyan.integration.demo.erp import STAFF_COLUMNS, STAFF_SHEET, UNIT_COLUMNS, UNITS_SHEET
from hongyan.integration.demo.xlsx import write_workbook
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.reasons import sentence
from hongyan.integration.tests.factory import OPERATOR, day
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Place, Post, Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import post_row

pytestmark = pytest.mark.django_db(transaction=True)

UNIT = ("370102", "历下县分公司", "历下", "4", "3701", "邮政", "自营", "管理机构", "370102", "250000", "", "")


def post(staff_no: str, unit: str, role: str, until: str = "") -> tuple[str, ...]:
    mobile, email = "13812345678", f"{staff_no.lower()}@example.com"
    return (staff_no, "马明", "男", mobile, email, unit, "邮政", role, "01", "否", "2001-01-01", until)


def workbook(tmp_path: Path, posts: Sequence[tuple[str, ...]], units: Sequence[tuple[str, ...]]) -> Path:
    """A file of the personnel system."""
    path = tmp_path / f"erp_org_{day()}.xlsx"
    posts = posts or [post("L1002", "370102", "客户经理")]  # a sheet has rows
    write_workbook(path, {UNITS_SHEET: (UNIT_COLUMNS, units), STAFF_SHEET: (STAFF_COLUMNS, posts)})
    return path


def taken_in(delivery: Delivery) -> Delivery:
    """A received delivery, checked, signed and loaded."""
    delivery = check(delivery.pk, in_background=False)
    if delivery.state == DeliveryState.CHECKED:
        delivery = sign_as(OPERATOR, delivery.pk, in_background=False)
    return apply(delivery.pk)


def send(
    tmp_path: Path, channel: Channel, *posts: tuple[str, ...], units: Sequence[tuple[str, ...]] = (UNIT,)
) -> Delivery:
    """A workbook of the personnel system by some door, signed and loaded; by hand, it is the group's steward's."""
    path = workbook(tmp_path, posts, units)
    actor = find_viewer("G1001").actor if channel in BY_HAND else OPERATOR
    with path.open("rb") as content:
        found = receive(
            content, file_name=path.name, system="erp", channel=channel, actor=actor, in_background=False
        )
    return taken_in(found.delivery)


def upload(
    tmp_path: Path, who: str, *posts: tuple[str, ...], units: Sequence[tuple[str, ...]] = (UNIT,)
) -> list[str]:
    """The same in somebody's browser; answers why rows of it stay in quarantine."""
    path = workbook(tmp_path, posts, units)
    sent = SimpleUploadedFile(path.name, path.read_bytes())
    assert log_in(Client(), who).post("/intake/upload/", {"system": "erp", "sent": sent}).status_code == 200
    with scope.bulk():
        delivery = taken_in(Delivery.objects.latest("pk"))
        rows = list(QuarantinedRow.objects.filter(delivery=delivery).order_by("row"))
    assert delivery.state == DeliveryState.APPLIED, (delivery.state, delivery.refusal, delivery.warnings)
    return [reason["code"] for row in rows for reason in row.reasons]


def roles_of(staff_no: str) -> list[str]:
    return list(Post.objects.filter(staff__staff_no=staff_no).order_by("pk").values_list("role", flat=True))


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    """Stewards of the group, `G1001`, and of the county Lixia, `K1001`; `L1001` works in the next county."""
    make_organisation()
    people = (
        ("G1001", "顾数据", "1000", Role.STEWARD),
        ("K1001", "库数据", "370102", Role.STEWARD),
        ("L1001", "李大明", HUAIYIN_OUTLET, Role.MANAGER),
    )
    with scope.bulk():
        take_in_posts([post_row(*person) for person in people], actor=SYSTEM)


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


# --- and what a person brings reaches no further than they do


def test_nobody_gives_themselves_a_post_by_a_file(tmp_path: Path) -> None:
    """A steward of a county could make themselves manager of the whole group, and see every customer."""
    assert (
        upload(tmp_path, "K1001", post("K1001", "1000", "客户经理"), post("K1001", "370102", "客户经理"))
        == ["own_post"] * 2
    )
    assert roles_of("K1001") == ["steward"]
    assert upload(tmp_path, "G1001", post("G1001", "1000", "省管理员")) == ["own_post"]
    assert roles_of("G1001") == ["steward"]


def test_nor_a_friend_one_beyond_their_own_scope(tmp_path: Path) -> None:
    """Nor do they change somebody who belongs to others too."""
    gave = [
        post("M1001", "1000", "客户经理"),
        post("M1002", "370104", "客户经理"),
        post("M1003", "370102", "客户经理"),
    ]
    assert upload(tmp_path, "K1001", *gave) == ["beyond_scope"] * 2
    assert [roles_of(one) for one in ("M1001", "M1002", "M1003")] == [[], [], ["manager"]]
    assert upload(tmp_path, "K1001", post("L1001", "370102", "客户经理")) == ["beyond_scope"]
    assert (roles_of("L1001"), Staff.objects.get(staff_no="L1001").name) == (["manager"], "李大明")


def test_units_move_by_two_people_or_the_personnel_system(tmp_path: Path) -> None:
    """Moving the next county's outlets beneath one's own would show their customers."""
    outlet = (
        HUAIYIN_OUTLET,
        "经四路支局",
        "经四路支局",
        "5",
        "370102",
        "邮政",
        "自营",
        "营业机构",
        "370102",
        "250000",
        "",
        "",
    )
    for who in ("K1001", "G1001"):
        assert upload(tmp_path, who, units=[UNIT, outlet])[-1:] == ["moved_by_hand"]
        assert Place.objects.get(unit__code=HUAIYIN_OUTLET).parent.unit.code == "370104"  # type: ignore[union-attr]
    send(tmp_path, Channel.DROP, units=[outlet])
    assert Place.objects.get(unit__code=HUAIYIN_OUTLET).parent.unit.code == "370102"  # type: ignore[union-attr]


def test_a_person_opens_and_changes_units_of_their_own_scope(tmp_path: Path) -> None:
    new = (
        "370102009",
        "新支局",
        "新支局",
        "5",
        "370102",
        "邮政",
        "自营",
        "营业机构",
        "370102",
        "250000",
        "",
        "",
    )
    other = (
        "370104009",
        "别支局",
        "别支局",
        "5",
        "370104",
        "邮政",
        "自营",
        "营业机构",
        "370104",
        "250000",
        "",
        "",
    )
    renamed = (
        "370104",
        "改名分公司",
        "改名",
        "4",
        "3701",
        "邮政",
        "自营",
        "管理机构",
        "370104",
        "250000",
        "",
        "",
    )
    assert upload(tmp_path, "K1001", units=[new, other, renamed]) == ["beyond_scope"] * 2
    assert set(
        Place.objects.filter(unit__code__in=["370102009", "370104009"]).values_list("unit__code", flat=True)
    ) == {"370102009"}
