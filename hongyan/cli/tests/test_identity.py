"""`hongyan identity`: from a file to clusters, and in one line why not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hongyan.cli.identity import identity
from hongyan.customer.tests import factory
from hongyan.identity.model.weights import default_model, read_model, write_model
from hongyan.identity.tests.drawn import drawn, written
from hongyan.identity.tests.people import PHONE, citizen

HEAD = "source,source_key,name,phone\n"


def run(*arguments: object):
    return CliRunner().invoke(identity, [*map(str, arguments), "--json"])


def test_resolves_a_file(tmp_path: Path) -> None:
    """CUS-003; DESIGN 4, command line."""
    records = written(
        tmp_path / "in.csv",
        [
            {"source": "DK", "source_key": "1", "name": "张小丽", "credential_no": citizen(), "phone": PHONE},
            {"source": "BX", "source_key": "1", "name": "張曉麗", "credential_no": citizen()},
            {"source": "KD", "source_key": "1", "name": "Zhang Xiaoli", "phone": PHONE},
            {"source": "KD", "source_key": "2", "name": "李娜", "phone": PHONE},
        ],
    )
    found = run("resolve", records, "--out", tmp_path / "out.csv", "--kind", "person")
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert (answer["records"], answer["clusters"], answer["review_pairs"]) == (4, 2, 0)
    assert answer["seconds"] > 0
    assert answer["peak_memory_mb"] > 0
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["source"], row["source_key"]) for row in rows] == [
        ("DK", "1"),
        ("BX", "1"),
        ("KD", "1"),
        ("KD", "2"),
    ]
    assert len({row["cluster"] for row in rows[:3]}) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n", "no header"),
        ("source,name\n甲,张三\n".encode(), "missing column source_key"),
        ("source,source_key,name,name\n甲,1,张三,张\n".encode(), "name more than once"),
        ((HEAD + "甲,1,张三,1\n").encode("gb18030"), "line 2 is not UTF-8"),
        ((HEAD + "甲,1,张三\n").encode(), "line 2 has 3 fields instead of 4"),
        ((HEAD + "甲,1,张三,1,2\n").encode(), "line 2 has 5 fields instead of 4"),
        ((HEAD + '甲,1,"张三,1\n').encode(), "quotation mark"),
        ((HEAD + "甲,1,张三,1\n甲,1,李四,2\n").encode(), "1 pairs of source and source_key"),
        ((HEAD + "甲,1,张三,1\n甲,,李四,2\n").encode(), "record 2 has no source or no source_key"),
        ((HEAD + "甲,1,张三\0,1\n").encode(), "zero byte"),
        ((HEAD + "甲,1,张三," + "1" * 2_100_000 + "\n").encode(), "line 2 is longer than 2 MB"),
        (b"PAR1 but not Parquet", "not readable as Parquet"),
        ((HEAD + "甲,1,张三,1\n").encode()[:-8], "middle of a character|not UTF-8"),
    ],
)
def test_says_in_one_line_why_a_file_cannot_be_used(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    found = run("resolve", path, "--out", tmp_path / "out.csv")
    assert found.exit_code == 1
    answer = json.loads(found.stdout)
    assert answer["error"] == "Refused"
    assert any(part in answer["message"] for part in said.split("|")), answer
    assert "张三" not in answer["message"]
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_file_and_a_wrong_word_are_told_apart(tmp_path: Path) -> None:
    assert run("resolve", tmp_path / "none.csv", "--out", tmp_path / "out.csv").exit_code == 1
    assert run("resolve", tmp_path / "none.csv").exit_code == 2
    assert run("resolve", tmp_path / "none.csv", "--out", "x", "--kind", "firm").exit_code == 2


def test_only_a_header_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(HEAD, "utf-8")
    answer = json.loads(run("resolve", path, "--out", tmp_path / "out.csv").stdout)
    assert (answer["records"], answer["clusters"]) == (0, 0)
    assert (tmp_path / "out.csv").read_text("utf-8").splitlines() == ["source,source_key,cluster"]


def test_other_columns_are_named_and_a_byte_order_mark_is_none(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("\ufeff" + HEAD.replace("phone", "telephone") + "甲,1,张三,1\n", "utf-8")
    answer = json.loads(run("resolve", path, "--out", tmp_path / "out.csv").stdout)
    assert (answer["records"], answer["ignored_columns"]) == (1, ["telephone"])


def test_a_second_file_comes_in_addition_and_decisions_are_heeded(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(HEAD + f"甲,1,张小丽,{PHONE}\n甲,2,王建国,13987654321\n", "utf-8")
    second.write_text(HEAD + f"乙,1,张晓丽,{PHONE}\n乙,2,单雄信,\n", "utf-8")
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("source_a,source_key_a,source_b,source_key_b,decision\n甲,2,乙,2,same\n", "utf-8")
    out, proposals = tmp_path / "out.csv", tmp_path / "proposals.csv"
    kind = ("--kind", "person")
    run("resolve", first, "--out", out, *kind, "--work", tmp_path / "w1")
    known = ("--known", tmp_path / "w1", "--proposals", proposals, "--decisions", decisions)
    answer = json.loads(run("resolve", second, "--out", out, *kind, *known).stdout)
    assert (answer["records"], answer["clusters"], answer["proposals"]) == (4, 2, 0)
    with out.open(encoding="utf-8") as file:
        clusters = {row["source"] + row["source_key"]: row["cluster"] for row in csv.DictReader(file)}
    assert clusters["甲1"] == clusters["乙1"] != clusters["甲2"] == clusters["乙2"]
    assert proposals.read_text("utf-8").splitlines()[0].startswith("kind,proposal,cluster_a,")
    assert run("resolve", second, "--out", out, *kind, "--proposals", proposals).exit_code == 2
    assert run("resolve", second, "--out", out, "--known", tmp_path / "w1").exit_code == 1, "another --kind"


def test_learns_from_judged_records_and_uses_what_it_learned(tmp_path: Path) -> None:
    records = written(tmp_path / "in.csv", drawn("person", 400))
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "source,source_key,entity\n"
        + "".join(f"{row['source']},{row['source_key']},{row['name'][:1]}\n" for row in drawn("person", 400)),
        "utf-8",
    )
    model = tmp_path / "model.json"
    found = run("train", records, "--kind", "person", "--labels", labels, "--out", model)
    assert found.exit_code == 0, found.output
    learned = read_model(model.read_text("utf-8"))
    assert learned.origin == {"learned": "labelled", "file": "in.csv", "records": 400}
    assert write_model(learned) != write_model(default_model("person"))
    used = run("resolve", records, "--out", tmp_path / "out.csv", "--kind", "person", "--model", model)
    assert json.loads(used.stdout)["records"] == 400
    wrong = run("resolve", records, "--out", tmp_path / "out.csv", "--kind", "organisation", "--model", model)
    assert "of kind person" in json.loads(wrong.stdout)["message"]


def test_labels_that_judge_nothing_are_refused(tmp_path: Path) -> None:
    records = written(tmp_path / "in.csv", drawn("person", 5))
    labels = tmp_path / "labels.csv"
    for content, said in (("a,b\n1,2\n", "not a CSV"), ("source,source_key,entity\n", "no two")):
        labels.write_text(content, "utf-8")
        found = run("train", records, "--kind", "person", "--labels", labels, "--out", tmp_path / "m.json")
        assert found.exit_code == 1
        assert said in json.loads(found.stdout)["message"]


@pytest.fixture
def town(db: None) -> None:
    """Known customers: 王小明 of zhang's outlet among them."""
    factory.make_town()


