"""Entering a customer at the page and over the API: nobody twice, nothing leaks (CUS-002…004, CUS-007, CUS-008)."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.customer.models import (
    Customer,
    CustomerScope,
    Entry,
    Ownership,
    Relationship,
    ReviewCase,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.parameters import CHECKS_AN_HOUR
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import ID, PHONE, SECRETS, USCC, Given, code_of, log_in, take
from hongyan.customer.tests.test_api import api
from hongyan.identity.tests.people import citizen
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Line, Right, Role
from hongyan.org.rights import RIGHTS

NEW, CHECK, API = "/customers/new/", "/customers/new/check/", "/api/v1/customers"
SISTER = citizen(sequence=42)


@pytest.fixture
def zhang(town: None) -> Client:
    return log_in(Client(), factory.ZHANG)


@pytest.fixture
def li(town: None) -> Client:
    return log_in(Client(), factory.LI)


def typed(**said: str) -> dict[str, str]:
    """A form as a browser posts it; each has a key of its own."""
    return {"party_type": "P", "credential_type": "01", "key": str(uuid4()), **said}


def enter(client: Client, **said: str) -> HttpResponse:
    return client.post(NEW, typed(**said))


def agreeing(answer: HttpResponse, **said: str) -> dict[str, str]:
    """The form of an answer again, with a word on whom it shows."""
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{16})"', answer.content.decode())
    return {"seen": seen, "confirm": "1", **said}


def make_steward() -> None:
    take_in_posts([factory._post(2, "xu", "徐管家", "3700", Role.STEWARD)], actor=factory.TESTER)


def questions(client: Client, address: str, form: dict[str, str] | None = None) -> int:
    """How often a request asks the database for something or tells it something."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address) if form is None else client.post(address, form)
    assert answer.status_code == 200
    return sum(" FROM " in one["sql"] or "INSERT" in one["sql"] or "UPDATE" in one["sql"] for one in asked)


def everything() -> tuple[int, ...]:
    with scope.bulk():
        models = (Customer, SourceParty, SourceRecord, Entry, Relationship, Ownership, ReviewCase)
        return tuple(model.objects.count() for model in models)


def acts(act: str) -> list[AuditEvent]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act=act).order_by("id"))


def set_allowance(checks: int) -> None:
    ParameterValue.objects.create(
        key=CHECKS_AN_HOUR.key, value=checks, effective_from="2020-01-01", set_at=clock.now(), set_by="test"
    )


