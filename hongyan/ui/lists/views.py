"""Saved views as tabs over a list. Who may see and change one is decided by the room that stores it.

A list says that it has them, in its room's `lists`: `offer_views(CUSTOMERS)`. What a view keeps is read by its list, so
nothing is kept that the list does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from django.http import QueryDict

from hongyan.ui.lists.spec import ListSpec
from hongyan.ui.lists.state import ListState

Choose = Callable[[QueryDict], ListSpec]
_offered: dict[str, Choose] = {}


class SavedView(Protocol):
    """A stored view; ``query`` is a ListState.query. An address is empty where the viewer lacks the right."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def is_shared(self) -> bool: ...
    @property
    def is_pinned(self) -> bool: ...
    @property
    def is_default(self) -> bool: ...
    @property
    def save_url(self) -> str: ...
    @property
    def delete_url(self) -> str: ...
    @property
    def seen(self) -> str: ...


@dataclass(frozen=True)
class ViewTab:
    """One tab: the view, where it leads, and whether the reader is on it and has altered it."""

    view: SavedView
    url: str
    is_active: bool
    is_altered: bool


def offer_views(spec: ListSpec, *, choose: Choose | None = None) -> None:
    """Declare that readers may save views of a list; where several share a key, `choose` tells which a query means."""
    if spec.key in _offered:
        raise ValueError(f"views of {spec.key} are offered twice")
    _offered[spec.key] = choose or (lambda _query: spec)


def find_list(key: str, query: QueryDict) -> ListSpec | None:
    """The list whose views are saved under a key, as a query means it."""
    choose = _offered.get(key)
    return choose(query) if choose else None


def view_tabs(state: ListState, views: Iterable[SavedView]) -> list[ViewTab]:
    """Pinned views first, otherwise in the order given."""
    ordered = sorted(views, key=lambda view: not view.is_pinned)
    return [_tab(state, view) for view in ordered]


def _tab(state: ListState, view: SavedView) -> ViewTab:
    is_active = state.view == view.key
    query = f"&{view.query}" if view.query else ""
    return ViewTab(
        view, f"?view={view.key}{query}", is_active, is_altered=is_active and state.kept_query != view.query
    )
