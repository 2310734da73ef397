"""Public data through the ordinary intake: skipped where the folder `HONGYAN_REAL` names is absent.

Most tests take a part of a data set; both years of invoices are slow and part of `make prove`.
"""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime
from pyarrow import csv

from hongyan.config.home import CHECKOUT
from hongyan.core import scope
from hongyan.customer.models import SourceParty
from hongyan.integration import descriptors, staging
from hongyan.integration.actions import check
from hongyan.integration.codes import DeliveryState
from hongyan.integration.models import Delivery
from hongyan.integration.tests.console import browser
from hongyan.integration.tests.factory import day, loaded, received
from hongyan.ledger.codes import FactKind, Nature
from hongyan.ledger.models import Holding, MailItem, MonthlyFact, Transaction
from hongyan.ledger.panels import fact_url, units
from hongyan.ledger.queries.digests import digest
from hongyan.ledger.queries.facts import events_of
from hongyan.org.models import Division, Postcode, Unit
from hongyan.org.queries.places import full_name, place_findings

BESIDE = CHECKOUT.parent / "shared" / "data"
FOLDER = Path(os.environ.get("HONGYAN_REAL") or BESIDE)
POSTCODES = "cn_postcodes/china_region_postcodes.csv.gz"
BIGGEST = "6560211a19b47992c3666cc44a7e94c0"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no public data sets: set HONGYAN_REAL to their folder"),
]


@pytest.fixture(autouse=True)
def _real_connectors(monkeypatch: pytest.MonkeyPatch, organisation: None) -> Iterator[None]:
    """Show the connectors of public data, which hide where the data are not."""
    monkeypatch.setenv("HONGYAN_REAL", str(FOLDER))
    descriptors.all_descriptors.cache_clear()
    yield
    monkeypatch.undo()
    descriptors.all_descriptors.cache_clear()


def table_of(name: str) -> pa.Table:
    return pq.read_table(FOLDER / name)


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def table_of_csv(name: str, *, like: pa.Schema) -> pa.Table:
    """A packed CSV with the columns and types of a table."""
    with gzip.open(FOLDER / name) as file:
        return csv.read_csv(file).select(like.names).cast(like)


def packed_lines(name: str) -> list[str]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8", newline="") as file:
        return file.readlines()


def of_senders(table: pa.Table, senders: Sequence[str]) -> pa.Table:
    return table.filter(pc.is_in(table["seller_id"], pa.array(senders)))


def months_in(items: pa.Table) -> dict[tuple[int, int], tuple[int, Decimal]]:
    """Items and freight per month of the file, counted without the system."""
    found: dict[tuple[int, int], tuple[int, Decimal]] = {}
    for row in items.select(["shipping_limit_date", "freight_value"]).to_pylist():
        at = row["shipping_limit_date"]
        number, amount = found.get((at.year, at.month), (0, Decimal(0)))
        found[at.year, at.month] = number + 1, amount + Decimal(repr(row["freight_value"]))
    return found


def months_here(sender: str) -> dict[tuple[int, int], tuple[int, Decimal]]:
    """The same from the monthly sums."""
    with scope.bulk():
        rows = MonthlyFact.objects.filter(party__system="real_olist", party__key=sender)
        sums = rows.values("month").annotate(items=Sum("items"), revenue=Sum("revenue"))
        return {(row["month"].year, row["month"].month): (row["items"], row["revenue"]) for row in sums}


def assert_whole(delivery: Delivery, rows: int) -> None:
    assert (delivery.state, delivery.refusal) == (DeliveryState.APPLIED, None)
    assert {one["outcome"] for one in delivery.warnings["checks"]} == {"passed"}
    assert (delivery.received, delivery.accepted, delivery.quarantined) == (rows, rows, 0)