class TestNew:
    def test_a_new_customer_is_the_makers_potential_one(self, zhang: Client) -> None:
        answer = enter(
            zhang, name="陳靜怡", credential_no=SISTER, mobile="135 0000 1234", address="泉城路5号"
        )
        code = code_of("陳靜怡")
        assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/")
        page = zhang.get(answer["Location"]).content.decode()
        assert f"已新增客户 {code}。" in page
        assert "135****1234" in page
        with scope.bulk():
            entry = Entry.objects.select_related("party", "maker").get()
            own = Relationship.objects.get(party=entry.party)
            owner = Ownership.objects.get(customer__code=code)
        assert (entry.party.system, entry.party.key, entry.outcome) == ("entry", entry.number, "new")
        assert entry.maker.staff_no == factory.ZHANG
        assert (own.kind, own.line, own.unit.code) == ("P", "01", factory.LIXIA_OUTLET)
        assert (owner.unit.code, owner.manager.staff_no) == (factory.LIXIA_OUTLET, factory.ZHANG)
        (made,) = acts("customer.create")
        assert (made.subject, made.after["outcome"], made.after["entry"]) == (code, "new", entry.number)

    def test_an_organisation(self, zhang: Client) -> None:
        said = {
            "name": "济南市历下区宏图印刷有限公司",
            "uscc": "91370102MA3C0XQL2B",
            "legal_person": "陈大文",
        }
        wrong = enter(zhang, party_type="O", **said)
        assert (wrong.status_code, "校验位不对" in wrong.content.decode()) == (422, True)
        said["uscc"] = "91110108551385082Q"
        assert enter(zhang, party_type="O", **said, credential_no="left behind").status_code == 302
        with scope.bulk():
            made = Customer.objects.get(name=said["name"])
        assert (made.party_type, made.credential_type, made.legal_person) == ("O", "20", "陈大文")

    def test_nothing_is_kept_in_full(self, zhang: Client, owner_dsn: str) -> None:
        enter(zhang, name="陈静怡", credential_no=SISTER, mobile="13500001234", email="jingyi@example.com")
        with scope.bulk():
            record = SourceRecord.objects.get(party__system="entry")
        kept = json.dumps(record.fields, ensure_ascii=False)
        assert not [one for one in (SISTER, "13500001234", "jingyi@example.com") if one in kept]
        audit = json.dumps([[one.after, one.subject, one.purpose] for one in acts("customer.create")])
        assert "13500001234" not in audit

    def test_heads_enter_for_their_unit_and_readers_not_at_all(self, town: None) -> None:
        head = log_in(Client(), factory.WANG)
        assert enter(head, name="陈静怡", mobile="13500001234").status_code == 302
        with scope.bulk():
            owner = Ownership.objects.get(customer__name="陈静怡")
        assert (owner.unit.code, owner.manager_id) == ("370102", None)
        before, admin = everything(), log_in(Client(), factory.SUN)
        assert admin.get(NEW).status_code == 403
        assert enter(admin, name="刘洋", mobile="13500004321").status_code == 403
        assert everything() == before

    def test_the_list_leads_here_for_those_who_may(self, town: None) -> None:
        assert NEW in log_in(Client(), factory.ZHANG).get("/customers/").content.decode()
        assert NEW not in log_in(Client(), factory.SUN).get("/customers/").content.decode()


WRONG = [
    ({"name": ""}, "名称"),
    ({"name": "王女士"}, "请写全名"),
    ({"name": "王*明"}, "请写全名"),
    ({"name": "历下区教育局"}, "像单位的名称"),
    ({"name": "济南**公司", "party_type": "O"}, "请写全名"),
    ({"name": "有限公司", "party_type": "O"}, "请写全名"),
    ({"name": "12345", "party_type": "O"}, "请写全名"),
    ({"mobile": ""}, "请至少填写"),
    ({"mobile": "", "address": "不详"}, "请至少填写"),
    ({"mobile": "", "address": "济南市历下区"}, "请至少填写"),
    ({"mobile": "1381234"}, "不是有效的手机号码"),
    ({"mobile": "0531-82345678"}, "不是有效的手机号码"),
    ({"landline": "82345678"}, "请写区号"),
    ({"credential_no": "110105194912310021"}, "校验位不对"),
    ({"credential_no": "110105********002X"}, "请填写完整的号码"),
    ({"credential_no": "--"}, "不像这种证件的号码"),
    ({"credential_no": USCC}, "不能说明客户本身是谁"),
    ({"credential_no": ID, "credential_type": "09"}, "与所选的证件类型不符"),
    ({"credential_no": ID, "birth_date": "1950-01-01"}, "与证件号码不一致"),
    ({"credential_no": ID, "gender": "1"}, "与证件号码不一致"),
    ({"birth_date": "2099-01-01"}, "不能晚于今天"),
    ({"birth_date": "昨天"}, "不是有效的日期"),
    ({"email": "wu@"}, "不是有效的邮箱"),
    ({"address": "泉城路12号 电话13812345678"}, "像手机号码"),
]


