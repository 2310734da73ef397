"""Looking at a list of personal data leaves a trace: how many rows, by which conditions (BARS A 9)."""

from __future__ import annotations

from typing import Any

from hongyan.core import audit, vault
from hongyan.ui.lists.state import ListState

READING = "list.read"
"""The act under which a look at a list is recorded; its subject is the kind of list."""

_SHOWN_OF_HASH = 16


def note_rows(actor: audit.Actor, state: ListState, count: int) -> None:
    """Record that `count` rows of a list were shown, if its rows are personal data."""
    if state.spec.audited_as:
        audit.record(actor, READING, state.spec.audited_as, "", after=conditions_of(state), count=count)


def conditions_of(state: ListState) -> dict[str, Any]:
    """The conditions of a list, parameter by parameter; what was typed only as a keyed hash, see `blinded`."""
    conditions: dict[str, Any] = {}
    for one in state.spec.filters:
        for key, text in one.write(state.values[one.key]) if one.key in state.values else ():
            conditions.setdefault(key, []).append(blinded(text) if one.is_typed else text)
    return conditions


def blinded(text: str) -> str:
    """What stands in the audit for typed text: equal for equal text, so that a suspicion can be checked.

    Nobody can read a name out of it; whoever holds the keys can ask whether a given name was looked for.
    """
    return f"#{vault.blind('typed', text.casefold()).hex()[:_SHOWN_OF_HASH]}"
