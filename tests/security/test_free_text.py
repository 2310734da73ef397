"""Numbers of people typed into words, at every door that takes words, are kept nowhere in the clear (BARS A 7).

What people type is refused with the place of the number and stays where it was typed; what source systems bring is
masked; what comes by no door of these, by the walls behind them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from conftest import clear_tables
from hongyan.core import audit, clock, exception_log, jobs, scope
from hongyan.core.models import AuditEvent, ExceptionEvent
from hongyan.customer.actions.correct import seen_of
from hongyan.customer.models import Customer, SourceRecord
from hongyan.customer.tests.factory import (
    HEAD,
    TESTER,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_organisation,
    take,
)
from hongyan.desk.models import SavedView
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.tests.factory import customer, kgc_file, loaded, received
from hongyan.integration.tests.ledger_factory import bank, movement, sale, yy_file
from hongyan.ledger.models import Transaction
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.actions.approvals import submit
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Approval, Delegation
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.approvals import SAMPLE
from hongyan.org.tests.factory import post_row
from tests.security.test_canary import in_database

PHONE, ID, CARD = "13798765432", "440524188001010014", "6217001234567890123"
FORMS = (
    PHONE,
    "137 9876 5432",
    "１３７９８７６５４３２",
    f"证件{ID}",
    "6217 0012 3456 7890 123",
    "0531-82345678",
)
"""As people type them; each must be refused in every field."""
CANARIES = (
    PHONE,
    "137 9876 5432",
    ID,
    "6217 0012 3456 7890 123",
    CARD,
    "0531-82345678",
    "１３７９８７６５４３２",
)

STEWARD, ADMIN, AUDITOR = "gu", "shi", "shen"


@pytest.fixture(autouse=True)
def _town(transactional_db: None, caplog: pytest.LogCaptureFixture, owner_dsn: str) -> Iterator[None]:
    """A town with everything that somebody may say something about; whatever a test does, nothing is left in clear."""
    caplog.set_level(logging.DEBUG)
    make_organisation()
    with scope.bulk():
        people = [
            post_row(STEWARD, "顾小明", "3700", Role.STEWARD, mobile=""),
            post_row(ADMIN, "石系统", "1000", Role.SYSTEM_ADMIN, mobile=""),
            post_row(AUDITOR, "沈计", "1000", Role.AUDITOR, mobile=""),
        ]
        take_in_posts(people, actor=TESTER)
    take(Given("王小明", "K1", secrets={"mobile": "13900000001"}))
    yield
    assert in_database(owner_dsn, CANARIES) == []
    lines = [str(vars(record)) for when in ("setup", "call") for record in caplog.get_records(when)]
    assert [line for line in lines for number in CANARIES if number in line] == []
    clear_tables()


def browser(staff_no: str) -> Client:
    return log_in(Client(), staff_no)


# --- what people type


def _correction(code: str) -> dict[str, str]:
    with scope.bulk():
        seen = seen_of(Customer.objects.get(code=code))
    return {"name": "王小明", "gender": "2", "reason": "{}", "key": str(uuid4()), "seen": seen}


def forms() -> dict[str, tuple[str, str, dict[str, str]]]:
    """Every form with words in it: who, where, and what else it needs; `{}` stands for the words."""
    day = clock.business_date()
    with scope.acting(find_viewer(ZHANG).scope):
        request = submit(find_viewer(ZHANG), SAMPLE.key, "1", reason="样品")
    waiting = loaded(kgc_file([customer(n, 证件类型="1", 证件号码="110105194912310021") for n in (2, 3)] + [
        customer(n) for n in range(10, 14)
    ]))  # fmt: skip
    with scope.bulk():
        row = QuarantinedRow.objects.filter(delivery=waiting).earliest("pk")
    exception_log.note(exception_log.Kind.ERROR, "Oops", "x.py")
    code = code_of("王小明")
    lend = {"staff_no": "li", "first": day.isoformat(), "last": (day + timedelta(days=1)).isoformat()}
    value = {"value": "7", "effective_from": day.isoformat(), "unit": "", "line": ""}
    move = {
        "tree": "postal",
        "units": "370102",
        "parent": "3700",
        "effective_on": day.isoformat(),
        "confirm": "1",
    }
    said = {"purpose": "marketing", "line": "04", "source": "counter"}
    published = {"purpose": "marketing", "basis": "consent", "valid_from": day.isoformat()}
    return {
        "purpose": (WANG, f"/customers/{code}/purpose/", {"purpose": "service", "note": "{}"}),
        "reveal": (ZHANG, f"/customers/{code}/reveal/mobile/", {"purpose": "service", "note": "{}"}),
        "correction": (ZHANG, f"/customers/{code}/correct/", _correction(code)),
        "contact": (ZHANG, f"/customers/{code}/contacts/new/", {"contact_name": "周助理", "note": "{}"}),
        "contact's name": (ZHANG, f"/customers/{code}/contacts/new/", {"contact_name": "{}"}),
        "export": (WANG, "/exports/new/customers/", {"file_format": "csv", "purpose": "service", "note": "{}"}),
        "decision": (WANG, f"/approvals/{request.pk}/decide/", {"verdict": "reject", "version": "1", "reason": "{}"}),
        "recall": (ZHANG, f"/approvals/{request.pk}/recall/", {"reason": "{}"}),
        "lending": (ZHANG, "/me/lend/", {**lend, "reason": "{}"}),
        "parameter": (HEAD, "/parameters/org.delegation_days/", {**value, "reason": "{}"}),
        "calendar": (HEAD, f"/calendar/{day}/", {"statement": "off", "note": "节", "reason": "{}"}),
        "holiday": (HEAD, f"/calendar/{day}/", {"statement": "off", "note": "{}", "reason": "通知"}),
        "reorganisation": (ADMIN, "/organisation/moves/new/", {**move, "reason": "{}"}),
        "exception": (ADMIN, f"/exceptions/{ExceptionEvent.objects.latest('pk').pk}/", {"note": "{}"}),
        "system": (STEWARD, "/intake/systems/kgc/", {"connection": "connected", "unit": "", "note": "{}"}),
        "withdrawal": (STEWARD, f"/intake/deliveries/{waiting.number}/withdraw/", {"reason": "{}"}),
        "giving a row up": (STEWARD, f"/intake/quarantine/{row.pk}/dismiss/", {"reason": "{}"}),
        "giving rows up": (STEWARD, "/intake/quarantine/dismiss/", {"ids": str(row.pk), "reason": "{}"}),
        "consent": (ZHANG, f"/consent/customers/{code}/give/", {**said, "proof": "signed", "reference": "{}"}),
        "consent taken back": (ZHANG, f"/consent/customers/{code}/withdraw/", {**said, "reference": "{}"}),
        "do not disturb": (ZHANG, f"/consent/customers/{code}/silence/", {"source": "phone", "reason": "{}"}),
        "freeze": (WANG, f"/consent/customers/{code}/freeze/", {"reason": "{}"}),
        "request": (ZHANG, f"/consent/requests/for/{code}/", {"kind": "copy", "source": "web", "asked": "{}"}),
        "consent text": (HEAD, "/consent/texts/new/", {**published, "text": "{}", "text_en": "I agree"}),
        "view": (ZHANG, "/views/save/customers/", {"name": "{}", "query": "type=O"}),
        "token": (ZHANG, "/me/tokens/", {"name": "{}"}),
    }  # fmt: skip


def test_every_field_of_words_refuses_a_number_and_says_where_it_stands() -> None:
    """Each form takes words without numbers, so what refuses the same words with one is the number."""
    for name, (who, address, given) in forms().items():
        client = browser(who)
        for number in FORMS:
            sent = {key: value.replace("{}", f"请联系{number}") for key, value in given.items()}
            answer = client.post(address, sent, headers={"Referer": "http://testserver/customers/"})
            page = answer.content.decode()
            assert answer.status_code in {200, 422}, (name, number, answer.status_code, answer.headers)
            assert "第 4 个字起像" in page or ("证件" in number and "第 6 个字起像" in page), (
                name,
                number,
            )
            if name in KEEPS_THE_TEXT:
                assert number in page, f"{name} lost what was typed"
    with scope.bulk():
        assert not Delegation.objects.exists()
        assert not SavedView.objects.exists()
        assert Approval.objects.get().state == "pending"
        assert AuditEvent.objects.filter(result="done", purpose__contains="请联系").count() == 0


KEEPS_THE_TEXT = {
    "purpose",
    "export",
    "decision",
    "recall",
    "lending",
    "parameter",
    "calendar",
    "reorganisation",
}
"""Forms on a page of their own show it again with the words in it; the others are dialogs, to which one goes back."""


def test_the_dialog_of_a_reveal_is_told_why() -> None:
    answer = browser(ZHANG).post(
        f"/customers/{code_of('王小明')}/reveal/mobile/",
        {"purpose": "service", "note": f"回电{PHONE}"},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, list(answer.json())) == (422, ["message"])
    assert answer.json()["message"].startswith("第 3 个字起像手机号码")


def test_words_without_a_number_pass() -> None:
    """Item numbers, customers and days are what reasons are made of."""
    words = "邮件 EB000717618HK 与 9900000000123 都是客户 H00000000017 的，见批次 D00000012，2026-11-23"
    day = clock.business_date()
    answer = browser(WANG).post(
        "/me/lend/",
        {"staff_no": ZHANG, "first": day.isoformat(), "last": day.isoformat(), "reason": words},
    )
    assert answer.status_code == 302
    assert Delegation.objects.get().reason == words


def test_the_api_refuses_it_in_a_reason_and_in_a_key() -> None:
    with scope.acting(find_viewer(WANG).scope):
        text = make_api_token(find_viewer(WANG), name="报表")[1]
    with scope.acting(find_viewer(ZHANG).scope):
        request = submit(find_viewer(ZHANG), SAMPLE.key, "2")
    client = Client(headers={"Authorization": f"Bearer {text}"})
    answer = client.post(
        f"/api/v1/approvals/{request.pk}/decision",
        {"verdict": "reject", "version": 1, "reason": f"电话{PHONE}"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["errors"]["reason"][:9]) == (422, "第 3 个字起像手")
    with scope.acting(find_viewer(STEWARD).scope):
        text = make_api_token(find_viewer(STEWARD), name="送文件")[1]
    client = Client(headers={"Authorization": f"Bearer {text}"})
    body = {"kind": "CUST", "records": [customer(5)]}
    answer = client.post(
        "/api/v1/intake/kgc/records",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": PHONE},
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["Idempotency-Key"])
    assert not Delivery.objects.exists()


# --- views and addresses


def test_a_forged_query_of_a_view_keeps_only_what_its_list_knows() -> None:
    client, page = browser(ZHANG), {"Referer": f"http://testserver/customers/{PHONE}/"}
    forged = f"type=O&q={PHONE}&x={ID}&sort={PHONE}&cols={PHONE}&after={PHONE}&number={PHONE}&{PHONE}=1"
    assert (
        client.post("/views/save/customers/", {"name": "甲", "query": forged}, headers=page).status_code
        == 302
    )
    view = SavedView.objects.get()
    assert (view.query, view.path) == ("type=O", "/customers/137****5432/")
    assert (
        client.post("/views/save/anything/", {"name": "乙", "query": forged}, headers=page).status_code == 422
    )


def test_names_that_were_looked_for_are_not_kept_in_a_view_that_may_be_shared() -> None:
    page = {"Referer": "http://testserver/customers/"}
    browser(ZHANG).post("/views/save/customers/", {"name": "甲", "query": "q=王小明&type=P"}, headers=page)
    assert SavedView.objects.get().query == "type=P"


@pytest.mark.parametrize(
    "address",
    [
        "/ledger/facts/?number={}",
        "/intake/deliveries/?q={}",
        "/audit/?subject={}",
        "/organisation/staff/?q={}",
    ],
)
def test_a_number_in_an_address_is_not_looked_for(address: str) -> None:
    """So neither a view nor an export nor the next page is made of it."""
    client = browser(AUDITOR if "audit" in address else STEWARD)
    page = client.get(address.format(PHONE)).content.decode()
    assert "请在搜索框里查" in page


# --- what source systems bring


def test_words_of_source_systems_are_masked_and_never_refused() -> None:
    wordy = customer(20, 客户名称=f"王五{PHONE}", 地址=f"泉城路12号 收件人电话{PHONE}")
    loaded(kgc_file([wordy, *(customer(n) for n in range(21, 30))]))
    with scope.bulk():
        record = SourceRecord.objects.get(party__key="37010200000020").fields
    assert record["address"].endswith("收件人电话137****5432")
    assert record["name"] == "王五****", "a name keeps its letters"


def test_remarks_and_names_of_products_in_facts_are_masked() -> None:
    bank([movement(1, 摘要=f"给{PHONE}"), movement(2, 摘要="工资")], "TXN")
    rows = [sale(1, 邮件号码="9900000000123"), sale(2, 产品名称=f"信{PHONE}", 产品代码="1102")]
    loaded(yy_file(rows), f"YY_SALE_{clock.business_date():%Y%m%d}.txt", "yy")
    with scope.bulk():
        notes = set(Transaction.objects.values_list("note", flat=True))
    assert {"给137****5432", "工资", "9900000000123"} <= notes


def test_a_file_that_is_no_file_of_ours_is_told_of_without_its_content() -> None:
    """The first line of a file without a header is somebody's row."""
    for name in (f"客户{PHONE}.txt", f"KG_CUST_{clock.business_date():%Y%m%d}.txt"):
        received(f"张三|{PHONE}|{ID}|{CARD}|{name}\n".encode(), name=name)


