"""Closed customers become nameless when nobody has to know any more who they were (X-20, PSB-i05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from hongyan.classes.actions import blacklist as blacklisting
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.recalculate import recalculate_all
from hongyan.customer.codes import PartyType, Status
from hongyan.customer.models import (
    CandidateKey,
    Customer,
    Freeze,
    GoldenChange,
    Relationship,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import Given, code_of, log_in, take
from hongyan.customer.tests.test_correct import post as correct
from hongyan.desk.models import Note
from hongyan.ledger.models import MailItem
from hongyan.ledger.tests.factory import hold
from hongyan.lifecycle.actions.retiring import anonymise_due, due
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.tests.applying import approve, days_from_now
from hongyan.lifecycle.tests.test_closing import FIRM, ask, deliver, post_letter

CONTACT = "13711112222"
YEARS = timedelta(days=3660)
KEPT = {"core_auditevent", "org_approval", "org_approvalevent", "desk_notification"}
"""What was said of codes and applications, kept as long as the audit is: no numbers, and no way from a name."""


@pytest.fixture
def zhang(town: None) -> Client:
    return log_in(Client(), factory.ZHANG)


@pytest.fixture
def closed(zhang: Client) -> str:
    """鼎盛, corrected, served and closed ten years ago; its code."""
    code = code_of(FIRM)
    take(Given(FIRM, "K3", party_type=PartyType.ORGANISATION, part="contact/1",
               fields={"contact_name": "周鼎臣"}, secrets={"mobile": CONTACT}))  # fmt: skip
    assert correct(zhang, FIRM, short_name="鼎丽", reason="孙鼎丽来电").status_code == 302
    with scope.bulk():
        Customer.objects.filter(code=code).update(custom={"motto": "鼎盛家训"})
    note = f"/records/customer/{code}/notes/new/"
    assert zhang.post(note, {"text": "鼎盛的孙鼎丽爱喝茶"}).status_code == 302
    with scope.bulk():
        written = Note.objects.get()
    again = {"text": "鼎盛的孙鼎丽爱喝红茶", "seen": written.mark}
    assert zhang.post(f"/notes/{written.pk}/", again).status_code == 302
    to_do = {"title": "给鼎盛报价", "due_on": days_from_now(3), "priority": "2"}
    assert zhang.post(f"/records/customer/{code}/tasks/new/", to_do).status_code == 302
    post_letter()
    deliver()
    assert ask(zhang, "close", reason="孙鼎丽停业").status_code == 302
    approve()
    age()
    return code


def age(by: timedelta = YEARS) -> None:
    """Let everything have happened longer ago."""
    with scope.bulk():
        for change in GoldenChange.objects.filter(field="status"):
            GoldenChange.objects.filter(pk=change.pk).update(at=change.at - by)


def places(*sought: str) -> set[str]:
    """The tables in which any row holds one of some texts."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace"
            " WHERE relkind IN ('r', 'p') AND nspname = 'public' AND NOT relispartition"
            " AND has_table_privilege(pg_class.oid, 'SELECT')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table} stored_row WHERE stored_row::text LIKE ANY(%s))",
                [[f"%{text}%" for text in sought]],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def traces() -> list[str]:
    """By what the firm could be found: names, masked and open values, keyed hashes, keys by which it is compared."""
    with scope.bulk():
        customer = Customer.objects.get(name=FIRM)
        records = SourceRecord.objects.filter(party__customer=customer)
        parties = SourceParty.objects.filter(customer=customer)
        hashes = [
            *records.values_list("digest", flat=True),
            *customer.identifiers.values_list("hash", flat=True),
            *customer.strong_keys.values_list("hash", flat=True),
        ]
        keys = CandidateKey.objects.filter(party__in=parties).values_list("key", flat=True)
        masked = [customer.credential_masked, customer.email_masked]
        return [
            "鼎盛", "鼎臣", "鼎丽", "dingsheng", factory.USCC, CONTACT, *masked,
            *(bytes(one).hex() for one in hashes), *map(str, keys),
        ]  # fmt: skip


