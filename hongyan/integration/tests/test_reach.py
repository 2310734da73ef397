"""Who may sign what: a file is signed by whoever sees all that it may touch (BARS A 1, ADR 0006)."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.models import Customer
from hongyan.customer.tests import factory
from hongyan.desk.models import Notification
from hongyan.integration.actions.describe_system import serve_unit
from hongyan.integration.codes import Channel, DeliveryState, RowState
from hongyan.integration.descriptors import find_descriptor, shipped_descriptors
from hongyan.integration.models import Delivery, SystemState
from hongyan.integration.parameters import AUTO_SIGN_MAX_QUARANTINE_PCT, LATE_AFTER_DAYS
from hongyan.integration.rules import is_about_another
from hongyan.integration.tests.console import (
    BAD_ROWS,
    QIAN,
    WU,
    ZHOU,
    bad_file,
    browser,
    make_stewards,
    rows_of,
    three_bad_rows,
    work_off,
)
from hongyan.integration.tests.factory import ID, OPERATOR, customer, day, kgc_file, loaded
from hongyan.integration.tests.test_pages import MOST_QUERIES, file, form_of, sent_by, text_of
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.tests.factory import post_row

pytestmark = pytest.mark.django_db

TANG = "tang"
"""The province's data steward; `qian` is the group's, `wu` and `zhou` are those of two counties."""
SIGNED_BY_THE_HOUSE = "system:intake"


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    """The old customer system delivers for the province."""
    make_stewards()
    with scope.bulk():
        take_in_posts([post_row(TANG, "唐数据", "3700", Role.STEWARD)], actor=factory.TESTER)
    serve_unit(OPERATOR, "kgc", "3700")


def good_file() -> bytes:
    return kgc_file([customer(number) for number in range(10, 40)])


def sent(staff_no: str, content: bytes) -> Delivery:
    """What somebody uploaded, checked and, where nobody has to sign, loaded."""
    sent_by(browser(staff_no), file(content))
    work_off()
    return Delivery.objects.latest("id")


def signed(staff_no: str, delivery: Delivery) -> int:
    """The status of an attempt to sign, and what follows done."""
    answer = browser(staff_no).post(f"/intake/deliveries/{delivery.number}/sign/")
    work_off()
    delivery.refresh_from_db()
    return answer.status_code


def mended(staff_no: str, parent: Delivery, **changes: str) -> Delivery:
    """The first bad row of a delivery, sent in again by somebody."""
    row = rows_of(parent)[0]
    browser(staff_no).post(f"/intake/quarantine/{row.id}/", form_of(row, **changes))
    work_off()
    return Delivery.objects.filter(parent=parent).latest("id")


def customers() -> int:
    with scope.bulk():
        return Customer.objects.count()


# --- what a person brings


def test_a_county_file_of_the_whole_province_waits_for_the_province() -> None:
    """Its keys could be those of the next county's customers."""
    delivery = sent(WU, good_file())
    assert (delivery.state, delivery.reach) == (DeliveryState.CHECKED, "3700")
    wu = browser(WU)
    with CaptureQueriesContext(connection) as captured:
        page = text_of(wu.get(f"/intake/deliveries/{delivery.number}/"))
    assert len(captured) <= MOST_QUERIES
    assert "由人送来，可能涉及山东省，超出送来的人的数据范围" in page
    assert "可以签收的人：唐数据（山东省）、" in page
    assert f"/intake/deliveries/{delivery.number}/sign/" not in page

    for other in (WU, ZHOU):
        assert signed(other, delivery) == 403
        assert (delivery.state, delivery.signed_by, customers()) == (DeliveryState.CHECKED, "", 0)
    with scope.bulk():
        refused = AuditEvent.objects.filter(act="intake.beyond_scope").values_list("actor", "result")
        assert list(refused) == [(WU, "denied"), (ZHOU, "denied")]
    answer = browser(WU).post(f"/intake/deliveries/{delivery.number}/sign/").content.decode()
    assert "须由数据范围覆盖山东省的人签收或撤回" in answer

    assert signed(TANG, delivery) == 302
    assert (delivery.state, delivery.signed_by, customers()) == (DeliveryState.APPLIED, TANG, 30)


@pytest.mark.parametrize("sender", [TANG, QIAN])
def test_whoever_sees_all_that_the_system_delivers_for_need_not_be_asked(sender: str) -> None:
    delivery = sent(sender, good_file())
    assert (delivery.state, delivery.signed_by) == (DeliveryState.APPLIED, SIGNED_BY_THE_HOUSE)


