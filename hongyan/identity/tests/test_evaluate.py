"""The measures of a resolution agree with their definitions, counted one by one."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.identity.evaluate import evaluate

_LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


@settings(deadline=None)
@given(_LABELS)
def test_pairs_and_bcubed_by_counting(labels: list[tuple[int, int]]) -> None:
    found, truth = [label for label, _ in labels], [entity for _, entity in labels]
    pairs = list(combinations(range(len(labels)), 2))
    joined = {(i, j) for i, j in pairs if found[i] == found[j]}
    true = {(i, j) for i, j in pairs if truth[i] == truth[j]}
    quality = evaluate(found, truth, groups=truth)
    assert quality.wrong == len(joined - true)
    assert quality.missed == len(true - joined)
    assert quality.wrong_within_group == 0
    together = [
        sum(found[i] == found[j] and truth[i] == truth[j] for j in range(len(labels))) / found.count(found[i])
        for i in range(len(labels))
    ]
    assert quality.bcubed.precision == pytest.approx(sum(together) / len(labels))


@settings(deadline=None)
@given(_LABELS)
def test_the_truth_is_perfect(labels: list[tuple[int, int]]) -> None:
    truth = [entity for _, entity in labels]
    quality = evaluate([f"c{entity}" for entity in truth], truth)
    assert (quality.pairs.f1, quality.clusters.f1, quality.bcubed.f1) == (1.0, 1.0, 1.0)


def test_wrong_pairs_within_a_household_and_by_error() -> None:
    quality = evaluate(
        *([1, 1, 2, 3], ["father", "son", "son", "aunt"]),
        groups=["h", "h", "h", "h2"],
        errors=[(), ("childs_phone",), (), ("title",)],
    )
    assert (quality.wrong, quality.wrong_within_group, quality.missed) == (1, 1, 1)
    assert quality.by_error["childs_phone"][1].recall == 0.5
    assert quality.by_error["title"][1].f1 == 1.0


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="shorter"):
        evaluate([1, 2], ["a"])
