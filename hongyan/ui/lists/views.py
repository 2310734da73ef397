"""Saved views as tabs over a list. Who may see and change one is decided by the room that stores it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from hongyan.ui.lists.state import ListState


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


def view_tabs(state: ListState, views: Iterable[SavedView]) -> list[ViewTab]:
    """Pinned views first, otherwise in the order given."""
    ordered = sorted(views, key=lambda view: not view.is_pinned)
    return [_tab(state, view) for view in ordered]


def _tab(state: ListState, view: SavedView) -> ViewTab:
    is_active = state.view == view.key
    query = f"&{view.query}" if view.query else ""
    return ViewTab(
        view, f"?view={view.key}{query}", is_active, is_altered=is_active and state.query != view.query
    )
