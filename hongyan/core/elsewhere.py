"""Work done in another process: for long work whose processor time would otherwise wait for ours.

One thread at a time holds Python's lock, so what a second one computes is taken from the first. A process of its own
takes nothing; it is worth its start, about two seconds, only where there is much to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

import django
from django.conf import settings

from hongyan.core.ahead import collecting_seldom

T = TypeVar("T")
R = TypeVar("R")


class Stream(Protocol):
    """The items that a function of a module makes of one argument; function, argument and items can be pickled."""

    def __call__(self, function: Callable[[T], Iterable[R]], argument: T) -> Iterator[R]: ...


def here(function: Callable[[T], Iterable[R]], argument: T) -> Iterator[R]:
    """Make the items in this process, for what is too little to send away.

    >>> list(here(reversed, "abc"))
    ['c', 'b', 'a']
    """
    return iter(function(argument))


@contextmanager
def elsewhere() -> Iterator[Stream]:
    """A `Stream` made in another process, one at a time; what goes wrong there is raised here.

    The other process is an item or two ahead: it waits when its pipe is full. It ends with the block, and when this
    one is killed: then nobody holds the other end of its pipe.
    """
    context = get_context("spawn")  # a fork would take over threads' locks and the database's connections
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, settings.SETTINGS_MODULE), daemon=True)
    process.start()
    theirs.close()

    def stream(function: Callable[[T], Iterable[R]], argument: T) -> Iterator[R]:
        ours.send((function, argument))
        while True:
            what, answer = ours.recv()
            if what is _What.ERROR:
                raise answer
            if what is _What.END:
                return
            yield answer

    try:
        yield stream
    finally:
        ours.close()
        process.join()


class _What(Enum):
    ITEM, ERROR, END = range(3)


def _serve(connection: Connection, settings_module: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    django.setup()
    with suppress(EOFError, ConnectionError):  # nobody listens any more
        while True:
            function, argument = connection.recv()
            for answer in collecting_seldom(_answers(function, argument)):
                connection.send(answer)


def _answers(function: Callable[[Any], Iterable[Any]], argument: Any) -> Iterator[tuple[_What, Any]]:
    try:
        for item in function(argument):
            yield _What.ITEM, item
    except Exception as error:  # noqa: BLE001  whoever asked decides
        yield _What.ERROR, error
    else:
        yield _What.END, None
