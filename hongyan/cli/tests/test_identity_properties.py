"""`hongyan identity resolve`: what must hold for every file, asked at the public door (issue 5, property tests)."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.cli.identity import identity
from hongyan.identity.batch import chunks
from hongyan.identity.normalise import normalise
from hongyan.identity.record import Kind, Record
from hongyan.identity.tests.drawn import drawn, written
from hongyan.identity.tests.people import KINDS, citizen, credit_code

Raw = dict[str, str]
MANY = settings(max_examples=25, deadline=None)
LIFELONG = ("01", "20", "22")

# Whom nobody in the drawn records has a word in common with.
STRANGERS: dict[Kind, Raw] = {
    "person": {
        "name": "司马青衫",
        "credential_no": citizen("19551231", county="110105"),
        "phone": "13712345672",
    },
    "organisation": {
        "name": "北京云山书画社",
        "credential_no": credit_code("MA9YYYY9"),
        "phone": "010-65987654",
    },
}


def resolved(records: Sequence[Raw], *options: str) -> dict[tuple[str, str], str]:
    """(source, source_key) → cluster, as the command writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path, links = written(Path(folder, "in.csv"), records), Path(folder, "links.csv")
        arguments = [
            "resolve",
            str(path),
            "--out",
            str(links),
            "--engine",
            "duckdb",
            "--threads",
            "1",
            *options,
        ]
        found = CliRunner().invoke(identity, arguments, catch_exceptions=False)
        assert found.exit_code == 0, found.output
        with links.open(encoding="utf-8", newline="") as file:
            return {(row["source"], row["source_key"]): row["cluster"] for row in csv.DictReader(file)}


@st.composite
def files(draw: st.DrawFn, kind: Kind) -> list[Raw]:
    """Records of one kind that nearly agree."""
    return drawn(kind, draw(st.integers(1, 80)), draw(st.integers(1, 10_000)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_input_and_a_second_run_change_nothing(kind: Kind) -> None:
    """CUS-003."""

    @MANY
    @given(files(kind), st.randoms(use_true_random=False))
    def hold(records: list[Raw], chance: random.Random) -> None:
        links = resolved(records, "--kind", kind)
        assert list(links) == [(record["source"], record["source_key"]) for record in records]
        assert resolved(records, "--kind", kind) == links
        assert resolved(chance.sample(records, len(records)), "--kind", kind) == links

    hold()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_unrelated_record_changes_no_cluster(kind: Kind) -> None:
    @MANY
    @given(files(kind), st.integers(0, 80))
    def hold(records: list[Raw], place: int) -> None:
        links = resolved(records, "--kind", kind)
        stranger = STRANGERS[kind] | {"source": "ZZ", "source_key": "stranger"}
        more = resolved([*records[:place], stranger, *records[place:]], "--kind", kind)
        assert more.pop(("ZZ", "stranger")) not in links.values()
        assert more == links

    hold()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_cluster_holds_two_valid_ids(kind: Kind) -> None:
    """BARS P2."""

    @MANY
    @given(files(kind))
    def hold(records: list[Raw]) -> None:
        links = resolved(records, "--kind", kind)
        numbers = defaultdict(set)
        for raw in records:
            record = Record(raw["source"], raw["source_key"], kind, raw["name"], "", raw["credential_no"])
            for credential in normalise(record).credentials:
                if credential.valid and credential.type in LIFELONG:
                    cluster = links[raw["source"], raw["source_key"]]
                    numbers[cluster].add(credential.organisation_code or credential.number)
        assert all(len(found) == 1 for found in numbers.values())

    hold()


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_the_size_of_the_chunks_changes_nothing(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both kinds in one file, told apart record by record."""
    records = [*drawn("person", 60), *(record | {"source": "ORG"} for record in drawn("organisation", 60))]
    expected = resolved(records)
    monkeypatch.setattr(chunks, "CHUNK", chunk)
    assert resolved(records) == expected


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_answers_as_one_that_is_not(tmp_path: Path) -> None:
    """`kill -9` at any moment: what is whole stays, what is half is made anew."""
    records = drawn("person", 3000)
    expected = resolved(records, "--kind", "person")
    path, links, work = written(tmp_path / "in.csv", records), tmp_path / "links.csv", tmp_path / "work"
    command = [
        *(
            str(Path(sys.executable).with_name("hongyan")),
            "identity",
            "resolve",
            str(path),
            "--out",
            str(links),
        ),
        *("--kind", "person", "--work", str(work), "--threads", "1"),
    ]
    killed = 0
    for tenths in range(5, 100):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert running.wait(tenths / 10) == 0
            break
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
            killed += 1
    assert killed > 2
    with links.open(encoding="utf-8", newline="") as file:
        rows = {(row["source"], row["source_key"]): row["cluster"] for row in csv.DictReader(file)}
    assert rows == expected
