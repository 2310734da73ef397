"""A file of records → clusters: right, the same for the same records, whatever their order and neighbours."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hongyan.identity.batch import chunks, engine
from hongyan.identity.batch.engine import Options, resolve_records
from hongyan.identity.batch.records import RecordsError
from hongyan.identity.model.weights import default_model
from hongyan.identity.normalise import normalise
from hongyan.identity.record import Kind, Record
from hongyan.identity.tests.drawn import drawn, written
from hongyan.identity.tests.people import PHONE, citizen, credit_code

BOTH: tuple[Kind, ...] = ("person", "organisation")
Raw = Mapping[str, str]


def _person(key: str, name: str, **fields: str) -> dict[str, str]:
    return {"source": "DK", "source_key": key, "name": name, **fields}


def _links(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {f"{row['source']} {row['source_key']}": row["cluster"] for row in csv.DictReader(file)}


def _resolved(
    folder: Path, records: Sequence[Raw], kinds: Sequence[Kind] = ("person",), **options: object
) -> dict[str, str]:
    path = written(folder / "records.csv", records)
    models = [default_model(kind) for kind in kinds]
    resolve_records(path, folder / "links.csv", models=models, options=Options(threads=1, **options))
    return _links(folder / "links.csv")


def _groups(links: Mapping[str, str]) -> set[frozenset[str]]:
    groups = defaultdict(set)
    for key, cluster in links.items():
        groups[cluster].add(key)
    return {frozenset(group) for group in groups.values()}


HOME = "苏州市姑苏区观前街12号3幢501室"
SAME = {
    "ID and homophone": (
        {"name": "张小丽", "credential_no": citizen()},
        {"name": "张晓丽", "credential_no": citizen()},
    ),
    "15 and 18 digits": (
        {"name": "张三", "credential_no": citizen()},
        {"name": "张三", "credential_no": citizen()[:6] + citizen()[8:17]},
    ),
    "name and phone": ({"name": "张小丽", "phone": PHONE}, {"name": "張小麗", "phone": "138-1234-5670"}),
    "homophone and phone": ({"name": "张小丽", "phone": PHONE}, {"name": "张晓丽", "phone": PHONE}),
    "pinyin and phone": ({"name": "张小丽", "phone": PHONE}, {"name": "Xiaoli Zhang", "phone": PHONE}),
    "masked and phone": ({"name": "张小丽", "phone": PHONE}, {"name": "张*丽", "phone": PHONE}),
    "title and phone": (
        {"name": "张小丽", "phone": PHONE, "gender": "女"},
        {"name": "张女士", "phone": PHONE},
    ),
    "name and home": (
        {"name": "张小丽", "address": HOME},
        {"name": "张小丽", "address": "姑苏区观前街12号3-501"},
    ),
    "typing error in the ID": (
        {"name": "张小丽", "credential_no": citizen(), "phone": PHONE},
        {"name": "张小丽", "credential_no": citizen()[:9] + "7" + citizen()[10:]},
    ),
}
APART = {
    "two IDs": (
        {"name": "张三", "phone": PHONE, "credential_no": citizen()},
        {"name": "张三", "phone": PHONE, "credential_no": citizen(sequence=14)},
    ),
    "father and son": (
        {"name": "张建国", "phone": PHONE, "address": HOME},
        {"name": "张小明", "phone": PHONE, "address": HOME},
    ),
    "married": (
        {"name": "张建国", "phone": PHONE, "address": HOME},
        {"name": "李娜", "phone": PHONE, "address": HOME},
    ),
    "twins": (
        {"name": "张小明", "birth_date": "2001-05-06", "address": HOME, "gender": "1"},
        {"name": "张小亮", "birth_date": "2001-05-06", "address": HOME, "gender": "1"},
    ),
    "a name": ({"name": "张三"}, {"name": "张三"}),
    "ladies at one address": ({"name": "张女士", "address": HOME}, {"name": "张小丽", "address": HOME}),
}


@pytest.mark.parametrize(("left", "right"), SAME.values(), ids=SAME)
def test_one_person(tmp_path: Path, left: Raw, right: Raw) -> None:
    assert len(set(_resolved(tmp_path, [_person("1", **left), _person("2", **right)]).values())) == 1


@pytest.mark.parametrize(("left", "right"), APART.values(), ids=APART)
def test_two_people(tmp_path: Path, left: Raw, right: Raw) -> None:
    assert len(set(_resolved(tmp_path, [_person("1", **left), _person("2", **right)]).values())) == 2


def test_organisations(tmp_path: Path) -> None:
    code, phone = credit_code(), "0512-65123456"
    firm = [
        _person("1", "苏州市鼎盛食品有限公司", credential_no=code, phone=phone),
        _person("2", "苏州鼎盛食品有限责任公司", phone=phone),
        _person("3", "鼎盛食品", phone=phone, address="苏州市姑苏区观前街12号"),
        _person("4", "苏州新盛食品有限公司", credential_no=code, phone=phone),
    ]
    others = [
        _person("5", "苏州市鼎盛食品有限公司观前街门店", phone=phone),
        _person("6", "苏州鼎盛食品有限公司工会", phone=phone),
        _person("7", "苏州鼎盛贸易有限公司", phone=phone),
    ]
    links = _resolved(tmp_path, [*firm, *others], ["organisation"])
    assert len({links[f"DK {key}"] for key in "1234"}) == 1
    assert len(set(links.values())) == 4


def test_two_credit_codes_are_two_organisations(tmp_path: Path) -> None:
    """P2: no cluster with two valid numbers for life, whatever else agrees."""
    name, phone = "苏州市鼎盛食品有限公司", "0512-65123456"
    codes = (credit_code(), credit_code("MA2XYWW2"), "")
    records = [_person(str(n), name, credential_no=code, phone=phone) for n, code in enumerate(codes)]
    assert len(set(_resolved(tmp_path, records, ["organisation"]).values())) == 2


def test_couriers_phone_joins_nobody_but_namesakes(tmp_path: Path) -> None:
    """Five hundred senders under one phone; only those of one name may be one."""
    names = [
        a + b
        for a in "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕"
        for b in "伟芳娜静丽强磊军勇艳杰娟涛明超秀霞平刚桂辉"
    ]
    crowd = [_person(str(n), name, phone=PHONE) for n, name in enumerate(names)]
    twice = _person("again", names[0], phone=PHONE)
    assert len(set(_resolved(tmp_path, [*crowd, twice]).values())) == len(names) == 462


def test_order_strangers_and_repetition_change_nothing(tmp_path: Path) -> None:
    """Issue 5: permuting the input changes nothing; an unrelated record changes no cluster; twice is once."""
    records = [*drawn("person", 120), *(record | {"source": "ORG"} for record in drawn("organisation", 80))]
    links = _resolved(tmp_path, records, BOTH)
    assert _resolved(tmp_path, records, BOTH) == links
    shuffled = random.Random(3).sample(records, len(records))
    assert _resolved(tmp_path, shuffled, BOTH) == links
    number = citizen("19551231", county="110105")  # no key in common with anybody
    stranger = _person("stranger", "司马青衫", credential_no=number, phone="13712345672")
    more = _resolved(tmp_path, [stranger, *records], BOTH)
    assert more.pop("DK stranger") not in links.values()
    assert more == links


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_cluster_holds_two_valid_ids(tmp_path: Path, seed: int) -> None:
    for kind in BOTH:
        records = drawn(kind, 300, seed)
        numbers = defaultdict(set)
        links = _resolved(tmp_path, records, [kind])
        for raw in records:
            record = Record(raw["source"], raw["source_key"], kind, raw["name"], "", raw["credential_no"])
            for credential in normalise(record).credentials:
                if credential.valid and credential.type in ("01", "20", "22"):
                    number = credential.organisation_code or credential.number
                    numbers[links[f"{raw['source']} {raw['source_key']}"]].add(number)
        assert all(len(found) == 1 for found in numbers.values())


def test_persons_and_organisations_are_told_apart_and_never_meet(tmp_path: Path) -> None:
    records = [
        _person("1", "鼎盛", phone=PHONE),
        _person("2", "苏州鼎盛食品有限公司", phone=PHONE),
        _person("3", "鼎盛", phone=PHONE),
        _person("4", "苏州鼎盛食品有限公司", phone=PHONE),
        _person("5", "Jane Smith", phone=PHONE),
    ]
    links = _resolved(tmp_path, records, BOTH)
    assert _groups(links) == {frozenset({"DK 1", "DK 3"}), frozenset({"DK 2", "DK 4"}), frozenset({"DK 5"})}
    assert list(links) == [f"DK {key}" for key in "12345"]


def test_parquet_and_several_processes_answer_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = drawn("person", 200)
    expected = _resolved(tmp_path, records)
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "records.parquet")
    monkeypatch.setattr(chunks, "CHUNK", 64)
    models = [default_model("person")]
    resolve_records(
        tmp_path / "records.parquet", tmp_path / "links.csv", models=models, options=Options(threads=2)
    )
    assert _links(tmp_path / "links.csv") == expected


def test_dividing_some_components_at_a_time_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = drawn("person", 300)
    expected = _resolved(tmp_path, records)
    monkeypatch.setattr(engine, "AT_A_TIME", 7)
    assert _resolved(tmp_path, records) == expected


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    records, work = drawn("person", 100), tmp_path / "work"
    links = _resolved(tmp_path, records, work=work)
    stages = sorted((work / "person").glob("*.parquet"))
    before = {path.name: path.stat().st_mtime_ns for path in stages}
    for name in ("edges", "links", "cases"):
        (work / "person" / f"{name}.parquet").unlink()
    (work / "person" / "edges.part").write_text("cut off")
    told: list[str] = []
    models = [default_model("person")]
    options = Options(threads=1, work=work, progress=told.append)
    resolve_records(tmp_path / "records.csv", tmp_path / "links.csv", models=models, options=options)
    assert _links(tmp_path / "links.csv") == links
    assert {"person: edges", "person: links"} <= set(told)
    assert not any("pairs" in line for line in told)
    assert (work / "person" / "pairs.parquet").stat().st_mtime_ns == before["pairs.parquet"]
    written(tmp_path / "records.csv", records[:50])
    with pytest.raises(RecordsError, match="another file"):
        resolve_records(tmp_path / "records.csv", tmp_path / "links.csv", models=models, options=options)


def test_review_pairs_name_records_and_what_was_found(tmp_path: Path) -> None:
    records = [
        _person("1", "张建国", phone=PHONE, address=HOME, gender="1"),
        _person("2", "李娜", credential_no=citizen(), gender="2"),
        _person("3", "王五六", credential_no=citizen()),
    ]
    path = written(tmp_path / "records.csv", records)
    models = [default_model("person")]
    result = resolve_records(
        path,
        tmp_path / "links.csv",
        models=models,
        reviews=tmp_path / "reviews.csv",
        options=Options(threads=1),
    )
    with (tmp_path / "reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert result.review_pairs == len(rows) == 1
    assert {rows[0]["source_key_a"], rows[0]["source_key_b"]} == {"2", "3"}
    assert (rows[0]["name"], rows[0]["id"]) == ("different", "same")