def test_acceptance_4_the_months_of_the_biggest_sender_add_up_to_the_file() -> None:
    """The biggest sender among a few: its months, and the file's sum to the fen."""
    items = table_of("olist/order_items.parquet")
    ranked = items.group_by("seller_id").aggregate([("seller_id", "count")])
    ranked = ranked.sort_by([("seller_id_count", "descending"), ("seller_id", "ascending")])
    senders = ranked["seller_id"].to_pylist()
    assert senders[0] == BIGGEST
    some = of_senders(items, [BIGGEST, *senders[1000:1020]])
    sellers = of_senders(table_of("olist/sellers.parquet"), some["seller_id"].to_pylist())
    assert_whole(loaded(parquet(sellers), "sellers.parquet", "real_olist"), 21)
    delivery = loaded(parquet(some), "order_items.parquet", "real_olist")
    assert_whole(delivery, len(some))
    expected = sum((amount for _, amount in months_in(some).values()), Decimal(0))
    line = delivery.sums["ITEM"]["postage"]
    assert (Decimal(line["source"]), line["difference"]) == (expected, "0.00")
    assert months_here(BIGGEST) == months_in(of_senders(items, [BIGGEST]))
    with scope.bulk():
        code = SourceParty.objects.get(system="real_olist", key=BIGGEST).customer.code
    head = browser("head")
    head.post(f"/customers/{code}/purpose/", {"purpose": "service"})
    html = head.get(f"/customers/{code}/business/").content.decode()
    assert f"BRL\xa0{sum(amount for _, amount in months_here(BIGGEST).values()):,.2f}" in html
    assert "BRL\xa027,960.94" in html
    assert "¥" not in html


def test_senders_that_come_after_their_parcels_end_alike() -> None:
    items = table_of("olist/order_items.parquet")
    some = of_senders(items, [BIGGEST]).slice(0, 50)
    sellers = of_senders(table_of("olist/sellers.parquet"), [BIGGEST])
    assert_whole(loaded(parquet(some), "order_items.parquet", "real_olist"), 50)
    with scope.bulk():
        assert SourceParty.objects.get(system="real_olist").customer_id is None
        before = digest()["ledger_mailitem"]
    assert_whole(loaded(parquet(sellers), "sellers.parquet", "real_olist"), 1)
    with scope.bulk():
        assert SourceParty.objects.get(system="real_olist").customer_id is not None
        assert digest()["ledger_mailitem"] == before
    assert months_here(BIGGEST) == months_in(some)


def test_a_sample_that_overlaps_the_whole_changes_no_month() -> None:
    """The eight-percent sample holds the same parcels as the whole file: a later statement of the same."""
    some = of_senders(table_of("olist/order_items.parquet"), [BIGGEST])
    sample = table_of_csv("olist_sample8pct/olist_order_items_dataset.csv.gz", like=some.schema)
    sample = of_senders(sample, [BIGGEST])
    assert 0 < len(sample) < len(some)
    assert_whole(loaded(parquet(some), "order_items.parquet", "real_olist"), len(some))
    before = months_here(BIGGEST)
    delivery = loaded(parquet(sample), f"order_items_{day()}.parquet", "real_olist")
    assert (delivery.accepted, delivery.updated) == (len(sample), len(sample))
    assert months_here(BIGGEST) == before


ORDERS, ITEMS = (f"olist_sample8pct/olist_{name}_dataset.csv.gz" for name in ("orders", "order_items"))


def packed_csv(table: pa.Table) -> bytes:
    out = io.BytesIO()
    csv.write_csv(table, out)
    return gzip.compress(out.getvalue(), mtime=0)


def archive(**tables: bytes) -> bytes:
    """The archive of orders and items."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in tables.items():
            file.writestr(f"olist_{name}_dataset.csv.gz", content)
    return out.getvalue()


def orders_of(sender: str) -> tuple[pa.Table, pa.Table]:
    """The sample's orders and items of a sender, values as texts."""

    def table(name: str) -> pa.Table:
        with gzip.open(FOLDER / name) as file:
            columns = file.readline().decode().strip().replace('"', "").split(",")
        options = csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()))
        return csv.read_csv(gzip.open(FOLDER / name), convert_options=options)

    items = of_senders(table(ITEMS), [sender])
    orders = table(ORDERS)
    return orders.filter(pc.is_in(orders["order_id"], items["order_id"].combine_chunks())), items


