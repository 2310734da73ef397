"""The demo generator: the same bytes for the same seed, true controls, numbers that belong to nobody."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10

from hongyan.integration.demo import Summary, generate, generate_increment
from hongyan.integration.demo.clerk import ERRORS, SECOND_KEY_RATE
from hongyan.integration.demo.divisions import counties, name_today, provinces
from hongyan.integration.demo.numbers import belongs_to_nobody

CUSTOMERS, SEED, AS_OF = 6_000, 42, date(2026, 11, 21)
DAY = "20261121"
KGC_FIELDS = {"CUST": 25, "CONT": 10, "ADDR": 7}
SPOILED_NUMBERS = {
    "full_width_digits", "id_15_digits", "swapped_digits", "wrong_checksum", "swapped_columns",
    "other_credential", "wrong_code", "organisation_code", "old_licence",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    out = tmp_path_factory.mktemp("demo")
    return out, generate(CUSTOMERS, SEED, out, as_of=AS_OF)


@pytest.fixture(scope="module")
def out(world: tuple[Path, Summary]) -> Path:
    return world[0]


@pytest.fixture(scope="module")
def summary(world: tuple[Path, Summary]) -> Summary:
    return world[1]


def kgc_lines(out: Path, kind: str) -> list[str]:
    return (out / f"KG_{kind}_{DAY}.txt").read_bytes().decode("gb18030").split("\n")[:-1]


def kgc_rows(out: Path, kind: str) -> list[list[str]]:
    return [line.split("|") for line in kgc_lines(out, kind)[1:-1]]


def jiyou_rows(out: Path) -> list[dict[str, str]]:
    with (out / f"JY_CUSTOMER_{DAY}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def truth_rows(out: Path) -> list[dict[str, str]]:
    with (out / "truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def credentials(out: Path) -> Iterator[tuple[str, str, str, set[str]]]:
    """(kind, number, entity, errors) of every delivered customer row; kind is id, uscc or licence."""
    truth = [row for row in truth_rows(out) if row["record_kind"] == "customer"]
    delivered = {"kgc": iter(kgc_rows(out, "CUST")), "jiyou": iter(jiyou_rows(out))}
    kinds = {
        "1": "id",
        "2": "uscc",
        "3": "licence",
        "居民身份证": "id",
        "统一社会信用代码": "uscc",
        "营业执照": "licence",
    }
    for entry in truth:
        row = next(delivered[entry["source"]])
        kind, number = (row[4], row[5]) if isinstance(row, list) else (row["证件类型"], row["证件号码"])
        if kind in kinds:
            yield kinds[kind], number, entry["entity"], set(entry["errors"].split())


def digest(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("once", "again"):
        generate(500, SEED, tmp_path / name, as_of=AS_OF)
    generate(500, SEED + 1, tmp_path / "other", as_of=AS_OF)

    once = digest(tmp_path / "once")
    assert once == digest(tmp_path / "again")
    assert all(other != once[name] for name, other in digest(tmp_path / "other").items())


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    generate(2_500, SEED, tmp_path, as_of=AS_OF, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2_000, 2_500), (2_500, 2_500)]


def test_refuses_an_empty_world(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        generate(0, SEED, tmp_path / "none", as_of=AS_OF)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("kind", KGC_FIELDS)
def test_kgc_header_and_trailer(out: Path, kind: str) -> None:
    """INT-002: the whole-file controls of the old customer system hold."""
    data = (out / f"KG_{kind}_{DAY}.txt").read_bytes()
    head, rest = data.split(b"\n", 1)
    details = rest[: rest.rindex(b"\nT|") + 1]
    tail, count, control, crc = rest[len(details) : -1].decode("gb18030").split("|")
    rows = [line.split("|") for line in details.decode("gb18030").split("\n")[:-1]]

    assert head.decode("gb18030") == f"H|KHGL|{kind}|{DAY}|1.0"
    assert (tail, int(count), crc) == ("T", len(rows), f"{zlib.crc32(details):08X}")
    assert {len(row) for row in rows} == {KGC_FIELDS[kind]}
    if kind == "CUST":
        cents = sum(int(row[20].replace(".", "")) for row in rows)
        assert control == f"{cents // 100}.{cents % 100:02}"
    else:
        assert control == str(sum(int(row[0][-6:]) for row in rows))


def test_dates_of_agreements_are_real_unless_spoiled(out: Path) -> None:
    truth = [row for row in truth_rows(out) if (row["source"], row["record_kind"]) == ("kgc", "customer")]
    for row, entry in zip(kgc_rows(out, "CUST"), truth, strict=True):
        signed, start, end = (f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in row[15:18])
        assert date.fromisoformat(start) < date.fromisoformat(end)
        if "impossible_date" in entry["errors"]:
            assert signed == "1987-02-31"
        else:
            assert date.fromisoformat(signed) <= date.fromisoformat(start)
        assert row[0] == entry["source_key"]


def test_check_digits(out: Path) -> None:
    checked: Counter[str] = Counter()
    for kind, number, _, errors in credentials(out):
        if (
            (kind != "licence" and errors & SPOILED_NUMBERS)
            or "swapped" in str(errors)
            or "full_width" in str(errors)
        ):
            continue
        checked[kind] += 1
        if kind == "id":
            assert ric.calc_check_digit(number) == number[-1]
            assert ric.get_birth_date(number) < AS_OF
            assert name_today(f"{number[:2]}0000") == "山东省"
        elif kind == "uscc":
            assert uscc.is_valid(number)
        else:
            assert mod_11_10.is_valid(number)
    assert min(checked.values()) > 20


def test_wrong_numbers_are_wrong(out: Path) -> None:
    wrong = [(kind, number) for kind, number, _, errors in credentials(out)
             if errors & {"swapped_digits", "wrong_checksum"} and len(number) == 18 and number.isascii()
             and not errors & {"swapped_columns", "wrong_code"}]  # fmt: skip
    assert len(wrong) > 20
    for kind, number in wrong:
        valid = uscc.is_valid(number) if kind == "uscc" else ric.calc_check_digit(number) == number[-1]
        assert not valid, number


def test_numbers_belong_to_nobody(out: Path) -> None:
    """No county code 98 or 99 was ever assigned in the province; 154 and 194 are no operator's."""
    assert not any(name_today(f"{county.code[:4]}{code}") for county in counties() for code in (98, 99))
    for kind, number, _, errors in credentials(out):
        if not errors & {"full_width_digits", "swapped_columns", "swapped_digits"}:
            assert belongs_to_nobody(number), (kind, number, errors)
    mobile = re.compile(r"1[3-9]\d{9}")
    numbers = [row[4] for row in kgc_rows(out, "CONT")] + [row["手机"] for row in jiyou_rows(out)]
    plain = [number for number in numbers if mobile.fullmatch(number) and number.isascii()]
    assert len(plain) > 0.9 * len(numbers)
    assert all(map(belongs_to_nobody, plain))