@pytest.mark.parametrize(
    ("unit", "reach", "state"),
    [
        (factory.LIXIA_OUTLET, "370102", DeliveryState.APPLIED),
        (factory.HUAIYIN_OUTLET, "3701", DeliveryState.CHECKED),
    ],
)
def test_a_row_that_names_the_next_county_reaches_there(unit: str, reach: str, state: str) -> None:
    """Here the system delivers for one county, so its steward needs nobody, unless a row says otherwise."""
    SystemState.objects.filter(code="kgc").update(unit_code="370102")
    rows = [*(customer(number) for number in range(10, 40)), customer(40, 归属机构代码=unit)]
    delivery = sent(WU, kgc_file(rows))
    assert (delivery.reach, delivery.state) == (reach, state)


def test_a_file_for_the_group_is_signed_at_the_top() -> None:
    SystemState.objects.filter(code="kgc").update(unit_code="")
    delivery = sent(TANG, good_file())
    assert (delivery.state, delivery.reach) == (DeliveryState.CHECKED, "")
    page = text_of(browser(TANG).get(f"/intake/deliveries/{delivery.number}/"))
    assert "可能涉及全集团" in page
    assert (signed(TANG, delivery), signed(QIAN, delivery)) == (403, 302)
    assert delivery.state == DeliveryState.APPLIED


def test_over_the_api_it_waits_too() -> None:
    viewer = factory.viewer(WU)
    with scope.acting(viewer.scope):
        _, token = make_api_token(viewer, name="test")
    body = json.dumps({"kind": "CUST", "records": [customer(1)]})
    answer = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}).post(
        "/api/v1/intake/kgc/records", body, content_type="application/json"
    )
    assert answer.status_code == 202
    work_off()
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.state, customers()) == (Channel.API, DeliveryState.CHECKED, 0)


def test_whoever_names_a_file_rightly_brings_it() -> None:
    """The province's own file, refused for its name, is not the province's word when a county names it."""
    viewer = factory.viewer(TANG)
    with scope.acting(viewer.scope):
        _, token = make_api_token(viewer, name="test")
    caller = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one"})
    caller.post("/api/v1/intake/kgc/files", {"file": file(good_file(), "x.txt")})
    work_off()
    assert Delivery.objects.get().state == DeliveryState.REFUSED

    delivery = sent(WU, good_file())
    assert (delivery.received_by, delivery.channel) == (WU, Channel.UPLOAD)
    assert delivery.state == DeliveryState.CHECKED


def test_who_may_sign_hears_of_it_and_the_sender() -> None:
    delivery = sent(WU, good_file())
    told = Notification.objects.filter(kind="intake.waiting", url__contains=delivery.number)
    assert set(told.values_list("recipient", flat=True)) == {WU, TANG, QIAN, factory.HEAD}


# --- what a system brings


def test_a_file_of_the_system_that_waits_is_signed_by_the_same_rule() -> None:
    delivery = bad_file()
    assert signed(WU, delivery) == 403
    page = text_of(browser(WU).get(f"/intake/deliveries/{delivery.number}/"))
    assert "超出送来的人的数据范围" not in page, "it waits for its bad rows"
    assert signed(TANG, delivery) == 302


def test_only_the_sender_and_who_may_sign_withdraw() -> None:
    delivery = sent(WU, good_file())
    address = f"/intake/deliveries/{delivery.number}/"
    assert browser(ZHOU).post(f"{address}withdraw/", {"reason": "看错"}).status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CHECKED
    assert "withdraw" not in text_of(browser(ZHOU).get(address))
    assert f"{address}withdraw/" in text_of(browser(WU).get(address))
    browser(WU).post(f"{address}withdraw/", {"reason": "发错文件"})
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WITHDRAWN


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_what_a_person_sent_first_keeps_no_file_of_the_system_away(is_withdrawn: bool) -> None:
    """Else a county could hold up the whole province's night by sending its file before the system does."""
    delivery = sent(WU, good_file())
    if is_withdrawn:
        browser(WU).post(f"/intake/deliveries/{delivery.number}/withdraw/", {"reason": "发错文件"})
    loaded(good_file(), channel=Channel.DROP)
    delivery.refresh_from_db()
    assert (delivery.channel, delivery.received_by) == (Channel.DROP, OPERATOR.code)
    assert (delivery.state, customers()) == (DeliveryState.APPLIED, 30)


def test_but_not_once_rows_of_it_were_mended() -> None:
    """They are on their way as its children, and would come twice."""
    delivery = sent(WU, bad_content := kgc_file([*BAD_ROWS, customer(5)]))
    mended(WU, delivery, 证件号码=ID)
    loaded(bad_content, channel=Channel.DROP)
    delivery.refresh_from_db()
    assert (delivery.channel, delivery.state) == (Channel.UPLOAD, DeliveryState.CHECKED)


# --- what is mended


def test_a_mended_row_stays_with_whom_it_was_about() -> None:
    child = mended(WU, three_bad_rows(), 证件号码=ID, 客户名称="王小明")
    assert (child.state, child.signed_by, child.reach) == (
        DeliveryState.APPLIED,
        SIGNED_BY_THE_HOUSE,
        factory.LIXIA_OUTLET,
    )