def test_orders_add_promised_times_and_events_to_parcels() -> None:
    """What the archive states of parcels known already changes no month; a late one shows promise and delivery."""
    some = of_senders(table_of("olist/order_items.parquet"), [BIGGEST])
    assert_whole(loaded(parquet(some), "order_items.parquet", "real_olist"), len(some))
    before = months_here(BIGGEST)
    orders, items = orders_of(BIGGEST)
    content = archive(orders=packed_csv(orders), order_items=packed_csv(items))
    by_order = {row["order_id"]: row for row in orders.to_pylist()}
    told = [by_order[row["order_id"]] for row in items.to_pylist()]
    times = ("order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date")
    events = {time: sum(bool(row[time]) for row in told) for time in times}
    delivery = loaded(content, f"olist_orders_{day()}.zip", "real_olist")
    assert_whole(delivery, len(items) + sum(events.values()))
    assert (delivery.updated, delivery.new) == (len(items), sum(events.values()))
    assert months_here(BIGGEST) == before
    late = next(row for row in told if row[times[2]] and row[times[2]] > row["order_estimated_delivery_date"])
    with scope.bulk():
        found = MailItem.objects.filter(number__startswith=late["order_id"], promised_at__isnull=False)
        item = found.exclude(entry=-1).earliest("number")
        assert f"{localtime(item.promised_at):%F %T}" == late["order_estimated_delivery_date"]
        told_of = [(event.code, f"{localtime(event.event_time):%F %T}") for event in events_of(item)]
    assert told_of == [(code, late[time]) for code, time in zip(("01", "02", "05"), times, strict=True)]
    page = browser("zhang").get(fact_url(FactKind.MAIL_ITEM, item)).content.decode()
    assert all(word in page for word in ("收寄", "封发", "妥投", "承诺送达"))


@pytest.mark.parametrize(
    "content",
    [b"no archive at all", archive(orders=b""), archive(orders=b"", order_items=b"")],
    ids=["no archive", "a table is missing", "the tables are no CSV"],
)
def test_an_archive_that_is_none_is_refused(content: bytes) -> None:
    delivery = loaded(content, f"olist_orders_{day()}.zip", "real_olist")
    assert (delivery.state, delivery.refusal["code"]) == (DeliveryState.REFUSED, "archive")


def test_deals_become_customers_with_agreements() -> None:
    content = (FOLDER / "olist_funnel/olist_closed_deals_dataset.csv.gz").read_bytes()
    delivery = loaded(content, "olist_closed_deals_dataset.csv.gz", "real_funnel")
    assert_whole(delivery, 2 * 842)
    with scope.bulk():
        held = Holding.objects.filter(system="real_funnel")
        assert held.count() == 842
        assert not held.filter(party__customer=None).exists()


def test_company_names_become_potential_customers() -> None:
    lines = packed_lines("cn_companies/Company-Shorter-Form_28W.txt.gz")
    delivery = loaded("".join(lines[:203]).encode(), "Company-Shorter-Form_28W.txt", "real_companies")
    assert (delivery.state, delivery.received, delivery.accepted) == (DeliveryState.APPLIED, 200, 200)
    with scope.bulk():
        parties = SourceParty.objects.filter(system="real_companies")
        assert sorted(parties.values_list("key", flat=True), key=int)[:2] == ["4", "5"]


def test_invoice_lines_become_sales_and_refunds() -> None:
    """One day of the wholesaler: walk-ins, cancellations, and what the second year's file repeats of the first's."""
    table = table_of("online_retail/online_retail_II_2009-2010.parquet")
    sold = table.filter(pc.starts_with(table["InvoiceDate"], "2010-12-01"))
    delivery = loaded(parquet(sold), "online_retail_II_2009-2010.parquet", "real_retail")
    expected = [Decimal(str(row["Quantity"])) * Decimal(repr(row["Price"])) for row in sold.to_pylist()]
    line = delivery.sums["LINE"]["amount"]
    customers = set(filter(None, sold["Customer ID"].to_pylist()))
    assert (delivery.state, delivery.received) == (DeliveryState.APPLIED, len(sold) + len(customers))
    assert (Decimal(line["source"]), line["difference"]) == (sum(expected), "0.00")
    with scope.bulk():
        assert SourceParty.objects.filter(customer__name__startswith="批发客户").count() == len(customers)
    with scope.bulk():
        facts = Transaction.objects.filter(system="real_retail")
        assert facts.filter(party=None).count() == sold["Customer ID"].null_count
        assert set(facts.filter(amount__lt=0).values_list("nature", flat=True)) == {Nature.REFUND}
        before = facts.aggregate(amount=Sum(F("entry") * F("amount")))["amount"]
        assert before == sum(expected)
    again = table_of("online_retail/online_retail_2010-2011_positive.parquet")
    again = again.filter(pc.starts_with(again["InvoiceDate"], "2010-12-01"))
    second = loaded(parquet(again), "online_retail_2010-2011_positive.parquet", "real_retail")
    known = set(filter(None, again["CustomerID"].to_pylist())) - {"0"}
    assert second.received == len(again) + len(known)
    assert second.new + second.unchanged + second.quarantined == second.received
    assert second.unchanged > second.new + second.quarantined


