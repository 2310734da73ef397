"""The intake console through HTTP: acceptance 2, who may do what, masking, the audit, the number of queries."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.models import Customer, SourceRecord
from hongyan.customer.tests.factory import HEAD, SUN, WANG, ZHANG
from hongyan.desk.tests.exporting import ask, exported
from hongyan.integration.actions import check
from hongyan.integration.actions.describe_system import serve_unit
from hongyan.integration.codes import Channel, DeliveryState, RowState
from hongyan.integration.models import Delivery, QuarantinedRow, SystemState
from hongyan.integration.tests.console import (
    BAD_ID,
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
from hongyan.integration.tests.factory import ID, OPERATOR, customer, day, kgc_file, loaded, received
from hongyan.integration.tests.ledger_factory import booked, sale

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    make_stewards()


def text_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def file(content: bytes, name: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name or f"KG_CUST_{day()}.txt", content)


def sent_by(client: Client, *files: SimpleUploadedFile, system: str = "kgc") -> HttpResponse:
    return client.post("/intake/upload/", {"system": system, "sent": list(files)})


def form_of(row: QuarantinedRow, **changes: str) -> dict[str, str]:
    """The mend form with some columns changed; what is not sent keeps its value."""
    from hongyan.integration.descriptors import find_descriptor

    kind = find_descriptor(row.delivery.system).kind(row.kind)
    return {f"column-{kind.columns.index(column)}": value for column, value in changes.items()}


def acts(act: str) -> list[AuditEvent]:
    with scope.bulk():
        return list(AuditEvent.objects.filter(act=act).order_by("id"))


def customers() -> int:
    with scope.bulk():
        return Customer.objects.count()


# --- acceptance 2


def test_three_bad_rows_from_upload_to_mended() -> None:
    """Drop a file with three bad rows, see them with reasons, mend one, it joins; the same file changes nothing."""
    wu = browser(WU)
    loaded(kgc_file([customer(1)]))
    content = kgc_file([*BAD_ROWS, *(customer(number) for number in range(10, 70))])
    answer = sent_by(wu, file(content))
    delivery = Delivery.objects.latest("id")
    assert (delivery.channel, delivery.received_by) == (Channel.UPLOAD, WU)
    assert delivery.number in text_of(answer)
    work_off()
    browser(QIAN).post(f"/intake/deliveries/{delivery.number}/sign/")
    work_off()
    page = text_of(wu.get(f"/intake/deliveries/{delivery.number}/"))
    assert f'href="/intake/quarantine/?delivery={delivery.number}"' in page
    assert f'href="/intake/deliveries/{delivery.number}/records/?outcome=new"' in page

    rows = text_of(wu.get(f"/intake/quarantine/?delivery={delivery.number}"))
    for reason in ("证件号码校验位不符：1101**********0021", "名称已被遮盖：王*明", "代码 8 不在代码表中"):
        assert reason in rows
    assert BAD_ID not in rows

    row = rows_of(delivery)[0]
    form = text_of(wu.get(f"/intake/quarantine/{row.id}/"))
    assert BAD_ID in form
    answer = wu.post(f"/intake/quarantine/{row.id}/", form_of(row, 证件号码=ID, 客户名称="王小明"))
    assert answer["Location"] == f"/intake/quarantine/{row.id}/"
    assert "已重发，正在检查和装载" in text_of(wu.get(answer["Location"]))
    before = customers()
    work_off()
    child = Delivery.objects.get(parent=delivery)
    browser(QIAN).post(f"/intake/deliveries/{child.number}/sign/")
    work_off()
    child.refresh_from_db()
    assert (child.joined, customers()) == (1, before)
    with scope.bulk():
        known = SourceRecord.objects.get(delivery_id=child.id).party.customer
    outcome = text_of(wu.get(answer["Location"]))
    assert "归入了已有的客户" in outcome
    assert f'href="/customers/{known.code}/"' in outcome
    assert child.number in text_of(wu.get(f"/intake/deliveries/{delivery.number}/"))

    again = text_of(sent_by(wu, file(content, f"KG_CUST_{clock.business_date():%Y%m%d}.txt")))
    assert "没有重复接收" in again
    work_off()
    assert (customers(), Delivery.objects.count()) == (before, 3)


def test_a_row_mended_wrongly_comes_back_with_new_reasons() -> None:
    delivery = three_bad_rows()
    wu, row = browser(WU), rows_of(delivery)[1]
    wu.post(f"/intake/quarantine/{row.id}/", form_of(row, 客户名称="王**"))
    work_off()
    [again] = rows_of(Delivery.objects.get(parent=delivery))
    page = text_of(wu.get(f"/intake/quarantine/{row.id}/"))
    assert "这一行还是不合规则" in page
    assert f"/intake/quarantine/{again.id}/" in page
    assert "名称已被遮盖：王**" in page


def test_a_closed_row_cannot_be_mended_again() -> None:
    delivery = three_bad_rows()
    wu, row = browser(WU), rows_of(delivery)[0]
    wu.post(f"/intake/quarantine/{row.id}/dismiss/", {"reason": "客户已注销"})
    assert wu.post(f"/intake/quarantine/{row.id}/", form_of(row, 证件号码=ID)).status_code == 409
    assert Delivery.objects.count() == 1
    page = text_of(wu.get(f"/intake/quarantine/{row.id}/"))
    assert "已放弃" in page
    assert BAD_ID not in page


def test_too_long_a_value_is_said_in_the_form() -> None:
    delivery = three_bad_rows()
    row = rows_of(delivery)[0]
    answer = browser(WU).post(f"/intake/quarantine/{row.id}/", form_of(row, 地址="长" * 2001))
    assert answer.status_code == 422
    assert rows_of(delivery)[0].state == RowState.OPEN
    with transaction.atomic(), scope.bulk():
        assert AuditEvent.objects.filter(act="intake.open_row", subject=row.id).count() == 1, (
            "the page shows the row"
        )


# --- uploads


def test_each_uploaded_file_has_its_own_answer() -> None:
    good = kgc_file([customer(number) for number in range(10, 20)])
    page = text_of(
        sent_by(browser(QIAN), file(good), file(b"x", "KG_WRONG.txt"), file(b"", f"KG_ADDR_{day()}.txt"))
    )
    assert f"它的文件应为：KG_CUST_{day()}.txt（客户）" in page
    assert list(Delivery.objects.order_by("id").values_list("file_name", flat=True)) == [
        f"KG_CUST_{day()}.txt", f"KG_ADDR_{day()}.txt",
    ]  # fmt: skip
    work_off()
    assert Delivery.objects.get(size=0).refusal["code"] == "empty"


def test_an_upload_without_files_says_so() -> None:
    assert browser(QIAN).post("/intake/upload/", {"system": "kgc"}).status_code == 422
    assert not Delivery.objects.exists()


def test_a_system_that_is_not_connected_takes_no_files() -> None:
    qian = browser(QIAN)
    qian.post("/intake/systems/kgc/", {"connection": "tender", "note": "招标到六月"})
    assert sent_by(qian, file(kgc_file([customer(1)]))).status_code == 422
    assert not Delivery.objects.exists()
    assert "招标到六月" in text_of(qian.get("/intake/"))
    [event] = acts("intake.describe")
    assert (event.before["connection"], event.after["connection"]) == ("connected", "tender")


def test_the_upload_dialog_is_a_fragment() -> None:
    page = text_of(browser(QIAN).get("/intake/upload/", headers={"HX-Request": "true"}))
    assert page.lstrip().startswith("<dialog")


# --- signing, stopping, going on


def test_a_delivery_that_waits_is_signed_by_a_person() -> None:
    delivery, qian = bad_file(), browser(QIAN)
    page = text_of(qian.get(f"/intake/deliveries/{delivery.number}/"))
    assert "签收后装载通过检查的 3 行" in page
    assert "隔离行占 50.0%" in page
    assert qian.post(f"/intake/deliveries/{delivery.number}/sign/").status_code == 302
    work_off()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.signed_by, delivery.new) == (DeliveryState.APPLIED, QIAN, 3)


def test_a_delivery_is_withdrawn_with_a_reason() -> None:
    delivery, qian = bad_file(), browser(QIAN)
    address = f"/intake/deliveries/{delivery.number}/withdraw/"
    qian.post(address, {"reason": " "})
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CHECKED
    qian.post(address, {"reason": "发错文件"})
    delivery.refresh_from_db()
    assert (delivery.state, customers()) == (DeliveryState.WITHDRAWN, 0)
    assert "发错文件" in text_of(qian.get(f"/intake/deliveries/{delivery.number}/"))


def waiting_to_load() -> Delivery:
    """A signed delivery whose loading waits for a worker."""
    return check(received(kgc_file([customer(number) for number in range(10, 40)])).id)


def test_work_is_stopped_and_goes_on() -> None:
    delivery, qian = waiting_to_load(), browser(QIAN)
    page = text_of(qian.get(f"/intake/deliveries/{delivery.number}/progress/"))
    assert f'hx-get="/intake/deliveries/{delivery.number}/progress/?since=' in page
    assert qian.post(f"/intake/deliveries/{delivery.number}/resume/").status_code == 409
    qian.post(f"/intake/deliveries/{delivery.number}/stop/")
    assert JobRun.objects.get(id=delivery.run_id).cancel_requested
    JobRun.objects.filter(id=delivery.run_id).update(state=JobRun.State.CANCELLED)
    answer = qian.get(f"/intake/deliveries/{delivery.number}/progress/")
    assert "处理中断了" in text_of(answer)
    assert answer["HX-Refresh"] == "true"
    qian.post(f"/intake/deliveries/{delivery.number}/resume/")
    work_off()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.new) == (DeliveryState.APPLIED, 30)
    assert [len(acts(act)) for act in ("intake.stop", "intake.resume")] == [1, 1]
    assert qian.post(f"/intake/deliveries/{delivery.number}/stop/").status_code == 409


@pytest.mark.parametrize(("quarantined", "told"), [(5, False), (6, True)])
def test_a_share_of_quarantined_rows_is_a_reason_only_beyond_the_limit(quarantined: int, told: bool) -> None:
    """A file that waits for another reason does not name a share that the house would have borne."""
    bad = [customer(number, 证件类型="8") for number in range(10, 10 + quarantined)]
    sound = [customer(number) for number in range(20, 120 - quarantined)]
    sent_by(browser(WU), file(kgc_file([*bad, *sound])))
    work_off()
    page = text_of(browser(QIAN).get(f"/intake/deliveries/{Delivery.objects.get().number}/"))
    assert "超出送来的人的数据范围" in page
    assert ("自动签收的上限" in page) is told


def test_a_refused_file_says_why_and_how_far_the_checks_came() -> None:
    delivery = loaded(kgc_file([customer(1)])[:-9])
    page = text_of(browser(QIAN).get(f"/intake/deliveries/{delivery.number}/"))
    assert "没有文件尾，文件可能被截断" in page
    assert page.count('class="is-passed"') == 4
    assert page.count('class="is-failed"') == 1
    assert page.count('class="is-open"') == 3


@pytest.mark.parametrize(("reader", "name"), [(QIAN, "钱数据"), (WU, "吴数据")])
def test_a_refused_file_says_what_it_was_and_what_was_done_with_it(reader: str, name: str) -> None:
    client = browser(reader)
    sent_by(client, file(kgc_file([customer(1)])[:-9]))
    work_off()
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.business_date) == ("CUST", clock.business_date())
    page = text_of(client.get(f"/intake/deliveries/{delivery.number}/"))
    facts, _, past = page.partition("经过")
    assert "客户" in facts.partition("记录种类")[2][:200]
    assert f'datetime="{clock.business_date()}"' in facts.partition("业务日期")[2][:100]
    assert name in past.partition("接收文件")[2]
    assert "没有文件尾，文件可能被截断" in past.partition("整批拒收")[2]


def test_the_province_reads_what_the_house_did_with_a_file_for_it() -> None:
    serve_unit(OPERATOR, "kgc", "3700")
    delivery = loaded(kgc_file([customer(1)])[:-9], channel=Channel.DROP)
    past = text_of(browser(SUN).get(f"/intake/deliveries/{delivery.number}/")).partition("经过")[2]
    assert "接收文件" in past
    assert "没有文件尾，文件可能被截断" in past.partition("整批拒收")[2]
    good = loaded(kgc_file([customer(1)]))
    past = text_of(browser(SUN).get(f"/intake/deliveries/{good.number}/")).partition("经过")[2]
    assert [act for act in ("装载批次", "批次签收", "接收文件") if act in past] == [
        "装载批次",
        "批次签收",
        "接收文件",
    ]


def test_a_file_refused_for_its_day_still_says_its_kind() -> None:
    delivery = loaded(kgc_file([customer(1)]), "KG_CUST_20261341.txt")
    page = text_of(browser(QIAN).get(f"/intake/deliveries/{delivery.number}/"))
    assert "文件名中的日期 20261341 不存在" in page
    assert "客户" in page.partition("记录种类")[2][:200]


# --- giving up


def test_many_rows_are_given_up_with_one_reason() -> None:
    delivery, wu = three_bad_rows(), browser(WU)
    rows = rows_of(delivery)
    chosen = {"ids": [str(row.id) for row in rows[:2]], "scope": "page", "query": "state=open"}
    assert "有 2 行待处理" in text_of(wu.post("/intake/quarantine/dismiss/", chosen))
    assert [row.state for row in rows_of(delivery)] == [RowState.OPEN] * 3
    answer = wu.post("/intake/quarantine/dismiss/", {**chosen, "reason": "来源确认作废"})
    assert answer["Location"] == "/intake/quarantine/?state=open"
    assert [row.state for row in rows_of(delivery)] == [RowState.DISMISSED, RowState.DISMISSED, RowState.OPEN]
    [event] = acts("intake.dismiss")
    assert (event.count, event.purpose, event.after) == (
        2,
        "来源确认作废",
        {"rows": [row.id for row in rows[:2]]},
    )


def test_all_results_of_a_list_are_given_up() -> None:
    delivery, wu = three_bad_rows(), browser(WU)
    wu.post(
        "/intake/quarantine/dismiss/",
        {"scope": "all", "query": "reason=credential_checksum", "reason": "作废"},
    )
    assert [row.state for row in rows_of(delivery)] == [RowState.DISMISSED, RowState.OPEN, RowState.OPEN]


def test_no_row_is_given_up_for_a_condition_that_cannot_be_used() -> None:
    """Left out, the condition would give up every row of the list."""
    delivery, wu = three_bad_rows(), browser(WU)
    answer = wu.post(
        "/intake/quarantine/dismiss/", {"scope": "all", "query": "reason=nonsense", "reason": "作废"}
    )
    assert answer.status_code == 422
    assert [row.state for row in rows_of(delivery)] == [RowState.OPEN] * 3


# --- who may do what

READER, OUTSIDER = WANG, ZHANG
"""A head who may look; a manager of an outlet who has no right of intake at all."""


def addresses(delivery: Delivery, row: QuarantinedRow) -> dict[str, set[str]]:
    """Every address that reads → who of the people below may."""
    number = f"/intake/deliveries/{delivery.number}/"
    readers = {WANG, SUN, WU, QIAN, HEAD}
    stewards = {WU, QIAN, HEAD}
    return {
        "/intake/": readers,
        "/intake/systems/kgc/": readers,
        "/intake/deliveries/": readers,
        number: readers,
        f"{number}progress/": readers,
        f"{number}records/": readers,
        "/exports/new/quarantine/": stewards,
        "/intake/quarantine/": readers,
        f"/intake/quarantine/{row.id}/": readers,
        f"/intake/quarantine/{row.id}/outcome/": readers,
        "/intake/upload/": stewards,
    }


@pytest.mark.parametrize("staff_no", [ZHANG, WANG, SUN, WU, QIAN, HEAD])
def test_who_may_read(staff_no: str) -> None:
    delivery = three_bad_rows()
    client = browser(staff_no)
    for address, allowed in addresses(delivery, rows_of(delivery)[0]).items():
        assert client.get(address).status_code == (200 if staff_no in allowed else 403), address


@pytest.mark.parametrize("staff_no", [ZHANG, WANG, SUN])
def test_without_the_right_nothing_is_written(staff_no: str) -> None:
    delivery = bad_file()
    client, row = browser(staff_no), rows_of(delivery)[0]
    number = f"/intake/deliveries/{delivery.number}/"
    posts = {
        f"{number}sign/": {}, f"{number}withdraw/": {"reason": "x"}, f"{number}stop/": {}, f"{number}resume/": {},
        f"/intake/quarantine/{row.id}/": form_of(row, 证件号码=ID),
        f"/intake/quarantine/{row.id}/dismiss/": {"reason": "x"},
        "/intake/quarantine/dismiss/": {"ids": [row.id], "reason": "x"},
        "/intake/systems/kgc/": {"connection": "off", "note": ""},
        "/intake/upload/": {"system": "kgc", "sent": file(b"x")},
    }  # fmt: skip
    for address, sent in posts.items():
        assert client.post(address, sent).status_code == 403, address
    delivery.refresh_from_db()
    assert (delivery.state, delivery.run, Delivery.objects.count()) == (DeliveryState.CHECKED, None, 1)
    assert [row.state for row in rows_of(delivery)] == [RowState.OPEN] * 3
    assert not SystemState.objects.exists()
    assert {event.result for event in acts("intake.mend")} == {AuditEvent.Result.DENIED}


def test_the_steward_of_another_county_sees_none_of_these_rows() -> None:
    delivery = three_bad_rows()
    zhou, row = browser(ZHOU), rows_of(delivery)[0]
    assert "证件号码" not in text_of(zhou.get("/intake/quarantine/")).partition("data-rows")[2]
    page = text_of(zhou.get(f"/intake/deliveries/{delivery.number}/"))
    assert "您的数据范围内有 0 行" in page
    for address in (f"/intake/quarantine/{row.id}/", f"/intake/quarantine/{row.id}/outcome/"):
        assert zhou.get(address).status_code == 404
    assert zhou.post(f"/intake/quarantine/{row.id}/", form_of(row, 证件号码=ID)).status_code == 404
    assert zhou.post(f"/intake/quarantine/{row.id}/dismiss/", {"reason": "x"}).status_code == 404
    zhou.post("/intake/quarantine/dismiss/", {"ids": [row.id], "reason": "x"})
    assert [row.state for row in rows_of(delivery)] == [RowState.OPEN] * 3
    assert ask(zhou, "quarantine", f"?delivery={delivery.number}").status_code == 422, (
        "there is nothing to export"
    )
    assert "zhou" in {event.actor for event in acts("quarantined_row.open")}


@pytest.mark.parametrize(("who", "sees"), [(WANG, False), (SUN, True), (WU, True), (HEAD, True)])
def test_how_many_rows_a_file_has_is_for_its_province_and_who_signs(who: str, sees: bool) -> None:
    """A county's head learns what lies in the county, not how the neighbours fared (SEC-i02, X-17)."""
    delivery = three_bad_rows()
    client = browser(who)
    pages = {
        address: text_of(client.get(address))
        for address in (
            f"/intake/deliveries/{delivery.number}/",
            f"/intake/deliveries/{delivery.number}/progress/",
            "/intake/deliveries/",
            "/intake/",
            "/intake/systems/kgc/",
            "/",
        )
    }
    told = {address for address, page in pages.items() if re.search(r"(?<!\d)63(?: 行|<)", page)}
    assert told == (set(pages) if sees else set())
    own = pages[f"/intake/deliveries/{delivery.number}/"]
    assert ("您数据范围内的行" in own) is not sees


