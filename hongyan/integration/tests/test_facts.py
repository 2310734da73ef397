"""Facts through intake: sums to the fen, corrections, conflicts, and the same end whatever happens on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import psycopg
import pytest
from django.utils.translation import override

from conftest import clear_tables
from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import make_organisation
from hongyan.integration import descriptors
from hongyan.integration.actions import apply, check, sign_as
from hongyan.integration.actions.mend import mend
from hongyan.integration.actions.resend import raw_of
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.descriptors import Field, RecordKind, Target, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.reasons import sentence
from hongyan.integration.rules import findings_of
from hongyan.integration.tests.factory import OPERATOR, OUTLET, counts, day, loaded, received, records
from hongyan.integration.tests.killing import apply_and_die, digest
from hongyan.integration.tests.ledger_factory import (
    ACCOUNT,
    account,
    balance,
    bank,
    booked,
    ems_file,
    ems_item,
    item,
    movement,
    psb_file,
    sale,
    yy_file,
)
from hongyan.ledger.models import (
    Balance,
    Holding,
    MailEvent,
    MailItem,
    MonthlyFact,
    SourceProduct,
    Transaction,
)
from hongyan.ledger.parameters import CHUNK_ROWS
from hongyan.ledger.queries.digests import digest as ledger_digest
from hongyan.org.codes import Right

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]


def revenue() -> Decimal:
    with scope.bulk():
        return sum(MonthlyFact.objects.values_list("revenue", flat=True), Decimal(0))


def outcome() -> Any:
    with scope.bulk():
        return ledger_digest()


def test_sales_become_transactions_and_months() -> None:
    delivery = booked([sale(number, 客户号="" if number == 3 else "YY00000001") for number in (1, 2, 3)])
    assert (delivery.state, delivery.refusal) == (DeliveryState.APPLIED, None)
    assert counts(delivery) == {"received": 3, "accepted": 3, "new": 3}
    line = delivery.sums["SALE"]["amount"]
    assert (line["source"], line["accepted"], line["new"], line["difference"]) == (
        "36.90",
        "36.90",
        "36.90",
        "0.00",
    )
    assert delivery.sums["SALE"]["quantity"]["accepted"] == "3"
    with scope.bulk():
        assert sorted(Transaction.objects.values_list("number", "amount", "entry")) == [
            (f"LS{number:08}", Decimal("12.30"), 1) for number in (1, 2, 3)
        ]
    assert revenue() == Decimal("36.90")


def test_items_keep_their_weight() -> None:
    delivery = booked([item(1), item(2, 重量="800", 资费="9.90")], "ITEM")
    assert counts(delivery) == {"received": 2, "accepted": 2, "new": 2}
    lines = delivery.sums["ITEM"]
    assert (lines["postage"]["accepted"], lines["weight_g"]["accepted"]) == ("24.90", "2000")
    with scope.bulk():
        assert sum(MailItem.objects.values_list("weight_g", flat=True)) == 2000


def test_texts_of_a_source_cannot_break_a_block() -> None:
    odd = "a\\b\\N\\.\t'\"；\u3000末"
    booked([sale(1, 产品名称=odd, 邮件号码="\\N"), sale(2, 产品代码="9999", 产品名称="\\.")])
    with scope.bulk():
        found = Transaction.objects.order_by("number").values_list("note", "product__name")
        assert list(found) == [("\\N", "a\\b\\N\\. '\"； 末"), ("", "\\.")]


# --- corrections


def test_a_correction_changes_the_month_and_a_repeat_nothing() -> None:
    booked([sale(1), sale(2)])
    corrected = booked([sale(1, 金额="10.00", 修改序号="2"), sale(2)])
    assert counts(corrected) == {"received": 2, "accepted": 2, "updated": 1, "unchanged": 1}
    line = corrected.sums["SALE"]["amount"]
    assert (line["corrected"], line["unchanged"], line["difference"]) == ("10.00", "12.30", "0.00")
    assert revenue() == Decimal("22.30")


def test_an_older_version_that_comes_late_changes_nothing() -> None:
    booked([sale(1, 金额="10.00", 修改序号="2")])
    late = booked([sale(1)])
    assert counts(late) == {"received": 1, "accepted": 1, "stale": 1}
    assert late.sums["SALE"]["amount"]["stale"] == "12.30"
    assert revenue() == Decimal("10.00")


def test_a_void_takes_a_sale_back_and_another_day_moves_it() -> None:
    booked([sale(1), sale(2)])
    booked([sale(1, 修改序号="2", 作废标志="1")])
    booked([sale(2, 修改序号="2", 业务日期="20260930", 交易时间="20260930103000", 原业务日期="20261020")])
    with scope.bulk():
        months = MonthlyFact.objects.exclude(revenue=0).values_list("month", "revenue")
        assert [(f"{month:%Y%m}", amount) for month, amount in months] == [("202609", Decimal("12.30"))]


def test_the_same_version_with_other_content_is_quarantined_with_its_values() -> None:
    booked([sale(1), sale(2)])
    delivery = booked([sale(1, 金额="99.00"), sale(2), *(sale(number) for number in range(3, 40))])
    assert delivery.state == DeliveryState.APPLIED
    assert counts(delivery) == {"received": 39, "accepted": 38, "quarantined": 1, "new": 37, "unchanged": 1}
    line = delivery.sums["SALE"]["amount"]
    assert (line["quarantined"], line["conflict"], line["difference"]) == ("99.00", "99.00", "0.00")
    with scope.bulk():
        row = QuarantinedRow.objects.get()
        raw = raw_of(row)
    assert [(reason["field"], reason["code"]) for reason in row.reasons] == [("流水号", "fact_conflict")]
    assert (row.row, raw["流水号"], raw["金额"]) == (2, "LS00000001", "99.00")
    assert revenue() == Decimal("12.30") * 39


# --- rows and files that are wrong


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"流水号": ""}, "流水号", "required"),
        ({"流水号": "A" * 41}, "流水号", "too_long"),
        ({"业务日期": "19991231"}, "业务日期", "date_range"),
        ({"业务日期": "20990101"}, "业务日期", "date_range"),
        ({"业务日期": "20261301"}, "业务日期", "date"),
        ({"机构代码": "9"}, "机构代码", "unknown_unit"),
        ({"金额": "12,3x"}, "金额", "money"),
        ({"件数": "3000000000"}, "件数", "out_of_range"),
        ({"修改序号": "99999999999"}, "修改序号", "out_of_range"),
        ({"业务类型": "7"}, "业务类型", "code"),
        ({"邮件号码": "9" * 61}, "邮件号码", "too_long"),
    ],
)
def test_a_wrong_row_is_quarantined_and_its_money_with_it(
    change: dict[str, str], column: str, code: str
) -> None:
    rows = [sale(number) for number in range(2, 40)]
    wrong = sale(1) | change
    content = yy_file([wrong, *rows], total="467.40" if "金额" in change else "")
    delivery = apply(check(received(content, f"YY_SALE_{day()}.txt", "yy").id, in_background=False).id)
    assert delivery.state == DeliveryState.APPLIED, delivery.refusal
    assert counts(delivery) == {"received": 39, "accepted": 38, "quarantined": 1, "new": 38}
    with scope.bulk():
        reasons = QuarantinedRow.objects.get().reasons
    assert [(reason["field"], reason["code"]) for reason in reasons] == [(column, code)]
    line = delivery.sums["SALE"]["amount"]
    readable = "0.00" if "金额" in change else "12.30"
    assert (line["quarantined"], line["difference"]) == (readable, "0.00")
    assert line["unreadable"] == (1 if "金额" in change else 0)


@pytest.mark.parametrize("amount", ["100000000000.00", "-999999999999999.99"])
def test_an_amount_no_sum_could_hold_is_quarantined(amount: str) -> None:
    """Fields filled with nines are no money; a dozen of them would overflow the month and stop the delivery."""
    rows = [sale(number) for number in range(20, 400)]
    delivery = booked([*(sale(number, 金额=amount) for number in range(1, 15)), *rows])
    assert counts(delivery) == {"received": 394, "accepted": 380, "quarantined": 14, "new": 380}
    with scope.bulk():
        reasons = {reason["code"] for row in QuarantinedRow.objects.all() for reason in row.reasons}
    line = delivery.sums["SALE"]["amount"]
    assert (reasons, line["quarantined"], line["difference"]) == (
        {"out_of_range"},
        str(Decimal(amount) * 14),
        "0.00",
    )


def test_a_mended_row_is_booked_and_its_sums_are_its_own_delivery_s() -> None:
    delivery = booked([sale(1, 机构代码="9"), *(sale(number) for number in range(2, 40))])
    with scope.bulk():
        row = QuarantinedRow.objects.get()
    viewer = factory.viewer(factory.HEAD)
    mender = replace(viewer, rights=viewer.rights | {Right.INTAKE_MEND, Right.INTAKE_READ})
    with scope.acting(mender.scope):
        child = mend(mender, row.id, {"机构代码": OUTLET}, in_background=False)
    child = apply(check(child.id, in_background=False).id)
    assert (child.state, child.new, child.sums["SALE"]["amount"]["new"]) == (
        DeliveryState.APPLIED,
        1,
        "12.30",
    )
    delivery.refresh_from_db()
    assert (delivery.quarantined, delivery.accepted) == (0, 39)
    assert delivery.sums["SALE"]["amount"]["quarantined"] == "12.30"  # how the file itself came out
    assert revenue() == Decimal("12.30") * 39


@pytest.mark.parametrize("amount", ["12,3x", "1.23E1", "12_30", "１２.３０", " 12.30", "¥12.30"])
def test_a_sum_with_an_amount_nobody_can_read_waits_for_a_person_and_names_the_row(amount: str) -> None:
    """The trailer counts an amount that we cannot read: the row waits in quarantine, the file for a signature."""
    rows = [sale(1, 金额=amount), *(sale(number) for number in range(2, 40))]
    delivery = loaded(yy_file(rows, total="479.70"), f"YY_SALE_{day()}.txt", "yy")
    assert (delivery.state, delivery.refusal, delivery.quarantined) == (DeliveryState.CHECKED, None, 1)
    (finding,) = findings_of(delivery.warnings["checks"])
    assert sentence(finding) == "第 2 行的“金额”读不出（共 1 行），控制合计无法核对"
    with override("en"):
        assert (
            sentence(finding)
            == "“金额” of row 2 cannot be read (rows affected: 1), so the control sum is not proven"
        )
    with scope.bulk():
        row = QuarantinedRow.objects.get()
    assert [(row.row, reason["field"]) for reason in row.reasons] == [(2, "金额")]
    sign_as(OPERATOR, delivery.id, in_background=False)
    line = apply(delivery.id).sums["SALE"]["amount"]
    assert (line["source"], line["accepted"], line["quarantined"]) == ("479.70", "467.40", "12.30")
    assert (line["difference"], line["unreadable"]) == ("0.00", 1)
    assert revenue() == Decimal("467.40")


def test_a_separator_too_many_quarantines_its_row_and_not_the_file() -> None:
    rows = [sale(1, 产品名称="挂|号"), *(sale(number) for number in range(2, 40))]
    delivery = loaded(yy_file(rows), f"YY_SALE_{day()}.txt", "yy")
    assert (delivery.state, delivery.quarantined) == (DeliveryState.CHECKED, 1)
    assert [one["code"] for one in findings_of(delivery.warnings["checks"])] == ["control_unread"]
    line = delivery.sums["SALE"]["amount"]
    assert (line["source"], line["quarantined"], line["unreadable"]) == ("479.70", "12.30", 1)


def test_999_of_1000_rows_refuse_the_file_whole() -> None:
    """Acceptance 1: the trailer says 1,000 rows, the file holds 999."""
    before = outcome()
    content = yy_file([sale(number) for number in range(1, 1000)]).replace(b"T|999|", b"T|1000|")
    delivery = check(received(content, f"YY_SALE_{day()}.txt", "yy").id, in_background=False)
    assert (delivery.state, delivery.refusal["code"]) == (DeliveryState.REFUSED, "trailer_count")
    assert "1000" in sentence(delivery.refusal)
    assert "999" in sentence(delivery.refusal)
    assert apply(delivery.id).state == DeliveryState.REFUSED
    assert outcome() == before
    assert revenue() == 0


def test_sums_that_do_not_come_out_hold_the_delivery_open(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = sys.modules["hongyan.integration.actions.apply"]
    book = module.book

    def lose_a_fen(*arguments: Any, **options: Any) -> Any:
        done = book(*arguments, **options)
        done.sums["new"]["amount"] -= Decimal("0.01")
        return done

    monkeypatch.setattr(module, "book", lose_a_fen)
    delivery = booked([sale(1), sale(2)])
    assert (delivery.state, delivery.refusal["code"]) == (DeliveryState.APPLYING, "sums_differ")
    assert "0.01" in sentence(delivery.refusal)
    assert apply(delivery.id).state == DeliveryState.APPLYING


# --- the bank and the express platform


def test_movements_and_balances_in_fen_with_accounts_hidden(owner_dsn: str) -> None:
    booked_movements = bank([movement(1), movement(2, 借贷标志="D", 金额="50")], "TXN")
    assert (booked_movements.state, booked_movements.refusal) == (DeliveryState.APPLIED, None)
    line = booked_movements.sums["TXN"]["amount"]
    assert (line["source"], line["accepted"], line["difference"]) == ("6000.50", "6000.50", "0.00")
    balances = bank([balance(), balance(资产负债="L", 余额="400000")], "BAL")
    assert counts(balances) == {"received": 2, "accepted": 2, "new": 2}
    opened = bank([account()], "ACCT")
    assert counts(opened)["accepted"] == 1
    with scope.bulk():
        holding = Holding.objects.get()
        assert (holding.number_masked, holding.kind) == ("6217***********0123", "account")
        assert set(Transaction.objects.values_list("holding_id", "line")) == {(holding.id, "03")}
        assert sorted(Balance.objects.values_list("kind", "amount")) == [
            ("A", Decimal(6000)), ("L", Decimal(4000)),
        ]  # fmt: skip
        month = MonthlyFact.objects.get()
        assert (month.inflow, month.outflow) == (Decimal("6000.00"), Decimal("0.50"))
    with psycopg.connect(owner_dsn) as owner:
        for table in (
            "ledger_transaction",
            "ledger_holding",
            "ledger_holdingversion",
            "integration_delivery",
        ):
            found = owner.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{ACCOUNT}%"])
            assert found.fetchone() == (0,)


def test_states_of_an_account_in_any_order() -> None:
    closed = account(状态="2", 销户日="20261101", 变更日="20261101")
    ends = []
    for order in ([account(), closed], [closed, account()]):
        clear_tables()
        make_organisation()
        for row in order:
            bank([row], "ACCT")
        bank([account(), closed], "ACCT")
        ends.append(outcome())
        with scope.bulk():
            assert Holding.objects.get().status == "closed"
    assert ends[0] == ends[1]


def test_a_bank_file_that_lacks_a_row_changes_nothing() -> None:
    """Acceptance 1 in the bank's own medium."""
    content = psb_file([movement(number) for number in range(1, 1001)], "TXN")
    length = content.index(b"\n") + 1
    before = outcome()
    delivery = loaded(content[length:], f"PSB_TXN_{day()}.dat", "psb")
    assert (delivery.state, delivery.refusal["code"]) == (DeliveryState.REFUSED, "trailer_count")
    assert delivery.refusal["params"] == {"stated": 1000, "found": 999}
    assert outcome() == before


