"""Files by their last day: the list of a scope, and what managers hear at night (PSB-i05, KGX-i01)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongyan.core import clock, scope
from hongyan.customer.actions.merge import merge
from hongyan.customer.codes import Kind
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, SUN, WANG, ZHANG, Given, code_of, log_in, take
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.models import Notification, RecordFile
from hongyan.desk.record_files import path_of
from hongyan.quality.actions.tell_of_files import tell_of_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(db: None) -> Iterator[Client]:
    """张 looks after 甲 and 乙, whose files end in 10 days, and 300; 李 in the next county after 戊, in 10."""
    factory.make_organisation()
    take(
        Given("甲一", "K1"), Given("乙二", "K2"), Given("丙三", "K3", manager=""),
        Given("戊五", "K5", unit=HUAIYIN_OUTLET, manager=LI),
    )  # fmt: skip
    client = log_in(Client(), ZHANG)
    file_on(client, "甲一", 10)
    file_on(client, "乙二", 300)
    file_on(client, "乙二", None)
    file_on(client, "乙二", -3)
    file_on(log_in(Client(), LI), "戊五", 10)
    yield client
    for one in path_of(RecordFile()).parent.glob("*"):
        one.unlink()


def file_on(client: Client, name: str, days: int | None) -> None:
    until = "" if days is None else (clock.business_date() + timedelta(days=days)).isoformat()
    content = SimpleUploadedFile(f"{name}{days}.pdf", f"%PDF-1.4 {name}{days}".encode())
    sent = {"category": "licence", "valid_until": until, "sent": content}
    assert client.post(f"/records/customer/{code_of(name)}/files/new/", sent).status_code == 302


def names_at(client: Client, query: str) -> list[str]:
    page = client.get(f"/quality/files/{query}").content.decode()
    shown = ("甲一10.pdf", "乙二300.pdf", "乙二None.pdf", "乙二-3.pdf", "戊五10.pdf")
    return sorted((name for name in shown if name in page), key=page.index)


def test_the_list_shows_what_ends_next_in_ones_scope(zhang: Client) -> None:
    assert names_at(zhang, "") == ["乙二-3.pdf", "甲一10.pdf", "乙二300.pdf"]
    assert names_at(zhang, "?end=soon") == ["甲一10.pdf"]
    assert names_at(zhang, "?end=over") == ["乙二-3.pdf"]
    assert names_at(zhang, "?category=contract") == []
    assert names_at(log_in(Client(), WANG), "?keeper=mine") == []
    assert names_at(log_in(Client(), SUN), "?end=soon") == ["甲一10.pdf", "戊五10.pdf"]
    assert names_at(log_in(Client(), LI), "") == ["戊五10.pdf"]
    assert queries_of(zhang, "/quality/files/?keeper=mine") <= MOST_QUERIES


def test_a_merged_customers_files_stand_under_who_it_is_now(zhang: Client) -> None:
    same = {"system": "jiyou", "kind": Kind.REGISTERED, "manager": ""}
    take(Given("并一", "J8", **same), Given("合一", "J9", **same))  # type: ignore[arg-type]
    file_on(zhang, "合一", 20)
    head = factory.viewer(factory.HEAD)
    with scope.acting(head.scope):
        merge(head, code_of("并一"), code_of("合一"), reason="同一人", choices=Choices())
    page = zhang.get("/quality/files/?end=soon").content.decode()
    assert "合一20.pdf" in page
    assert f"/customers/{code_of('并一')}/files/" in page


def test_a_manager_hears_once_of_what_ends_soon(zhang: Client) -> None:
    assert tell_of_files() == 2
    note = Notification.objects.get(recipient=ZHANG, kind="quality.files")
    assert (note.params, note.url) == ({"count": 1, "days": 60}, "/quality/files/?keeper=mine&end=soon")
    assert tell_of_files() == 0, "once"
    with scope.bulk():
        file = RecordFile.objects.get(name="甲一10.pdf")
        file.valid_until += timedelta(days=1)
        file.save()
    assert tell_of_files() == 1, "another last day"
    file_on(zhang, "丙三", 5)
    assert tell_of_files() == 0, "nobody looks after this one yet"
    assert "60" in zhang.get("/notifications/").content.decode()
