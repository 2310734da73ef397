"""Work in another process: its results, its errors, its end."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psutil
import pytest

from hongyan.core.elsewhere import elsewhere, here


def doubles(most: int) -> Iterator[tuple[int, int]]:
    for number in range(1, most + 1):
        yield os.getpid(), 2 * number


def fail(reason: str) -> Iterator[str]:
    yield "something"
    raise LookupError(reason)


def test_items_are_made_by_one_other_process() -> None:
    with elsewhere() as stream:
        first, second = [*stream(doubles, 2)], [*stream(doubles, 3)]
    assert [number for _, number in first] == [2, 4]
    assert [number for _, number in second] == [2, 4, 6]
    assert len({pid for pid, _ in first + second} - {os.getpid()}) == 1
    assert list(here(doubles, 1)) == [(os.getpid(), 2)]


def test_an_error_is_raised_where_its_item_was_due_and_more_may_be_asked_for() -> None:
    with elsewhere() as stream:
        items = stream(fail, "nobody")
        assert next(items) == "something"
        with pytest.raises(LookupError, match="nobody"):
            next(items)
        assert next(stream(doubles, 1))[1] == 2


def test_the_process_ends_with_the_block_also_in_the_middle_of_many_items() -> None:
    with pytest.raises(LookupError), elsewhere() as stream:
        pid, _ = next(stream(doubles, 1_000_000))
        raise LookupError
    assert not psutil.pid_exists(pid)
