"""Log lines for operators: a fixed event name plus fields, as JSON, without personal data."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from hongyan.core import tracing

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Django hangs whole objects on its records; their text could hold what a person typed.
_NEVER = frozenset({"request", "sql", "params"})


class WithoutAddress(logging.Filter):
    """Django tells of an answer by the address that was asked for, and people type phones into addresses.

    Told is the door instead; who asked for what stands in the audit.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = vars(record).pop("request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            door = match.view_name if match else "-"
            record.args = tuple(
                door if arg in (request.path, request.path_info) else arg for arg in record.args
            )
        return True


class JsonLines(logging.Formatter):
    """One record as one JSON object: time (UTC), level, logger, event, the record's extra fields.

    An exception is told by type and place; its message is left out: database errors quote a row's values.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update(
            (name, value)
            for name, value in vars(record).items()
            if name not in _STANDARD and name not in _NEVER and not name.startswith("_")
        )
        if request_id := tracing.request_id.get():
            line["request"] = request_id
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["at"] = _places(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _places(record: logging.LogRecord) -> list[str]:
    """`file:line function` of every frame, outermost first."""
    places = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places
