"""Pure decisions about deliveries: the way they go, what was checked of a file as a whole, how fast work goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from hongyan.core.scope import Scope
from hongyan.integration.descriptors import RecordKind

Standing = Literal["done", "current", "failed", "ahead"]

STEPS = ("received", "check", "sign", "load", "done")
"""The way of a delivery: 已接收 → 检查 → 签收 → 装载 → 完成."""

_REACHED = {
    "received": ("check", "current"),
    "checking": ("check", "current"),
    "refused": ("check", "failed"),
    "checked": ("sign", "current"),
    "withdrawn": ("sign", "failed"),
    "applying": ("load", "current"),
    "applied": ("done", "done"),
}


def steps_of(state: str) -> list[tuple[str, Standing]]:
    """Every step of a delivery's way with how it stands.

    >>> steps_of("checked")
    [('received', 'done'), ('check', 'done'), ('sign', 'current'), ('load', 'ahead'), ('done', 'ahead')]
    """
    reached, standing = _REACHED[state]
    at = STEPS.index(reached)
    standings = ["done"] * at + [standing] + ["ahead"] * (len(STEPS) - at - 1)
    return list(zip(STEPS, standings, strict=True))  # type: ignore[arg-type]


CHECKS = ("name", "content", "header", "encoding", "structure", "trailer", "control_sum", "crc", "timeliness")
"""What may be checked of a file as a whole, as a page lists it."""

_APPLYING = {
    "delimited": frozenset(CHECKS) - {"structure"},
    "csv": frozenset({"name", "content", "header", "encoding", "structure", "timeliness"}),
    "workbook": frozenset({"name", "content", "header", "timeliness"}),
    "fixed": frozenset(CHECKS) - {"header", "structure"},
    "jsonl": frozenset({"name", "content", "encoding", "trailer", "control_sum", "timeliness"}),
    "xml": frozenset({"name", "content", "structure", "trailer", "control_sum", "timeliness"}),
    "parquet": frozenset({"name", "content", "header", "timeliness"}),
    "records": frozenset({"content", "header"}),
    "own": frozenset({"name", "content", "timeliness"}),
}
_CHECK_OF = {
    "unknown_file": "name",
    "file_day": "name",
    "unknown_kind": "header",
    "encoding": "encoding",
    "nul": "encoding",
    "header": "header",
    "header_line": "header",
    "header_day": "header",
    "sheet_missing": "header",
    "quotes": "structure",
    "unterminated": "structure",
    "trailer_missing": "trailer",
    "trailer_digits": "trailer",
    "trailer_count": "trailer",
    "control_sum": "control_sum",
    "control_unread": "control_sum",
    "sums_differ": "control_sum",
    "xml": "structure",
    "xml_entities": "structure",
    "xml_depth": "structure",
    "xml_element": "structure",
    "xml_text": "structure",
    "crc": "crc",
    "late": "timeliness",
    "from_the_future": "timeliness",
}
Verdict = Literal["passed", "failed", "warned", "open"]
Made = Mapping[str, Any]
"""A check as `FileChecks` stored it."""


def check_of(code: str) -> str:
    """Which check has a reason code; one that belongs to no other says that the file's content is no such file.

    >>> check_of("nul"), check_of("bomb")
    ('encoding', 'content')
    """
    return _CHECK_OF.get(code, "content")


def checks_of(layout: str, made: Iterable[Made]) -> list[tuple[str, Verdict, Made]]:
    """Each check that a layout asks for or that was made, in the order of the page; `open` is one nobody came to.

    >>> [(check, verdict) for check, verdict, _ in checks_of("records", [{"check": "header", "outcome": "passed"}])]
    [('content', 'open'), ('header', 'passed')]
    """
    known = {one["check"]: one for one in made}
    return [
        (check, known[check]["outcome"] if check in known else "open", known.get(check, {}))
        for check in CHECKS
        if check in known or check in _APPLYING[layout]
    ]


def findings_of(made: Iterable[Made]) -> list[Made]:
    """Of the checks that were made those a person should look at before the file is signed."""
    return [one for one in made if one["outcome"] == "warned"]


def is_within(reach: int | None, scope: Scope) -> bool:
    """Whether a scope covers all that a delivery may touch: the unit with this number, or for None the whole house.

    >>> [is_within(reach, Scope(10, 20)) for reach in (15, 25, None)], is_within(None, Scope(everything=True))
    ([True, False, False], True)
    """
    return scope.everything if reach is None else scope.covers(reach)


_NAMING = frozenset({"key", "number", "holding", "code", "staff_no"})
"""Targets that tell whom or what a row is about."""


def is_about_another(kind: RecordKind, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether a mended row is no longer about whom or what it was delivered for; of a kind that names nothing, any
    change may make it so."""
    naming = [field.column for field in kind.fields if field.target in _NAMING] or kind.columns
    return any(before.get(column, "") != after.get(column, "") for column in naming)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast work goes: rows a second, and the seconds that are left; None while nobody can tell."""

    per_second: float | None
    seconds_left: int | None


def pace_of(*, done: int, total: int, done_before: int, seconds: float) -> Pace:
    """The pace between two looks at a job, `seconds` apart.

    >>> pace_of(done=6000, total=10000, done_before=2000, seconds=4.0)
    Pace(per_second=1000.0, seconds_left=4)
    """
    if seconds <= 0 or done <= done_before:
        return Pace(None, None)
    speed = (done - done_before) / seconds
    return Pace(speed, max(0, round((total - done) / speed)) if total else None)


def example_name(pattern: str, day: date) -> str:
    r"""A file name that fits a descriptor's pattern.

    >>> example_name(r"KG_CUST_(?P<day>\d{8})\.txt", date(2026, 11, 22))
    'KG_CUST_20261122.txt'
    """
    named = re.sub(r"\(\?P<day>[^)]*\)", f"{day:%Y%m%d}", pattern)
    return re.sub(r"\\(.)", r"\1", named)
