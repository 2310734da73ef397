"""`hongyan identity resolve --engine spark`; what it answers is proved in the room `identity`."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from hongyan.cli.identity import identity
from hongyan.identity.tests.drawn import drawn, written

HEADER = {"source": "DK", "source_key": "1", "name": "张小丽"}


def _command(folder: Path, *options: str) -> str:
    """What the command says that ends with exit code 1."""
    records = written(folder / "records.csv", [HEADER])
    found = CliRunner().invoke(
        identity, ["resolve", str(records), "--out", str(folder / "links.csv"), *options]
    )
    assert found.exit_code == 1, found.output
    assert not (folder / "links.csv").exists()
    return found.output


def test_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    assert "requirements/spark.txt" in _command(tmp_path, "--engine", "spark")
    assert "--work" in _command(tmp_path, "--engine", "spark", "--master", "spark://elsewhere:7077")
    assert "--engine spark" in _command(tmp_path, "--master", "local[2]")


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("pyspark") is None, reason="pyspark is not installed: python3 dev/setup.py --dev --spark"
)
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17")
def test_the_command_resolves_with_spark(tmp_path: Path) -> None:
    """DESIGN 4: `identity resolve --engine spark`."""
    records, links = written(tmp_path / "records.csv", drawn("person", 40)), tmp_path / "links.csv"
    answers = []
    for engine in (["duckdb"], ["spark", "--master", "local[2]"]):
        options = ["--kind", "person", "--out", str(links), "--engine", *engine]
        found = CliRunner().invoke(identity, ["resolve", str(records), *options])
        assert found.exit_code == 0, found.output
        answers.append(links.read_text("utf-8"))
    assert answers[0] == answers[1]
