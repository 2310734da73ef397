"""The ledger's SQL files (sql/)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return files("hongyan.ledger").joinpath("sql", f"{name}.sql").read_text("utf-8")
