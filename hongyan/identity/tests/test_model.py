"""The model: SQL and Python agree about every pair, and only a sound JSON is a model."""

from __future__ import annotations

import json
import random

import duckdb
import pytest

from hongyan.identity.batch.scoring import BANDS, compared_pairs, scored_pairs
from hongyan.identity.model.columns import DERIVED, complete
from hongyan.identity.model.comparisons import COMPARISONS
from hongyan.identity.model.safeguards import SAFEGUARDS
from hongyan.identity.model.weights import (
    Model,
    ModelError,
    default_model,
    outcomes_of,
    read_model,
    write_model,
)
from hongyan.identity.record import Kind
from hongyan.identity.tests.drawn import drawn, party_table

KINDS: tuple[Kind, ...] = ("person", "organisation")


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_sql_and_python_find_the_same_outcomes(kind: Kind, count: int) -> None:
    """CUS-003, DESIGN 3 Identity 6: one decision, whichever door asks."""
    chance = random.Random(7)
    with duckdb.connect() as con:
        party_table(con, kind, drawn(kind, 3000))
        found = con.sql("SELECT * FROM plain ORDER BY party").to_arrow_table().to_pylist()
        rows = [
            complete({name: value for name, value in row.items() if name not in DERIVED}) for row in found
        ]
        assert [_derived(row) for row in rows] == [_derived(row) for row in found]
        pairs = sorted({tuple(sorted(chance.sample(range(len(rows)), 2))) for _ in range(count)})
        con.execute("CREATE TABLE pairs (a BIGINT, b BIGINT)")
        con.execute(f"INSERT INTO pairs VALUES {', '.join(map(str, pairs))}")
        coded = con.sql(f"SELECT * FROM ({compared_pairs(kind, 'pairs', 'plain')}) ORDER BY a, b").fetchall()
    assert len(coded) == len(pairs)
    seen = {comparison.name: set() for comparison in COMPARISONS[kind]}
    for a, b, *codes in coded:
        for comparison, code in zip(COMPARISONS[kind], codes, strict=True):
            expected = comparison.outcomes[code]
            assert comparison.outcome(rows[a], rows[b]) == expected, (comparison.name, rows[a], rows[b])
            assert comparison.outcome(rows[b], rows[a]) == expected
            seen[comparison.name].add(expected)
    # The draw is no use unless it meets nearly every outcome.
    missed = {name: set(outcomes_of(kind)[name]) - found for name, found in seen.items()}
    assert sum(map(len, missed.values())) <= 4, missed


def _derived(row: dict[str, object]) -> dict[str, object]:
    """The derived columns; the order inside a list means nothing."""
    return {name: sorted(row[name]) if isinstance(row[name], list) else row[name] for name in DERIVED}


@pytest.mark.parametrize("kind", KINDS)
def test_every_safeguard_names_outcomes_that_exist(kind: Kind) -> None:
    for guard in SAFEGUARDS[kind]:
        for wanted in (guard.when, *guard.unless):
            assert all(outcomes <= set(outcomes_of(kind)[name]) for name, outcomes in wanted.items()), (
                guard.code
            )


@pytest.mark.parametrize("kind", KINDS)
def test_closer_outcomes_weigh_more(kind: Kind) -> None:
    """No shipped weight says that a worse agreement is better evidence than a perfect one."""
    model = default_model(kind)
    for comparison in COMPARISONS[kind]:
        weights = dict(zip(comparison.outcomes, model.weights(comparison.name), strict=True))
        best = weights[comparison.levels[0].name]
        if comparison.name != "part":
            assert all(weight <= best + 4.5 for weight in weights.values()), comparison.name
        assert weights["different"] <= 0


def test_a_model_survives_its_json() -> None:
    model = default_model("person")
    assert read_model(write_model(model)).prior(10) == model.prior(10)
    assert write_model(read_model(write_model(model))) == write_model(model)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(format=9), "format 9"),
        (lambda d: d.update(kind="firm"), "firm"),
        (lambda d: d["comparisons"]["name"].pop("same"), "no chances for same"),
        (lambda d: d["comparisons"]["name"]["same"].update(m=0), "probabilities"),
        (lambda d: d["bands"].update(review=99), "review"),
        (lambda d: d.pop("bands"), "bands"),
    ],
)
def test_a_broken_model_is_refused_with_the_reason(change: object, said: str) -> None:
    data = json.loads(write_model(default_model("person")))
    change(data)
    with pytest.raises(ModelError, match=said):
        read_model(json.dumps(data))


def test_few_records_do_not_make_evidence_strong() -> None:
    model: Model = default_model("person")
    assert model.prior(10) == model.prior(model.population)
    assert model.prior(10_000_000) < model.prior(1_000_000) < model.prior(1000)


@pytest.mark.parametrize("kind", KINDS)
def test_sql_and_python_put_a_pair_in_the_same_band(kind: Kind) -> None:
    model = default_model(kind)
    with duckdb.connect() as con:
        party_table(con, kind, drawn(kind, 300))
        con.execute(
            "CREATE TABLE pairs AS SELECT x.party AS a, y.party AS b FROM plain x JOIN plain y ON x.party < y.party"
        )
        levels = [level for comparison in COMPARISONS[kind] for level in comparison.levels]
        columns = {level.frequency or level.holders for level in levels} - {None, "numbers"}
        bits = ", ".join(f"NULL::FLOAT AS {column}_bits" for column in sorted(columns))
        con.execute(f"CREATE TABLE parties AS SELECT *, {bits}, NULL::FLOAT[] AS numbers_bits FROM plain")
        scored = con.sql(scored_pairs(model, "pairs", "parties", 300)).fetchall()
        everything = con.sql("SELECT count(*) FROM pairs").fetchone()
    names = [comparison.name for comparison in COMPARISONS[kind]]
    assert 0 < len(scored) < everything[0]  # the others are ruled out
    for _, _, *codes, found, band in scored:
        outcomes = {name: outcomes_of(kind)[name][code] for name, code in zip(names, codes, strict=True)}
        assert abs(found - model.join) < 1e-3 or model.band(found, outcomes) == BANDS[band]