def test_records_show_only_customers_in_scope() -> None:
    delivery = three_bad_rows()
    address = f"/intake/deliveries/{delivery.number}/records/"
    assert "赵甲丑" in text_of(browser(WU).get(address))
    assert "赵甲丑" not in text_of(browser(ZHOU).get(address))


# --- masked, and written down


def test_values_are_masked_for_readers_and_opening_is_audited() -> None:
    delivery = three_bad_rows()
    row = rows_of(delivery)[0]
    for address in (
        "/intake/quarantine/",
        f"/intake/quarantine/{row.id}/",
        f"/intake/deliveries/{delivery.number}/",
    ):
        assert BAD_ID not in text_of(browser(READER).get(address))
    assert not acts("intake.reveal")
    answer = browser(WU).get(f"/intake/quarantine/{row.id}/")
    assert BAD_ID in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    [event] = acts("intake.reveal")
    assert (event.actor, event.subject_kind, event.subject) == (WU, "quarantined_row", str(row.id))


def test_the_download_is_masked_and_safe_to_open() -> None:
    rows = [*BAD_ROWS, customer(5, 客户名称="=1+1")]
    delivery = loaded(kgc_file([*rows, *(customer(number) for number in range(10, 110))]))
    asked = f"?delivery={delivery.number}&sort=row"
    assert f"/exports/new/quarantine/{asked}".replace("&", "&amp;") in text_of(
        browser(WU).get(f"/intake/deliveries/{delivery.number}/")
    )
    table = exported(browser(WU), "quarantine", asked)
    assert table[0]["证件号码"] == "1101**********0021"
    assert (table[0]["行号"], table[0]["原因"]) == ("2", "证件号码：证件号码校验位不符：1101**********0021")
    assert [line["行号"] for line in table] == sorted((line["行号"] for line in table), key=int)
    assert BAD_ID not in str(table)
    assert all(not cell.startswith(("=", "+", "@")) for line in table for cell in line.values())
    [event] = acts("export.written")
    assert (event.actor, event.count) == (WU, len(table))