def test_items_and_their_events_from_one_document() -> None:
    number = "9910000000015"
    content = ems_file(
        ems_item(number, "收寄 20261020103000", "妥投 20261021090000"), rows=1, postage="20.00"
    )
    delivery = loaded(content, f"EMS85_{day()}.xml", "ems85")
    assert (delivery.state, delivery.refusal) == (DeliveryState.APPLIED, None)
    assert counts(delivery) == {"received": 3, "accepted": 3, "new": 3}
    again = ems_file(
        ems_item(number, "收寄 20261020103000", "妥投 20261021090000", "退回 20261022090000"),
        rows=1,
        postage="20.00",
    )
    later = loaded(again, f"EMS85_{day()}.xml", "ems85")
    assert counts(later) == {"received": 4, "accepted": 4, "new": 1, "unchanged": 3}
    with scope.bulk():
        assert list(MailEvent.objects.order_by("event_time").values_list("number", "code")) == [
            (number, "01"), (number, "05"), (number, "07"),
        ]  # fmt: skip


def test_products_under_the_codes_of_their_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """No system sends its products by themselves yet; one that does needs a descriptor and nothing else."""
    yy = find_descriptor("yy")
    assert yy is not None
    fields = (Field("代码", "product_code", required=True), Field("名称", "product_name"))
    ware = RecordKind("WARE", "产品", "Products", Target.PRODUCT, fields, file="x")
    monkeypatch.setattr(descriptors, "all_descriptors", lambda: (replace(yy, kinds=(*yy.kinds, ware)),))
    booked([sale(1, 产品代码="7001", 产品名称="")])
    rows = records({"代码": "7001", "名称": "生肖邮票"}, {"代码": "7002", "名称": "明信片"}, kind="WARE")
    delivery = loaded(rows, "a.json", "yy", Channel.COMMAND)
    assert counts(delivery) == {"received": 2, "accepted": 2, "new": 1, "updated": 1}
    with scope.bulk():
        assert set(SourceProduct.objects.filter(system="yy").values_list("code", "name")) == {
            ("7001", "生肖邮票"), ("7002", "明信片"),
        }  # fmt: skip