# --- the walls behind the doors


def test_whatever_reaches_the_audit_is_masked_there() -> None:
    actor = audit.Actor("zhang", org_no=1)
    with scope.acting(scope.EVERYTHING):
        event = audit.record(
            actor, "customer.open", "customer", f"找{PHONE}",
            before={"note": [f"旧{ID}", {"x": CARD}]},
            after={"rows": 13798765, "digest": "a" * 64}, purpose=f"打{PHONE}",
        )  # fmt: skip
        kept = AuditEvent.objects.get(pk=event.pk)
        assert audit.is_intact(kept)
    assert (kept.subject, kept.purpose) == ("找137****5432", "打137****5432")
    assert kept.before == {"note": ["旧4405**********0014", {"x": "6217***********0123"}]}
    assert kept.after == {"rows": 13798765, "digest": "a" * 64}


def test_a_task_is_not_given_a_number() -> None:
    for given in ({"text": f"回电{PHONE}"}, {"subject": PHONE}):
        with pytest.raises(ValueError, match="personal number"):
            jobs.start("core.end_lost_runs", actor=audit.SYSTEM, **given)


def test_a_browser_that_calls_itself_by_a_number_is_masked() -> None:
    Client(headers={"User-Agent": f"我的手机{PHONE}"}).post("/login/", {"staff_no": ZHANG, "password": "x"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT agent FROM org_loginevent")
        assert cursor.fetchall() == [("我的手机137****5432",)]
