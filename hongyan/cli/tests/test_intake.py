"""`hongyan intake`: what it prints and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hongyan.cli.main import hongyan
from hongyan.customer.tests.factory import make_organisation
from hongyan.integration.codes import DeliveryState
from hongyan.integration.tests.factory import ID, customer, day, kgc_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    make_organisation()


def run(*arguments: str) -> tuple[int, dict]:
    outcome = CliRunner().invoke(hongyan, ["intake", *arguments, "--json"])
    return outcome.exit_code, json.loads(outcome.stdout or "{}")


def test_load_status_sign(tmp_path: Path) -> None:
    good = tmp_path / f"KG_CUST_{day()}.txt"
    good.write_bytes(kgc_file([customer(1), customer(2)]))
    code, answer = run("load", "--system", "kgc", str(good))
    wanted = {"received": 2, "accepted": 2, "quarantined": 0, "new": 2, "joined": 0, "review": 0}
    assert (code, {name: answer[name] for name in wanted}) == (0, wanted)
    assert run("load", "--system", "kgc", str(good))[1]["new"] == 2
    bad = tmp_path / "again" / good.name
    bad.parent.mkdir()
    bad.write_bytes(kgc_file([customer(3), customer(4, 证件类型="1", 证件号码=ID[::-1])]))
    code, answer = run("load", "--system", "kgc", str(bad))
    [waiting] = answer["deliveries"]
    assert (code, waiting["state"], waiting["accepted"]) == (0, DeliveryState.CHECKED, 0)
    code, answer = run("sign", waiting["number"])
    assert (code, answer["state"], answer["new"]) == (0, DeliveryState.APPLIED, 1)
    assert run("status")[1]["deliveries"][0]["number"] == waiting["number"]


def test_refused_input_is_exit_code_one(tmp_path: Path) -> None:
    path = tmp_path / "customers.txt"
    path.write_bytes(b"x")
    code, answer = run("load", "--system", "kgc", str(path))
    assert code == 1
    assert "customers.txt" in answer["message"]
    assert run("load", "--system", "nobody", str(path))[0] == 1


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    """Not a trace: whoever loads files before `make run` is told what is missing."""
    command = Path(sys.executable).with_name("hongyan")
    unreachable = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HONGYAN_HOME": str(tmp_path)}
    outcome = subprocess.run(
        [command, "intake", "status", "--json"],
        env={**os.environ, **unreachable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert "make run" in json.loads(outcome.stdout)["message"]