def test_no_two_persons_share_a_valid_number(out: Path) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for kind, number, entity, errors in credentials(out):
        if kind == "id" and not errors & SPOILED_NUMBERS:
            owners[number].add(entity)
    assert all(len(entities) == 1 for entities in owners.values())


def test_truth_covers_every_row(out: Path, summary: Summary) -> None:
    counted = Counter(f"{row['source']}/{row['record_kind']}" for row in truth_rows(out))
    delivered = {
        "kgc/customer": len(kgc_rows(out, "CUST")),
        "kgc/contact": len(kgc_rows(out, "CONT")),
        "kgc/address": len(kgc_rows(out, "ADDR")),
        "jiyou/customer": len(jiyou_rows(out)),
    }
    assert counted == delivered
    assert summary.records == delivered | {
        key: rows for key, rows in summary.records.items() if key[:3] == "erp"
    }
    keys = [row["客户号"] for row in jiyou_rows(out)]
    assert keys == [row["source_key"] for row in truth_rows(out) if row["source"] == "jiyou"]
    counts = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    assert (counts["customers"], counts["seed"], counts["records"]) == (CUSTOMERS, SEED, summary.records)
    errors = Counter(error for row in truth_rows(out) for error in row["errors"].split())
    assert errors == summary.errors


def test_share_of_persons_in_several_systems(out: Path, summary: Summary) -> None:
    systems: defaultdict[str, set[str]] = defaultdict(set)
    for row in truth_rows(out):
        if row["record_kind"] == "customer" and row["entity"].startswith("P"):
            systems[row["entity"]].add(row["source"])
    assert len(systems) == summary.persons
    assert sum(len(known) > 1 for known in systems.values()) == summary.multi_system_persons
    assert 0.33 < summary.multi_system_share < 0.37
    assert abs(summary.persons - 0.7 * CUSTOMERS) < 20


