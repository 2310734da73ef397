"""The ledger's pages through HTTP: what is shown, to whom, at what cost, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Kind
from hongyan.customer.models import SourceParty
from hongyan.customer.tests import factory as people
from hongyan.customer.tests.factory import Given
from hongyan.ledger.actions.bank_intake import follow_delivery
from hongyan.ledger.actions.partitions import make_partitions
from hongyan.ledger.codes import FactKind, HoldingKind
from hongyan.ledger.queries.partitions import expected_months
from hongyan.ledger.tests.factory import SIGNED, book_rows, hold, sell
from hongyan.org.codes import Line
from hongyan.ui import cells

MOST_QUERIES = 12
MOST_OF_BUSINESS = 11
TODAY = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
YESTERDAY = SIGNED - timedelta(days=1)


@pytest.fixture(autouse=True)
def today(db: None) -> Iterator[None]:
    """王小明 and the others of the town, on a day on which the facts below are a few weeks old."""
    people.make_town()
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def zhang(client: Client) -> Client:
    return people.log_in(client, people.ZHANG)


@pytest.fixture
def li() -> Client:
    return people.log_in(Client(), people.LI)


@pytest.fixture
def head() -> Client:
    """The head of the house, who has said what 王小明 is needed for."""
    return people.state_purposes(people.log_in(Client(), people.HEAD), people.code_of("王小明"))


def business_url(name: str = "王小明", query: str = "") -> str:
    return f"/customers/{people.code_of(name)}/business/{query}"


def sales(*rows: dict, **how: object) -> None:
    book_rows(FactKind.TRANSACTION, *rows, **{"system": "kgc", **how})


def audits(**conditions: object) -> int:
    with transaction.atomic(), scope.bulk():
        return AuditEvent.objects.filter(**conditions).count()


def queries_of(client: Client, url: str) -> int:
    """What a page asks; what a process keeps in memory for some seconds was asked for before."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


# --- business of a customer


def test_months_stand_per_line_with_the_way_to_their_rows(zhang: Client) -> None:
    sales(sell("S1", "10.00"), sell("S2", "2.50"))
    response = zhang.get(business_url())

    chart = response.context["panel"].chart.data()
    assert chart["unit"] == "元"
    assert chart["categories"][-2:] == ["2026-10", "2026-11"]
    (mail,) = chart["series"]
    assert (mail["name"], mail["colour"]) == ("邮务", "business-01")
    assert mail["data"][-2:] == [12.5, 0.0]
    assert mail["data"][0] is None, "before the first month nothing is known, which is not zero"
    assert mail["urls"][-2] == f"/ledger/customers/{people.code_of('王小明')}/?month=2026-10&line=01"
    assert "¥12.50" in response.content.decode()
    assert audits(act="customer.open", after__part="business") == 1


def test_a_customer_without_facts_is_told_so_instead_of_zero(zhang: Client) -> None:
    response = zhang.get(business_url())

    assert response.context["panel"].chart is None
    assert "还没有业务数据" in response.content.decode()
    assert "¥0.00" not in response.content.decode()


def test_a_line_has_its_colour_wherever_it_stands_in_a_chart(zhang: Client) -> None:
    book_rows(FactKind.MAIL_ITEM, {"number": "EB000717618QZ", "key": "K1"}, system="kgc", line="02")
    panel = zhang.get(business_url()).context["panel"]

    (express,) = panel.chart.data()["series"]
    assert express["colour"] == "business-02"
    assert 'class="colour-key tone-business-02"' in panel.table.lines[0]


def test_holdings_say_of_what_their_money_is_and_as_of_when(head: Client) -> None:
    hold("6217000000009876", "J1", system="jiyou", amount="5000.00", kind=HoldingKind.DEPOSIT)
    hold("9937010000000101", "J1", system="jiyou", line="04", amount="262800.00", kind=HoldingKind.POLICY)
    hold("0037100000000001", "J1", system="jiyou", line="05", kind=HoldingKind.SECURITIES)
    for account, line, amount in (
        ("6217000000009876", "03", "5120.00"),
        ("0037100000000001", "05", "80679.04"),
    ):
        book_rows(
            FactKind.BALANCE, {"account": account, "amount": amount, "key": "J1"}, system="jiyou", line=line
        )
    shown = head.get(business_url()).context["panel"].holdings
    said = [
        [(str(told.label), strip_tags(told.value), strip_tags(told.on)) for told in one.sums] for one in shown
    ]

    assert said == [
        [("余额", "¥5,120.00", "2026-10-05"), ("存入本金", "¥5,000.00", "2026-10-05")],
        [("保额", "¥262,800.00", "2026-10-05")],
        [("市值", "¥80,679.04", "2026-10-05")],
    ]


