"""Weights corrected by what stewards judged: no further than the words warrant, and only where they decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.identity.model.comparisons import UNKNOWN
from hongyan.identity.model.weights import Model, default_model, outcomes_of, read_model, write_model
from hongyan.identity.normalise import normalise
from hongyan.identity.record import Record
from hongyan.identity.training.judged import FARTHEST, PRIOR, Judged, corrected
from hongyan.identity.training.kept import kept_rows

MODEL = default_model("person")


def pair(bits: float, is_same: bool, **outcomes: str) -> Judged:
    return Judged(bits, dict.fromkeys(outcomes_of("person"), UNKNOWN) | outcomes, is_same)


def weight(model: Model, comparison: str, outcome: str) -> float:
    return model.chances[comparison][outcome].weight


def test_nothing_judged_changes_nothing() -> None:
    model, moved = corrected(MODEL, [])
    assert (model.chances, model.twins, moved) == (MODEL.chances, MODEL.twins, {})


def test_what_stewards_refuse_loses_weight() -> None:
    """Pairs that were about even and all came out as two."""
    refused = [pair(0.5, False, name="same", address="county") for _ in range(40)]
    model, moved = corrected(MODEL, refused)
    assert weight(model, "address", "county") < weight(MODEL, "address", "county")
    assert set(moved) == {PRIOR, ("name", "same"), ("address", "county")}
    # untouched by them
    assert weight(model, "address", "same") == weight(MODEL, "address", "same")


def test_words_that_the_model_expected_change_little() -> None:
    """Of pairs at even odds half were the same: the model was right."""
    even = [pair(0.0, bool(number % 2), name="same", address="county") for number in range(200)]
    _model, moved = corrected(MODEL, even)
    assert moved == {}


def test_what_separates_the_same_from_the_different_gains() -> None:
    judged = [pair(0, True, name="same", address="quarter") for _ in range(60)]
    judged += [pair(0, False, name="same", address="city") for _ in range(60)]
    model, _moved = corrected(MODEL, judged)
    assert weight(model, "address", "quarter") > weight(MODEL, "address", "quarter") + 1
    assert weight(model, "address", "city") < weight(MODEL, "address", "city") - 1


def test_pairs_that_a_safeguard_decides_teach_nothing() -> None:
    """Brothers and sisters go to a steward whatever their weight, and are two nearly always."""
    twins = [pair(12, False, name="close", birth="same", address="same") for _ in range(50)]
    assert corrected(MODEL, twins)[1] == {}


def test_few_words_do_not_count() -> None:
    assert corrected(MODEL, [pair(0, True, name="same")] * 4)[1] == {}


@given(
    st.lists(
        st.tuples(
            st.floats(-30, 30),
            st.booleans(),
            st.sampled_from(["same", "homophone", "different", UNKNOWN]),
            st.sampled_from(["same", "county", "different", UNKNOWN]),
        ),
        max_size=60,
    )
)
def test_a_weight_stays_within_reach_and_the_model_a_model(told: list[tuple[float, bool, str, str]]) -> None:
    judged = [pair(bits, same, name=name, address=address) for bits, same, name, address in told]
    model, moved = corrected(MODEL, judged)
    assert all(abs(bits) <= FARTHEST + 1e-9 for bits in moved.values())
    assert read_model(write_model(model)).kind == "person"
    for name, outcomes in model.chances.items():
        for outcome, chance in outcomes.items():
            shift = chance.weight - weight(MODEL, name, outcome)
            assert shift == pytest.approx(moved.get((name, outcome), 0.0), abs=1e-6)


def test_the_order_of_the_words_means_nothing() -> None:
    judged = [pair(n % 7 - 3, n % 3 == 0, name="same", address="county") for n in range(60)]
    one, other = corrected(MODEL, judged)[1], corrected(MODEL, judged[::-1])[1]
    assert one == pytest.approx(other, abs=1e-3)


def test_kept_rows_become_the_parties_of_a_run() -> None:
    """Records that say the same are one party, with the columns that comparisons derive."""
    records = [
        Record(source="a", source_key=key, kind="person", name="张晓丽", phones=(phone,))
        for key, phone in (("1", "13800138000"), ("2", "13800138000"), ("3", "13900139000"))
    ]
    table = kept_rows("person", [normalise(record).row() for record in records]).table()
    assert table.num_rows == 2
    assert sorted(table.column("records").to_pylist()) == [1, 2]
    assert set(table.column("dialled").to_pylist()) == {"13800138000", "13900139000"}


def test_no_rows_are_an_empty_table() -> None:
    assert kept_rows("organisation", []).table().num_rows == 0
