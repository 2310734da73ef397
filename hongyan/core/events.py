"""Events: how a lower room tells higher rooms that something happened, inside the same transaction.

An event is a frozen dataclass in the publisher's `codes`. Higher rooms handle it in `reactions`, which write a few
rows of their own or defer a job. A failing reaction fails the action: both commit together or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")
_reactions: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def on(event_type: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a reaction to one type of event."""

    def register(reaction: Callable[[Event], None]) -> Callable[[Event], None]:
        _reactions[event_type].append(reaction)
        return reaction

    return register


def publish(event: object) -> None:
    """Call the reactions to an event, in the order of their registration."""
    for reaction in _reactions[type(event)]:
        reaction(event)
