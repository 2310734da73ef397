"""The facts of the demo: the same bytes for the same seed, consistent over systems, balances to the fen."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hongyan.integration.demo import Summary, generate, generate_increment
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts.handing import Change, hand_in
from hongyan.integration.demo.facts.lives import PROFILE_SHARES, Traits, live
from hongyan.integration.demo.facts.rhythm import Pace, Profile, Rhythm, intensity, month_table
from hongyan.integration.descriptors import all_descriptors, find_descriptor
from hongyan.integration.readers import Reading, Source, batches
from hongyan.ledger.rules.item_numbers import ItemNumber, item_number

CUSTOMERS, SEED, AS_OF, MONTHS = 1_500, 42, date(2026, 11, 21), 4
DAY = "20261121"
LATEST = 9
SYSTEMS = ("kgs", "yy", "xbd", "ems85", "psb", "ecif", "sdc")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    out = tmp_path_factory.mktemp("facts")
    return out, generate(CUSTOMERS, SEED, out, as_of=AS_OF, months=MONTHS)


@pytest.fixture(scope="module")
def out(made: tuple[Path, Summary]) -> Path:
    return made[0]


@pytest.fixture(scope="module")
def later(out: Path) -> list[str]:
    """The nine days after the first load, by which everything that is late has come."""
    for day in range(1, LATEST + 1):
        generate_increment(out, SEED, day)
    return [f"{AS_OF + timedelta(days=day):%Y%m%d}" for day in range(1, LATEST + 1)]


@pytest.fixture(scope="module")
def summary(made: tuple[Path, Summary]) -> Summary:
    return made[1]


def rows(out: Path, system: str, kind_code: str, day: str = DAY) -> list[dict[str, str]]:
    """The rows of a kind as the system's own reader reads them, trailer and all."""
    descriptor = find_descriptor(system)
    assert descriptor is not None
    kind = descriptor.kind(kind_code)
    assert kind is not None
    found = []
    for path in sorted(out.iterdir()):
        matched = descriptor.match(path.name)
        if not matched or kind not in matched[0] or matched[1] != day:
            continue
        source = Source(descriptor, descriptor.format, lambda path=path: iter([path.read_bytes()]), 1 << 30)  # type: ignore[misc]
        reading = Reading()
        for batch in batches(source, kind, reading):
            values = [batch.column(number + 1).to_pylist() for number in range(len(kind.columns))]
            found += [dict(zip(kind.columns, row, strict=True)) for row in zip(*values, strict=True)]
        assert not reading.misfits
    return found