class TestWhatWasTyped:
    @pytest.mark.parametrize(("said", "told"), WRONG)
    def test_what_is_wrong_is_said_beside_its_field(
        self, zhang: Client, said: dict[str, str], told: str
    ) -> None:
        before = everything()
        answer = enter(zhang, **{"name": "吴立新", "mobile": "13500001234", **said})
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert everything() == before

    def test_in_the_readers_language(self, zhang: Client) -> None:
        answer = zhang.post(f"{NEW}?lang=en", typed(name="吴立新", mobile="1381234"))
        assert "Not a valid mobile number" in answer.content.decode()

    def test_what_was_typed_stays(self, zhang: Client) -> None:
        page = enter(zhang, name="吴立新", mobile="1381234", address="泉城路5号").content.decode()
        assert all(f'value="{text}"' in page for text in ("吴立新", "1381234", "泉城路5号"))


class TestKnown:
    def test_who_is_known_is_joined_once_the_maker_agrees(self, zhang: Client) -> None:
        """Issue 5, acceptance 4: another spelling; who she is, and why, before anything is saved."""
        before, said = everything(), typed(name="王曉明", mobile=PHONE)
        first = zhang.post(NEW, said)
        page, code = first.content.decode(), code_of("王小明")
        assert first.status_code == 409
        assert f"保存后归入现有客户 {code}" in page
        assert "姓名同音(王晓明/王小明),手机号相同 → 同一人" in page
        assert everything() == before

        second = zhang.post(NEW, {**said, **agreeing(first)})
        assert second["Location"] == f"/customers/{code}/"
        with scope.bulk():
            assert Entry.objects.get().outcome == "joined"
            assert Customer.objects.get(code=code).name == "王小明", "what was typed displaces nobody's word"
        assert everything()[0] == before[0]
        assert f"已归入现有客户 {code}" in zhang.get(second["Location"]).content.decode()

    def test_whom_one_enters_again_one_does_not_own(self, zhang: Client) -> None:
        """PSB-021: a purpose is still asked for, as of anybody in scope whom others look after."""
        unit, secrets = factory.LIXIA_OUTLET, {"mobile": "13500001234", "credential_no": SISTER}
        take(Given("陈静怡", "E1", system="ems85", line=Line.EXPRESS, unit=unit, manager="", secrets=secrets))
        said, record = typed(name="陈静怡", credential_no=SISTER), f"/customers/{code_of('陈静怡')}/"
        asked = zhang.get(record)["Location"]
        assert asked.startswith(f"{record}purpose/")
        assert zhang.post(NEW, {**said, **agreeing(zhang.post(NEW, said))})["Location"] == record
        assert zhang.get(record)["Location"] == asked
        with scope.bulk():
            owners = Ownership.objects.filter(customer__name="陈静怡", until=None)
            assert list(owners.values_list("line", flat=True)) == ["02"]

    def test_who_agreed_about_others_is_asked_again(self, zhang: Client) -> None:
        answer = enter(zhang, name="王晓明", mobile=PHONE, seen="0123456789abcdef", confirm="1")
        assert answer.status_code == 409

    def test_a_customer_of_others_is_neither_told_nor_joined(self, li: Client) -> None:
        before, said = everything(), typed(name="王小明", mobile=PHONE, credential_no=ID)
        page = li.post(NEW, said).content.decode()
        assert "已是集团其他机构的客户" in page
        assert "王*明" in page
        assert code_of("王小明") not in page
        assert "138****5678" not in page
        assert 'name="seen"' not in page
        marks = [mark for mark in (("found", ""), ("confirm", "1")) if mark]
        assert li.post(NEW, {**said, **dict(marks)}).status_code == 409
        assert everything() == before
        (first, *_) = acts("customer.check")
        assert first.after == {"band": "join", "out_of_scope": 1}

    def test_who_may_be_known_takes_a_reason_and_opens_a_case(self, zhang: Client) -> None:
        said = typed(name="李建国", credential_no=ID)
        first = zhang.post(NEW, said)
        assert (first.status_code, "证件一致但名称不符" in first.content.decode()) == (409, True)
        before = everything()
        assert zhang.post(NEW, {**said, **agreeing(first)}).status_code == 409, "without a reason"
        assert everything() == before

        done = zhang.post(NEW, {**said, **agreeing(first, reason="证件录入者为其父")})
        code = code_of("李建国")
        assert done["Location"] == f"/customers/{code}/"
        with scope.bulk():
            case, entry = ReviewCase.objects.get(), Entry.objects.get()
        assert {case.customer.code, case.candidate.code} == {code, code_of("王小明")}
        with scope.bulk():
            make_steward()
        desk = log_in(Client(), "xu").get(f"/customers/cases/{case.pk}/").content.decode()
        assert "录入人认为不是同一客户" in desk
        assert "证件录入者为其父" in desk
        assert (entry.outcome, entry.reason) == ("review", "证件录入者为其父")

    def test_a_reason_holds_no_number(self, zhang: Client) -> None:
        said = typed(name="李建国", credential_no=ID)
        first = zhang.post(NEW, said)
        answer = zhang.post(NEW, {**said, **agreeing(first, reason=f"电话 {PHONE}")})
        assert (answer.status_code, "像手机号码" in answer.content.decode()) == (409, True)