def test_walk_ins_without_credential(out: Path) -> None:
    """INT-020: about one walk-in in ten shows no credential."""
    walk_ins = [row for row in jiyou_rows(out) if row["客户类别"] == "散户"]
    bare = [row for row in walk_ins if not row["证件号码"]]
    assert 0.08 < len(bare) / len(walk_ins) < 0.17


def test_every_error_occurs(summary: Summary) -> None:
    special = {
        "branch", "union", "canteen", "head_office_uscc", "duplicate_row", "second_key", "orphan_contact",
        "rare_character", "twin", "son_with_fathers_phone", "two_spellings", "walk_in_without_credential",
    }  # fmt: skip
    assert not (special | set(ERRORS)) - set(summary.errors)
    rate = summary.errors["second_key"] / (
        summary.records["kgc/customer"] + summary.records["jiyou/customer"]
    )
    assert abs(rate - SECOND_KEY_RATE) < SECOND_KEY_RATE / 2


def test_characters_of_four_bytes_survive(out: Path) -> None:
    names = {row[1] for row in kgc_rows(out, "CUST")}
    assert any(len(character.encode("gb18030")) == 4 for name in names for character in name)


def test_showcase(out: Path, summary: Summary) -> None:
    """Acceptance 3: one woman in two spellings with one ID; father and son with one phone; twins."""
    kgc = {row[0]: row for row in kgc_rows(out, "CUST")}
    phones = {row[0]: row[4] for row in kgc_rows(out, "CONT")}
    jiyou = {row["客户号"]: row for row in jiyou_rows(out)}
    shown = [(example.trait, *(key for _, key in example.keys)) for example in summary.examples]
    (_, old, new), father, son, *twins = shown

    assert (kgc[old][1], "".join(jiyou[new]["名称"].split())) == ("欧阳晓丽", "歐陽曉麗")
    assert kgc[old][5] == jiyou[new]["证件号码"]
    assert (father[0], son[0]) == ("father", "son_with_fathers_phone")
    assert phones[father[1]] == phones[son[1]] == jiyou[son[2]]["手机"]
    assert kgc[father[1]][10] == kgc[son[1]][10]
    assert kgc[father[1]][5] != kgc[son[1]][5]
    assert [trait for trait, *_ in twins] == ["twin", "twin"]
    assert len({kgc[key][5][6:14] for _, key, _ in twins}) == 1
    assert len({kgc[key][5] for _, key, _ in twins}) == 2
    assert {example.outlet for example in summary.examples} == {summary.staff[0].posts[0][1]}


def test_organisation(out: Path, summary: Summary) -> None:
    """INT-001, PSB-003…006: two trees, parents delivered before their children, every post at a unit."""
    book = CalamineWorkbook.from_path(out / f"erp_org_{DAY}.xlsx")
    header, *units = book.get_sheet_by_name("机构").to_python()
    _, *posts = book.get_sheet_by_name("人员").to_python()
    rows = [dict(zip(header, unit, strict=True)) for unit in units]
    seen: set[tuple[str, str]] = set()
    for row in rows:
        assert not row["上级机构代码"] or (row["上级机构代码"], row["机构树"]) in seen
        seen.add((row["机构代码"], row["机构树"]))
    assert len(seen) == len(rows) == summary.records["erp/unit"]
    levels = Counter((row["机构树"], row["机构层级"]) for row in rows)
    assert (levels["邮政", "2"], levels["邮政", "3"], levels["邮政", "4"]) == (31, 16, len(counties()))
    assert len(provinces()) == 31
    assert any((code, "邮政") in seen and (code, "银行") in seen for code, _ in seen)
    assert {(post[5], post[6]) for post in posts} <= seen
    assert all(isinstance(value, str) for row in (*units, *posts) for value in row)
    assert all(post[9] == "是" for post in {post[0]: post for post in reversed(posts)}.values())