def test_example_22_growth_is_a_share_of_what_was_and_from_nothing_there_is_none(zhang: Client) -> None:
    """100 → 80 is −20 %, 0 → 80 is n/a; the month that is not over is compared with nothing."""
    sales(
        sell("S1", "100.00", business_date=date(2026, 6, 5)),
        sell("S2", "80.00", business_date=date(2026, 7, 5)),
        sell("S3", "80.00", business_date=date(2026, 9, 5)),
        sell("S4", "7.00", business_date=date(2026, 11, 5)),
    )
    page = zhang.get(business_url())
    shown = {row.month: strip_tags(row.change) for row in page.context["panel"].table.rows}

    assert "比上月" in page.content.decode()
    assert shown == {"2026-06": "", "2026-07": "−20%", "2026-09": "n/a", "2026-11": ""}


def test_systems_tell_since_when_they_have_data(zhang: Client) -> None:
    sales(sell("S1", "10.00"))
    bands = {one.name: one.since for one in zhang.get(business_url()).context["panel"].sources}

    assert sorted(bands.values()) == ["", "2026-10"]


def test_a_correction_changes_the_month_and_what_was_known_can_still_be_asked(zhang: Client) -> None:
    """Acceptance 2."""
    sales(sell("S1", "10.00"), known_at=YESTERDAY)
    sales(sell("S1", "7.00", version=2), known_at=TODAY, delivery_id=2)

    def shown(query: str = "") -> list[float | None]:
        return zhang.get(business_url(query=query)).context["panel"].chart.data()["series"][0]["data"]

    assert shown()[-2] == 7.0
    assert shown("?as_of=2026-11-21")[-2] == 10.0
    assert shown("?as_of=2026-11-22")[-2] == 7.0
    code = people.code_of("王小明")
    behind = f"/ledger/customers/{code}/?month=2026-10&line=01"
    now, then = zhang.get(behind), zhang.get(f"{behind}&as_of=2026-11-21")
    assert [(row.number, row.amount, row.is_corrected) for row in now.context["behind"].parts[0].rows] == [
        ("S1", Decimal("7.00"), True)
    ]
    assert [(row.number, row.amount, row.is_corrected) for row in then.context["behind"].parts[0].rows] == [
        ("S1", Decimal("10.00"), False)
    ]


def test_a_day_before_all_data_shows_none(zhang: Client) -> None:
    sales(sell("S1", "10.00"))
    response = zhang.get(business_url(query="?as_of=2020-01-01"))

    assert response.context["panel"].chart is None
    assert "到这一天为止还没有业务数据" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/customers/{code}/business/?measure=zzz",
        "/ledger/customers/{code}/?month=2026-10&line=01&as_of=zzz",
        "/ledger/?measure=zzz",
        "/ledger/facts/?kind=zzz&filters=all",
    ],
)
def test_pages_say_what_of_their_address_nobody_can_be_shown(zhang: Client, address: str) -> None:
    page = zhang.get(address.format(code=people.code_of("王小明"))).content.decode()

    assert 'class="alert-box tone-warn" role="status"' in page


@pytest.mark.parametrize("typed", ["tomorrow", "2026-11-23", "1999-12-31"])
def test_a_day_that_cannot_be_known_is_said_so(zhang: Client, typed: str) -> None:
    panel = zhang.get(business_url(query=f"?as_of={typed}")).context["panel"]

    assert panel.as_of is None
    assert panel.problems


