"""Pure decisions about deliveries: the way they go, what was checked of a file as a whole, how fast work goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

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
"""What is checked of a file as a whole, in the order of checking."""

_APPLYING = {
    "delimited": frozenset(CHECKS) - {"structure"},
    "csv": frozenset({"name", "content", "header", "encoding", "structure", "timeliness"}),
    "workbook": frozenset({"name", "content", "header", "timeliness"}),
    "records": frozenset({"content", "header"}),
}
_CHECK_OF = {
    "unknown_file": "name",
    "unknown_kind": "name",
    "file_day": "name",
    "encoding": "encoding",
    "nul": "encoding",
    "header": "header",
    "header_line": "header",
    "header_day": "header",
    "sheet_missing": "header",
    "quotes": "structure",
    "unterminated": "structure",
    "trailer_missing": "trailer",
    "trailer_count": "trailer",
    "control_sum": "control_sum",
    "crc": "crc",
    "late": "timeliness",
    "from_the_future": "timeliness",
}
Verdict = Literal["passed", "failed", "warned", "open"]


def checks_of(
    layout: str, *, is_checked: bool, refusal: str = "", warnings: Sequence[str] = ()
) -> list[tuple[str, Verdict, str]]:
    """Each whole-file check of a layout with its verdict and the reason code behind it, empty when it passed.

    `refusal` is the code a file was refused for: what stands before it passed, what stands behind it was not looked
    at. `warnings` are codes that did not refuse it.

    >>> checks_of("csv", is_checked=False, refusal="encoding")[2:5]
    [('header', 'passed', ''), ('encoding', 'failed', 'encoding'), ('structure', 'open', '')]
    """
    failed = _CHECK_OF.get(refusal, "content") if refusal else ""
    warned = {_CHECK_OF.get(code, "content"): code for code in warnings}
    found: list[tuple[str, Verdict, str]] = []
    verdict: Verdict = "passed" if is_checked or refusal else "open"
    for check in CHECKS:
        if check not in _APPLYING[layout] and check != failed:
            continue
        if check == failed:
            found.append((check, "failed", refusal))
            verdict = "open"
        elif check in warned:
            found.append((check, "warned", warned[check]))
        else:
            found.append((check, verdict, ""))
    return found


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