def test_nobody_finds_in_any_table_who_it_was(closed: str) -> None:
    """The planted firm, its contact, its legal person and all hashes of what was said are nowhere in the rooms."""
    sought = traces()
    assert {
        "customer_customer",
        "customer_sourcerecord",
        "customer_listrow",
        "lifecycle_application",
        "desk_note",
        "desk_noteversion",
        "desk_task",
    } <= places(*sought)
    assert [one.code for one in anonymise_due()] == [closed]
    assert places(*sought) <= KEPT
    assert due() == []
    with scope.bulk():
        customer = Customer.objects.get(code=closed)
        assert (customer.name, customer.status, bool(customer.anonymised_at)) == (
            "已匿名化客户", Status.DEREGISTERED, True,
        )  # fmt: skip
        assert not customer.identifiers.exists()
        assert not customer.strong_keys.exists()
        assert MailItem.objects.filter(party__customer=customer).count() == 1, "facts stay"
        assert AuditEvent.objects.filter(act="customer.anonymise", subject=closed).count() == 1


def test_its_page_says_so_and_nothing_more(closed: str, zhang: Client) -> None:
    anonymise_due()
    page = zhang.get(f"/customers/{closed}/").content.decode()
    assert "已匿名化" in page
    for tab in ("basic", "sources", "business", "applications", "history", "merges"):
        assert zhang.get(f"/customers/{closed}/{tab}/").status_code in {200, 404}
    assert "鼎" not in page
    form = {"name": "某某公司", "reason": "更正", "key": "1" * 32, "seen": "0" * 16}
    assert zhang.post(f"/customers/{closed}/correct/", form).status_code == 409


def test_who_comes_again_is_somebody_new(closed: str) -> None:
    """The same firm handed in anew, and everything calculated anew: nobody meets the one of then."""
    anonymise_due()
    take(Given(FIRM, "K3", party_type=PartyType.ORGANISATION, secrets={"credential_no": factory.USCC}))
    recalculate_all(actor="system:test")
    assert code_of(FIRM) != closed
    with scope.bulk():
        assert Customer.objects.get(code=closed).name == "已匿名化客户"


def _frozen(code: str) -> None:
    customer = Customer.objects.get(code=code)
    Freeze.objects.create(customer=customer, since=clock.now(), reason="保留", by=factory.WANG)


def _held(code: str) -> None:
    hold("6217000012345678", "K3", system="kgc")


def _blacklisted(code: str) -> None:
    head = factory.viewer(factory.WANG)
    blacklisting.enter(head, code, reason="fraud")


def _active(code: str) -> None:
    Relationship.objects.filter(customer__code=code).update(status=Status.ACTIVE)


@pytest.mark.parametrize("holding_back", [_frozen, _held, _blacklisted, _active])
def test_what_holds_a_customer_keeps_its_name(closed: str, holding_back: Callable[[str], None]) -> None:
    with scope.bulk():
        holding_back(closed)
    assert anonymise_due() == []
    assert code_of(FIRM) == closed


def test_before_its_time_nothing_happens(closed: str) -> None:
    assert [one.code for one in due()] == [closed]
    age(-timedelta(days=60))
    assert anonymise_due() == []
    assert code_of(FIRM) == closed


def test_a_waiting_application_keeps_the_name(closed: str) -> None:
    with scope.bulk():
        Application.objects.filter(customer__code=closed).update(state="submitted")
    assert due() == []


def test_parties_keep_their_place(closed: str) -> None:
    with scope.bulk():
        parties = set(SourceParty.objects.filter(customer__code=closed).values_list("pk", flat=True))
    anonymise_due()
    with scope.bulk():
        left = SourceParty.objects.filter(customer__code=closed)
        assert set(left.values_list("pk", flat=True)) == parties
        assert all(key.startswith("anon/") for key in left.values_list("key", flat=True))
