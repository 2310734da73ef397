"""`hongyan identity`: from a file to clusters, and in one line why not."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from hongyan.cli.identity import identity
from hongyan.customer.tests import factory
from hongyan.identity.batch.engine import Run
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
        ((HEAD + "甲,1,张三,1\n").encode("utf-16"), "line 1 is not UTF-8"),
        (gzip.compress((HEAD + "甲,1,张三,1\n").encode(), mtime=0), "compressed"),
        ("source,source_key,name,NAME\n甲,1,张三,张\n".encode(), "name more than once"),
        ((HEAD + '甲,1,"张\n三",1\r\n甲,2,张三,1,2\r\n').encode(), "line 4 has 5 fields instead of 4"),
        ((HEAD + '甲,1,张三,1\r\n甲,2,"张三,1\n').encode(), "line 3 cannot be read as CSV"),
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


LEGIBLE = {
    "capitals": HEAD.upper() + "甲,1,张小丽,{0}\n甲,2,张晓丽,{0}\n",
    "another order": "phone,more,name,source_key,source\n{0},,张小丽,1,甲\n{0},,张晓丽,2,甲\n",
    "a column without a name": "," + HEAD + "0,甲,1,张小丽,{0}\n1,甲,2,张晓丽,{0}\n",
    "lines that end differently": HEAD + "甲,1,张小丽,{0}\r\n甲,2,张晓丽,{0}\n",
    "a line break in a cell of Excel": (HEAD + "甲,1,张小丽,{0}\n").replace("\n", "\r\n")
    + '甲,2,"张\n晓丽",{0}\r\n',
    "blank lines": HEAD + "\n甲,1,张小丽,{0}\n\n甲,2,张晓丽,{0}\n\n",
}


@pytest.mark.parametrize("content", LEGIBLE.values(), ids=LEGIBLE)
@pytest.mark.parametrize("name", ["in.csv", "it's [1]*.csv", "客户.csv.gz"])
def test_reads_what_other_programs_write(tmp_path: Path, content: str, name: str) -> None:
    (tmp_path / "it's 1.csv").write_text("another file whose name fits the pattern")
    path = tmp_path / name
    path.write_bytes(content.format(PHONE).encode())
    found = run("resolve", path, "--out", tmp_path / "out.csv", "--kind", "person")
    assert found.exit_code == 0, found.output
    assert (json.loads(found.stdout)["records"], json.loads(found.stdout)["clusters"]) == (2, 1)


KEYS = {"source": ["甲", "甲"], "source_key": ["1", "2"], "name": ["张小丽", "张晓丽"]}
TYPED = {
    "texts": pa.table({**KEYS, "phone": [PHONE, PHONE]}),
    "numbers": pa.table({**KEYS, "source_key": [1, 2], "phone": [int(PHONE)] * 2, "email": pa.nulls(2)}),
    "floats": pa.table(
        {**KEYS, "source_key": [1.0, 2.0], "birth_date": [19800102.0] * 2, "gender": [2.0] * 2}
    ),
    "dates": pa.table({**KEYS, "birth_date": [date(1980, 1, 2)] * 2, "phone": [PHONE, PHONE]}),
    "times": pa.table(
        {
            **KEYS,
            "birth_date": pa.array([date(1980, 1, 2)] * 2).cast(pa.timestamp("ns")),
            "phone": [PHONE, PHONE],
        }
    ),
    "dictionaries": pa.table(
        {k: pa.array(v).dictionary_encode() for k, v in {**KEYS, "phone": [PHONE] * 2}.items()}
    ),
    "bytes": pa.table(
        {k: [v.encode() for v in values] for k, values in {**KEYS, "phone": [PHONE] * 2}.items()}
    ),
    "lists": pa.table({**KEYS, "phone": [[PHONE, "13912345671"], [PHONE]]}),
    "capitals": pa.table({k.upper(): v for k, v in {**KEYS, "phone": [PHONE] * 2}.items()}),
}


@pytest.mark.parametrize("table", TYPED.values(), ids=TYPED)
def test_reads_parquet_of_any_types(tmp_path: Path, table: pa.Table) -> None:
    """Each column is read as the text that a CSV file would have, whatever its type."""
    path, out = tmp_path / "in.parquet", tmp_path / "out.csv"
    pq.write_table(table, path)
    found = run("resolve", path, "--out", out, "--kind", "person")
    assert found.exit_code == 0, found.output
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["source"], row["source_key"]) for row in rows] == [("甲", "1"), ("甲", "2")]
    assert rows[0]["cluster"] == rows[1]["cluster"]


def test_parquet_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    for table, said in (
        (pa.table({**KEYS, "source": ["甲".encode("gb18030")] * 2}), "not UTF-8"),
        (pa.table({**KEYS, "NAME": ["张", "张"]}), "name more than once"),
        (pa.table({**KEYS, "source_key": ["1", None]}), "record 2 has no source or no source_key"),
        (pa.table({}), "missing column source, source_key, name"),
    ):
        pq.write_table(table, path)
        found = run("resolve", path, "--out", tmp_path / "out.csv", "--kind", "person")
        assert found.exit_code == 1
        assert said in json.loads(found.stdout)["message"]


@pytest.mark.parametrize("empty", ["NULL", "None", "nan", "N/A", "无", "-", "0"])
def test_words_for_nothing_join_nobody(tmp_path: Path, empty: str) -> None:
    fields = ("credential_no", "birth_date", "phone", "email", "address")
    record = {"source": "甲", "name": "张小丽", **dict.fromkeys(fields, empty)}
    path = written(tmp_path / "in.csv", [record | {"source_key": key} for key in "123"])
    answer = json.loads(run("resolve", path, "--out", tmp_path / "out.csv", "--kind", "person").stdout)
    assert (answer["records"], answer["clusters"]) == (3, 3)


def test_no_file_is_written_over_another_or_nowhere(tmp_path: Path) -> None:
    """Told before the work begins, not after it."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(HEAD + f"甲,1,张小丽,{PHONE}\n", "utf-8")
    before = path.read_bytes()
    for options in (
        ("--out", path),
        ("--out", tmp_path / "none" / "out.csv"),
        ("--out", out, "--reviews", path),
        ("--out", out, "--reviews", out),
        ("--out", out, "--work", tmp_path / "it's"),
    ):
        found = run("resolve", path, "--kind", "person", *options)
        assert found.exit_code == 1, options
        assert json.loads(found.stdout)["error"] == "Refused"
        assert path.read_bytes() == before
        assert not out.exists()


def test_too_little_memory_or_disk_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_run: object) -> int:
        raise duckdb.OutOfMemoryException(
            "Out of Memory Error: could not allocate block\nPossible solutions: …"
        )

    monkeypatch.setattr(Run, "prepare", full)
    path = written(tmp_path / "in.csv", [{"source": "甲", "source_key": "1", "name": "张小丽"}])
    found = run("resolve", path, "--out", tmp_path / "out.csv", "--work", tmp_path / "work")
    answer = json.loads(found.stdout)
    assert (found.exit_code, answer["error"]) == (1, "Refused")
    assert "--memory-gb" in answer["message"]
    assert "Possible" not in answer["message"]


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
