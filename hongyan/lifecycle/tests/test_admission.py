"""Agreement customers by application: admission, exclusion, approval (CUS-002…007, X-22, X-23, KGX-002)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.classes.actions import blacklist as blacklisting
from hongyan.core import scope
from hongyan.core.errors import Conflict
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Kind, PartyType, Status
from hongyan.customer.models import Customer, Ownership, Relationship
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import ID, USCC, Given, code_of, log_in, take
from hongyan.desk.models import Notification
from hongyan.identity.tests.people import citizen
from hongyan.ledger.codes import HoldingKind
from hongyan.ledger.models import Product, SourceProduct
from hongyan.ledger.tests.factory import hold
from hongyan.lifecycle.codes import ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.tests.applying import (
    ID_OF_QIAN,
    NEW,
    agreeing,
    apply,
    approve,
    days_from_now,
    last,
    let_time_pass,
    typed,
)
from hongyan.org.codes import Line, Verdict
from hongyan.org.models import Approval

EXPRESS_OUTLET = factory.HUAIYIN_OUTLET


@pytest.fixture
def zhang(town: None) -> Client:
    return log_in(Client(), factory.ZHANG)


@pytest.fixture
def li(town: None) -> Client:
    return log_in(Client(), factory.LI)


def customers() -> int:
    with scope.bulk():
        return Customer.objects.count()


def told(kind: str, who: str = factory.ZHANG) -> int:
    with scope.bulk():
        return Notification.objects.filter(recipient=who, kind=kind).count()


def give_express(product: str, *, unit: str = factory.LIXIA_OUTLET) -> None:
    """鼎盛 has a live express agreement for one product."""
    take(
        Given(
            "济南市鼎盛食品有限公司", "E1", system="ems", line="02", party_type=PartyType.ORGANISATION, unit=unit,
            kind=Kind.AGREEMENT_UNIT, manager=factory.LI, secrets={"credential_no": USCC},
            fields={"agreement_no": "SD2026-9", "valid_from": "2026-01-01", "valid_to": days_from_now(300)},
        )  # type: ignore[arg-type]
    )  # fmt: skip
    hold("SD2026-9", "E1", system="ems", line="02", kind=HoldingKind.AGREEMENT, product_code=f"X{product}")
    with scope.bulk():
        SourceProduct.objects.update(product=Product.objects.get(code=product))


def firm(**said: object) -> dict[str, object]:
    return {
        "party_type": "O", "name": "济南市鼎盛食品有限公司", "uscc": USCC, "legal_person": "孙丽", "credential_no": "",
        "mobile": "13500006667", **said,
    }  # fmt: skip


def test_an_approved_application_makes_an_agreement_customer_with_a_code(zhang: Client) -> None:
    """CUS-004, CUS-006, CUS-007, KGX-002: a potential is entered at once, an agreement waits for the head."""
    before = customers()
    answer = apply(zhang)
    row = last()
    assert (answer.status_code, answer["Location"]) == (302, f"/applications/{row.pk}/")
    assert (row.state, customers()) == (ApplicationState.SUBMITTED, before)
    row = approve()
    assert (row.state, customers(), bytes(row.sealed)) == (ApplicationState.APPROVED, before + 1, b"")
    with scope.bulk():
        assert row.customer
        assert row.customer.code.startswith("H")
        made = Relationship.objects.get(customer=row.customer)
        assert (made.kind, made.line, made.agreement_no) == ("B", "01", row.number)
        assert (made.valid_from.isoformat(), made.valid_to, made.settlement) == (days_from_now(0), None, "2")
        owner = Ownership.objects.get(customer=row.customer, until=None)
        assert owner.manager
        assert owner.manager.staff_no == factory.ZHANG
        assert told("lifecycle.approved") == 1
    page = zhang.get(f"/customers/{row.customer.code}/applications/").content.decode()
    assert row.number in page


def test_what_was_typed_stands_nowhere_in_the_clear(zhang: Client) -> None:
    """BARS A 6: sealed until it is approved, masked on every page."""
    apply(zhang, act="save")
    row = last()
    pages = [f"/applications/{row.pk}/", f"/applications/{row.pk}/edit/", "/applications/"]
    shown = "".join(zhang.get(page).content.decode() for page in pages)
    for secret in (ID_OF_QIAN, "13500006666", "泉城路66号"):
        assert secret not in shown
        assert secret.encode() not in bytes(row.sealed)
    assert f"{ID_OF_QIAN[:4]}**********{ID_OF_QIAN[-4:]}" in shown


def test_each_line_of_the_check_names_what_is_missing(zhang: Client) -> None:
    """CUS-002: mandatory by kind, real name, age; nothing is submitted."""
    answer = apply(zhang, mobile="", sighted="", credential_no=ID[:17] + "0")
    page = answer.content.decode()
    assert answer.status_code == 409
    for word in ("缺少必填项：手机或固定电话", "还没有确认核对过证件原件", "证件号码不能通过校验"):
        assert word in page
    assert (last().state, Approval.objects.count()) == (ApplicationState.DRAFT, 0)


def test_a_child_signs_no_agreement(zhang: Client) -> None:
    answer = apply(zhang, credential_no=citizen(birth="20150102"))
    assert "未达到签约年龄" in answer.content.decode()
    assert last().state == ApplicationState.DRAFT


def test_a_draft_is_kept_and_gone_on_with_by_its_maker_only(zhang: Client, li: Client) -> None:
    """CUS-007: drafts on the server; what is left empty stays as it was typed."""
    apply(zhang, act="save")
    row = last()
    assert li.get(f"/applications/{row.pk}/edit/").status_code == 404
    head = log_in(Client(), factory.WANG)
    assert head.get(f"/applications/{row.pk}/").status_code == 404
    again = typed(name="钱大钧", credential_no="", mobile="", address="", version=row.version)
    answer = zhang.post(f"/applications/{row.pk}/edit/", again)
    assert answer.status_code == 302
    assert last().state == ApplicationState.SUBMITTED


def test_the_second_editor_of_a_draft_is_told(zhang: Client) -> None:
    """BARS A 14."""
    apply(zhang, act="save")
    row = last()
    first = typed(act="save", name="钱大均", version=row.version)
    assert zhang.post(f"/applications/{row.pk}/edit/", first).status_code == 302
    second = typed(act="save", name="钱大军", version=row.version)
    assert zhang.post(f"/applications/{row.pk}/edit/", second).status_code == 409
    assert last().name == "钱大均"


def test_a_refused_application_comes_back_as_a_draft(zhang: Client) -> None:
    apply(zhang)
    row = approve(verdict=Verdict.REJECT, reason="协议期限不对")
    assert row.state == ApplicationState.REFUSED
    assert told("lifecycle.refused") == 1
    answer = zhang.post(f"/applications/{row.pk}/edit/", typed(version=row.version))
    assert (answer.status_code, last().state) == (302, ApplicationState.SUBMITTED)
    assert approve().state == ApplicationState.APPROVED


def test_a_known_customer_gets_the_agreement_and_nobody_exists_twice(zhang: Client) -> None:
    """CUS-003: the maker agrees about whom the check found."""
    before = customers()
    said = {"name": "王小明", "credential_no": ID, "mobile": factory.PHONE, "address": factory.ADDRESS}
    answer = apply(zhang, **said)
    assert answer.status_code == 409
    row = last()
    again = typed(**said, **agreeing(answer), version=row.version)
    assert zhang.post(f"/applications/{row.pk}/edit/", again).status_code == 302
    row = approve()
    assert (row.customer and row.customer.code, customers()) == (code_of("王小明"), before)


def test_example_16_a_live_express_agreement_blocks_the_same_family(zhang: Client) -> None:
    """Acceptance example 16, X-23, CUS-005: standard express is excluded, the parcel family passes."""
    give_express("11210")
    answer = apply(zhang, **firm(families=["1"]))
    row, page = last(), answer.content.decode()
    assert answer.status_code == 409
    assert "同一客户已有另一寄递板块的有效协议" in page
    assert f"/customers/{code_of('济南市鼎盛食品有限公司')}/" in page
    blocked = typed(**firm(families=["1"]), **agreeing(answer), version=row.version)
    again = zhang.post(f"/applications/{row.pk}/edit/", blocked)
    assert (again.status_code, last().state) == (409, ApplicationState.DRAFT)
    passing = typed(**firm(families=["2"]), **agreeing(answer), version=last().version)
    assert zhang.post(f"/applications/{row.pk}/edit/", passing).status_code == 302
    assert last().state == ApplicationState.SUBMITTED


def test_an_exception_goes_up_to_the_province_with_the_fact(zhang: Client) -> None:
    """X-23: an exception has a reason and an end, and takes the province besides the county."""
    give_express("11210")
    answer = apply(zhang, **firm(families=["1"]))
    said = {**firm(families=["1"]), "exception": "两个板块分送不同线路", "valid_to": days_from_now(90)}
    row = last()
    zhang.post(f"/applications/{row.pk}/edit/", typed(**said, **agreeing(answer), version=row.version))
    row = last()
    assert row.state == ApplicationState.SUBMITTED
    head = log_in(Client(), factory.WANG)
    assert told("lifecycle.other_line", factory.LI) == 1, "X-22: the other line hears of it"
    page = head.get(f"/approvals/{row.approval_id}/").content.decode()
    assert "SD2026-9" in page
    assert "两个板块分送不同线路" in page
    assert approve().state == ApplicationState.SUBMITTED
    assert approve(factory.SUN).state == ApplicationState.AGREED
    let_time_pass()
    assert last().state == ApplicationState.APPROVED
    with scope.bulk():
        lines = Relationship.objects.filter(customer=last().customer).values_list("line", flat=True)
        assert {"01", "02"} <= set(lines)


def test_a_customer_of_other_units_is_joined_only_after_approval_above(zhang: Client) -> None:
    """Nothing of it is told but that it is there; the province decides."""
    take(
        Given(
            "王小强",
            "K9",
            system="ems",
            line=Line.EXPRESS,
            kind=Kind.REGISTERED,
            unit=EXPRESS_OUTLET,
            manager=factory.LI,
            secrets={"credential_no": ID_OF_QIAN},
            fields={"credential_type": "01"},
        )
    )
    said = {"name": "王小强"}
    answer = apply(zhang, **said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert code_of("王小强") not in page
    row = last()
    zhang.post(f"/applications/{row.pk}/edit/", typed(**said, **agreeing(answer), version=row.version))
    assert approve().state == ApplicationState.SUBMITTED
    assert approve(factory.SUN).state == ApplicationState.AGREED
    let_time_pass()
    assert last().state == ApplicationState.APPROVED
    assert zhang.get(f"/customers/{code_of('王小强')}/").status_code == 200


def test_a_line_has_one_owner(zhang: Client) -> None:
    """X-02: whom another unit owns in the same line is asked of that unit, not signed a second time."""
    take(
        Given(
            "王小强",
            "K9",
            unit=EXPRESS_OUTLET,
            manager=factory.LI,
            secrets={"credential_no": ID_OF_QIAN},
            fields={"credential_type": "01"},
        )
    )
    answer = apply(zhang, name="王小强")
    assert "同一板块已由其他机构管户" in answer.content.decode()
    assert last().state == ApplicationState.DRAFT


def test_what_changed_since_undoes_the_approval(zhang: Client) -> None:
    apply(zhang)
    take(Given("钱大钧", "K8", secrets={"credential_no": ID_OF_QIAN}, fields={"credential_type": "01"}))
    before = customers()
    with pytest.raises(Conflict):
        approve()
    assert (last().state, customers()) == (ApplicationState.SUBMITTED, before)


def put_on_blacklist(name: str, *lines: str) -> None:
    head = factory.viewer(factory.WANG)
    with scope.acting(head.scope):
        blacklisting.enter(head, code_of(name), reason="fraud", lines=lines)


def test_whom_the_blacklist_holds_is_not_admitted(zhang: Client) -> None:
    """CUS-002: found by the credential, also under another name; why is not told, and nothing is submitted."""
    put_on_blacklist("王小明")
    page = apply(zhang, name="王大明", credential_no=ID).content.decode()
    assert "在本板块的黑名单中" in page
    assert "fraud" not in page
    assert (last().state, Approval.objects.count()) == (ApplicationState.DRAFT, 0)


def test_another_lines_entry_does_not_hold_up(zhang: Client) -> None:
    put_on_blacklist("王小明", "03")
    assert "在本板块的黑名单中" not in apply(zhang, name="王小明", credential_no=ID).content.decode()


def test_whom_the_blacklist_holds_meanwhile_is_not_admitted_by_approval(zhang: Client) -> None:
    answer = apply(zhang, name="王小明", credential_no=ID, mobile=factory.PHONE)
    row = last()
    again = typed(
        name="王小明", credential_no=ID, mobile=factory.PHONE, **agreeing(answer), version=row.version
    )
    assert zhang.post(f"/applications/{row.pk}/edit/", again).status_code == 302
    put_on_blacklist("王小明", "01")
    with pytest.raises(Conflict, match="黑名单"):
        approve()
    assert last().state == ApplicationState.SUBMITTED


def test_the_same_form_sent_twice_is_one_application(zhang: Client) -> None:
    form = typed()
    zhang.post(NEW, form)
    answer = zhang.post(NEW, form)
    assert answer.status_code == 409
    with scope.bulk():
        assert Application.objects.count() == 1


def test_other_lines_and_posts_cannot_apply(zhang: Client) -> None:
    before = AuditEvent.objects.count()
    answer = apply(zhang, line="02")
    assert answer.status_code == 422
    admin = log_in(Client(), factory.SUN)
    assert admin.post(NEW, typed()).status_code == 403
    with scope.bulk():
        assert Application.objects.count() == 0
    assert before <= AuditEvent.objects.count()


def test_a_draft_can_be_thrown_away(zhang: Client) -> None:
    apply(zhang, act="save")
    row = last()
    assert zhang.post(f"/applications/{row.pk}/withdraw/", {"seen": row.version}).status_code == 302
    assert (last().state, bytes(last().sealed)) == (ApplicationState.WITHDRAWN, b"")


@pytest.mark.parametrize(
    "page", ["/applications/", "/applications/new/", "/applications/{}/", "/applications/{}/edit/"]
)
def test_pages_ask_few_questions(zhang: Client, page: str) -> None:
    apply(zhang, act="save")
    address = page.format(last().pk)
    zhang.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert zhang.get(address).status_code == 200
    assert sum(" FROM " in one["sql"] for one in asked) <= 12


def test_status_words_stay_true(zhang: Client) -> None:
    apply(zhang)
    row = approve()
    assert row.customer
    assert row.customer.status == Status.ACTIVE
