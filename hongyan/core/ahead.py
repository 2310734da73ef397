"""Going through many items fast: one step ahead in a thread, with the collector kept still."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
_END = object()


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items of an iterator in their order, each made in a thread of its own before it is asked for.

    For a loop that waits much, for the database for instance, over items that cost processor time. The iterator runs
    in the other thread, so it must not touch Django's connection. An error of the iterator is raised where its item
    was due.

    >>> list(ahead(iter(range(3))))
    [0, 1, 2]
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as pool:
        following = pool.submit(next, items, _END)
        while (item := following.result()) is not _END:
            following = pool.submit(next, items, _END)
            yield item  # type: ignore[misc]


def collecting_seldom(items: Iterator[T], *, every: int = 10) -> Iterator[T]:
    """The items of an iterator, with Python's cycle collector run only after each `every` of them.

    A load makes hundreds of small objects a row, and the collector goes through all that live again and again: it
    took a third of the processor time. Cycles are few but there are some, so memory stays bounded by `every`. What
    lives behind the first item, modules and tables of words mostly, is set aside meanwhile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        for number, item in enumerate(items, start=1):
            yield item
            if number == 1:
                gc.freeze()
            elif number % every == 0:
                gc.collect()
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