def test_the_export_of_many_systems_has_what_they_share() -> None:
    three_bad_rows()
    rows = exported(browser(WU), "quarantine")
    assert len(rows) == 3
    assert list(rows[0]) == ["来源系统", "批次", "行号", "记录种类", "来源标识", "状态", "原因"]
    assert "证件号码" in exported(browser(WU), "quarantine", "?system=kgc")[0]


# --- in English, and with few queries

_OUR_WORDS = re.compile("来源系统|隔离|批次|接入|每天|签收|必填")


@pytest.mark.parametrize(
    "address", ["/intake/", "/intake/systems/erp/", "/intake/systems/jiyou/", "/intake/deliveries/"]
)
def test_pages_speak_english(address: str) -> None:
    three_bad_rows()
    page = text_of(browser(QIAN).get(f"{address}?lang=en"))
    assert "Source systems" in page
    assert not _OUR_WORDS.findall(page)


def test_every_word_of_a_descriptor_is_translated() -> None:
    from hongyan.integration import words
    from hongyan.integration.descriptors import all_descriptors
    from hongyan.integration.reasons import ROW_REASONS

    fields = [field for one in all_descriptors() for kind in one.kinds for field in kind.fields]
    assert {one.owner for one in all_descriptors()} <= set(words.OWNERS)
    assert {field.purpose for field in fields} <= set(words.PURPOSES)
    assert {field.target for field in fields if field.target} <= set(words.TARGETS)
    assert {change for one in all_descriptors() for change in one.change_kinds} <= set(words.CHANGE_KINDS)
    assert set(ROW_REASONS) == set(words.FAULTS)


