"""Chances from the records alone, by expectation–maximisation with Splink (needed for training only).

Splink is given our comparisons as they are: the same conditions, in its own naming. Each session takes pairs that
meet by strong witnesses and learns what the *other* comparisons do there. Blocking on phone and surname teaches
nonsense about the ID (families); phone and full name does not.
"""

# ruff: noqa: S608 - the queries are made of our own columns and files
from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from hongyan.identity.model.comparisons import COMPARISONS, Comparison
from hongyan.identity.model.weights import Model
from hongyan.identity.record import Kind
from hongyan.identity.training.clamp import Estimates

if TYPE_CHECKING:
    from splink import Linker

SEED = 20_261_123
_RANDOM_PAIRS = 2_000_000
_FEWEST = 50


class NoSplink(RuntimeError):
    """Splink is not installed."""


@dataclass(frozen=True, slots=True)
class Session:
    """Pairs that agree in ``columns`` teach ``comparisons``, none of which reads those columns."""

    columns: tuple[str, ...]
    comparisons: tuple[str, ...]


SESSIONS: dict[Kind, tuple[Session, ...]] = {
    "person": (
        Session(("dialled", "pinyin"), ("id", "email", "birth", "gender", "address")),
        Session(("id_key",), ("name", "phone")),
    ),
    "organisation": (
        Session(("dialled", "pinyin"), ("id", "email", "legal_person", "address", "part")),
        Session(("organisation_code",), ("name", "phone")),
    ),
}


def learn(parties: pa.Table, model: Model, *, heard: Callable[[], None] = lambda: None) -> Estimates:
    """Estimates from a table of parties (``batch.parties``); ``heard`` is called before each session.

    Errors: NoSplink.
    """
    try:
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError as error:
        raise NoSplink("training needs Splink: pip install splink==5.0.0") from error
    # Level by level it tells what it could not learn; what is not believed is told by `clamp`.
    logging.getLogger("splink").setLevel(logging.ERROR)
    found: dict[str, dict[str, tuple[float | None, float | None]]] = {}
    comparisons = {comparison.name: comparison for comparison in COMPARISONS[model.kind]}
    for session in SESSIONS[model.kind]:
        heard()
        con = duckdb.connect()
        con.register("parties", parties)
        if _meetings(con, session) < _FEWEST:
            continue
        api = DuckDBAPI(connection=con)
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="party",
            comparisons=[_for_splink(comparisons[name]) for name in session.comparisons],
            blocking_rules_to_generate_predictions=[block_on(*session.columns)],
            probability_two_random_records_match=2.0 ** model.prior(0),
        )
        linker = Linker(api.register(parties), settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=_RANDOM_PAIRS, seed=SEED)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*session.columns))
        found |= _estimates(linker)
    return found


def _meetings(con: duckdb.DuckDBPyConnection, session: Session) -> int:
    """How many pairs a session would learn from; records that say the same are one party and teach nothing."""
    columns = ", ".join(session.columns)
    known = " AND ".join(f"{column} IS NOT NULL" for column in session.columns)
    groups = f"SELECT count(*) AS n FROM parties WHERE {known} GROUP BY {columns}"
    found = con.sql(f"SELECT coalesce(sum(n * (n - 1) / 2), 0)::BIGINT FROM ({groups})").fetchone()
    return int(found[0]) if found else 0


def _for_splink(comparison: Comparison) -> Any:
    from splink.comparison_library import CustomComparison

    def at(side: str, column: str) -> str:
        return f"{column}_{side}"

    levels: list[Any] = [
        {
            "sql_condition": f"NOT {comparison.known.sql(at)}",
            "label_for_charts": "unknown",
            "is_null_level": True,
        },
        *(
            {"sql_condition": level.condition.sql(at), "label_for_charts": level.name}
            for level in comparison.levels
        ),
        {"sql_condition": "ELSE", "label_for_charts": "different"},
    ]
    return CustomComparison(comparison_levels=levels, output_column_name=comparison.name)


def _estimates(linker: Linker) -> dict[str, dict[str, tuple[float | None, float | None]]]:
    trained = linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: {
            level["label_for_charts"]: (
                _number(level.get("m_probability")),
                _number(level.get("u_probability")),
            )
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
        for comparison in trained["comparisons"]
    }


def _number(value: object) -> float | None:
    """What Splink learned; it writes words where a level never came."""
    return float(value) if isinstance(value, int | float) else None