def test_financial_lines_show_that_there_is_business_but_not_how_much(zhang: Client, head: Client) -> None:
    """X-17: zhang's post is of the mail line; the group sees everything."""
    sales(sell("B1", "8888.00", key="J1", nature="11"), system="jiyou", line="03")
    hold("6217000000009876", "J1", system="jiyou", amount="5000.00")
    page, whole = zhang.get(business_url()), head.get(business_url())

    text = page.content.decode()
    assert "8,888" not in text and "5,000" not in text and "9876" not in text  # noqa: PT018
    (closed,) = page.context["panel"].closed
    assert "邮储" in closed
    assert whole.context["panel"].closed == []
    assert "5,000" in whole.content.decode()
    code = people.code_of("王小明")
    assert zhang.get(f"/ledger/customers/{code}/?month=2026-10&line=03").status_code == 404
    assert zhang.get(f"/ledger/facts/?customer={code}").context["list"].page.rows == []
    assert len(head.get(f"/ledger/facts/?customer={code}").context["list"].page.rows) == 1


@pytest.mark.parametrize(
    "opening",
    [
        "/customers/{code}/business/",
        "/customers/{code}/business/?measure=items",
        "/customers/{code}/business/?as_of=2026-11-22",
        "/ledger/customers/{code}/?month=2026-10&line=01",
        "/ledger/customers/{code}/?month=2026-10&line=01&as_of=2026-11-22",
    ],
)
def test_every_opening_of_a_customers_business_keeps_within_its_queries(
    zhang: Client, head: Client, opening: str
) -> None:
    url = opening.format(code=people.code_of("王小明"))
    sales(*(sell(f"S{n}", "1.00") for n in range(3)))
    for name, client in (("A", zhang), ("B", head)):
        client.get(url)  # which systems are connected is kept for half a minute
        few = queries_of(client, url)
        sales(*(sell(f"{name}{n}", "1.00", product_code=f"P{n}") for n in range(40)))
        book_rows(
            FactKind.MAIL_ITEM, {"number": f"{name}9900000064400", "key": "K1"}, system="kgc", line="01"
        )
        for n in range(8):
            hold(f"{name}62170000000{n}", "K1", system="kgc", line="01", amount="5000.00")

        assert queries_of(client, url) == few <= MOST_OF_BUSINESS


def test_a_neighbour_sees_nothing_of_a_customer(li: Client) -> None:
    sales(sell("S1", "10.00"))
    code = people.code_of("王小明")

    assert li.get(business_url()).status_code == 404
    assert li.get(f"/ledger/customers/{code}/?month=2026-10&line=01").status_code == 404
    assert li.get(f"/ledger/facts/?customer={code}").context["list"].page.rows == []
    assert li.get("/ledger/facts/?number=S1").context["list"].page.rows == []
    assert li.get("/ledger/facts/transaction/kgc/2026-10-05/S1/").status_code == 404


# --- facts


def numbers_in(response: object) -> list[str]:
    return [fact.number for fact in response.context["list"].page.rows]


def test_nothing_is_listed_before_something_is_chosen(zhang: Client) -> None:
    sales(sell("S1", "10.00"))
    response = zhang.get("/ledger/facts/")

    assert numbers_in(response) == []
    assert "先选定" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("number=s1", ["S1"]),
        ("delivery=D00000001", ["S1", "S2"]),
        ("delivery=1&month=2026-10", ["S1"]),
        ("delivery=1&month=2026-09", []),
        ("delivery=1&line=02", []),
        ("delivery=1&system=jiyou", []),
        ("delivery=1&product=P9", ["S2"]),
        ("delivery=1&nature=02", ["S2"]),
        ("delivery=2", []),
        ("unit=370102001", ["S2"]),  # the newest month
        ("unit=370102001&product=P1", ["S1"]),
        ("unit=370102001&month=2026-10", ["S1"]),
        ("unit=370102001&month=2026-09", []),
        ("unit=370102001&kind=mail_item", []),
        ("unit=370102001&delivery=1", ["S1", "S2"]),
        ("delivery=1&sort=-day", ["S2", "S1"]),
        ("delivery=1&as_of=2026-11-20", []),
    ],
)
def test_filters_stand_in_the_address(zhang: Client, query: str, numbers: list[str]) -> None:
    sales(
        sell("S1", "10.00"),
        sell("S2", "5.00", key=None, business_date=date(2026, 11, 2), product_code="P9", nature="02"),
    )

    assert numbers_in(zhang.get(f"/ledger/facts/?{query}")) == numbers