def test_the_whole_parcel_file_adds_up() -> None:
    """112,650 parcels of 3,095 senders: every month of every sender, and the sum of the file, to the fen."""
    items = table_of("olist/order_items.parquet")
    sellers = (FOLDER / "olist/sellers.parquet").read_bytes()
    assert_whole(loaded(sellers, "sellers.parquet", "real_olist"), 3_095)
    delivery = loaded(
        (FOLDER / "olist/order_items.parquet").read_bytes(), "order_items.parquet", "real_olist"
    )
    assert_whole(delivery, 112_650)
    assert delivery.sums["ITEM"]["postage"]["source"] == "2251909.54"
    with scope.bulk():
        ranked = MonthlyFact.objects.filter(party__system="real_olist").values_list("party__key")
        top = ranked.annotate(items=Sum("items"), revenue=Sum("revenue")).order_by("-items").first()
        assert top == (BIGGEST, 2_033, Decimal("27960.94"))
        whole = MonthlyFact.objects.aggregate(items=Sum("items"), revenue=Sum("revenue"))
        assert whole == {"items": 112_650, "revenue": Decimal("2251909.54")}
        assert not SourceParty.objects.filter(system="real_olist", customer=None).exists()
    assert months_here(BIGGEST) == months_in(of_senders(items, [BIGGEST]))


def cdnow(*customers: str) -> str:
    """The purchases of some customers as the file has them, beneath its header."""
    lines = packed_lines("cdnow/CDNOW_master.txt.gz")
    return "".join([lines[0], *(line for line in lines[1:] if line.split()[0] in customers)])


def test_purchases_of_the_last_century_become_customers_and_transactions() -> None:
    """A customer with two purchases on one day, and what everybody spent: days of 1997 are taken as they are."""
    lines = cdnow("00001", "00002", "00003")
    delivery = loaded(lines.encode(), "CDNOW_part.txt", "real_cdnow")
    bought = [line.split() for line in lines.splitlines()[1:]]
    assert_whole(delivery, 3 + len(bought))
    spent = sum((Decimal(amount) for *_, amount in bought), Decimal(0))
    line = delivery.sums["PURCHASE"]["amount"]
    assert (Decimal(line["source"]), line["difference"]) == (spent, "0.00")
    with scope.bulk():
        parties = SourceParty.objects.filter(system="real_cdnow", customer__name="CDNOW 00002")
        numbers = Transaction.objects.filter(party__in=parties).values_list("number", flat=True)
        assert sorted(numbers) == ["00002/19970112/1", "00002/19970112/2"]
        assert MonthlyFact.objects.aggregate(revenue=Sum("revenue")) == {"revenue": spent}


@pytest.mark.slow
def test_all_purchases_add_up() -> None:
    """69,659 purchases of 23,570 people: 2,500,315.63 dollars."""
    content = (FOLDER / "cdnow/CDNOW_master.txt.gz").read_bytes()
    delivery = loaded(content, "CDNOW_master.txt.gz", "real_cdnow")
    assert_whole(delivery, 23_570 + 69_659)
    line = delivery.sums["PURCHASE"]["amount"]
    assert (line["source"], line["difference"]) == ("2500315.63", "0.00")


@pytest.mark.slow
def test_both_years_of_invoices_add_up() -> None:
    for name, rows in (
        ("online_retail_II_2009-2010.parquet", 525_461 + 4_383),
        ("online_retail_2010-2011_positive.parquet", 531_282 + 4_339),
    ):
        delivery = loaded((FOLDER / "online_retail" / name).read_bytes(), name, "real_retail")
        assert (delivery.state, delivery.received) == (DeliveryState.APPLIED, rows)
        assert delivery.sums["LINE"]["amount"]["difference"] == "0.00"


