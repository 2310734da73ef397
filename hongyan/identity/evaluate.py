"""How good a resolution is, against the truth: pairs, whole clusters, B-cubed, and per kind of error."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision and recall, 0–1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean.

        >>> Rates(0.5, 1.0).f1
        0.6666666666666666
        """
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a resolution.

    Fields: ``pairs`` of records in one cluster; ``clusters`` found exactly as they truly are, records that
    stand alone included; ``bcubed`` the mean over records (Bagga and Baldwin 1998); ``missed`` and ``wrong``
    numbers of pairs; ``wrong_within_group`` those of the wrong ones that are relatives, or parts of one
    company; ``by_error`` per kind of error how many records bear it and their own B-cubed rates.
    """

    records: int
    entities: int
    pairs: Rates
    clusters: Rates
    bcubed: Rates
    missed: int
    wrong: int
    wrong_within_group: int = 0
    by_error: dict[str, tuple[int, Rates]] = field(default_factory=dict)


def evaluate(
    found: Sequence[Hashable],
    truth: Sequence[Hashable],
    *,
    groups: Sequence[Hashable] | None = None,
    errors: Sequence[Collection[str]] | None = None,
) -> Quality:
    """Judge clusters, one label per record, by the entities the records truly belong to.

    ``groups`` tells per record its household or company group, ``errors`` what is wrong with it.
    Errors: ValueError when the sequences differ in length.

    >>> quality = evaluate([1, 1, 2, 2], ["a", "a", "a", "b"])
    >>> quality.pairs, quality.wrong, quality.missed, quality.clusters.f1
    (Rates(precision=0.5, recall=0.3333333333333333), 1, 2, 0.0)
    >>> evaluate([7, 8], ["a", "b"]).clusters, round(quality.bcubed.precision, 4)
    (Rates(precision=1.0, recall=1.0), 0.75)
    """
    both = Counter(zip(found, truth, strict=True))
    of_found, of_truth = Counter(found), Counter(truth)
    right = sum(_pairs(count) for count in both.values())
    joined = sum(_pairs(count) for count in of_found.values())
    true = sum(_pairs(count) for count in of_truth.values())
    exact = sum(count == of_found[label] == of_truth[entity] for (label, entity), count in both.items())
    precisions = [both[pair] / of_found[pair[0]] for pair in zip(found, truth, strict=True)]
    recalls = [both[pair] / of_truth[pair[1]] for pair in zip(found, truth, strict=True)]
    return Quality(
        records=len(truth),
        entities=len(of_truth),
        pairs=Rates(_share(right, joined), _share(right, true)),
        clusters=Rates(_share(exact, len(of_found)), _share(exact, len(of_truth))),
        bcubed=Rates(_mean(precisions), _mean(recalls)),
        missed=true - right,
        wrong=joined - right,
        wrong_within_group=_joined_within(found, groups) - right if groups is not None else 0,
        by_error=_by_error(errors, precisions, recalls) if errors is not None else {},
    )


def _by_error(
    errors: Sequence[Collection[str]], precisions: Sequence[float], recalls: Sequence[float]
) -> dict[str, tuple[int, Rates]]:
    bearers: dict[str, list[int]] = defaultdict(list)
    for index, kinds in enumerate(errors):
        for kind in kinds:
            bearers[kind].append(index)
    return {
        kind: (
            len(indices),
            Rates(_mean([precisions[i] for i in indices]), _mean([recalls[i] for i in indices])),
        )
        for kind, indices in sorted(bearers.items())
    }


def _joined_within(found: Sequence[Hashable], groups: Sequence[Hashable]) -> int:
    """Pairs of one cluster and one group; entities never reach beyond their group."""
    return sum(_pairs(count) for count in Counter(zip(found, groups, strict=True)).values())


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0
