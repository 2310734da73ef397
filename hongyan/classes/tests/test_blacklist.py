"""The blacklist: entered at once, lifted by two, found again under another name (黑名单)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from hongyan.classes.actions.blacklist import mark_blacklisted
from hongyan.classes.codes import BlockState
from hongyan.classes.models import BlacklistEntry
from hongyan.classes.queries.blacklist import is_blacklisted
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.prepare import search_hash
from hongyan.customer.codes import Kind
from hongyan.customer.models import Customer
from hongyan.customer.tests.factory import (
    HEAD,
    ID,
    LI,
    SUN,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_town,
    take,
)  # fmt: skip
from hongyan.org.models import Approval
from hongyan.org.queries.viewers import find_viewer

NAME = "王小明"


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    make_town()


def entered(client: Client, **sent: object) -> BlacklistEntry:
    answer = client.post(f"/classes/blacklist/new/{code_of(NAME)}/", {"reason": "fraud", "lines": [], **sent})
    assert answer.status_code == 302, answer.content.decode()
    with scope.bulk():
        return BlacklistEntry.objects.latest("pk")


def number_of(name: str = NAME) -> int:
    with scope.bulk():
        return Customer.objects.get(name=name).pk


def approval() -> Approval:
    with scope.bulk():
        return Approval.objects.latest("pk")


def decide(client: Client, verdict: str = "approve") -> int:
    row = approval()
    sent = {"verdict": verdict, "version": row.version, "reason": "核实"}
    return client.post(f"/approvals/{row.pk}/decide/", sent).status_code


def test_who_is_entered_is_found_by_code_and_by_credential() -> None:
    entered(log_in(Client(), WANG), note="冒用他人名义", until=str(clock.business_date()))
    (block,) = is_blacklisted(customer_id=number_of())
    assert (block.lines, block.until) == ((), clock.business_date())
    assert is_blacklisted(hashes=[search_hash("C:01", ID)]) == [block]
    assert is_blacklisted(hashes=[search_hash("C:01", "370102199001010012")]) == []
    assert is_blacklisted(customer_id=number_of(), on=clock.business_date() + timedelta(days=1)) == []
    assert AuditEvent.objects.filter(act="blacklist.enter", purpose="冒用他人名义").count() == 1


def test_lines_narrow_it() -> None:
    entered(log_in(Client(), WANG), lines=["02"])
    assert is_blacklisted(customer_id=number_of(), line="02")
    assert is_blacklisted(customer_id=number_of(), line="01") == []


def test_lists_and_pages_show_it_to_whoever_may_see_it() -> None:
    head = log_in(Client(), WANG)
    entry = entered(head)
    assert NAME in head.get("/classes/blacklist/").content.decode()
    assert NAME in head.get("/customers/?blacklist=blacklist.on").content.decode()
    assert entry.number in head.get(f"/customers/{code_of(NAME)}/classes/").content.decode()
    manager = log_in(Client(), ZHANG)
    assert manager.get("/classes/blacklist/").status_code == 403
    assert manager.get(f"/classes/blacklist/{entry.pk}/").status_code == 403
    assert entry.number not in manager.get(f"/customers/{code_of(NAME)}/classes/").content.decode()


def test_nobody_enters_without_right_or_out_of_scope() -> None:
    url = f"/classes/blacklist/new/{code_of(NAME)}/"
    assert log_in(Client(), ZHANG).post(url, {"reason": "fraud"}).status_code == 403
    assert log_in(Client(), LI).post(url, {"reason": "fraud"}).status_code == 403
    with scope.bulk():
        assert not BlacklistEntry.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"reason": "nothing"},
        {"reason": "other", "note": ""},
        {"reason": "fraud", "until": "2020-01-01"},
        {"reason": "fraud", "note": "电话 13812345678"},
        {"reason": "fraud", "lines": ["09"]},
    ],
)
def test_what_makes_no_sense_is_refused(sent: dict[str, object]) -> None:
    answer = log_in(Client(), WANG).post(f"/classes/blacklist/new/{code_of(NAME)}/", sent)
    assert answer.status_code == 422
    with scope.bulk():
        assert not BlacklistEntry.objects.exists()


def test_one_entry_a_line() -> None:
    client = log_in(Client(), WANG)
    entered(client, lines=["01"])
    url = f"/classes/blacklist/new/{code_of(NAME)}/"
    assert client.post(url, {"reason": "abuse"}).status_code == 409
    entered(client, lines=["02"])


def test_lifting_takes_another_person() -> None:
    """Maker is not checker; until it is approved the entry holds."""
    client = log_in(Client(), WANG)
    entry = entered(client)
    assert client.post(f"/classes/blacklist/{entry.pk}/", {"reason": ""}).status_code == 422
    assert client.post(f"/classes/blacklist/{entry.pk}/", {"reason": "查明是误会"}).status_code == 302
    assert client.post(f"/classes/blacklist/{entry.pk}/", {"reason": "再试"}).status_code == 409
    assert decide(client) == 403
    assert is_blacklisted(customer_id=number_of())
    assert decide(log_in(Client(), SUN)) == 302
    assert is_blacklisted(customer_id=number_of()) == []
    with scope.bulk():
        entry.refresh_from_db()
    assert (entry.state, entry.lifted_by) == (BlockState.LIFTED, SUN)
    assert NAME not in client.get("/customers/?blacklist=blacklist.on").content.decode()
    assert client.post(f"/classes/blacklist/{entry.pk}/", {"reason": "再试"}).status_code == 409


def test_a_refused_lifting_changes_nothing() -> None:
    client = log_in(Client(), WANG)
    entry = entered(client)
    client.post(f"/classes/blacklist/{entry.pk}/", {"reason": "查明是误会"})
    assert decide(log_in(Client(), SUN), "reject") == 302
    assert is_blacklisted(customer_id=number_of())


def test_it_stays_through_a_merge() -> None:
    """The survivor is on the blacklist by the alias's entry."""
    for key, name in (("R1", "王芳"), ("R2", "李娜")):
        take(Given(name, key, system="psb", kind=Kind.REGISTERED))
    client = log_in(Client(), WANG)
    sent = {"reason": "fraud"}
    assert client.post(f"/classes/blacklist/new/{code_of('李娜')}/", sent).status_code == 302
    with scope.bulk():
        merge(find_viewer(HEAD), code_of("王芳"), code_of("李娜"), reason="同一人")
        left = Customer.objects.filter(survivor=None, name__in=["王芳", "李娜"]).get()
    assert is_blacklisted(customer_id=left.pk)
    assert left.name in client.get("/customers/?blacklist=blacklist.on").content.decode()


def test_an_entry_whose_day_is_over_leaves_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    client = log_in(Client(), WANG)
    entered(client, until=str(clock.business_date()))
    tomorrow: date = clock.business_date() + timedelta(days=1)
    monkeypatch.setattr(clock, "business_date", lambda *_moment: tomorrow)
    mark_blacklisted()
    assert NAME not in client.get("/customers/?blacklist=blacklist.on").content.decode()
