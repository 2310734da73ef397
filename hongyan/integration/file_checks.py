"""Checks of a file as a whole (整体检查): noted where they are made, stored with the delivery as they came out."""

from __future__ import annotations

from typing import Any

from hongyan.core.errors import SourceError
from hongyan.integration.rules import check_of

_EXPECTED = ("expected", "stated", "limit")
"""Names under which the reasons tell what should have been there."""


class FileChecks:
    """How each check that was made came out, by check; what was not made is not there.

    Kept with the delivery as a list of `{check, outcome, expected, found}` in the order of checking, with `code`,
    `params` and `row` (the reason) where the outcome is not `passed`. Values are texts, empty where nothing compares.
    """

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Any]] = {}

    def passed(self, check: str, *, expected: object = "", found: object = "") -> None:
        """Note a check that passed; of one made for several sheets, everything different that was found is kept.

        What was to be looked at for one sheet still is, whatever the others hold.

        >>> checks = FileChecks()
        >>> for sheet in "ABA": checks.passed("header", found=sheet)
        >>> checks.made()
        [{'check': 'header', 'outcome': 'passed', 'expected': '', 'found': 'A、B'}]
        """
        if self._made.get(check, {}).get("outcome") == "warned":
            return
        before = self._made.get(check, {}).get("found")
        shown = "、".join(dict.fromkeys([*before.split("、"), str(found)])) if before else str(found)
        self._note(check, "passed", expected=str(expected), found=shown)

    def warned(self, code: str, *, row: int | None = None, **params: object) -> None:
        """Note what a person should look at and no reason to refuse the file."""
        self._reason("warned", code, params, row=row)

    def failed(self, error: SourceError) -> None:
        """Note why the file is refused.

        >>> checks = FileChecks()
        >>> checks.failed(SourceError("crc", row=9, stated="0A", found="0B")); checks.made()[0]["expected"]
        '0A'
        """
        self._reason("failed", error.code, error.params, row=error.row)

    def made(self) -> list[dict[str, Any]]:
        """All outcomes, as they are stored."""
        return list(self._made.values())

    def _reason(self, outcome: str, code: str, params: dict[str, Any], *, row: int | None) -> None:
        expected = next((params[name] for name in _EXPECTED if name in params), "")
        found = params.get("found", "")
        reason = {"code": code, "params": params, "row": row}
        self._note(check_of(code), outcome, expected=str(expected), found=str(found), **reason)

    def _note(self, check: str, outcome: str, **facts: object) -> None:
        self._made.pop(check, None)  # made anew, it stands behind the others
        self._made[check] = {"check": check, "outcome": outcome, **facts}
