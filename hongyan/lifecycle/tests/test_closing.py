"""Resting and ending customers by application (SM1, CUS-007, X-20, X-21)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.errors import Conflict
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.take_in import take_in
from hongyan.customer.codes import Kind, PartyType, Status
from hongyan.customer.models import (
    Customer,
    GoldenChange,
    ListRow,
    Ownership,
    Relationship,
    SourceRecord,
)
from hongyan.customer.projections import project
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import USCC, Given, code_of, log_in, take
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, hold
from hongyan.lifecycle.codes import ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.tests.applying import approve, days_from_now, last, let_time_pass
from hongyan.org.codes import Line, Verdict
from hongyan.org.models import Post, Unit

FIRM = "济南市鼎盛食品有限公司"
CLOSED = (Status.DEREGISTERED, ["deregistered"], {"deregistered"})
GIVEN = {
    "name": FIRM, "key": "K3", "party_type": PartyType.ORGANISATION, "kind": Kind.AGREEMENT_UNIT,
    "secrets": {"credential_no": USCC},
}  # fmt: skip


@pytest.fixture
def zhang(town: None) -> Client:
    return log_in(Client(), factory.ZHANG)


def ask(client: Client, kind: str, *, name: str = FIRM, line: str = "", **said: str) -> HttpResponse:
    """Ask, and let the time of those who are asked around be over."""
    answer = begin(client, kind, name=name, line=line, **said)
    let_time_pass()
    return answer


def begin(client: Client, kind: str, *, name: str = FIRM, line: str = "", **said: str) -> HttpResponse:
    form = {"line": line, "reason": "客户搬迁停业", "key": str(uuid4()), **said}
    return client.post(f"/applications/for/{code_of(name)}/{kind}/", form)


def status(name: str = FIRM) -> tuple[str, list[str], set[str]]:
    """What the customer is, what each of its relationships is, and what lists say."""
    with scope.bulk():
        customer = Customer.objects.get(name=name)
        rows = Relationship.objects.filter(customer=customer).order_by("line", "party_id")
        listed = ListRow.objects.filter(customer=customer).values_list("status", flat=True)
        return customer.status, [row.status for row in rows], set(listed)


def give_express() -> None:
    take(
        Given(
            FIRM, "E1", system="ems", line=Line.EXPRESS, party_type=PartyType.ORGANISATION, kind=Kind.AGREEMENT_UNIT,
            manager="", secrets={"credential_no": USCC}, fields={"agreement_no": "SD2026-9"},
        )
    )  # fmt: skip


def post_letter(number: str = "XA12345678937") -> None:
    today = clock.business_date()
    book_rows(
        FactKind.MAIL_ITEM,
        {"number": number, "key": "K3", "business_date": today, "event_time": f"{today}T10:00:00"},
        system="kgc",
    )


def deliver(number: str = "XA12345678937") -> None:
    today = clock.business_date()
    book_rows(
        FactKind.MAIL_EVENT,
        {"number": number, "business_date": today, "event_time": f"{today}T12:00:00", "code": "05"},
        system="kgc",
    )


def test_acceptance_4_an_express_agreement_and_a_letter_under_way_block_and_are_named(zhang: Client) -> None:
    """Issue 6, acceptance 4; X-21: both are named with a link, and nothing is asked of anybody."""
    give_express()
    post_letter()
    page = zhang.get(f"/applications/for/{code_of(FIRM)}/close/").content.decode()
    assert "速递有效协议" in page
    assert f'<a href="/customers/{code_of(FIRM)}/business/">SD2026-9' in page
    assert ">XA12345678937</a>" in page
    answer = ask(zhang, "close")
    assert answer.status_code == 422
    assert "XA12345678937" in answer.content.decode()
    with scope.bulk():
        assert Application.objects.count() == 0
    assert status()[0] == Status.ACTIVE


def test_acceptance_4_also_for_a_post_of_both_mailing_lines(zhang: Client) -> None:
    """Whoever serves both lines closes neither agreement in passing: each is ended by its own application."""
    Post.objects.filter(staff__staff_no__in=[factory.ZHANG, factory.WANG]).update(line_codes=["01", "02"])
    give_express()
    post_letter()
    answer = ask(zhang, "close")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="/customers/{code_of(FIRM)}/business/">SD2026-9' in page
    assert ">XA12345678937</a>" in page
    deliver()
    assert ask(zhang, "close", line="02").status_code == 302
    approve()
    assert ask(zhang, "close").status_code == 302


def test_a_delivered_letter_does_not_block(zhang: Client) -> None:
    post_letter()
    deliver()
    assert ask(zhang, "close").status_code == 302


def test_a_balance_blocks_and_another_lines_amount_is_not_told(zhang: Client) -> None:
    """X-17: of the bank's line only that there is something."""
    hold("6217000012345678", "K3", system="kgc")
    book_rows(
        FactKind.BALANCE, {"account": "6217000012345678", "amount": "20000.00"}, system="kgc", line="03"
    )
    page = zhang.get(f"/applications/for/{code_of(FIRM)}/close/").content.decode()
    assert "邮储 1 项" in page
    assert "20000" not in page
    assert "6217" not in page