def test_a_file_is_refused_while_its_default_unit_is_unknown() -> None:
    some = of_senders(table_of("olist/order_items.parquet"), [BIGGEST]).slice(0, 5)
    with scope.bulk():
        Unit.objects.filter(code="370102001").update(code="370102999")
    delivery = loaded(parquet(some), "order_items.parquet", "real_olist")
    assert (delivery.state, delivery.refusal["code"]) == (DeliveryState.REFUSED, "default_unit")
    with scope.bulk():
        assert not MonthlyFact.objects.exists()


def test_the_page_says_what_was_found() -> None:
    items = table_of("olist/order_items.parquet")
    some = of_senders(items, [BIGGEST]).slice(0, 200)
    spoilt = some.append_column("bad", pc.if_else(pc.equal(some["order_item_id"], 1), 1.0, 3.001))
    spoilt = spoilt.set_column(6, "freight_value", pc.multiply(spoilt["freight_value"], spoilt["bad"]))
    delivery = check(
        received(parquet(spoilt.drop_columns(["bad"])), "order_items.parquet", "real_olist").id,
        in_background=False,
    )
    assert delivery.quarantined > 0
    head = browser("head")
    html = head.get("/intake/findings/").content.decode()
    assert all(
        text in html for text in ("Olist 包裹", delivery.number, "不是金额", "freight_value", "还没有装入")
    )
    assert html.count("明细提到、但没有客户资料") == 1, "of a set that brought nothing, nothing is counted"
    assert "¥" not in html
    assert "BRL" in html
    assert f"/intake/quarantine/?delivery={delivery.number}&amp;reason=money" in html
    with CaptureQueriesContext(connection) as queries:
        head.get("/intake/findings/")
    assert len(queries) <= 12


def test_parties_without_a_description_are_counted_and_open_their_facts() -> None:
    some = of_senders(table_of("olist/order_items.parquet"), [BIGGEST]).slice(0, 3)
    assert_whole(loaded(parquet(some), "order_items.parquet", "real_olist"), 3)
    head = browser("head")
    assert "/intake/unknown/?system=real_olist" in head.get("/intake/findings/").content.decode()
    rows = head.get("/intake/unknown/?system=real_olist").content.decode()
    with scope.bulk():
        party = SourceParty.objects.get(system="real_olist")
    address = f"/ledger/facts/?kind=mail_item&party={party.id}"
    assert address.replace("&", "&amp;") in rows
    assert BIGGEST in rows
    facts = head.get(address).content.decode()
    assert facts.count("BRL\xa0") == 3 or facts.count("BRL") >= 3
    assert "没有这个来源客户" in head.get("/ledger/facts/?party=x").content.decode()


def test_figures_of_two_currencies_are_never_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parcels in reais and records in dollars at one unit: its months show one currency at a time."""
    monkeypatch.setattr(units, "SHOWN_MONTHS", 12 * 40)
    some = of_senders(table_of("olist/order_items.parquet"), [BIGGEST]).slice(0, 5)
    assert_whole(loaded(parquet(some), "order_items.parquet", "real_olist"), 5)
    loaded(cdnow("00001").encode(), "CDNOW_part.txt", "real_cdnow")
    freight = sum((amount for _, amount in months_in(some).values()), Decimal(0))
    head = browser("head")
    in_reais = head.get("/ledger/?currency=BRL").content.decode()
    assert f"BRL\xa0{freight:,.2f}" in in_reais
    assert "USD\xa0" not in in_reais
    in_dollars = head.get("/ledger/?currency=USD").content.decode()
    assert "USD\xa011.77" in in_dollars
    assert "/ledger/figure/?unit=1000&amp;month=1997-01&amp;line=01&amp;currency=USD" in in_dollars
    rows = head.get("/ledger/facts/?kind=transaction&unit=1000&month=1997-01&line=01&currency=USD")
    assert "00001/19970101/1" in rows.content.decode()
    asked = head.get("/ledger/facts/transaction/real_cdnow/1997-01-01/00001/19970101/1/")
    fact = head.post(asked["Location"], {"purpose": "service"}, follow=True)
    assert "USD\xa011.77" in fact.content.decode()
    none = head.get("/ledger/facts/?kind=transaction&unit=1000&month=1997-01&line=01&currency=CNY")
    assert "00001/19970101/1" not in none.content.decode()


def test_without_public_data_there_is_no_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/intake/findings/" in browser("head").get("/intake/").content.decode()
    monkeypatch.delenv("HONGYAN_REAL")
    descriptors.all_descriptors.cache_clear()
    assert "/intake/findings/" not in browser("head").get("/intake/").content.decode()
    assert "这里没有公开数据" in browser("head").get("/intake/findings/").content.decode()


def test_a_post_without_the_right_does_not_read_it() -> None:
    assert browser("zhang").get("/intake/findings/").status_code == 403


@pytest.fixture
def _divisions_as_shipped() -> Iterator[None]:
    """The standard's divisions stay from test to test, so what a list said of them is taken back."""
    yield
    Postcode.objects.all().delete()
    Division.objects.filter(is_standard=False).delete()
    Division.objects.exclude(listed_as="").update(listed_as="", listed_by="")