# --- the same end


CHUNK = 7


def files() -> list[tuple[str, list[dict[str, str]]]]:
    """Three days: sales, corrections, a void, a moved day, a repeat, a late row, an item with the sale's number."""
    first = [sale(number, 金额=f"{number}.50", 客户号=f"YY{number % 4:08}") for number in range(1, 31)]
    second = [
        sale(3, 金额="30.00", 修改序号="2"),
        sale(4, 修改序号="2", 作废标志="1", 金额="4.50", 客户号="YY00000000"),
        sale(5, 修改序号="2", 业务日期="20260930", 原业务日期="20261020"),
        *first[8:12],
        *(sale(number, 客户号="") for number in range(31, 45)),
    ]
    third = [
        sale(3, 金额="31.00", 修改序号="3"),
        sale(60, 业务日期="20260801"),
        sale(31, 客户号="", 金额="1", 修改序号="2"),
    ]
    return [("20261020", first), ("20261021", second), ("20261022", third)]


def small_chunks() -> None:
    ParameterValue.objects.create(
        key=CHUNK_ROWS.key,
        value=CHUNK,
        effective_from=clock.business_date(),
        set_at=clock.now(),
        set_by="test",
    )


def fresh(order: Iterable[int]) -> Any:
    """The outcome of the three files in some order, in a world of its own."""
    clear_tables()
    make_organisation()
    small_chunks()
    deliveries = files()
    for number in order:
        on, rows = deliveries[number]
        signed(rows, on)
    return outcome()