class TestTwice:
    def test_a_form_sent_twice_is_one_customer(self, zhang: Client) -> None:
        said = typed(name="陈静怡", mobile="13500001234")
        first = zhang.post(NEW, said)
        before = everything()
        assert zhang.post(NEW, said)["Location"] == first["Location"]
        assert everything() == before

    def test_a_form_that_was_saved_and_changed_is_told_so(self, zhang: Client) -> None:
        said = typed(name="陈静怡", mobile="13500001234")
        zhang.post(NEW, said)
        before = everything()
        answer = zhang.post(NEW, {**said, "mobile": "13500009999"})
        assert answer.status_code == 422
        assert f"已保存为客户 {code_of('陈静怡')}" in answer.content.decode()
        assert everything() == before


class TestPanel:
    def ask(self, client: Client, **said: str) -> str:
        answer = client.post(CHECK, typed(**said))
        assert answer.status_code == 200
        assert not [secret for secret in SECRETS if secret in answer.content.decode()]
        return answer.content.decode()

    def test_it_says_who_she_may_be_while_somebody_types(self, zhang: Client) -> None:
        before = everything()
        assert "有没有这位客户" in self.ask(zhang, name="")
        assert "有没有这位客户" in self.ask(zhang, name="王")
        assert "没有找到同一客户" in self.ask(zhang, name="李建国", mobile=PHONE)
        assert "没有找到同一客户" in self.ask(zhang, name="李建国", address="泉城路5号")
        assert "有没有这位客户" in self.ask(zhang, name="李建国", address="不详")
        panel = self.ask(zhang, name="王晓明", mobile=PHONE)
        assert f"/customers/{code_of('王小明')}/" in panel
        assert "姓名同音(王晓明/王小明),手机号相同 → 同一人" in panel
        assert "138****5678" in panel
        assert panel.count('class="bar-label"') > 2
        assert everything() == before

    def test_out_of_scope_it_tells_next_to_nothing(self, li: Client) -> None:
        panel = self.ask(li, name="王小明", mobile=PHONE)
        assert "王*明" in panel
        assert not [
            one for one in (code_of("王小明"), "手机号相同", "138****5678", "bar-label") if one in panel
        ]

    def test_half_a_number_is_not_asked(self, zhang: Client) -> None:
        assert "有没有这位客户" in self.ask(zhang, name="王晓明", mobile=PHONE[:9])

    def test_an_organisation_is_asked_by_its_code(self, zhang: Client) -> None:
        panel = self.ask(zhang, party_type="O", name="济南鼎盛食品", uscc=USCC)
        assert code_of("济南市鼎盛食品有限公司") in panel

    def test_the_same_question_is_audited_once(self, zhang: Client) -> None:
        for name in ("王", "王晓", "王晓明"):
            self.ask(zhang, name=name)
        assert acts("customer.check") == [], "no number asked, nobody found"
        for _ in range(3):
            self.ask(zhang, name="王晓明", mobile=PHONE)
        self.ask(zhang, name="王晓明", mobile=PHONE, email="wu")
        assert len(acts("customer.check")) == 1
        self.ask(zhang, name="王晓明", mobile="13500001234")
        assert [one.after["band"] for one in acts("customer.check")] == ["join", "new"]

    def test_agreement_stays_while_those_shown_stay(self, zhang: Client) -> None:
        panel = self.ask(zhang, name="王晓明", mobile=PHONE)
        (seen,) = re.findall(r'name="seen" value="(\w+)"', panel)
        assert " checked" in self.ask(zhang, name="王晓明", mobile=PHONE, gender="1", seen=seen, confirm="1")
        assert " checked" not in self.ask(zhang, name="李建国", credential_no=ID, seen=seen, confirm="1")