@pytest.mark.parametrize(
    "query",
    ["month=2026-13", "delivery=x", "as_of=9999-01-01", "unit=370104001", "customer=H1", "line=03", "kind=x"],
)
def test_what_cannot_be_used_is_said(zhang: Client, query: str) -> None:
    assert zhang.get(f"/ledger/facts/?{query}").context["list"].problems


def test_where_no_kind_is_asked_for_the_first_that_has_rows_is_listed(zhang: Client) -> None:
    """Who only sends parcels is not told that there is nothing (issue 4)."""
    book_rows(FactKind.MAIL_ITEM, {"number": "EB000717618QZ", "key": "K1"}, system="kgc", line="02")
    address = f"/ledger/facts/?customer={people.code_of('王小明')}"
    shown = zhang.get(address).context["list"]

    assert [fact.number for fact in shown.page.rows] == ["EB000717618QZ"]
    assert shown.state.values["kind"] == "mail_item"
    assert "kind=mail_item" in shown.state.link()
    assert numbers_in(zhang.get(f"{address}&kind=transaction")) == []
    sales(sell("S1", "10.00"))
    assert numbers_in(zhang.get(address)) == ["S1"]


def test_customers_out_of_scope_have_no_name(zhang: Client, head: Client) -> None:
    """A row booked here of somebody else's customer is seen, the customer is not."""
    sales(sell("S1", "10.00", key="K4"), sell("S2", "1.00", key=None), sell("S3", "2.00", key="late"))
    page = zhang.get("/ledger/facts/?delivery=1").content.decode()

    assert "王小丽" not in page
    assert page.count("外辖或尚未接入的客户") == 2
    assert "匿名散户" in page
    assert "王小丽" in head.get("/ledger/facts/?delivery=1").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "?kind=transaction&customer={code}",
        "?kind=transaction&party={party}",
        "transaction/kgc/2026-10-05/S1/",
    ],
)
def test_facts_of_somebody_elses_customer_take_a_purpose(head: Client, address: str) -> None:
    """By the customer, by what a system calls them, one fact: PSB-021."""
    sales(sell("S1", "2.00"))
    code = people.code_of("王小明")
    with transaction.atomic(), scope.bulk():
        party = SourceParty.objects.get(system="kgc", customer__code=code).pk
    url = f"/ledger/facts/{address.format(code=code, party=party)}"
    stranger = people.log_in(Client(), people.SUN)

    answer = stranger.get(url)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/customers/{code}/purpose/?{urlencode({'next': url})}",
    )
    assert head.get(url).status_code == 200
    assert audits(act="customer.open", subject=code, purpose="service", result="done") == 1


def test_the_page_of_an_export_does_not_name_whom_nobody_opened() -> None:
    url = f"/exports/new/facts/?kind=transaction&customer={people.code_of('王小明')}"
    page = people.log_in(Client(), people.SUN).get(url).content.decode()
    assert people.code_of("王小明") in page
    assert "王小明" not in page


def test_a_fact_of_nobody_known_leaves_a_trace_too(zhang: Client, li: Client) -> None:
    """Its amount is as personal; who it was about may be asked later."""
    sales(sell("W1", "2.00", key=None))

    assert zhang.get("/ledger/facts/transaction/kgc/2026-10-05/W1/").status_code == 200
    assert audits(act="fact.open", subject_kind="fact", subject="kgc W1", actor=people.ZHANG) == 1


def test_choosing_the_other_kind_swaps_the_list_alone(zhang: Client) -> None:
    response = zhang.get("/ledger/facts/?kind=mail_item&delivery=1", headers={"HX-Target": "list-facts"})

    assert response.content.decode().lstrip().startswith('<div class="list" id="list-facts"')


def test_the_form_of_filters_reads_no_facts_and_leaves_no_trace(zhang: Client) -> None:
    code = people.code_of("王小明")
    assert zhang.get(f"/ledger/facts/?customer={code}&filters=all").status_code == 200
    assert audits(act="customer.open", subject=code) == 0


