"""Set-up does nothing twice, however many homes share a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev import setup


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two homes of one checkout."""
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "checkout" / "stamps")
    return [tmp_path / "one", tmp_path / "two"]


def set_up(home: Path, stamp: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a home's static files had to be collected."""
    made: list[Path] = []

    def collect() -> None:
        (home / "static").mkdir(parents=True, exist_ok=True)
        made.append(home)

    monkeypatch.setattr(setup, "HOME", home)
    setup.step("static files", stamp, collect, proof=home / "static")
    return bool(made)


def test_homes_of_one_checkout_do_not_undo_each_other(
    homes: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second `make run` starts in seconds, also where another home was served in between."""
    assert [set_up(home, "old", monkeypatch) for home in homes] == [True, True]
    assert [set_up(home, "old", monkeypatch) for home in homes] == [False, False]
    # and what is new for one is new for the other
    assert [set_up(home, "new", monkeypatch) for home in homes] == [True, True]
    assert [set_up(home, "new", monkeypatch) for home in homes] == [False, False]
