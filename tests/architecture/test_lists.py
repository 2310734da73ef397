"""Every list of the house can be taken away by right, or says why not (BARS A 13). A new list fails without either."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import hongyan
from hongyan.desk import exports
from hongyan.org.rights import PRIVILEGED_ROLES, RIGHTS
from hongyan.ui.lists import ListSpec

STAY = {
    "archives": "months, each opened by itself; what is in them leaves by the list of opened rows",
    "consent_texts": "what customers agree to, for everybody to read",
    "notifications": "one's own messages, each read where it leads",
    "followed": "whom one follows: the customers leave by their own list, under the filter of whom I follow",
    "exports": "what was taken away already",
    "exceptions": "faults of the program: counted, without rows behind them; the log files have them all",
    "model_pairs": "pairs by which a model was measured: their customers leave by the list of customers",
    "belongings": "what is to be decided; it is decided here, and the customers leave by their own list",
    "mass_items": "rows of one act on many: their customers leave by the list of customers",
    "mass_runs": "one's own acts on many: each leads to its rows",
    "owners": "who looks after whom: the customers leave by their own list, which names outlet and manager",
    "person_requests": "cases of the desk, each opened by itself; a person's own file leaves by its own export",
    "records": "rows of one delivery: their customers leave by the list of customers, under one name and mask",
    "imports": "files that were brought: each leads to its rows",
    "import_rows": "rows of one import: their customers leave by the list of customers",
    "tasks": "one's own to-dos: their customers leave by the list of customers",
    "quality_campaigns": "campaigns, each opened by itself",
    "quality_tasks": "whose data a campaign asks for: they leave by the list of data quality",
    "shared": "what colleagues let one look at: to look is all that was given",
    "samples": "samples of the design system",
}
"""Lists nobody takes away, and why."""


def specs() -> Iterator[ListSpec]:
    """All lists that any module declares."""
    for module in walk_packages(hongyan.__path__, "hongyan."):
        if ".tests" not in module.name and ".migrations" not in module.name and "lists" in module.name:
            yield from (one for one in vars(import_module(module.name)).values() if isinstance(one, ListSpec))
    yield from (
        one for one in vars(import_module("hongyan.ui.gallery")).values() if isinstance(one, ListSpec)
    )


def test_every_list_leaves_by_right_or_says_why_not() -> None:
    named = {spec.key: spec.export_right for spec in specs()}
    registered = {source.key: source.right for source in exports.sources()}
    assert {key: right for key, right in named.items() if right} == registered
    assert {key for key, right in named.items() if not right} == set(STAY)


def test_whoever_takes_a_list_away_has_a_second_factor() -> None:
    """BARS A 23: export roles."""
    for source in exports.sources():
        takers = {role for role, rights in RIGHTS.items() if source.right in rights}
        assert takers
        assert takers <= set(PRIVILEGED_ROLES), source.key