def test_few_questions_are_asked(zhang: Client) -> None:
    assert questions(zhang, NEW) <= 12
    assert questions(zhang, CHECK, typed(name="王晓明", mobile=PHONE)) <= 12


class TestAllowance:
    def test_who_asked_too_often_waits(self, zhang: Client, li: Client) -> None:
        set_allowance(10)
        with clock.frozen(clock.now()):
            panels = [
                zhang.post(CHECK, typed(name="王晓明", mobile=f"1350000{n:04}")).content.decode()
                for n in range(11)
            ]
            assert ["查重次数已用完" in panel for panel in panels] == [False] * 10 + [True]
            before = everything()
            answer = enter(zhang, name="陈静怡", mobile="13500001234")
            assert (answer.status_code, "查重次数已用完" in answer.content.decode()) == (429, True)
            assert 'value="陈静怡"' in answer.content.decode(), "the form stays"
            assert everything() == before
            token = api(factory.ZHANG)
            for address in (API, f"{API}/check"):
                refused = token.post(
                    address, {"name": "陈静怡"}, "application/json", headers={"Idempotency-Key": "1"}
                )
                assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
                assert int(refused["Retry-After"]) > 0
            assert "查重次数" not in li.post(CHECK, typed(name="王晓明", mobile=PHONE)).content.decode()

    def test_asking_about_a_customer_of_others_counts_though_it_is_refused(self, li: Client) -> None:
        set_allowance(10)
        with clock.frozen(clock.now()):
            codes = [enter(li, name="王小明", mobile=PHONE).status_code for _ in range(11)]
        assert codes == [409] * 10 + [429]