def test_pages_of_facts_follow_each_other(zhang: Client) -> None:
    sales(*(sell(f"S{n:03d}", "1.00") for n in range(60)))
    first = zhang.get("/ledger/facts/?delivery=1").context["list"]
    second = zhang.get(f"/ledger/facts/{first.next_url}").context["list"]

    numbers = [fact.number for fact in (*first.page.rows, *second.page.rows)]
    assert numbers == [f"S{n:03d}" for n in range(60)], "in the order of the file"


def test_a_unit_is_listed_a_month_at_a_time(zhang: Client) -> None:
    """The month stands in the page's filters and addresses, so that the next page is of the same one."""
    sales(*(sell(f"S{n:03d}", "1.00") for n in range(60)), sell("T1", "1.00", business_date=date(2026, 9, 1)))
    shown = zhang.get("/ledger/facts/?unit=370102001").context["list"]
    second = zhang.get(f"/ledger/facts/{shown.next_url}").context["list"]

    assert "month=2026-10" in shown.next_url
    assert [chip.key for chip in shown.state.chips] == ["month", "unit"]
    numbers = [fact.number for fact in (*shown.page.rows, *second.page.rows)]
    assert numbers == [f"S{n:03d}" for n in range(59, -1, -1)]


def test_a_list_keeps_within_its_queries(zhang: Client) -> None:
    code = people.code_of("王小明")
    sales(sell("S1", "10.00"))
    url = f"/ledger/facts/?customer={code}&month=2026-10"
    few = queries_of(zhang, url)
    sales(*(sell(f"T{n}", "1.00", product_code=f"P{n}") for n in range(30)))

    assert queries_of(zhang, url) == few <= MOST_QUERIES
    assert audits(act="customer.open", subject=code, after__part="facts") == 4, (
        "each opening counts, also the one before each measurement"
    )


def test_a_corrected_fact_tells_every_entry_and_where_it_came_from(zhang: Client) -> None:
    sales(sell("S1", "10.00"), known_at=YESTERDAY)
    sales(sell("S1", "7.00", version=2), known_at=TODAY, delivery_id=2)
    fact = zhang.get("/ledger/facts/transaction/kgc/2026-10-05/S1/").context["fact"]

    assert [(str(entry.what), entry.version) for entry in fact.entries] == [
        ("记入", 1),
        ("冲销", 1),
        ("记入", 2),
    ]
    assert [entry.row.text for entry in fact.entries] == [
        "D00000001 第 2 行",
        "D00000002 第 2 行",
        "D00000002 第 2 行",
    ]
    assert not fact.is_void


def test_a_correction_tells_what_it_changed(zhang: Client) -> None:
    sales(sell("S1", "10.00"), known_at=YESTERDAY)
    sales(sell("S1", "7.00", version=2, nature="02", note="退差价"), known_at=TODAY, delivery_id=2)
    sales(sell("S1", "0.00", version=3, void=1), known_at=TODAY, delivery_id=3)
    void, second = zhang.get("/ledger/facts/transaction/kgc/2026-10-05/S1/").context["fact"].corrections

    assert (second.version, second.is_void) == (2, False)
    changes = {label: (strip_tags(before), strip_tags(after)) for label, before, after in second.changes}
    assert changes == {"性质": ("销售", "手续费"), "金额": ("¥10.00", "¥7.00"), "备注": ("", "退差价")}
    assert (void.version, void.is_void, void.changes) == (3, True, [])


def test_places_are_named(zhang: Client) -> None:
    number = "EB000717618HK"
    book_rows(
        FactKind.MAIL_ITEM, {"number": number, "key": "K1", "division": "370102"}, system="kgc", line="02"
    )
    book_rows(
        FactKind.MAIL_EVENT,
        {"number": number, "unit_code": "", "division": "110101", "code": "05"},
        system="kgc",
        line="02",
    )
    response = zhang.get(f"/ledger/facts/mail_item/kgc/2026-10-05/{number}/")

    assert [event.where for event in response.context["fact"].events] == ["北京市东城区"]
    assert all(text in response.content.decode() for text in ("山东省济南市历下区", "中国香港特别行政区"))


def test_a_number_may_hold_a_slash(zhang: Client) -> None:
    """Invoice numbers do: 489434/85048/1."""
    sales(sell("489434/85048/1", "10.00"))
    page = zhang.get("/ledger/facts/?delivery=1").content.decode()
    address = "/ledger/facts/transaction/kgc/2026-10-05/489434/85048/1/"

    assert address in page
    assert zhang.get(address).context["fact"].number == "489434/85048/1"


