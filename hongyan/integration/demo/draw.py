"""Drawing from seeded chance: every choice of the demo world goes through one `Draw`."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A source of choices that is the same on every machine for the same seed.

    Built on `Random.random` alone, whose sequence Python guarantees from version to version.
    """

    def __init__(self, seed: str) -> None:
        self.random = Random(seed).random

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def pick(self, values: Sequence[T]) -> T:
        return values[int(self.random() * len(values))]

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def shuffle(self, values: list[T]) -> None:
        """Fisher–Yates in place."""
        for last in range(len(values) - 1, 0, -1):
            other = int(self.random() * (last + 1))
            values[last], values[other] = values[other], values[last]


def spread(weights: dict[T, float], *, slots: int = 4096) -> tuple[T, ...]:
    """A table in which each value stands as often as its weight says, at least once.

    `Draw.pick` on it is a weighted choice at the price of one multiplication.

    >>> spread({"a": 3, "b": 1}, slots=4)
    ('a', 'a', 'a', 'b')
    """
    total = sum(weights.values())
    return tuple(
        value for value, weight in weights.items() for _ in range(max(1, round(slots * weight / total)))
    )


def zipf(values: Sequence[T], *, exponent: float = 0.8) -> dict[T, float]:
    """Weights that fall with the rank: the first value is the commonest.

    >>> [round(weight, 2) for weight in zipf("abc", exponent=1).values()]
    [1.0, 0.5, 0.33]
    """
    return {value: (rank + 1) ** -exponent for rank, value in enumerate(values)}
