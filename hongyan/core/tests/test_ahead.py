"""Working ahead keeps the order, the errors and the pace of one step."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from hongyan.core.ahead import ahead, collecting_seldom


def test_the_next_item_is_made_while_the_caller_works() -> None:
    made: list[int] = []
    second_made = threading.Event()

    def items() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            if number == 1:
                second_made.set()
            yield number

    stream = ahead(items())
    assert next(stream) == 0
    assert second_made.wait(timeout=5)
    assert list(stream) == [1, 2]
    assert made == [0, 1, 2]


def test_an_error_comes_where_its_item_was_due() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError

    stream = ahead(items())
    assert next(stream) == 1
    with pytest.raises(LookupError):
        next(stream)


def test_leaving_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    stream = ahead(iter(range(100)))
    next(stream)
    stream.close()
    assert threading.active_count() == before


def test_the_collector_is_still_in_between_and_on_again_afterwards() -> None:
    states = [
        (gc.isenabled(), gc.get_freeze_count() > 0) for _ in collecting_seldom(iter(range(25)), every=10)
    ]
    assert states == [(False, False), *[(False, True)] * 24]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_the_collector_is_on_again_after_an_error() -> None:
    def load() -> None:
        for _ in collecting_seldom(iter(range(3))):
            raise LookupError

    with pytest.raises(LookupError):
        load()
    gc.collect()
    assert gc.isenabled()
