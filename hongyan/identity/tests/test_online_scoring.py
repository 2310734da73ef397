"""The online check says of a pair what the batch says of it, in bits, and why."""

from __future__ import annotations

import math
import random

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.identity.batch import parties, scoring
from hongyan.identity.model.columns import DERIVED
from hongyan.identity.model.comparisons import COMPARISONS
from hongyan.identity.model.conditions import Row
from hongyan.identity.model.weights import Model, default_model
from hongyan.identity.online.party import Counts, Party, Worth, party_of
from hongyan.identity.online.scoring import compare, scorer
from hongyan.identity.record import Kind
from hongyan.identity.tests.drawn import drawn, party_table
from hongyan.identity.tests.people import KINDS, MODELS, OTHER_PHONE, PHONE, citizen, compared, person
from hongyan.identity.verdict import BAND_SCORES

RECORDS = 3000
SAID = [
    (name, phone)
    for name in ("张小丽", "张晓丽", "张*丽", "张女士", "Zhang Xiaoli", "")
    for phone in (PHONE, OTHER_PHONE)
]


def _scored(
    model: Model, pairs: int
) -> tuple[list[Row], list[tuple[int, int]], dict[tuple[int, int], tuple[object, ...]], Worth]:
    """(rows, pairs, pair → codes, bits and band where the batch does not rule it out, the file's worth)."""
    kind, chance = model.kind, random.Random(11)
    with duckdb.connect() as con:
        party_table(con, kind, drawn(kind, RECORDS))
        size, tables, counts = model.size(RECORDS), {}, {}
        for column in scoring.frequency_columns(kind):
            tables[column] = f"frequency_{column}"
            con.execute(f"CREATE TABLE {tables[column]} AS {parties.frequencies(column, 'plain', size)}")
            counts |= _counted(con, f"SELECT {column}, count(*) FROM plain GROUP BY ALL", column)
        for column in scoring.holders_columns(kind):
            tables[column] = f"holders_{column}"
            con.execute(f"CREATE TABLE {tables[column]} AS {parties.holders(column, 'plain')}")
            value = f"unnest({column})" if column == scoring.LISTED else column
            inner = f"SELECT {value} AS v, pinyin FROM plain"
            counts |= _counted(con, f"SELECT v, count(DISTINCT pinyin) FROM ({inner}) GROUP BY v", column)
        con.execute(f"CREATE TABLE parties AS {parties.weighed(model, 'plain', tables)}")
        found = con.sql("SELECT * FROM plain ORDER BY party").to_arrow_table().to_pylist()
        rows = [
            party_of(kind, {name: value for name, value in row.items() if name not in DERIVED}).row
            for row in found
        ]
        drawn_pairs = sorted({tuple(sorted(chance.sample(range(len(rows)), 2))) for _ in range(pairs)})
        con.execute("CREATE TABLE pairs (a BIGINT, b BIGINT)")
        con.execute(f"INSERT INTO pairs VALUES {', '.join(map(str, drawn_pairs))}")
        scored = con.sql(scoring.scored_pairs(model, "pairs", "parties", RECORDS)).fetchall()
    return rows, drawn_pairs, {(a, b): rest for a, b, *rest in scored}, Counts(model, RECORDS, counts)


def _counted(con: duckdb.DuckDBPyConnection, select: str, column: str) -> dict[tuple[str, object], int]:
    return {(column, value): count for value, count in con.sql(select).fetchall() if value is not None}


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_the_online_check_answers_as_the_batch(kind: Kind, count: int) -> None:
    """CUS-003, DESIGN 3 Identity 6: outcomes, bits and band of each pair, whichever door asks."""
    model = default_model(kind)
    rows, pairs, batch, worth = _scored(model, count)
    names = [comparison.name for comparison in COMPARISONS[kind]]
    assert {scoring.BANDS[rest[-1]] for rest in batch.values()} == set(scoring.BANDS)
    assert len(pairs) / 50 < len(batch) < len(pairs)
    for a, b in pairs:
        online = scorer(model).weigh(rows[a], rows[b], worth)
        assert (online is None) == ((a, b) not in batch), (rows[a], rows[b])
        if online is None:
            continue
        *codes, bits, band = batch[a, b]
        outcomes = {name: online.outcomes[name] for name in names}
        assert outcomes == {
            c.name: c.outcomes[code] for c, code in zip(COMPARISONS[kind], codes, strict=True)
        }
        assert online.bits == pytest.approx(bits, abs=0.01)
        near = min(abs(online.bits - model.join), abs(online.bits - model.review)) < 0.001
        assert near or online.band == scoring.BANDS[band]
        assert scorer(model).weigh(rows[b], rows[a], worth).bits == online.bits
        verdict = compare(model, rows[a], rows[b], worth)
        assert (verdict.band, verdict.bits) == (online.band, pytest.approx(online.bits))


def test_what_many_bear_or_share_counts_less_and_says_so() -> None:
    """张伟 is worth less than a rare name, a courier's phone less than one's own; the bits stay a sum."""
    one, other = person("张伟", PHONE), person("张伟", PHONE)
    counts = {("name_key", "张伟"): 400, ("numbers", f"+86{PHONE}"): 16}
    plain, worth = (Counts(MODELS["person"], 1_000_000, found) for found in ({}, counts))
    before, after = compared(one, other, plain), compared(one, other, worth)
    lost = {dict(item.params)["of"]: item for item in after.evidence if item.code == "worth"}
    assert (lost["phone"].outcome, lost["phone"].weight) == ("shared", -4)
    assert lost["name"].outcome == "common"
    assert lost["name"].weight < -2
    assert not [item for item in before.evidence if item.code == "worth"]
    assert before.bits - after.bits == pytest.approx(math.log2(403 / 4) + 4)


def test_no_evidence_shows_an_identifier() -> None:
    one = person("张三", PHONE, credential_no=citizen(), email="zhang@example.com")
    verdict = compared(one, one)
    assert not [value for value in (PHONE, citizen(), "zhang@") if value in repr(verdict)]


@given(st.lists(st.sampled_from([person(*said) for said in SAID]), min_size=2, max_size=2))
def test_a_verdict_is_symmetrical_and_its_score_tells_the_band(pair: list[Party]) -> None:
    one, other = compared(*pair), compared(*reversed(pair))
    assert (one.band, one.score, one.rule) == (other.band, other.score, other.rule)
    low, high = BAND_SCORES[one.band]
    assert low <= one.score <= high
