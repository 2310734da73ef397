"""Work in another process: its results, its errors, its end."""

from __future__ import annotations

import os

import psutil
import pytest

from hongyan.core.elsewhere import elsewhere, here


def double(number: int) -> tuple[int, int]:
    return os.getpid(), 2 * number


def fail(reason: str) -> None:
    raise LookupError(reason)


def test_calls_are_answered_by_one_other_process() -> None:
    with elsewhere() as call:
        (pid, four), (same, six) = call(double, 2), call(double, 3)
    assert (four, six) == (4, 6)
    assert pid == same != os.getpid()
    assert here(double, 2) == (os.getpid(), 4)


def test_an_error_is_raised_here_and_the_next_call_is_answered() -> None:
    with elsewhere() as call:
        with pytest.raises(LookupError, match="nobody"):
            call(fail, "nobody")
        assert call(double, 1)[1] == 2


def test_the_process_ends_with_the_block_also_after_an_error() -> None:
    with pytest.raises(LookupError), elsewhere() as call:
        pid, _ = call(double, 1)
        raise LookupError
    assert not psutil.pid_exists(pid)