def test_closing_one_line_leaves_the_customer_to_the_others(zhang: Client) -> None:
    """X-21: the customer is deregistered when the last relationship closes."""
    give_express()
    assert ask(zhang, "close", line="01").status_code == 302
    approve()
    assert status() == (Status.ACTIVE, ["deregistered", "active"], {"active"})


def test_a_closed_customer_can_be_had_back_for_a_month(zhang: Client) -> None:
    """SM1: 已注销(30天可撤); every change stands in the history."""
    assert ask(zhang, "close").status_code == 302
    assert status()[0] == Status.ACTIVE
    row = approve()
    assert status() == (Status.DEREGISTERED, ["deregistered"], {"deregistered"})
    page = zhang.get(f"/customers/{code_of(FIRM)}/").content.decode()
    assert "已注销" in page
    answer = zhang.post(f"/applications/{row.pk}/undo/", {"reason": "客户继续合作", "version": row.version})
    assert answer.status_code == 302
    assert (last().state, status()) == (ApplicationState.UNDONE, (Status.ACTIVE, ["active"], {"active"}))
    with scope.bulk():
        changes = GoldenChange.objects.filter(customer__name=FIRM, field="status").order_by("id")
        assert [(one.before, one.after) for one in changes] == [
            ("active", "deregistered"),
            ("deregistered", "active"),
        ]
        acts = AuditEvent.objects.filter(act__in=["customer.close", "customer.reopen"]).order_by("id")
        assert [one.act for one in acts] == ["customer.close", "customer.reopen"]
    again = zhang.post(f"/applications/{row.pk}/undo/", {"reason": "再来", "version": last().version})
    assert again.status_code == 409


def test_after_a_month_it_is_too_late(zhang: Client) -> None:
    ask(zhang, "close")
    row = approve()
    with scope.bulk():
        Application.objects.update(decided_at=clock.now() - timedelta(days=30, minutes=1))
    answer = zhang.post(f"/applications/{row.pk}/undo/", {"reason": "客户继续合作", "version": row.version})
    assert (answer.status_code, status()[0]) == (409, Status.DEREGISTERED)


def test_a_customer_rests_and_goes_on(zhang: Client) -> None:
    """SM1: 冻结 ⇄ 生效, each by approval."""
    assert ask(zhang, "freeze", line="01").status_code == 302
    approve()
    assert status() == (Status.FROZEN, ["frozen"], {"frozen"})
    assert ask(zhang, "freeze", line="01").status_code == 422
    assert ask(zhang, "unfreeze", line="01").status_code == 302
    approve()
    assert status()[0] == Status.ACTIVE


def tell(said: Status, *, name: str = "鼎盛食品") -> None:
    """The next file of the source brings the firm again, with a status."""
    record = Given(**GIVEN, fields={"short_name": name}).record(2)._replace(status=said)  # type: ignore[arg-type]
    with transaction.atomic(), scope.bulk():
        take_in([record], decided_by="system:intake", delivery_id=2)


def standing() -> tuple[str, str]:
    with scope.bulk():
        return Relationship.objects.values_list("status", "said_status").get(customer__name=FIRM)


def test_what_people_closed_no_file_opens(zhang: Client) -> None:
    """SM1, X-21: a file changes something else of the firm and says that it is active; what it says is kept."""
    ask(zhang, "close")
    row = approve()
    tell(Status.ACTIVE, name="鼎盛")
    assert (status(), standing()) == (CLOSED, ("deregistered", "active"))
    with scope.bulk():
        record = SourceRecord.objects.filter(party__key="K3").latest("id")
        assert record.delivery_id == 2
    tell(Status.FROZEN, name="鼎盛公司")
    assert standing() == ("deregistered", "frozen")
    tell(Status.DEREGISTERED, name="鼎盛有限公司")
    assert standing() == ("deregistered", "deregistered")
    zhang.post(f"/applications/{row.pk}/undo/", {"reason": "客户继续合作", "version": row.version})
    assert (status()[0], standing()) == (Status.ACTIVE, ("active", "deregistered")), "systems follow people"
    tell(Status.ACTIVE, name="鼎盛食品公司")
    tell(Status.FROZEN, name="济南鼎盛")
    assert (status()[0], standing()) == (Status.FROZEN, ("frozen", "")), "they agreed again, so files count"