def digest(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_same_seed_same_bytes_with_facts(tmp_path: Path) -> None:
    for name in ("once", "again"):
        generate(300, SEED, tmp_path / name, as_of=AS_OF, months=2)
        generate_increment(tmp_path / name, SEED, 1)
    assert digest(tmp_path / "once") == digest(tmp_path / "again")


def test_facts_leave_the_customers_alone(tmp_path: Path) -> None:
    generate(300, SEED, tmp_path / "with", as_of=AS_OF, months=2)
    generate(300, SEED, tmp_path / "without", as_of=AS_OF)
    bare, whole = digest(tmp_path / "without"), digest(tmp_path / "with")
    truths = {"truth.csv", "truth.json"}
    assert {name: whole[name] for name in bare if name not in truths} == {
        name: bare[name] for name in bare if name not in truths
    }
    assert json.loads((tmp_path / "without" / "truth.json").read_text("utf-8"))["months_of_facts"] == 0


def test_every_file_is_readable_and_has_its_rows(out: Path, summary: Summary) -> None:
    """Trailers, widths, controls: whatever a reader checks holds, in all seven media."""
    counted = {
        descriptor.code: {kind.code: len(rows(out, descriptor.code, kind.code)) for kind in descriptor.kinds}
        for descriptor in all_descriptors()
        if descriptor.code in SYSTEMS
    }
    assert counted.keys() == set(SYSTEMS)
    assert all(number > 0 for kinds in counted.values() for number in kinds.values()), counted
    assert counted["yy"]["SALE"] == summary.facts[f"YY_SALE_{DAY}.txt"].rows
    assert counted["ems85"]["EVENT"] > 3 * counted["ems85"]["MAIL"]


def test_customers_of_a_system_are_in_the_world_too(out: Path) -> None:
    with (out / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    old = {row["entity"] for row in truth if row["source"] in ("kgc", "jiyou")}
    for system in SYSTEMS:
        new = {row["entity"]: row["source_key"] for row in truth if row["source"] == system}
        assert new.keys() <= old
        assert len(set(new.values())) == len(new)


def test_balances_are_the_running_sum_of_the_movements(out: Path, later: list[str]) -> None:
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    seen = set()
    for row in (row for day in (DAY, *later) for row in rows(out, "psb", "TXN", day)):
        number = (row["流水号"], row["交易时间"][:8])
        if number not in seen:  # repeated rows and later versions tell the same money
            seen.add(number)
            sign = 1 if row["借贷标志"] == "C" else -1
            moved[row["账号"]][row["交易时间"][:8]] += sign * int(row["金额"])
    balances: dict[str, dict[str, int]] = defaultdict(dict)
    for row in (row for day in (DAY, *later) for row in rows(out, "psb", "BAL", day)):
        balances[row["账号"]][row["余额日期"]] = int(row["余额"])
    checked = 0
    for account, of_days in balances.items():
        first = min(of_days)
        if first != "20260630":  # what stood there before the first month came late
            continue
        for day, amount in of_days.items():
            moves = sum(moved[account][other] for other in moved[account] if first < other <= day)
            assert amount == of_days[first] + moves, (account, day)
            checked += 1
    assert checked > 500


def test_showcases_reach_the_threshold_or_miss_it_by_a_fen(out: Path) -> None:
    """PSB-008: 10,000.00 enters the system, 9,999.99 does not; both stand there on the last night."""
    names = {row["客户号"]: row["户名"] for row in rows(out, "psb", "CUST")}
    totals: Counter[str] = Counter()
    latest = {(row["客户号"], row["账号"]): int(row["余额"]) for row in rows(out, "psb", "BAL")}
    before = {
        (row["客户号"], row["账号"]): int(row["余额"])
        for row in rows(out, "psb", "BAL")
        if row["余额日期"] < DAY
    }
    for (key, _), amount in latest.items():
        totals[names.get(key, "")] += amount
    assert (totals["林雨婷"], totals["林雨欣"], totals["孙建国"]) == (10_000_00, 9_999_99, 10_000_00)
    twin = {names.get(key, ""): amount for (key, _), amount in before.items()}
    assert twin["林雨婷"] == 9_500_00


def test_matured_deposits_are_paid_out_and_closed(out: Path) -> None:
    accounts = rows(out, "psb", "ACCT")
    matured = {row["账号"]: row for row in accounts if row["账户类别"] == "D" and row["到期日"] <= DAY}
    assert len(matured) > 20
    assert all(row["状态"] == "2" and row["销户日"] == row["到期日"] for row in matured.values())
    paid = {row["账号"]: row for row in rows(out, "psb", "TXN") if row["摘要"] in ("到期支取", "更正摘要")}
    told = [account for account, row in matured.items() if account in paid and row["到期日"] >= "20260701"]
    assert len(told) > 0.9 * sum(row["到期日"] >= "20260701" for row in matured.values())
    for account in told:
        assert int(paid[account]["金额"]) == int(matured[account]["本金"])


def test_items_have_numbers_of_nobody(out: Path) -> None:
    """Domestic numbers begin with 99, international ones end with a country code of nobody's; both pass the check."""
    numbers = [row["邮件号码"] for row in rows(out, "ems85", "MAIL")]
    numbers += [row["邮件号码"] for system in ("yy", "xbd") for row in rows(out, system, "ITEM")]
    assert all(re.fullmatch(r"99\d{11}|E[A-Z]\d{9}QZ", number) for number in numbers)
    international = [number for number in numbers if number.endswith("QZ")]
    assert len(international) > 20
    domestic = [r"99\d{11}"]
    assert all(isinstance(item_number(number, domestic=domestic), ItemNumber) for number in numbers)


def test_counter_fees_name_items_of_the_express_platform(out: Path) -> None:
    items = {row["邮件号码"]: row for row in rows(out, "ems85", "MAIL")}
    fees = [row for row in rows(out, "yy", "SALE") if row["邮件号码"]]
    assert len(fees) > 20
    found = [row for row in fees if row["邮件号码"] in items]
    assert len(found) >= 0.97 * len(fees)  # the others are late
    assert all(items[row["邮件号码"]]["收寄机构"] == row["机构代码"] for row in found)


def test_events_follow_the_item_from_the_counter_to_the_door(out: Path) -> None:
    tree = ElementTree.parse(out / f"EMS85_{DAY}.xml")  # noqa: S314 our own file
    delivered = 0
    for item in tree.iter("MAIL"):
        told = [(event.get("时间", ""), event.get("动作", "")) for event in item]
        assert told == sorted(told, key=lambda event: event[0])
        assert all(moment[:8] <= DAY for moment, _ in told)
        if told and told[-1][1] == "妥投":
            delivered += 1
            assert told[0] == (item.get("收寄时间"), "收寄")
    assert delivered > 200


def test_rhythms_show_in_the_months() -> None:
    """Every profile goes its way; festivals and working days show in the days."""
    drawn = Counter(
        live(1, Traits(f"P{number:07}", 1980, "", "370102001", "370102001", ""), as_of=AS_OF).rhythm.profile
        for number in range(3_000)
    )
    for profile, share in PROFILE_SHARES.items():
        assert drawn[profile] / 3_000 == pytest.approx(share, abs=0.03)
    assert intensity(Rhythm(Profile.DECLINING, 1.0, yearly=0.5), date(2025, 11, 1), as_of=AS_OF) == 2.0
    assert {
        date.fromordinal(day).weekday() for day in month_table(date(2026, 3, 1), Pace.EXCHANGE).days
    } == set(range(5))
    festival = Counter(month_table(date(2026, 2, 1), Pace.COUNTER).days)
    assert festival[date(2026, 2, 18).toordinal()] < festival[date(2026, 2, 6).toordinal()] / 5
    sale = Counter(month_table(date(2026, 11, 1), Pace.ONLINE).days)
    assert sale[date(2026, 11, 11).toordinal()] > 3 * sale[date(2026, 11, 5).toordinal()]


def test_a_life_is_the_same_whatever_was_drawn_before() -> None:
    traits = [Traits(f"P{number:07}", 1980, "", "370102001", "370102001", "") for number in range(20)]
    forwards = [live(7, each, as_of=AS_OF) for each in traits]
    assert [live(7, each, as_of=AS_OF) for each in reversed(traits)][::-1] == forwards


def test_all_ways_of_handing_in_occur() -> None:
    draw = Draw("handing")
    ways = [hand_in(draw) for _ in range(20_000)]
    changes = Counter(handings[-1].change for handings in ways)
    assert all(changes[change] > 3 for change in Change)
    assert sum(handings[0].delay > 0 for handings in ways) > 20
    assert sum(handings[0].version > handings[-1].version for handings in ways) > 5
    assert all(handings[-1].delay <= 35 for handings in ways)


def test_late_customers_come_a_delivery_after_their_facts(out: Path, later: list[str]) -> None:
    held = json.loads((out / "withheld.json").read_text("utf-8"))
    late = {entry["key"] for entry in held if entry["system"] == "yy"}
    assert late
    assert not late & {row["客户号"] for row in rows(out, "yy", "CUST")}
    assert late <= {row["客户号"] for row in rows(out, "yy", "CUST", later[0])}


def test_increments_bring_what_their_day_has(out: Path, later: list[str]) -> None:
    """Every row of a day's file is of that day and new, or was corrected, repeated, moved, voided or late."""
    ways: Counter[str] = Counter()
    for system, kind, version in (("yy", "SALE", "修改序号"), ("psb", "TXN", "版本")):
        first = {_identity(row) for row in rows(out, system, kind)}
        for stamp in later:
            for number, day, row in ((*_identity(row), row) for row in rows(out, system, kind, stamp)):
                known = (number, day) in first
                assert day <= stamp
                assert day < stamp or not known
                ways["corrected"] += int(row[version]) == 2
                ways["again"] += day <= DAY and known
                ways["late"] += day <= DAY and not known
    assert min(ways.values()) > 0, ways


def _identity(row: dict[str, str]) -> tuple[str, str]:
    return row["流水号"], row["交易时间"][:8]
