"""Imports through the pages, as a branch manager, a steward and a stranger meet them. Issue 6; UI 1, 3."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongyan.core import audit, jobs, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.models import Customer
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import state_purposes
from hongyan.integration.actions.load_import import load_import
from hongyan.integration.actions.revert_import import revert
from hongyan.integration.codes import ImportState
from hongyan.integration.models import CustomerImport
from hongyan.integration.parameters import CHUNK_ROWS, IMPORT_SIGN_ABOVE
from hongyan.integration.tests.console import QIAN, WU, ZHOU, browser, make_stewards
from hongyan.integration.tests.factory import ID, OTHER_ID, customer, kgc_file
from hongyan.integration.tests.factory import loaded as delivered
from hongyan.integration.tests.importing import again, csv_of, digests, loaded, person, work_off

pytestmark = pytest.mark.django_db

PEOPLE = csv_of(
    ("王大明", ID, "13812345678", "山东省济南市历下区泉城路12号", "老客户"),
    ("李小红", OTHER_ID, "13912345678", "", "x"),
    ("=1+1", "", "13612345678", "", "@cmd"),
)


@pytest.fixture(autouse=True)
def people() -> None:
    make_stewards()


def upload(client: Client, content: bytes = PEOPLE, name: str = "名单.csv") -> str:
    """The address of the import that a file becomes."""
    answer = client.post("/imports/new/", {"sent": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def choices(client: Client, address: str, **changes: str) -> dict[str, Any]:
    """What the mapping's form holds as it is offered."""
    form = client.get(address).context["map_form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def mapped(client: Client, address: str, **changes: str) -> None:
    answer = client.post(f"{address}map/", choices(client, address, **changes))
    assert answer.status_code == 302, answer.content.decode()
    work_off()


def only() -> CustomerImport:
    with scope.bulk():
        return CustomerImport.objects.get()


def test_a_manager_imports_a_list_and_takes_it_back() -> None:
    client = browser("zhang")
    address = upload(client)
    page = client.get(address).content.decode()
    assert "王*明" in page
    assert ID not in page
    assert "13812345678" not in page
    mapped(client, address)
    page = client.get(address).content.decode()
    assert "单元格是公式" in page
    assert Customer.objects.count() == 0
    before = digests()
    client.post(f"{address}confirm/")
    work_off()
    assert (only().new, only().refused, only().state) == (2, 1, ImportState.DONE)
    rows = client.get(f"{address}rows/?outcome=new").content.decode()
    assert "李小红" in rows
    client.post(f"{address}revert/", {"reason": "导错了"})
    work_off()
    assert (only().state, only().ended, only().kept) == (ImportState.REVERTED, 2, 0)
    assert digests() == before
    assert client.get(address).status_code == 200


def test_the_error_file_holds_what_was_refused_and_no_formula() -> None:
    client = browser("zhang")
    address = upload(client)
    mapped(client, address)
    answer = client.get(f"{address}errors/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1] == ["行号", "列", "原因", "姓名", "证件号码", "手机", "地址", "备注"]
    assert lines[2][0] == "4"
    assert lines[2][3:] == ["'=1+1", "", "13612345678", "", "'@cmd"]
    assert len(lines) == 3
    with scope.bulk():
        assert AuditEvent.objects.filter(act="import.errors", count=1).count() == 1
    assert browser(QIAN).get(f"{address}errors/").status_code == 403


def test_nobody_else_sees_an_import() -> None:
    address = upload(browser("zhang"))
    for stranger in ("li", ZHOU):
        assert browser(stranger).get(address).status_code == 404
        assert address not in browser(stranger).get("/imports/").content.decode()
    before = only().state
    assert browser(WU).post(f"{address}map/", {}).status_code in {302, 403}
    assert browser(WU).post(f"{address}confirm/").status_code == 403
    assert only().state == before


def test_a_large_import_takes_a_second_person() -> None:
    set_value(IMPORT_SIGN_ABOVE, 1)
    client = browser("zhang")
    address = upload(client)
    mapped(client, address)
    client.post(f"{address}confirm/")
    work_off()
    assert (only().state, only().new) == (ImportState.ASKED, 0)
    assert client.post(f"{address}sign/").status_code == 403
    assert browser(ZHOU).post(f"{address}sign/").status_code == 404
    assert browser(WU).post(f"{address}sign/").status_code == 302
    work_off()
    assert (only().state, only().new, only().signed_by) == (ImportState.DONE, 2, WU)


def test_who_signs_may_refuse_with_a_reason() -> None:
    set_value(IMPORT_SIGN_ABOVE, 1)
    client = browser("zhang")
    address = upload(client)
    mapped(client, address)
    client.post(f"{address}confirm/")
    assert browser(WU).post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    assert browser(WU).post(f"{address}withdraw/", {"reason": "来源不明"}).status_code == 302
    assert only().state == ImportState.WITHDRAWN
    assert "来源不明" in client.get("/notifications/").content.decode()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"column-0": ""}, "请指定哪一列是名称"),
        ({"column-1": "mobile"}, "有两列对应了同一个字段"),
        ({"column-1": "", "column-2": "", "column-3": ""}, "请至少指定"),
        ({"unit": "370104001"}, "不在您的数据范围内"),
        ({"line": "05"}, "05"),
        ({"column-4": "scale"}, "请为每一列选择"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(changes: dict[str, str], told: str) -> None:
    client = browser("zhang")
    address = upload(client)
    answer = client.post(f"{address}map/", choices(client, address, **changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert only().state == ImportState.UPLOADED


def test_the_next_list_with_the_same_columns_is_mapped_already() -> None:
    client = browser("zhang")
    first = upload(client)
    mapped(client, first, **{"column-4": "postcode"})
    second = upload(client, csv_of(("赵三", "", "13512345678", "", "")))
    assert choices(client, second)["column-4"] == "postcode"


def test_a_file_that_cannot_be_read_is_refused_at_once() -> None:
    answer = browser("zhang").post("/imports/new/", {"sent": SimpleUploadedFile("x.csv", b"a,a\n1,2\n")})
    assert answer.status_code == 422
    assert "两列都叫" in answer.content.decode()
    with scope.bulk():
        assert not CustomerImport.objects.exists()


def test_rows_of_units_out_of_scope_are_refused() -> None:
    header = ("姓名", "手机", "机构代码")
    found = loaded(
        person("zhang"),
        csv_of(("王大", "13812345678", "370102001"), ("李二", "13812345679", "370104001"), header=header),
    )
    assert (found.new, found.refused) == (1, 1)


def test_a_customer_of_others_is_not_joined() -> None:
    other = customer(
        1, 客户名称="王小明", 证件类型="1", 证件号码=ID, 归属机构代码="370104001", 客户经理工号="li"
    )
    delivered(kgc_file([other]))
    before = digests()
    found = loaded(person("zhang"), csv_of(("王小明", ID, "13712345678", "", "")))
    assert (found.new, found.joined, found.left_out) == (0, 0, 1)
    assert found.forecast["elsewhere"] == 1
    assert digests() == before
    page = browser("zhang").get(f"/imports/{found.number}/").content.decode()
    assert "数据范围以外" in page


def test_known_customers_may_be_skipped() -> None:
    delivered(kgc_file([customer(1, 客户名称="王小明", 证件类型="1", 证件号码=ID)]))
    before = digests()
    found = loaded(person("zhang"), csv_of(("王小明", ID, "13712345678", "", "")), known="skip")
    assert (found.new, found.joined, found.left_out) == (0, 0, 1)
    assert digests() == before


def test_who_joins_a_known_customer_fills_gaps_and_displaces_nothing() -> None:
    delivered(kgc_file([customer(1, 客户名称="王小明", 证件类型="1", 证件号码=ID)]))
    with scope.bulk():
        before = Customer.objects.get()
    loaded(person("zhang"), csv_of(("王小明", ID, "13712345678", "山东省青岛市市南区香港路1号", "")))
    with scope.bulk():
        after = Customer.objects.get()
    assert (before.mobile_masked, after.mobile_masked) == ("", "137****5678")
    assert after.address == before.address


def test_what_was_touched_since_is_kept_and_listed() -> None:
    zhang = person("zhang")
    done = loaded(zhang, PEOPLE)
    with scope.bulk():
        touched = Customer.objects.get(name="李小红")
        audit.record(zhang.actor, "customer.take_out", "customer", touched.code)
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="导错了")
    work_off()
    done = again(done)
    assert (done.undone, done.ended, done.kept) == (1, 1, 1)
    with scope.bulk():
        assert Customer.objects.get(name="李小红").status == "active"
    rows = browser("zhang").get(f"/imports/{done.number}/rows/").content.decode()
    assert "李小红" in rows
    assert "王大明" not in rows


def test_the_code_of_a_customer_that_was_taken_back_still_tells_its_end() -> None:
    zhang = person("zhang")
    done = loaded(zhang, PEOPLE)
    with scope.bulk():
        code = Customer.objects.get(name="李小红").code
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="导错了")
    work_off()
    assert browser("zhang").get(f"/customers/{code}/").status_code == 404
    head = state_purposes(browser("head"), code)
    assert "已注销" in head.get(f"/customers/{code}/").content.decode()


def test_a_customer_others_know_by_now_is_kept() -> None:
    zhang = person("zhang")
    done = loaded(zhang, csv_of(("王小明", ID, "13712345678", "", "")))
    delivered(kgc_file([customer(1, 客户名称="王小明", 证件类型="1", 证件号码=ID)]))
    before = digests()
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="导错了")
    work_off()
    assert again(done).kept == 1
    assert digests() == before


