"""Saved views as lists show them: `hongyan.ui.lists` draws what these return."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from hongyan.core.errors import NotFound
from hongyan.core.versions import mark
from hongyan.desk.models import SavedView
from hongyan.org.codes import Viewer
from hongyan.ui.lists import asks_nothing


@dataclass(frozen=True, slots=True)
class ShownView:
    """A saved view as one viewer gets it: addresses are empty where it belongs to somebody else."""

    key: str
    name: str
    query: str
    is_shared: bool
    is_pinned: bool
    is_default: bool
    save_url: str
    delete_url: str
    seen: str


def saved_views(viewer: Viewer, list_key: str) -> list[ShownView]:
    """The viewer's own views of a list and those shared with their unit, by name. One query."""
    shared = Q(is_shared=True, unit_id__in=viewer.unit_chain)
    found = SavedView.objects.filter(Q(owner=viewer.staff_no) | shared, list_key=list_key).order_by(
        "name", "id"
    )
    return [_shown(view, is_own=view.owner == viewer.staff_no) for view in found]


def opening_query(views: Iterable[ShownView], query: QueryDict) -> str:
    """The query a list opens with when the reader asked for nothing: their default view's; empty for none.

    A door redirects there. `?view=` asks for the whole list and is not nothing.
    """
    default = next((view for view in views if view.is_default), None)
    return "" if default is None or not asks_nothing(query) else view_query(default.key, default.query)


def view_query(key: object, query: str) -> str:
    """The query string that opens a saved view."""
    return f"?view={key}&{query}" if query else f"?view={key}"


def own_views(viewer: Viewer) -> QuerySet[SavedView]:
    """All views the viewer keeps, list by list."""
    return SavedView.objects.filter(owner=viewer.staff_no).order_by("list_key", "name")


def find_own_view(viewer: Viewer, view_id: int) -> SavedView:
    """A view the viewer may change. Errors: NotFound for anybody else's."""
    view = own_views(viewer).filter(pk=view_id).first()
    if view is None:
        raise NotFound("saved_view", view_id)
    return view


def _shown(view: SavedView, *, is_own: bool) -> ShownView:
    return ShownView(
        key=str(view.pk),
        name=view.name,
        query=view.query,
        is_shared=view.is_shared,
        is_pinned=is_own and view.is_pinned,
        is_default=is_own and view.is_default,
        save_url=reverse("desk:replace_view", args=[view.pk]) if is_own else "",
        delete_url=reverse("desk:delete_view", args=[view.pk]) if is_own else "",
        seen=mark(view.kept),
    )