def test_demo_staff_stay_the_same(tmp_path: Path, summary: Summary) -> None:
    other = generate(300, SEED + 1, tmp_path, as_of=AS_OF)
    assert [person.staff_no for person in other.staff] == [person.staff_no for person in summary.staff]
    assert [person.name for person in other.staff] == [person.name for person in summary.staff]
    assert [post[0] for person in other.staff for post in person.posts] == [
        post[0] for person in summary.staff for post in person.posts
    ]
    busy, neighbour = summary.staff[0].posts[0][1], summary.staff[1].posts[0][1]
    assert busy[:4] == neighbour[:4]
    assert busy[:6] != neighbour[:6]


def test_next_day_changes_repeats_and_adds(tmp_path: Path) -> None:
    generate(4_000, SEED, tmp_path, as_of=AS_OF)
    first = digest(tmp_path)
    before = {row[0]: row for row in kgc_rows(tmp_path, "CUST")}
    ids = {number for kind, number, *_ in credentials(tmp_path) if kind == "id"}

    summary = generate_increment(tmp_path, SEED, 1)
    again = digest(tmp_path)
    generate_increment(tmp_path, SEED, 1)

    assert digest(tmp_path) == again
    assert {name: again[name] for name in first} == first
    assert summary.customers == 12
    assert {file.name for file in summary.files} == {
        "KG_CUST_20261122.txt", "KG_CONT_20261122.txt", "KG_ADDR_20261122.txt", "JY_CUSTOMER_20261122.csv",
    }  # fmt: skip
    lines = (tmp_path / "KG_CUST_20261122.txt").read_text(encoding="gb18030").splitlines()
    with (tmp_path / "truth_20261122.csv").open(encoding="utf-8", newline="") as file:
        truth = [
            row for row in csv.DictReader(file) if (row["source"], row["record_kind"]) == ("kgc", "customer")
        ]
    assert int(lines[-1].split("|")[1]) == len(truth)
    for line, entry in zip(lines[1:-1], truth, strict=True):
        row = line.split("|")
        if entry["errors"] == "repeated":
            assert row == before[row[0]]
        elif entry["errors"] == "changed":
            assert (row[0], row[5]) == (before[row[0]][0], before[row[0]][5])
            assert row[22] != before[row[0]][22]
            assert row[24][:8] == "20261122"
        else:
            assert row[0] not in before
            assert not row[5] or row[5] not in ids
    kinds = Counter(entry["errors"] for entry in truth)
    assert min(kinds["changed"], kinds["repeated"]) > 5


def test_newcomers_of_all_days_are_new(tmp_path: Path) -> None:
    generate(500, SEED, tmp_path, as_of=AS_OF)
    keys = [row["source_key"] for row in truth_rows(tmp_path) if row["record_kind"] == "customer"]
    for day in (1, 2, 450):
        generate_increment(tmp_path, SEED, day)
        stamp = f"{AS_OF + timedelta(days=day):%Y%m%d}"
        with (tmp_path / f"truth_{stamp}.csv").open(encoding="utf-8", newline="") as file:
            new = [row for row in csv.DictReader(file) if row["entity"][1:].startswith(f"{day}-")]
        keys += [row["source_key"] for row in new if row["record_kind"] == "customer"]
    assert len(set(keys)) > 500
    assert len(set(keys)) == len(keys) - sum("duplicate_row" in row["errors"] for row in truth_rows(tmp_path))
    assert {len(key) for key in keys} == {14, 12}


@pytest.mark.parametrize("day", [0, 451])
def test_increment_refuses_impossible_days(tmp_path: Path, day: int) -> None:
    with pytest.raises(ValueError, match="1 to 450"):
        generate_increment(tmp_path, SEED, day)
