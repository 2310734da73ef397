"""Correcting a customer by hand: the house's word above the sources', second persons, two editors (CUS-006)."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from hongyan.core import scope
from hongyan.core.errors import Conflict
from hongyan.core.models import AuditEvent
from hongyan.customer.actions import correct as action
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.recalculate import recalculate_all
from hongyan.customer.actions.split import split
from hongyan.customer.codes import Kind, Outcome, PartyType
from hongyan.customer.models import Correction, Customer, GoldenChange, Link, SourceParty, SourceRecord
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import ID, Given, code_of, log_in, state_purposes, take
from hongyan.customer.tests.merging import XU, make_stewards
from hongyan.identity.tests.people import citizen
from hongyan.org.actions.approvals import decide
from hongyan.org.codes import Verdict
from hongyan.org.models import Approval

OTHER = citizen(sequence=77)
MOBILE = "13500001234"


@pytest.fixture
def zhang(town: None) -> Client:
    return log_in(Client(), factory.ZHANG)


@pytest.fixture
def wang(town: None) -> Client:
    return log_in(Client(), factory.WANG)


def form_of(client: Client, name: str) -> dict[str, Any]:
    """The form as a browser would post it untouched."""
    page = client.get(f"/customers/{code_of(name)}/correct/")
    assert page.status_code == 200, page.content.decode()[:500]
    text = page.content.decode()
    said = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    for field in page.context["form"]:
        if (value := field.value()) is not None:
            said[field.name] = value if isinstance(value, list) else str(value)
    return {**said, "key": str(uuid4())}


def post(client: Client, of: str, **said: str) -> HttpResponse:
    reason = said.pop("reason", "客户来电说明")
    return client.post(
        f"/customers/{code_of(of)}/correct/", {**form_of(client, of), "reason": reason, **said}
    )


def customer(name: str) -> Customer:
    with scope.bulk():
        return Customer.objects.get(name=name, survivor=None)


def events(act: str) -> list[AuditEvent]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act=act).order_by("id"))


def waiting() -> int:
    with scope.bulk():
        return Approval.objects.filter(kind=action.KIND).latest("id").pk


def decided(staff_no: str, verdict: Verdict, **more: Any) -> None:
    viewer = factory.viewer(staff_no)
    with scope.acting(viewer.scope):
        decide(viewer, waiting(), verdict, **more)


class TestAtOnce:
    def test_a_phone_is_corrected_above_every_source(self, zhang: Client) -> None:
        """CUS-009: before and after stand in the history, the sources keep their word."""
        before = customer("王小明").mobile_masked
        answer = post(zhang, "王小明", mobile="135 0000 1234")
        assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code_of('王小明')}/")
        page = zhang.get(answer["Location"]).content.decode()
        assert "135****1234" in page
        assert "人工维护" in page
        now = customer("王小明")
        assert now.mobile_masked == "135****1234" != before
        with scope.bulk():
            party = SourceParty.objects.get(system="hongyan")
            change = GoldenChange.objects.get(customer=now, field="mobile_masked")
            link = Link.objects.get(party=party)
            others = SourceRecord.objects.exclude(party=party).filter(party__customer=now, is_current=True)
            assert others.filter(fields__mobile_masked=before).exists()
        assert (party.key, party.customer_id, link.outcome) == (now.code, now.pk, Outcome.MANUAL)
        assert (change.before, change.after, change.actor) == (before, "135****1234", factory.ZHANG)
        (told,) = events("customer.correct")
        assert (told.before["mobile_masked"], told.after["mobile_masked"]) == (before, "135****1234")
        assert MOBILE not in json.dumps([told.before, told.after, told.purpose])

    def test_nothing_is_kept_in_full(self, zhang: Client) -> None:
        post(zhang, "王小明", mobile=MOBILE, email="xiaoming@example.com")
        with scope.bulk():
            row = Correction.objects.get()
            record = SourceRecord.objects.get(party__system="hongyan")
        kept = json.dumps([row.fields, row.shown, row.heads, record.fields], ensure_ascii=False)
        assert not [one for one in (MOBILE, "xiaoming@example.com") if one in kept]

    def test_a_second_correction_keeps_the_first(self, zhang: Client) -> None:
        post(zhang, "王小明", mobile=MOBILE)
        post(zhang, "王小明", email="xiaoming@example.com")
        now = customer("王小明")
        assert (now.mobile_masked, bool(now.email_masked)) == ("135****1234", True)
        with scope.bulk():
            versions = SourceRecord.objects.filter(party__system="hongyan").order_by("version")
            assert list(versions.values_list("version", "is_current")) == [(1, False), (2, True)]
            assert versions.last().fields["corrected"] == ["email_masked", "mobile_masked"]

    def test_a_source_that_says_something_new_does_not_displace_it(self, zhang: Client) -> None:
        post(zhang, "王小明", mobile=MOBILE)
        with scope.bulk():
            party = SourceParty.objects.filter(customer=customer("王小明")).exclude(system="hongyan").first()
        take(
            Given(
                "王小明",
                party.key,
                system=party.system,
                secrets={"mobile": "13600005678", "credential_no": ID},
            )
        )
        assert customer("王小明").mobile_masked == "135****1234"

    def test_the_corrected_phone_finds_the_customer(self, zhang: Client) -> None:
        post(zhang, "王小明", mobile=MOBILE)
        found = zhang.post("/customers/search/", {"q": MOBILE})
        assert found["Location"] == f"/customers/{code_of('王小明')}/"
        take(Given("王小明", "NEW1", system="ems85", secrets={"mobile": MOBILE, "credential_no": ID}))
        assert customer("王小明").code == code_of("王小明")

    def test_the_same_form_twice_is_one_correction(self, zhang: Client) -> None:
        said = {**form_of(zhang, "王小明"), "reason": "来电", "mobile": MOBILE}
        url = f"/customers/{code_of('王小明')}/correct/"
        assert [zhang.post(url, said).status_code for _ in range(2)] == [302, 302]
        with scope.bulk():
            assert Correction.objects.count() == 1

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"mobile": "1350000"}, "不是有效的手机号码"),
            ({"email": "nobody"}, "不是有效的邮箱"),
            ({"credential_no": ID[:-1] + "1", "credential_type": "01"}, "校验位不对"),
            ({"name": "王先生"}, "请写全名"),
            ({"reason": "他的电话是 13500001234"}, "号码"),
            ({}, "没有改动"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(
        self, zhang: Client, said: dict[str, str], told: str
    ) -> None:
        answer = post(zhang, "王小明", **said)
        assert (answer.status_code, told in answer.content.decode()) == (422, True)
        with scope.bulk():
            assert not Correction.objects.exists()

    def test_every_reader_is_not_an_editor(self, town: None) -> None:
        li = log_in(Client(), factory.LI)
        assert li.get(f"/customers/{code_of('王小明')}/correct/").status_code == 404
        with scope.bulk():
            code = code_of("王小明")
        sun = log_in(Client(), factory.SUN)
        assert state_purposes(sun, code).get(f"/customers/{code}/correct/").status_code == 403
        assert "更正资料" not in state_purposes(sun, code).get(f"/customers/{code}/").content.decode()


class TestSecondPerson:
    def test_a_name_waits_for_another_person(self, zhang: Client, wang: Client) -> None:
        """CUS-006: the fields that take approval are a parameter."""
        code = code_of("王小明")
        answer = post(zhang, "王小明", name="王晓铭", mobile=MOBILE)
        assert answer.status_code == 302
        assert "另一人批准后生效" in zhang.get(answer["Location"]).content.decode()
        assert customer("王小明").mobile_masked != "135****1234"
        page = wang.get(f"/approvals/{waiting()}/").content.decode()
        assert "王小明 → 王晓铭" in page
        assert MOBILE not in page
        decided(factory.WANG, Verdict.APPROVE)
        now = customer("王晓铭")
        assert (now.code, now.mobile_masked) == (code, "135****1234")
        with scope.bulk():
            row = Correction.objects.get()
        assert (row.state, row.second_by) == ("done", factory.WANG)

    def test_one_that_was_not_approved_changes_nothing(self, zhang: Client) -> None:
        post(zhang, "王小明", name="王晓铭")
        decided(factory.WANG, Verdict.REJECT, reason="证件上不是")
        assert customer("王小明").name == "王小明"
        assert post(zhang, "王小明", mobile=MOBILE).status_code == 302

    def test_another_waits_while_one_waits(self, zhang: Client) -> None:
        said = {**form_of(zhang, "王小明"), "reason": "来电", "mobile": MOBILE}
        post(zhang, "王小明", name="王晓铭")
        answer = zhang.post(f"/customers/{code_of('王小明')}/correct/", said)
        assert (answer.status_code, "等待审批" in answer.content.decode()) == (409, True)

    def test_what_changed_since_cannot_be_approved(self, zhang: Client) -> None:
        post(zhang, "王小明", name="王晓铭")
        for key, system in (("K1", "kgc"), ("J1", "jiyou")):
            take(Given("王小民", key, system=system, secrets={"credential_no": ID}))
        assert customer("王小民").code
        with pytest.raises(Conflict, match="已过时"):
            decided(factory.WANG, Verdict.APPROVE)
        decided(factory.WANG, Verdict.REJECT, reason="过时")
        assert customer("王小民").name == "王小民"

    def test_agreement_customers_take_more_second_persons(self, zhang: Client) -> None:
        take(Given("济南鼎盛商贸有限公司", "A9", kind=Kind.AGREEMENT_UNIT, party_type=PartyType.ORGANISATION))
        assert post(zhang, "济南鼎盛商贸有限公司", legal_person="陈大文").status_code == 302
        with scope.bulk():
            assert Correction.objects.get().state == "waiting"


class TestTwoEditors:
    def test_the_second_one_is_shown_what_the_first_changed(self, zhang: Client, wang: Client) -> None:
        """BARS A 14: no update is lost, and the second editor decides."""
        said = {**form_of(zhang, "王小明"), "reason": "来电", "email": "xiaoming@example.com"}
        assert post(wang, "王小明", mobile=MOBILE).status_code == 302
        url = f"/customers/{code_of('王小明')}/correct/"
        answer = zhang.post(url, said)
        page = answer.content.decode()
        assert (answer.status_code, "别人改了" in page, "135****1234" in page) == (409, True, True)
        (seen,) = re.findall(r'name="seen" value="([0-9a-f]{16})"', page)
        again = {**said, "seen": seen}
        assert zhang.post(url, again).status_code == 302
        now = customer("王小明")
        assert (now.mobile_masked, bool(now.email_masked)) == ("135****1234", True)


class TestMergeAndSplit:
    def test_a_correction_stays_with_the_code_it_was_made_under(self, zhang: Client) -> None:
        """BARS A 16: what people write keeps its code, so a split is exact."""
        take(Given("王大明", "B9", kind=Kind.REGISTERED), Given("王小刚", "B8", kind=Kind.REGISTERED))
        make_stewards()
        assert post(zhang, "王大明", mobile=MOBILE).status_code == 302
        state = [(customer(name).mobile_masked, customer(name).name) for name in ("王大明", "王小刚")]
        xu = factory.viewer(XU)
        with scope.acting(xu.scope):
            row = merge(xu, code_of("王小刚"), code_of("王大明"), reason="同一人")
        with scope.bulk():
            survivor = Customer.objects.get(survivor=None, aliases__name__in=("王大明", "王小刚"))
        assert survivor.mobile_masked == "135****1234"
        with scope.acting(xu.scope):
            split(xu, row.pk, reason="弄错了")
        assert [(customer(name).mobile_masked, customer(name).name) for name in ("王大明", "王小刚")] == state

    def test_calculating_everything_anew_changes_nothing(self, zhang: Client) -> None:
        post(zhang, "王小明", mobile=MOBILE)
        before = customer("王小明")
        recalculate_all(actor="system:test")
        now = customer("王小明")
        assert (now.mobile_masked, now.lineage, now.version) == (
            before.mobile_masked,
            before.lineage,
            before.version,
        )


def test_a_wrong_value_without_a_right_one_is_emptied(zhang: Client) -> None:
    """CUS-006: whatever sources say, nothing stands there until somebody gives it a value again."""
    page = zhang.get(f"/customers/{code_of('王小明')}/correct/").content.decode()
    assert "清空有误的值" in page
    assert post(zhang, "王小明", clear="mobile", reason="号码已停用").status_code == 302
    assert customer("王小明").mobile_masked == ""
    take(
        Given("王小明", "K1", secrets={"mobile": factory.PHONE}, fields={"short_name": "小明"}), delivery_id=9
    )
    assert customer("王小明").mobile_masked == "", "a source says it again"
    with scope.bulk():
        change = GoldenChange.objects.filter(field="mobile_masked").latest("id")
        assert (bool(change.before), change.after) == (True, "")
    assert post(zhang, "王小明", mobile="13700002222", reason="客户来电").status_code == 302
    assert customer("王小明").mobile_masked.endswith("2222")


def test_a_field_in_the_clear_is_emptied_by_deleting_it(zhang: Client) -> None:
    firm = "济南市鼎盛食品有限公司"
    post(zhang, firm, short_name="鼎盛")
    assert customer(firm).short_name == "鼎盛"
    assert post(zhang, firm, short_name="").status_code == 302
    assert customer(firm).short_name == ""
    assert post(zhang, firm, short_name="").status_code == 422, "nothing changes"


def test_what_is_emptied_is_not_also_filled_in(zhang: Client) -> None:
    assert post(zhang, "王小明", clear="address", address="济南市历下区泉城路1号").status_code == 422
    assert post(zhang, "王小明", name="").status_code == 422
    assert customer("王小明").address


def test_one_field_is_corrected_where_it_stands(zhang: Client) -> None:
    """CUS-009: the page offers each field beside its value, and leads back to where it was."""
    code = code_of("王小明")
    page = zhang.get(f"/customers/{code}/basic/").content.decode()
    (address,) = re.findall(r'data-dialog-url="([^"]*field=email[^"]*)"', page)
    address = html.unescape(address)
    dialog = zhang.get(address, headers={"HX-Request": "true"})
    form = dialog.context["form"]
    assert dialog.content.decode().lstrip().startswith("<dialog")
    assert [field.name for field in form.visible_fields()] == ["email", "reason"]
    said = {field.name: field.value() for field in form if field.value() is not None}
    wrong = zhang.post(address, {**said, "email": "nobody", "reason": "来函说明"})
    assert wrong.status_code == 422
    answer = zhang.post(address, {**said, "email": "wang@example.com", "reason": "来函说明"})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/basic/")
    with scope.bulk():
        assert Customer.objects.get(code=code).email_masked == "w***@example.com"
    elsewhere = zhang.get(f"/customers/{code}/correct/?field=email&next=https://evil.example/").context[
        "form"
    ]
    said = {field.name: field.value() for field in elsewhere if field.value() is not None}
    evil = zhang.post(
        f"/customers/{code}/correct/?field=email&next=https://evil.example/",
        {**said, "email": "ming@example.com", "reason": "来函说明"},
    )
    assert evil["Location"] == f"/customers/{code}/"