class Stop(Exception):
    """What a killed worker does."""


def test_loading_goes_on_where_it_was_stopped() -> None:
    set_value(CHUNK_ROWS, 5)
    rows = [
        (f"赵{'甲乙丙丁'[n // 6]}{'子丑寅卯辰巳'[n % 6]}", "", f"1381{n + 123:03}{n + 1234:04}", "", "")
        for n in range(24)
    ]
    client = browser("zhang")
    address = upload(client, csv_of(*rows))
    mapped(client, address)
    client.post(f"{address}confirm/")

    def stop(_done: int, _total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        load_import(only().pk, report=stop)
    assert only().applied == 5
    work_off()
    assert (only().applied, only().new, only().state) == (24, 24, ImportState.DONE)
    with scope.bulk():
        assert Customer.objects.count() == 24


def test_work_is_stopped_and_resumed_by_its_maker() -> None:
    client = browser("zhang")
    address = upload(client)
    mapped(client, address)
    client.post(f"{address}confirm/")
    assert client.post(f"{address}stop/").status_code == 302
    run = JobRun.objects.get(state=JobRun.State.WAITING)
    jobs.carry_out(run.task, run.id, {"import_id": only().pk})
    assert JobRun.objects.get(pk=run.pk).state == JobRun.State.CANCELLED
    assert "处理中断了" in client.get(address).content.decode()
    client.post(f"{address}resume/")
    work_off()
    assert (only().state, only().new) == (ImportState.DONE, 2)


def test_pages_take_few_queries(django_assert_max_num_queries: Any) -> None:
    client = browser("zhang")
    address = upload(client)
    mapped(client, address)
    for one in ("/imports/", "/imports/new/", address, f"{address}progress/"):
        with django_assert_max_num_queries(12):
            assert client.get(one).status_code == 200
    client.post(f"{address}confirm/")
    work_off()
    for one in (address, f"{address}rows/"):
        with django_assert_max_num_queries(12):
            assert client.get(one).status_code == 200
