"""Work done in another process: for long work whose processor time would otherwise wait for ours.

One thread at a time holds Python's lock, so what a second one computes is taken from the first. A process of its own
takes nothing; it is worth its start, about two seconds, only where there is much to do.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from django.conf import settings

T = TypeVar("T")
R = TypeVar("R")


class Call(Protocol):
    """Calls a function of a module with one argument; function, argument and result can be pickled."""

    def __call__(self, function: Callable[[T], R], argument: T) -> R: ...


def here(function: Callable[[T], R], argument: T) -> R:
    """Call a function in this process, for what is too little to send away.

    >>> here(len, "abc")
    3
    """
    return function(argument)


@contextmanager
def elsewhere() -> Iterator[Call]:
    """A `Call` that works in another process, one call at a time; what it raises is raised here.

    The process ends with the block, and when this one is killed: then nobody holds the other end of its pipe.
    """
    context = get_context("spawn")  # a fork would take over threads' locks and the database's connections
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, settings.SETTINGS_MODULE), daemon=True)
    process.start()
    theirs.close()

    def call(function: Callable[[T], R], argument: T) -> R:
        ours.send((function, argument))
        is_result, answer = ours.recv()
        if not is_result:
            raise answer
        return answer  # type: ignore[no-any-return]

    try:
        yield call
    finally:
        ours.close()
        process.join()


def _serve(connection: Connection, settings_module: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    gc.disable()  # of the many small objects of a call hardly any hold each other
    while True:
        try:
            function, argument = connection.recv()
        except EOFError:
            return
        connection.send(_answer(function, argument))
        gc.collect()


def _answer(function: Callable[[Any], Any], argument: Any) -> tuple[bool, Any]:
    try:
        return True, function(argument)
    except Exception as error:  # noqa: BLE001  whoever asked decides
        return False, error
