"""Taking the ledger's lists away as files: who may, of what, how many rows, what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests import factory as people
from hongyan.customer.tests.factory import Given
from hongyan.desk.tests.exporting import ask, exported
from hongyan.ledger.actions.bank_intake import follow_delivery
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, hold, sell
from hongyan.org.codes import Line, Right, Role
from hongyan.org.models import Post
from hongyan.org.rights import RIGHTS

FACTS, INTAKE = "facts", "bank_intake"


@pytest.fixture(autouse=True)
def today(db: None) -> Iterator[None]:
    people.make_town()
    with clock.frozen(datetime(2026, 11, 22, 4, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def wang() -> Client:
    """The head of 历下 county, a post of the mail line."""
    return people.log_in(Client(), people.WANG)


@pytest.fixture
def group() -> Client:
    return people.log_in(Client(), people.HEAD)


@pytest.fixture
def huaiyin() -> Client:
    """The head of the outlet in the other county."""
    change_post(people.LI, role=Role.OUTLET_HEAD)
    return people.log_in(Client(), people.LI)


def change_post(staff_no: str, **values: object) -> None:
    with transaction.atomic(), scope.bulk():
        assert Post.objects.filter(staff__staff_no=staff_no).update(**values) == 1


def sales(*rows: dict, **how: object) -> None:
    book_rows(FactKind.TRANSACTION, *rows, **{"system": "kgc", **how})


def have_balance(name: str, amount: str) -> None:
    """A customer of the bank in 历下 who reached the threshold."""
    people.take(Given(name, "B1", system="psb", line=Line.BANK))
    hold("6217000000000001", "B1")
    book_rows(
        FactKind.BALANCE,
        {"account": "6217000000000001", "amount": amount, "key": "B1"},
        system="psb",
        line="03",
    )
    with transaction.atomic(), scope.bulk():
        follow_delivery(1)


def numbers(rows: list[dict[str, str]]) -> list[str]:
    return [row["号码"] for row in rows]


def acts(**conditions: object) -> list[AuditEvent]:
    with transaction.atomic(), scope.bulk():
        return list(AuditEvent.objects.filter(**conditions).order_by("id"))


# --- right and purpose


@pytest.mark.parametrize("key", [FACTS, INTAKE])
def test_without_the_right_there_is_no_file_and_the_attempt_is_written_down(key: str) -> None:
    manager = people.log_in(Client(), people.ZHANG)
    sales(sell("S1", "10.00"))

    assert manager.get(f"/exports/new/{key}/?delivery=1").status_code == 403
    assert ask(manager, key, "?delivery=1").status_code == 403
    assert [event.result for event in acts(act="ledger.export")] == ["denied", "denied"]
    assert "/exports/new/" not in manager.get("/ledger/facts/?delivery=1").content.decode()


def test_who_may_export_may_read() -> None:
    may = {role for role, rights in RIGHTS.items() if Right.LEDGER_EXPORT in rights}

    assert all(Right.LEDGER_READ in RIGHTS[role] for role in may)
    assert may.isdisjoint({Role.MANAGER, Role.WEALTH_MANAGER, Role.AGENT, Role.READER, Role.AUDITOR})


def test_the_list_leads_to_its_export_once_something_is_chosen(wang: Client) -> None:
    sales(sell("S1", "10.00"))

    assert "/exports/new/" not in wang.get("/ledger/facts/").content.decode()
    assert "/exports/new/facts/?delivery=D00000001" in wang.get("/ledger/facts/?delivery=1").content.decode()


def test_the_page_that_asks_says_what_it_exports_in_both_languages(wang: Client) -> None:
    book_rows(FactKind.MAIL_ITEM, {"number": "EB000717618QZ", "key": "K1"}, system="kgc", line="02")
    address = "/exports/new/facts/?delivery=1&kind=mail_item"
    page = wang.get(address).content.decode()
    assert all(text in page for text in ("导出业务明细：邮件", "D00000001", "每人每天 20,000 行"))
    wang.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert (
        "20,000 rows a day" in wang.get(address).content.decode()
        or "of 20,000" in wang.get(address).content.decode()
    )


# --- what is in the file


def test_a_file_has_the_rows_of_the_list_in_its_order(wang: Client) -> None:
    sales(sell("S1", "10.00"), sell("S2", "-5.00", key=None, nature="02"), sell("S3", "1.00"), delivery_id=7)
    sales(sell("S3", "2.00", version=2), delivery_id=8)
    query = "unit=370102001&sort=day&cols=number"
    listed = wang.get(f"/ledger/facts/?{query}").context["list"].page.rows
    rows = exported(wang, FACTS, f"?{query}")

    assert numbers(rows) == [fact.number for fact in listed] == ["S1", "S2", "S3"]
    assert [(row["金额"], row["客户"], row["版本"]) for row in rows] == [
        ("10.00", "王小明", "1"),
        ("-5.00", "匿名散户", "1"),
        ("2.00", "王小明", "2"),
    ]
    assert rows[0]["客户编码"] == people.code_of("王小明")
    assert numbers(exported(wang, FACTS, f"?{query}&nature=02")) == ["S2"]


def test_mail_items_have_a_file_of_their_own_in_the_readers_language(wang: Client) -> None:
    book_rows(FactKind.MAIL_ITEM, {"number": "EB000717618QZ", "key": "K1"}, system="kgc", line="02")
    wang.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    (row,) = exported(wang, FACTS, "?kind=mail_item&delivery=1")

    assert (row["Number"], row["Postage"], row["Weight (g)"]) == ("EB000717618QZ", "20.00", "500")


def test_nothing_chosen_exports_nothing(wang: Client) -> None:
    sales(sell("S1", "10.00"))

    assert ask(wang, FACTS).status_code == 422


def test_a_condition_that_cannot_be_used_does_not_widen_the_file(wang: Client) -> None:
    sales(sell("S1", "10.00"))

    assert ask(wang, FACTS, "?delivery=1&month=soon").status_code == 422
    assert acts(act="export.requested") == []


def test_what_could_be_a_formula_is_text(wang: Client) -> None:
    people.take(Given("=HYPERLINK(1)", "E1"))
    sales(sell("@S1", "10.00", key="E1", product_code="+P"), sell("＝S2", "-3.00", key="E1"))
    rows = exported(wang, FACTS, "?delivery=1&sort=day")

    cells = [cell for row in rows for key, cell in row.items() if key != "金额"]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in cells)
    assert {"'=HYPERLINK(1)", "'@S1", "'+P", "'＝S2"} <= set(cells)
    assert {row["金额"] for row in rows} == {"10.00", "-3.00"}, "a negative amount stays a number"


# --- walls


def test_each_county_exports_its_own(wang: Client, huaiyin: Client, group: Client) -> None:
    sales(
        sell("own-here", "1.00"),
        sell("own-there", "2.00", unit_code=people.HUAIYIN_OUTLET),
        sell("strange-here", "4.00", key="K4"),
        sell("strange-there", "8.00", key="K4", unit_code=people.HUAIYIN_OUTLET),
    )
    query = "?delivery=1"
    here = {row["号码"]: row for row in exported(wang, FACTS, query)}
    there = {row["号码"]: row for row in exported(huaiyin, FACTS, query)}

    assert here.keys() == {"own-here", "own-there", "strange-here"}
    assert there.keys() == {"strange-there", "strange-here", "own-there"}
    assert (here["strange-here"]["客户"], here["strange-here"]["客户编码"]) == ("外辖或尚未接入的客户", "")
    assert (there["own-there"]["客户"], there["strange-there"]["客户"]) == ("外辖或尚未接入的客户", "王小丽")
    assert len(exported(group, FACTS, query)) == 4
    code = people.code_of("王小明")
    assert ask(huaiyin, FACTS, f"?customer={code}").status_code == 422


def test_financial_lines_stay_closed_in_the_file(wang: Client, group: Client) -> None:
    """X-17: only a post of the bank's line takes its facts away, and the list of who reached the threshold."""
    sales(sell("S1", "10.00"))
    sales(sell("B1", "8888.00", key="J1", nature="11"), system="jiyou", line="03")
    have_balance("王芳", "20000.00")
    query = f"?customer={people.code_of('王小明')}"

    assert numbers(exported(wang, FACTS, query)) == ["S1"]
    assert ask(wang, INTAKE).status_code == 403
    assert sorted(numbers(exported(group, FACTS, query))) == ["B1", "S1"]
    change_post(people.WANG, line_codes=[Line.MAIL, Line.BANK])
    assert sorted(numbers(exported(wang, FACTS, query))) == ["B1", "S1"]
    (row,) = exported(wang, INTAKE)
    assert (row["名称"], row["资产"], row["资产负债合计"]) == ("王芳", "20000.00", "20000.00")


