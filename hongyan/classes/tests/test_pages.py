"""Pages of classes through HTTP: what one sees of one's scope, who starts a run, what the customer's page tells."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.classes.actions.classify import classify
from hongyan.classes.models import ClassMove
from hongyan.classes.queries.runs import job_at_work
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.codes import Kind
from hongyan.customer.tests.factory import HEAD, LI, SUN, WANG, ZHANG, Given, code_of, log_in, make_town, take
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, sell
from hongyan.org.codes import Line

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """王小明 spent 3,000 in October, then 500 less; two runs stand."""
    make_town()
    monkeypatch.setattr(clock, "business_date", lambda *_moment: TODAY)
    _sell("S1", "3000.00")
    classify(TODAY, by="system:test")
    _sell("S2", "-500.00")
    classify(TODAY, by="system:test")


def _sell(number: str, amount: str) -> None:
    day = date(2026, 10, 5)
    row = sell(number, amount, business_date=day, event_time=f"{day}T10:00:00")
    book_rows(FactKind.TRANSACTION, row, system="kgc")


def _text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_overview_counts_ones_own_scope_and_leads_to_the_rows(client: Client) -> None:
    page = _text(log_in(client, ZHANG), "/classes/")
    assert "白银" in page
    assert "/customers/?tier=mail.silver" in page
    rows = _text(client, "/customers/?tier=mail.silver")
    assert "王小明" in rows
    assert "鼎盛" not in rows
    assert "/customers/?tier=mail.silver" not in _text(log_in(Client(), LI), "/classes/")


def test_the_list_of_customers_narrows_by_behaviour_and_loss(client: Client) -> None:
    log_in(client, WANG)
    assert "王小明" in _text(client, "/customers/?behaviour=worth.high")
    assert "王小明" not in _text(client, "/customers/?behaviour=worth.low")
    assert "王小明" not in _text(client, "/customers/?loss=loss.month")


def test_moves_are_listed_in_scope_only(client: Client) -> None:
    page = _text(log_in(client, WANG), "/classes/moves/?dimension=mail")
    assert "王小明" in page
    assert "黄金" in page
    assert AuditEvent.objects.filter(subject_kind="class_move_list").exists()
    assert "王小明" not in _text(log_in(Client(), LI), "/classes/moves/")


def test_the_customers_page_says_on_what_classes_rest(client: Client) -> None:
    page = _text(log_in(client, ZHANG), f"/customers/{code_of('王小明')}/classes/")
    for words in ("白银", "¥2,500.00", "距上一级差 ¥500.00", "黄金 → 白银", "业务变化"):
        assert words in page


def test_a_customer_of_the_bank_alone_has_no_class(client: Client) -> None:
    """Unknown never looks like zero (example 23)."""
    take(Given("孙丽", "B1", system="psb", line=Line.BANK, kind=Kind.FINANCIAL))
    classify(TODAY, by="system:test")
    page = _text(log_in(client, ZHANG), f"/customers/{code_of('孙丽')}/classes/")
    assert "还没有分类" in page
    assert "休眠" not in page


def test_who_has_the_right_and_the_whole_group_starts_and_stops_a_run(client: Client) -> None:
    log_in(client, HEAD)
    assert client.post("/classes/start/").status_code == 302
    job = job_at_work()
    assert job is not None
    assert AuditEvent.objects.filter(act="classes.run").exists()
    assert "正在分类" in _text(client, "/classes/")
    assert client.post("/classes/start/").status_code == 409
    assert client.post("/classes/stop/").status_code == 302
    assert JobRun.objects.get(pk=job.pk).cancel_requested


@pytest.mark.parametrize("who", [ZHANG, WANG, SUN])
def test_nobody_else_does(client: Client, who: str) -> None:
    assert log_in(client, who).post("/classes/start/").status_code == 403
    assert job_at_work() is None


@pytest.mark.parametrize("url", ["/classes/", "/classes/moves/", "/customers/?tier=mail.silver"])
def test_pages_ask_few_queries(client: Client, url: str) -> None:
    log_in(client, WANG)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(url)
    assert len([one for one in asked if one["sql"].startswith("SELECT")]) <= 12, [
        one["sql"][:80] for one in asked
    ]


def test_nobody_changes_a_move() -> None:
    """Moves are history: the database itself refuses."""
    with pytest.raises(ProgrammingError), transaction.atomic(), scope.bulk():
        ClassMove.objects.update(becomes="")
