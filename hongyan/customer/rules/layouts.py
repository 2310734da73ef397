"""How the parts of a form or of a page are arranged (版面): their order, their sections, what is hidden. Pure.

Source: GEN-011; UI 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

LONGEST_SECTION = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part in its place: under which heading, empty for none, and whether it is hidden."""

    name: str
    section: str = ""
    is_hidden: bool = False


def arranged(names: Sequence[str], stored: Iterable[Part], *, kept: Collection[str] = ()) -> list[Part]:
    """All parts there are, as they were arranged; those nobody arranged yet follow in their own order.

    What is gone is left out, and what has to be `kept` is never hidden: so a layout holds also after fields were
    defined or retired.

    >>> [part.name for part in arranged(["a", "b", "c"], [Part("c"), Part("x"), Part("a")])]
    ['c', 'a', 'b']
    >>> arranged(["a"], [Part("a", is_hidden=True)], kept=["a"])
    [Part(name='a', section='', is_hidden=False)]
    """
    known, seen = set(names), dict[str, Part]()
    for part in stored:
        if part.name in known:
            seen.setdefault(part.name, part)
    parts = [*seen.values(), *(Part(name) for name in names if name not in seen)]
    return [replace(part, is_hidden=False) if part.name in kept else part for part in parts]


def moved(parts: Sequence[Part], name: str, step: int) -> list[Part]:
    """The parts with one of them so many places further down, or up; never beyond an end.

    >>> [part.name for part in moved([Part("a"), Part("b"), Part("c")], "c", -1)]
    ['a', 'c', 'b']
    """
    found = list(parts)
    place = next((place for place, part in enumerate(found) if part.name == name), None)
    if place is None:
        return found
    part = found.pop(place)
    found.insert(max(0, min(len(found), place + step)), part)
    return found


def ordered(parts: Iterable[Part], places: Mapping[str, int]) -> list[Part]:
    """The parts by the numbers that somebody gave them; equal ones stay as they were.

    >>> [part.name for part in ordered([Part("a"), Part("b")], {"a": 2, "b": 1})]
    ['b', 'a']
    """
    return sorted(parts, key=lambda part: places.get(part.name, len(places)))


def grouped(parts: Iterable[Part]) -> list[tuple[str, list[str]]]:
    """(section, names) of what is shown; parts of one section stand together where its first one stands.

    >>> grouped([Part("a", "甲"), Part("b"), Part("c", "甲"), Part("d", is_hidden=True)])
    [('甲', ['a', 'c']), ('', ['b'])]
    """
    groups: dict[str, list[str]] = {}
    for part in parts:
        if not part.is_hidden:
            groups.setdefault(part.section, []).append(part.name)
    return list(groups.items())