@pytest.mark.parametrize(
    "address",
    [
        "/intake/",
        "/intake/systems/kgc/",
        "/intake/deliveries/",
        "/intake/quarantine/",
        "{number}",
        "{number}records/",
    ],
)
@pytest.mark.parametrize("staff_no", [QIAN, WU])
def test_pages_take_few_queries_however_many_rows(address: str, staff_no: str) -> None:
    delivery = three_bad_rows()
    client = browser(staff_no)

    def queries(of: Delivery) -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(address.format(number=f"/intake/deliveries/{of.number}/")))
        return len(captured)

    few = queries(delivery)
    for number in range(3):
        loaded(kgc_file([customer(100 + number), *BAD_ROWS[:1]]))
    more = loaded(kgc_file([*BAD_ROWS, *(customer(number) for number in range(20, 120))]))
    # a list that fits one page needs no count of its own
    assert queries(more) <= min(few + 1, MOST_QUERIES)


@pytest.mark.parametrize(("who", "sees_money"), [(QIAN, True), (WANG, False)])
def test_the_money_of_a_whole_file_is_for_those_who_sign_it(who: str, sees_money: bool) -> None:
    """It is a province's, of financial lines too (X-17); who only looks sees that it came out."""
    delivery = booked([sale(number, 金额="111222.33") for number in (1, 2)])
    page = text_of(browser(who).get(f"/intake/deliveries/{delivery.number}/"))
    assert "控制合计" in page
    assert [amount in page for amount in ("222444.66", "222,444.66")] == [sees_money] * 2
    assert f'href="/ledger/facts/?kind=transaction&amp;delivery={delivery.number}"' in page


# --- saved views


@pytest.mark.parametrize(
    ("key", "path", "query"),
    [("deliveries", "deliveries", "state=applied"), ("quarantine", "quarantine", "system=kgc")],
)
def test_a_list_opens_with_the_readers_default_view(key: str, path: str, query: str) -> None:
    wu, address = browser(WU), f"/intake/{path}/"
    wu.post(
        f"/views/save/{key}/",
        {"name": "常用", "query": query},
        headers={"Referer": f"http://testserver{address}"},
    )
    (tab,) = wu.get(f"{address}?{query}").context["list"].views
    wu.post(f"/views/{tab.view.key}/", {"name": "常用", "is_default": "on", "seen": tab.view.seen})

    assert wu.get(address).headers["Location"] == f"?view={tab.view.key}&{query}"
    assert wu.get(f"{address}?view=").status_code == 200