def test_the_threshold_list_ends_at_the_county(wang: Client, huaiyin: Client) -> None:
    have_balance("王芳", "20000.00")
    for staff_no in (people.WANG, people.LI):
        change_post(staff_no, line_codes=[Line.BANK])

    assert [row["名称"] for row in exported(wang, INTAKE)] == ["王芳"]
    assert ask(wang, INTAKE, "?on_from=2026-10-06").status_code == 422, "nothing to export"
    assert ask(huaiyin, INTAKE).status_code == 422


# --- audit


def test_an_export_is_written_down_with_its_purpose_and_number(wang: Client) -> None:
    sales(sell("S1", "10.00"), sell("S2", "1.00"))
    code = people.code_of("王小明")
    exported(wang, FACTS, f"?customer={code}&month=2026-10")
    (event,) = acts(act="export.written")

    assert (event.actor, event.count, event.purpose, event.after["list"]) == (people.WANG, 2, "verify", FACTS)
    (event,) = acts(act="export.requested")
    assert event.after["conditions"] == {"customer": [code], "month": ["2026-10"]}
    (event,) = acts(act="customer.open", subject=code, after__part="facts")
    assert event.purpose == "verify", "the customer's page tells that somebody took the facts away"


def test_asking_leaves_no_trace(wang: Client) -> None:
    sales(sell("S1", "10.00"))
    wang.get("/exports/new/facts/?delivery=1")

    assert acts(act="export.requested") == []


# --- saved views


@pytest.mark.parametrize(
    ("url", "key", "query"),
    [
        ("/ledger/facts/", "facts", "delivery=D00000001"),
        ("/ledger/intake/", "bank_intake", "on_from=2026-10-01"),
    ],
)
def test_a_list_opens_with_the_readers_default_view(group: Client, url: str, key: str, query: str) -> None:
    group.post(
        f"/views/save/{key}/",
        {"name": "我的", "query": query},
        headers={"Referer": f"http://testserver{url}"},
    )
    (tab,) = group.get(f"{url}?{query}").context["list"].views
    group.post(f"/views/{tab.view.key}/", {"name": "我的", "is_default": "on", "seen": tab.view.seen})

    assert group.get(url).headers["Location"] == f"?view={tab.view.key}&{query}"
    assert group.get(f"{url}?view=").status_code == 200