def checked(record: object, *arguments: str) -> Result:
    given = record if isinstance(record, str) else json.dumps(record)
    return CliRunner().invoke(identity, ["check", "--json", *arguments], input=given)


def test_the_command_answers_as_the_api(town: None) -> None:
    """DESIGN 4, command line: candidates with scores and reasons, in either language."""
    record = {"name": "王晓明", "phone": factory.PHONE}
    found = checked(record, "--as", factory.ZHANG)
    assert found.exit_code == 0, found.output
    (one,) = json.loads(found.stdout)["candidates"]
    assert (one["name"], one["reasons"][-1]) == ("王小明", "同一人")
    english = json.loads(checked(record, "--as", factory.ZHANG, "--lang", "en").stdout)["candidates"][0]
    assert english["reasons"][-1] == "the same person"
    assert json.loads(checked(record, "--as", factory.LI).stdout)["candidates"][0]["name"] == "王*明"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"name": 5}', '{"name": "王", "kind": "cat"}', '{"phone": "13812345678"}']
)
def test_the_command_refuses_what_is_no_record_in_one_line(town: None, text: str) -> None:
    refused = checked(text, "--as", factory.ZHANG)
    assert refused.exit_code == 1
    assert factory.PHONE not in refused.output
    assert len(refused.output.strip().splitlines()) == 1
