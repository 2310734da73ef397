"""The log of exceptions (异常处理日志, CUS-011): what went wrong, counted, until somebody has handled it.

One row stands for all occurrences of one error at one place. A form filled in wrongly, an address mistyped, a
page that is not one's own are daily life: they are counted and ask nobody to do anything, until one person is refused
too often. Call `note` outside the
transaction that failed: what was rolled back takes nothing of this along. Personal data has no way in: the message of
an error is never kept, for the database's messages quote the values of a row.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from types import TracebackType
from typing import Any

from django.db import Error, connection, transaction

from hongyan.core import clock, tracing
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound, SourceError
from hongyan.core.models import ExceptionEvent

log = logging.getLogger(__name__)

Kind = ExceptionEvent.Kind
State = ExceptionEvent.State

_PACKAGE = Path(__file__).resolve().parents[1]
REFERENCE_LENGTH = 12
KEPT_REFERENCES = 20

_NOTE = """
INSERT INTO core_exceptionevent AS known
    (fingerprint, kind, name, place, first_seen, last_seen, count, "references", state, note, handled_by)
VALUES (%(fingerprint)s, %(kind)s, %(name)s, %(place)s, %(at)s, %(at)s, 1, %(references)s, %(state)s, '', '')
ON CONFLICT (fingerprint) DO UPDATE SET
    count = known.count + 1, last_seen = excluded.last_seen, place = excluded.place,
    state = CASE excluded.state WHEN 'open' THEN 'open' ELSE known.state END,
    "references" = (excluded."references" || known."references")[1:%(kept)s]
"""


def reference() -> str:
    """The number of the present request, as the error page shows it; empty outside of one."""
    return tracing.request_id.get()[:REFERENCE_LENGTH]


def note(kind: Kind, name: str, place: str, *, function: str = "", is_routine: bool = False) -> None:
    """Count one occurrence of an error at a place. `function` tells places apart whose lines move with every change.

    One that `is_routine` opens nothing, and closes nothing that is open.

    Never fails: without a database there is nothing to count in, and the log line of the error says it all.
    """
    told_apart_by = f"{kind}|{name}|{function or place}"
    values: dict[str, Any] = {
        "fingerprint": hashlib.sha256(told_apart_by.encode()).hexdigest()[:16],
        "kind": kind.value,
        "name": name[:120],
        "place": place[:200],
        "at": clock.now(),
        "references": [reference()] if reference() else [],
        "state": State.ROUTINE if is_routine else State.OPEN,
        "kept": KEPT_REFERENCES,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NOTE, values)
    except Error as error:
        log.warning("exception not noted", extra={"error": type(error).__name__})


def note_failure(kind: Kind, error: BaseException, *, within: str = "") -> None:
    """Count an exception nobody expected, where it was raised in our code; `within` is the door or task."""
    place, function = _place_of(error.__traceback__)
    note(kind, type(error).__name__, f"{place} {within}".strip(), function=f"{function} {within}".strip())


def note_refusal(error: HongyanError, *, door: str, is_routine: bool = False) -> None:
    """Count a refusal at a door or of a task: denied where somebody asked for what is not theirs, else refused."""
    kind = Kind.DENIED if is_denial(error) else Kind.REFUSED
    note(kind, f"{type(error).__name__} {_code_of(error)}".strip(), door, is_routine=is_routine)


def is_denial(error: HongyanError) -> bool:
    """Whether somebody asked for what is not there, or not theirs."""
    return isinstance(error, (NotFound, NotAllowed))


def is_mistake(error: HongyanError) -> bool:
    """Whether somebody filled something in wrongly, or came second: they were told, and nobody else has to act."""
    return isinstance(error, (Invalid, Conflict))


def _code_of(error: HongyanError) -> str:
    """What an error is about, without whom: the kind of thing, the right, the fields or the reason code."""
    match error:
        case NotFound() | Conflict():
            return error.what
        case NotAllowed():
            return error.act
        case Invalid():
            return ",".join(sorted(filter(None, error.fields)))
        case SourceError():
            return error.code
        case _:
            return ""


def _place_of(trace: TracebackType | None) -> tuple[str, str]:
    """The innermost frame of our own code: `customer/views.py:42 record`, and the same without the line."""
    place = function = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        file = Path(code.co_filename)
        if file.is_relative_to(_PACKAGE):
            name = file.relative_to(_PACKAGE).as_posix()
            place, function = f"{name}:{trace.tb_lineno} {code.co_name}", f"{name} {code.co_name}"
        trace = trace.tb_next
    return place, function