def test_a_void_fact_is_not_listed_but_still_told(zhang: Client) -> None:
    sales(sell("S1", "10.00"), known_at=YESTERDAY)
    sales(sell("S1", "0.00", version=2, void=1), known_at=TODAY, delivery_id=2)

    assert numbers_in(zhang.get("/ledger/facts/?number=S1")) == []
    assert zhang.get("/ledger/facts/transaction/kgc/2026-10-05/S1/").context["fact"].is_void
    assert zhang.get(business_url()).context["panel"].chart is None


def test_an_item_shows_its_way(zhang: Client) -> None:
    number = "EB000717618QZ"
    book_rows(FactKind.MAIL_ITEM, {"number": number, "key": "K1"}, system="kgc", line="02")
    events = [
        {
            "number": number,
            "code": code,
            "event_time": f"2026-10-0{day}T10:00:00",
            "business_date": date(2026, 10, day),
        }
        for code, day in (("01", 5), ("05", 7))
    ]
    book_rows(FactKind.MAIL_EVENT, *events, system="kgc", line="02")
    response = zhang.get(f"/ledger/facts/mail_item/kgc/2026-10-05/{number}/")

    assert [str(event.what) for event in response.context["fact"].events] == ["收寄", "妥投"]
    assert all(text in response.content.decode() for text in ("特快专递", "QZ", "泉城路支局"))
    for typed in (number, "eb 000 717 618 qz"):
        assert numbers_in(zhang.get("/ledger/facts/", {"kind": "mail_item", "number": typed})) == [number]


@pytest.mark.parametrize(
    "address",
    [
        "balance/kgc/2026-10-05/S1/",
        "transaction/kgc/yesterday/S1/",
        "transaction/kgc/2026-10-05/S9/",
        "x/kgc/2026-10-05/S1/",
    ],
)
def test_no_such_fact(zhang: Client, address: str) -> None:
    assert zhang.get(f"/ledger/facts/{address}").status_code == 404


# --- units and products


def test_units_see_what_they_booked(zhang: Client, li: Client, head: Client) -> None:
    sales(
        sell("S1", "10.00"), sell("S2", "5.00", key=None), sell("S3", "1.00", unit_code=people.HUAIYIN_OUTLET)
    )

    def october(client: Client) -> float:
        return client.get("/ledger/").context["shown"].chart.data()["series"][0]["data"][-2]

    assert (october(zhang), october(li), october(head)) == (15.0, 1.0, 16.0)


def test_a_figure_of_a_unit_leads_to_all_its_rows(zhang: Client, head: Client) -> None:
    """Sales and parcels of one line stand in one figure; its parts add up to it, and so do the rows behind each."""
    sales(sell("S1", "10.00"), sell("S2", "5.00", key=None, product_code="P2"))
    sales(sell("S2", "6.00", key=None, product_code="P2", version=2), delivery_id=2)
    parcel = {"number": "EA1", "postage": "20.00"}
    book_rows(FactKind.MAIL_ITEM, parcel, system="kgc", delivery_id=3)
    for client in (zhang, head):
        chart = client.get("/ledger/").context["shown"].chart.data()["series"][0]
        figure = client.get(chart["urls"][-2]).context["figure"]

        assert chart["data"][-2] == 36.0
        assert figure.totals[0] == cells.money(Decimal("36.00"))
        numbers = [[sorted(numbers_in(client.get(row.url))) for row in part.rows] for part in figure.parts]
        assert numbers == [[["EA1"]], [["S1"], ["S2"]]]
        wholes = [sorted(numbers_in(client.get(part.whole.url))) for part in figure.parts]
        assert wholes == [["EA1"], ["S1", "S2"]]
        assert client.get(figure.back_url).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "unit=370102001&line=01",
        "unit=370104001&month=2026-10&line=01",
        "unit=370102001&month=2026-10&line=03",
    ],
)
def test_no_such_figure(zhang: Client, query: str) -> None:
    """Without a month, of a unit out of scope, of a line outside the post's."""
    assert zhang.get(f"/ledger/figure/?{query}").status_code == 404


