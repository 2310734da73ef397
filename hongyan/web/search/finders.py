"""Who answers a search (查找者): a plain list of what capabilities lend, one line each, in the order of the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from hongyan.customer.actions.find import find
from hongyan.customer.panels import list_address, suggestion_groups
from hongyan.customer.queries.search import only_hit
from hongyan.ledger.panels import find_number
from hongyan.org.codes import Right, Viewer
from hongyan.org.panels.search import found_parameters, found_staff, found_units
from hongyan.ui.shell import SuggestionGroup
from hongyan.web.search.pages import found_actions, found_pages
from hongyan.web.search.rules import Asked, Meaning, Part


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `url` is where Enter leads without doubt, empty where there is a choice."""

    groups: Sequence[SuggestionGroup] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Who looks in one part, for texts that have one of some meanings; `most` a group come back."""

    part: Part
    meanings: frozenset[Meaning]
    find: Callable[[Viewer, str, int], Found]


def _customers(viewer: Viewer, typed: str, most: int) -> Found:
    """Customers, audited; where there are none, what else bears the number and whose it is."""
    if not viewer.may(Right.CUSTOMER_READ):
        return Found()
    numbered = cache(lambda: find_number(viewer, typed))
    hits = find(
        viewer, typed, most=most, otherwise=lambda: sum(len(group.items) for group in numbered().groups)
    )
    if not hits:
        return Found(numbered().groups, numbered().url)
    groups = suggestion_groups(hits, more_url=list_address(typed, hits) if len(hits) == most else "")
    return Found(groups, groups[0].items[0].url if only_hit(hits) else "")


def _plain(
    found: Callable[[Viewer, str, int], Sequence[SuggestionGroup]],
) -> Callable[[Viewer, str, int], Found]:
    return lambda viewer, typed, most: Found(found(viewer, typed, most))


_NAMES = frozenset({Meaning.NAME, Meaning.WORD})
_NAMES_AND_NUMBERS = _NAMES | {Meaning.SHORT_NUMBER}

FINDERS = (
    Finder(Part.ALL, frozenset(Meaning), _customers),
    Finder(Part.PEOPLE, _NAMES_AND_NUMBERS, _plain(found_staff)),
    Finder(Part.UNITS, _NAMES_AND_NUMBERS, _plain(found_units)),
    Finder(Part.PAGES, _NAMES, _plain(found_pages)),
    Finder(Part.PAGES, _NAMES, _plain(found_parameters)),
    Finder(Part.ACTIONS, _NAMES, _plain(found_actions)),
)


def find_everything(viewer: Viewer, asked: Asked, *, most: int) -> Found:
    """What everybody who can know answers, `most` rows a group. Errors: those of the finders.

    Enter leads somewhere without asking only where one of them is sure and the others know nothing.
    """
    found = [
        finder.find(viewer, asked.text, most)
        for finder in FINDERS
        if asked.concerns(finder.part, finder.meanings)
    ]
    groups = [group for one in found for group in one.groups if group.items]
    sure = [one.url for one in found if one.url and len(one.groups) == len(groups)]
    return Found(groups, sure[0] if sure else "")