def checked(rows: list[dict[str, str]], on: str) -> Delivery:
    """The delivery of some rows of a day, checked and signed, by a person where it has to be."""
    delivery = check(received(yy_file(rows, on=on), f"YY_SALE_{on}.txt", "yy").id, in_background=False)
    if delivery.state == DeliveryState.CHECKED:
        return sign_as(OPERATOR, delivery.id, in_background=False)
    return delivery


def signed(rows: list[dict[str, str]], on: str) -> Delivery:
    delivery = apply(checked(rows, on).id)
    assert delivery.state == DeliveryState.APPLIED, delivery.refusal
    return delivery


def test_order_of_files_does_not_matter() -> None:
    expected = fresh([0, 1, 2])
    assert fresh([2, 1, 0]) == expected
    assert fresh([1, 0, 2]) == expected


def test_rows_that_come_again_and_overlap_change_nothing() -> None:
    expected = fresh([0, 1, 2])
    everything = [row for _, rows in files() for row in rows]
    Random(7).shuffle(everything)
    signed(everything, "20261023")
    assert outcome() == expected
    overlap = signed(everything[:20], "20261024")
    assert (overlap.new, overlap.updated) == (0, 0)
    assert outcome() == expected


@pytest.mark.parametrize(("point", "chunk"), [("inside", 3), ("behind", 2)])
def test_killed_booking_ends_like_an_undisturbed_one(owner_dsn: str, point: str, chunk: int) -> None:
    small_chunks()
    signed(files()[1][1], "20261020")
    signed(files()[0][1], "20261021")
    undisturbed = outcome(), digest()
    clear_tables()
    make_organisation()
    small_chunks()
    signed(files()[1][1], "20261020")
    delivery = checked(files()[0][1], "20261021")
    assert apply_and_die(delivery.id, point, chunk, owner_dsn=owner_dsn) == -9
    delivery.refresh_from_db()
    assert (delivery.state, delivery.applied_rows) == (DeliveryState.APPLYING, 2 * CHUNK)
    done = apply(delivery.id)
    assert done.sums["SALE"]["amount"]["difference"] == "0.00"
    assert (outcome(), digest()) == undisturbed