def test_a_unit_out_of_scope_is_unknown(li: Client) -> None:
    assert li.get(f"/ledger/?unit={people.LIXIA_OUTLET}").context["shown"].problems


def test_products_show_what_nobody_has_classified(zhang: Client) -> None:
    sales(sell("S1", "10.00"))
    shown = zhang.get("/ledger/products/").context["shown"]

    assert [(one.source.system, one.source.code, one.items) for one in shown.unmapped] == [("kgc", "P1", 1)]


@pytest.mark.parametrize(
    "url",
    [
        "/ledger/",
        "/ledger/products/",
        "/ledger/facts/?delivery=1",
        "/ledger/facts/?unit=370102001&product=P1&system=kgc",
        "/ledger/figure/?unit=370102001&month=2026-10&line=01",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_keep_within_their_queries_in_both_languages(zhang: Client, url: str, language: str) -> None:
    sales(sell("S1", "10.00"))

    zhang.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert queries_of(zhang, url) <= MOST_QUERIES


def test_a_steward_classifies_a_code_and_nothing_else_may(zhang: Client, head: Client) -> None:
    sales(sell("S1", "10.00"))
    form = {"system": "kgc", "code": "P1", "product": ""}

    assert zhang.post("/ledger/products/map/", form).status_code == 403
    assert head.post("/ledger/products/map/", form | {"product": "nothing"}).status_code == 422
    assert head.post("/ledger/products/map/", form | {"code": "P9"}).status_code == 404
    assert audits(act="ledger.map_product", result="done") == 0
    product = head.get("/ledger/products/").context["shown"].families[0].products[0].product
    assert head.post("/ledger/products/map/", form | {"product": product.code}).status_code == 302
    assert head.get("/ledger/products/").context["shown"].unmapped == []
    assert product.name in zhang.get("/ledger/facts/?number=S1").content.decode()


def test_one_code_at_a_time_is_classified(zhang: Client, head: Client) -> None:
    sales(sell("S1", "10.00", product_code="P8"), sell("S2", "10.00", product_code="P9"))
    source = head.get("/ledger/products/").context["shown"].unmapped[0].source

    def forms(client: Client, query: str) -> list[str]:
        page = client.get(f"/ledger/products/{query}").content.decode()
        return [form.split("</form>")[0] for form in page.split('action="/ledger/products/map/"')[1:]]

    assert forms(head, "") == []
    (form,) = forms(head, f"?map={source.id}")
    assert "csrfmiddlewaretoken" in form
    assert f'value="{source.code}"' in form
    assert forms(head, "?map=x") == forms(zhang, f"?map={source.id}") == []


def test_who_reached_the_threshold_is_seen_by_the_bank_only(zhang: Client, head: Client) -> None:
    """PSB-008: 10,000.00 is in, 9,999.99 is not."""
    have_balances({"王芳": "10000.00", "李娜": "9999.99"})

    reached = head.get("/ledger/intake/").context["list"].page.rows
    assert [(row.customer.name, row.outlet) for row in reached] == [("王芳", "泉城路支局")]
    assert head.get("/ledger/intake/?on_from=2026-10-06").context["list"].page.rows == []
    assert zhang.get("/ledger/intake/").status_code == 403  # not “nobody has reached it”


def have_balances(amounts: dict[str, str]) -> None:
    """Customers of the bank with one account each, and its balance on the day of the defaults."""
    for number, (name, amount) in enumerate(amounts.items()):
        key, account = f"B{number}", f"62170000000{number}"
        people.take(Given(name, key, system="psb", line=Line.BANK, kind=Kind.FINANCIAL))
        hold(account, key)
        book_rows(
            FactKind.BALANCE, {"account": account, "amount": amount, "key": key}, system="psb", line="03"
        )
    with transaction.atomic(), scope.bulk():
        follow_delivery(1)


def test_partitions_are_for_those_who_check_them(zhang: Client, head: Client) -> None:
    assert zhang.get("/ledger/partitions/").status_code == 403
    with transaction.atomic(), scope.bulk():
        make_partitions(*expected_months())
    shown = head.get("/ledger/partitions/").context["shown"]
    assert [month.month for month in shown.months][:4] == ["2027-02", "2027-01", "2026-12", "2026-11"]
    assert shown.problems == 0
