"""Seeded chance: the same records on every machine for the same seed."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


def listed(text: str) -> tuple[str, ...]:
    """The words of a text.

    >>> listed("人民 解放")
    ('人民', '解放')
    """
    return tuple(text.split())


class Chance:
    """Choices of one seed, through ``Random.random`` alone, whose sequence Python keeps from version to version."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(f"identity {seed}").random  # noqa: S311  (made-up records, no secrets)

    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def one(self, values: Sequence[T]) -> T:
        return values[int(self.random() * len(values))]

    def common(self, values: Sequence[T], exponent: float = 0.6) -> T:
        """One of the values, the first ones more often (Zipf)."""
        return values[bisect(_ranks(len(values), exponent), self.random())]

    def weighed(self, shares: Mapping[T, float]) -> T:
        """One of the keys by its share."""
        sums = list(accumulate(shares.values()))
        return list(shares)[bisect(sums, self.random() * sums[-1], hi=len(sums) - 1)]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def digits(self, count: int) -> str:
        return "".join(str(int(self.random() * 10)) for _ in range(count))


@cache
def _ranks(count: int, exponent: float) -> list[float]:
    weights = [(rank + 1) ** -exponent for rank in range(count)]
    total = sum(weights)
    return list(accumulate(weight / total for weight in weights[:-1]))