def list_of_places(name: str, *, packed: bool = True) -> Delivery:
    """Load a list; packed or not is another file with the same rows."""
    system = "real_postcodes" if "postcodes" in name else "real_divisions"
    with gzip.open(FOLDER / name) as file:
        content = file.read().rstrip(b"\n") + b"\n"
    plain = Path(name).with_suffix("").name
    return (
        loaded(gzip.compress(content, mtime=0), f"{plain}.gz", system)
        if packed
        else loaded(content, plain, system)
    )


def lists_of_places() -> None:
    """Load all divisions down to counties, and the postcodes."""
    for name in ("provinces", "cities", "areas"):
        assert list_of_places(f"cn_divisions/{name}.csv.gz").state == DeliveryState.APPLIED
    delivery = list_of_places(POSTCODES)
    assert (delivery.state, delivery.quarantined) == (DeliveryState.APPLIED, 23)


@pytest.mark.usefixtures("_divisions_as_shipped")
def test_lists_of_places_are_held_against_the_standard() -> None:
    """3,348 divisions and 3,155 postcodes: what agrees, what is called otherwise, what only one side knows."""
    lists_of_places()
    found = place_findings()
    assert found.divisions == {
        "agreed": 3_207,
        "renamed": 8,
        "unlisted": 299,
        "abolished": 2,
        "past": 3_369,
        "only_listed": 131,
    }
    assert sum(found.postcodes.values()) == Postcode.objects.count()
    assert {"former", "none"} <= set(found.postcodes)
    former = Postcode.objects.get(county="崇文区")
    assert (former.match, former.division_id) == ("former", "110103")
    assert Postcode.objects.get(county="历下区").division_id == "370102"


@pytest.mark.usefixtures("_divisions_as_shipped")
def test_places_taken_in_again_change_nothing() -> None:
    lists_of_places()
    again = list_of_places("cn_divisions/cities.csv.gz", packed=False)
    assert (again.new, again.updated, again.unchanged) == (0, 0, again.received)
    again = list_of_places(POSTCODES, packed=False)
    assert (again.new, again.updated, again.unchanged) == (0, 0, again.received - 23)


@pytest.mark.usefixtures("_divisions_as_shipped")
def test_streets_stand_beneath_their_counties() -> None:
    content = packed_lines("cn_divisions/streets.csv.gz")
    delivery = loaded("".join(content[:201]).encode(), "streets.csv", "real_divisions")
    assert (delivery.state, delivery.new) == (DeliveryState.APPLIED, 200)
    street = Division.objects.get(code="110101001")
    assert full_name(street) == "北京市 东城区 东华门街道"


def test_division_codes_and_postcodes_fit_our_rules() -> None:
    """Reference lists against the macros that judge every row: all divisions pass, 23 postcodes are malformed."""
    engine = staging._engine().cursor()
    read = "read_csv(?, all_varchar = true)"
    for name, code in (
        ("provinces", "rpad(code, 6, '0')"),
        ("cities", "rpad(code, 6, '0')"),
        ("areas", "code"),
        ("streets", "left(code, 6)"),
    ):
        path = str(FOLDER / f"cn_divisions/{name}.csv.gz")
        query = f"SELECT count(*), count(fault_division({code})) FROM {read}"
        rows, faults = engine.execute(query, [path]).fetchone()
        assert (rows > 0, faults) == (True, 0), name
    path = str(FOLDER / "cn_postcodes/china_region_postcodes.csv.gz")
    found = engine.execute(f"SELECT count(*), count(fault_postcode(zipCode)) FROM {read}", [path]).fetchone()
    assert found == (3_178, 23)