class TestApi:
    def post(self, client: Client, key: str = "k1", **said: Any) -> HttpResponse:
        return client.post(API, said, "application/json", headers={"Idempotency-Key": key})

    def test_enters_once_for_each_key(self, town: None) -> None:
        zhang = api(factory.ZHANG)
        first = self.post(zhang, name="陈静怡", mobile="13500001234")
        assert (first.status_code, first.json()["outcome"]) == (201, "new")
        assert first.json()["code"] == code_of("陈静怡")
        before = everything()
        assert self.post(zhang, name="陈静怡", mobile="13500001234").json() == first.json()
        other = self.post(zhang, name="刘洋", mobile="13500004321")
        assert (other.status_code, other.json()["code"]) == (422, "invalid")
        assert everything() == before

    def test_in_a_line_that_is_named(self, town: None) -> None:
        made = self.post(api(factory.ZHANG), name="陈静怡", mobile="13500001234", line="01")
        assert made.status_code == 201
        with scope.bulk():
            assert Relationship.objects.get(party__entry__isnull=False).line == "01"

    def test_who_is_known_is_joined_by_agreement(self, town: None) -> None:
        zhang = api(factory.ZHANG)
        first = self.post(zhang, name="王晓明", mobile=PHONE)
        problem = first.json()
        assert (first.status_code, problem["code"], problem["candidates"][0]["code"]) == (
            409,
            "known",
            code_of("王小明"),
        )
        assert first["Content-Type"] == "application/problem+json"
        done = self.post(zhang, name="王晓明", mobile=PHONE, seen=problem["seen"])
        assert done.json() | {"number": ""} == {
            "number": "",
            "code": code_of("王小明"),
            "outcome": "joined",
        }

    def test_a_customer_of_others_is_told_by_band_and_masked_name(self, town: None) -> None:
        li = api(factory.LI)
        problem = self.post(li, name="王小明", mobile=PHONE).json()
        assert problem["code"] == "known_elsewhere"
        assert problem["candidates"] == [
            {"band": "join", "name": "王*明", "code": None, "score": None, "reasons": [], "waterfall": []}
        ]
        before = everything()
        again = self.post(li, name="王小明", mobile=PHONE, seen=problem["seen"], reason="不是他")
        assert again.status_code == 409
        assert everything() == before
        assert len(acts("customer.check")) == 2, "a refusal leaves its trace"

    def test_who_may_be_known_takes_a_reason(self, town: None) -> None:
        zhang, said = api(factory.ZHANG), {"name": "李建国", "credential_no": ID}
        problem = self.post(zhang, **said).json()
        assert problem["code"] == "unsure"
        assert self.post(zhang, **said, seen=problem["seen"]).status_code == 409
        done = self.post(zhang, **said, seen=problem["seen"], reason="父子")
        assert (done.status_code, done.json()["outcome"]) == (201, "review")

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"mobile": "1381234"}, "mobile"),
            ({"mobile": PHONE, "line": "03"}, "line"),
            ({"mobile": PHONE, "reason": f"电话{PHONE}"}, "reason"),
            ({"mobile": PHONE, "address": f"电话{PHONE}"}, "address"),
        ],
    )
    def test_what_is_wrong_stands_under_its_field(self, town: None, said: dict[str, str], field: str) -> None:
        answer = self.post(api(factory.ZHANG), name="吴立新", **said)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])

    def test_odd_texts_are_no_server_error(self, town: None) -> None:
        zhang = api(factory.ZHANG)
        wrong = self.post(zhang, name="吴立新", credential_no="---", credential_type="一种很长很长的证件")
        assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["credential_no"])
        odd = {
            "name": "吴立\x00新",
            "mobile": "13500001234",
            "address": "泉城路\x005号",
            "credential_type": "某证",
        }
        assert self.post(zhang, **odd, reason="a\x00").status_code == 201
        assert code_of("吴立新")

    def test_without_the_right(self, town: None) -> None:
        before = everything()
        assert self.post(api(factory.SUN), name="刘洋", mobile="13500004321").status_code == 403
        assert everything() == before


def test_a_later_file_of_a_business_system_outweighs_what_was_typed(zhang: Client) -> None:
    enter(zhang, name="陈静宜", credential_no=SISTER, mobile="13500001234")
    take(Given("陈静怡", "Y1", system="yy", secrets={"credential_no": SISTER}))
    with scope.bulk():
        customer = Customer.objects.get(parties__system="yy")
        assert (customer.name, customer.mobile_masked) == ("陈静怡", "135****1234")
        assert CustomerScope.objects.filter(customer=customer).count() == 1


def test_roles_that_deal_with_customers_may(town: None) -> None:
    may = {role for role, rights in RIGHTS.items() if Right.CUSTOMER_CREATE in rights}
    assert may == {
        Role.MANAGER, Role.CHIEF_MANAGER, Role.WEALTH_MANAGER, Role.KEY_ACCOUNT_MANAGER, Role.AGENT, Role.AGENT_LEAD,
        Role.OUTLET_HEAD, Role.COUNTY_HEAD,
    }  # fmt: skip
