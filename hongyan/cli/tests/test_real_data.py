"""`hongyan real-data` says what it needs before it touches anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hongyan.cli.main import hongyan


@pytest.mark.parametrize("folder", ["", "absent"])
def test_without_a_folder_nothing_is_loaded(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGYAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HONGYAN_REAL", folder and str(tmp_path / folder))
    done = CliRunner().invoke(hongyan, ["real-data", "load"])
    assert done.exit_code == 1
    assert "HONGYAN_REAL" in done.output
    assert not (tmp_path / "home").exists()