@pytest.mark.parametrize(
    "changes", [{"客户编号": "37010400000001"}, {"归属机构代码": factory.HUAIYIN_OUTLET}]
)
def test_a_row_mended_into_somebody_elses_waits(changes: dict[str, str]) -> None:
    """Else a county steward would write what they like over the customers of the next county."""
    parent = three_bad_rows()
    before = customers()
    child = mended(WU, parent, 证件号码="", 证件类型="", **changes)
    assert (child.state, child.staged_rows, customers()) == (DeliveryState.CHECKED, 1, before)
    page = text_of(browser(WU).get(f"/intake/quarantine/{rows_of(parent)[0].id}/"))
    assert "已重发，等待签收" in page
    assert (signed(WU, child), signed(TANG, child)) == (403, 302)
    assert (child.state, customers()) == (DeliveryState.APPLIED, before + 1)


def test_a_row_of_a_file_nobody_signed_waits_as_the_file_does() -> None:
    """Else one would deliver every row with a fault, and mend them one by one."""
    parent = sent(WU, kgc_file([customer(2, 证件类型="8"), *(customer(n) for n in range(10, 40))]))
    assert parent.state == DeliveryState.CHECKED
    child = mended(WU, parent, 证件类型="")
    assert (child.state, child.reach) == (DeliveryState.CHECKED, "3700")


def test_a_mended_row_that_is_withdrawn_waits_in_quarantine_again() -> None:
    """Else it would be neither loaded nor on anybody's list."""
    child = mended(WU, parent := three_bad_rows(), 归属机构代码=factory.HUAIYIN_OUTLET, 证件号码=ID)
    answer = browser(TANG).post(f"/intake/deliveries/{child.number}/withdraw/", {"reason": "不是他们的客户"})
    assert answer.status_code == 302
    row = rows_of(parent)[0]
    assert (row.state, row.resent_as, row.closed_by) == (RowState.OPEN, None, "")
    assert mended(WU, parent, 证件号码=ID, 客户名称="王小明").state == DeliveryState.APPLIED


def test_signing_the_file_signs_nothing_of_what_is_mended_later() -> None:
    """The province signs the good rows; what stands in the bad ones the county writes afterwards."""
    loaded(
        kgc_file([customer(2, 客户名称="周邻县", 归属机构代码=factory.HUAIYIN_OUTLET)]),
        f"KG_CUST_{day()}.txt",
    )
    parent = sent(WU, kgc_file([customer(2, 证件类型="8"), *(customer(n) for n in range(10, 40))]))
    assert signed(TANG, parent) == 302
    child = mended(WU, parent, 证件类型="", 客户名称="吴改名")
    assert (child.state, child.reach) == (DeliveryState.CHECKED, "3700")
    assert (signed(WU, child), signed(TANG, child)) == (403, 302)


def test_a_row_of_a_file_within_the_county_goes_in_by_itself() -> None:
    SystemState.objects.filter(code="kgc").update(unit_code="370102")
    parent = sent(WU, kgc_file([customer(2, 证件类型="8"), *(customer(n) for n in range(10, 40))]))
    assert parent.state == DeliveryState.APPLIED
    assert mended(WU, parent, 证件类型="").state == DeliveryState.APPLIED


def test_a_row_mended_wrongly_is_mended_again() -> None:
    child = mended(WU, three_bad_rows(), 客户名称="王小明")
    assert (child.state, child.quarantined) == (DeliveryState.APPLIED, 1)
    again = mended(WU, child, 证件号码=ID)
    assert (again.state, again.reach) == (DeliveryState.APPLIED, factory.LIXIA_OUTLET)


# --- rules and parameters


@pytest.mark.parametrize(
    ("kind", "column", "is_another"),
    [
        ("CUST", "客户编号", True),
        ("CUST", "客户名称", False),
        ("CUST", "证件号码", False),
        ("CONT", "客户编号", True),
        ("CONT", "手机", False),
    ],
)
def test_what_makes_a_row_another(kind: str, column: str, is_another: bool) -> None:
    found = find_descriptor("kgc").kind(kind)
    assert is_about_another(found, {"客户编号": "1"}, {"客户编号": "1", column: "2"}) is is_another


def test_of_a_kind_that_names_nothing_any_change_does() -> None:
    found = next(one for one in shipped_descriptors() if one.code == "real_postcodes").kinds[0]
    column = found.columns[0]
    assert not is_about_another(found, {column: "1"}, {column: "1"})
    assert is_about_another(found, {column: "1"}, {column: "2"})


def test_what_decides_on_signing_by_itself_takes_two_people_to_change() -> None:
    assert AUTO_SIGN_MAX_QUARANTINE_PCT.is_guarded
    assert LATE_AFTER_DAYS.is_guarded