def test_what_people_froze_no_file_thaws(zhang: Client) -> None:
    ask(zhang, "freeze", line="01")
    approve()
    tell(Status.ACTIVE, name="鼎盛")
    assert (status()[0], standing()) == (Status.FROZEN, ("frozen", "active"))
    ask(zhang, "unfreeze", line="01")
    approve()
    assert (status()[0], standing()) == (Status.ACTIVE, ("active", ""))
    tell(Status.DEREGISTERED, name="鼎盛公司")
    assert status()[0] == Status.DEREGISTERED


def test_what_people_thawed_no_file_freezes_anew(zhang: Client) -> None:
    tell(Status.FROZEN)
    ask(zhang, "unfreeze", line="01")
    approve()
    tell(Status.FROZEN, name="鼎盛")
    assert (status()[0], standing()) == (Status.ACTIVE, ("active", "frozen"))


def test_a_refused_closing_changes_nothing(zhang: Client) -> None:
    ask(zhang, "close")
    row = approve(verdict=Verdict.REJECT, reason="先结清")
    assert (row.state, status()[0]) == (ApplicationState.REFUSED, Status.ACTIVE)


def test_what_came_up_since_undoes_the_approval(zhang: Client) -> None:
    ask(zhang, "close")
    post_letter()
    with pytest.raises(Conflict, match="XA12345678937"):
        approve()
    assert (last().state, status()[0]) == (ApplicationState.SUBMITTED, Status.ACTIVE)


def test_a_customer_who_went_to_another_county_since_is_not_closed(zhang: Client) -> None:
    """Whoever decides is told so, instead of that nothing was found."""
    ask(zhang, "close")
    with scope.bulk():
        customer = Customer.objects.get(name=FIRM)
        (owner,) = Ownership.objects.filter(customer=customer, until=None)
        owner.unit, owner.manager = Unit.objects.get(code=factory.HUAIYIN_OUTLET), None
        owner.save()
        project([customer.pk], replace=[customer.pk])
    with pytest.raises(Conflict, match="已不归申请人办理"):
        approve()
    assert last().state == ApplicationState.SUBMITTED
    assert status()[0] == Status.ACTIVE


def test_one_closing_waits_at_a_time(zhang: Client) -> None:
    ask(zhang, "close")
    assert ask(zhang, "close").status_code == 422
    with scope.bulk():
        assert Application.objects.count() == 1


def test_only_in_ones_own_lines_and_scope(zhang: Client) -> None:
    assert ask(zhang, "close", line="02").status_code == 422
    li = log_in(Client(), factory.LI)
    assert li.get(f"/applications/for/{code_of(FIRM)}/close/").status_code == 404
    assert ask(li, "close").status_code == 404
    sun = log_in(Client(), factory.SUN)
    assert ask(sun, "close").status_code == 403
    assert status()[0] == Status.ACTIVE


def test_a_customer_without_agreement_is_closed_too(zhang: Client) -> None:
    """CUS-008: a potential customer ends the same way."""
    take(Given("李小龙", "P1", kind=Kind.POTENTIAL, fields={"valid_to": days_from_now(9)}))
    assert ask(zhang, "close", name="李小龙").status_code == 302
    approve()
    assert status("李小龙")[0] == Status.DEREGISTERED


@pytest.mark.parametrize("kind", ["close", "freeze"])
def test_the_page_asks_few_questions(zhang: Client, kind: str) -> None:
    give_express()
    address = f"/applications/for/{code_of(FIRM)}/{kind}/"
    zhang.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert zhang.get(address).status_code == 200
    assert sum(" FROM " in one["sql"] for one in asked) <= 12


def test_the_tab_of_the_record_offers_what_is_possible(zhang: Client) -> None:
    page = zhang.get(f"/customers/{code_of(FIRM)}/applications/").content.decode()
    assert "申请注销" in page
    assert "申请冻结" in page
    assert "申请解冻" not in page
