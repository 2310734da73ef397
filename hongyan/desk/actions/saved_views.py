"""Keeping a list's filters, order and columns under a name (保存的视图)."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, versions
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.desk.models import SavedView
from hongyan.desk.queries.list_views import find_own_view
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import ListState, find_list

LONGEST_NAME = 40
LONGEST_QUERY = 2000


def create_view(
    viewer: Viewer, *, list_key: str, path: str, name: str, query: str, is_shared: bool = False
) -> SavedView:
    """Keep a new view of a list.

    Errors: Invalid for a bad or taken name, no such list, or too long a query; NotAllowed to share without the right.
    """
    view = SavedView(
        owner=viewer.staff_no,
        unit_id=viewer.unit_id,
        list_key=list_key,
        path=path,
        name=_checked_name(viewer, list_key, name),
        query=_kept_query(viewer, list_key, query),
        is_shared=_checked_sharing(viewer, is_shared),
        created_at=clock.now(),
    )
    view.save()
    audit.record(viewer.actor, "saved_view.create", "saved_view", view.pk, after=_seen(view))
    return view


def replace_query(viewer: Viewer, view_id: int, query: str, *, seen: str | None = None) -> SavedView:
    """Keep other filters, order and columns under the same name.

    Errors: NotFound, Invalid, Conflict as in `change_view`.
    """
    view = _own_view(viewer, view_id, seen)
    before = _seen(view)
    view.query = _kept_query(viewer, view.list_key, query)
    return _save(viewer, view, before)


def change_view(
    viewer: Viewer,
    view_id: int,
    *,
    name: str,
    is_shared: bool,
    is_pinned: bool,
    is_default: bool,
    seen: str | None = None,
) -> SavedView:
    """Rename, share, pin, or open the list with it; a new default takes the place of the old one.

    Errors: NotFound, Invalid for a bad or taken name, NotAllowed to share without the right, Conflict when the view is
    no longer as it was `seen`: its owner has two windows.
    """
    view = _own_view(viewer, view_id, seen)
    before = _seen(view)
    view.name = _checked_name(viewer, view.list_key, name, except_id=view.pk)
    view.is_shared = view.is_shared if view.is_shared == is_shared else _checked_sharing(viewer, is_shared)
    view.unit_id = viewer.unit_id
    view.is_pinned = is_pinned
    view.is_default = is_default
    if is_default:
        SavedView.objects.filter(owner=view.owner, list_key=view.list_key, is_default=True).exclude(
            pk=view.pk
        ).update(is_default=False)
    return _save(viewer, view, before)


def delete_view(viewer: Viewer, view_id: int) -> SavedView:
    """Remove a view of one's own, for everybody it was shared with too. Errors: NotFound."""
    view = find_own_view(viewer, view_id)
    audit.record(viewer.actor, "saved_view.delete", "saved_view", view.pk, before=_seen(view))
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _own_view(viewer: Viewer, view_id: int, seen: str | None) -> SavedView:
    versions.take_turn("saved_view", view_id)
    view = find_own_view(viewer, view_id)
    versions.require_unchanged("saved_view", seen, versions.mark(view.kept), now=view.name)
    return view


def _save(viewer: Viewer, view: SavedView, before: dict[str, Any]) -> SavedView:
    view.save()
    audit.record(viewer.actor, "saved_view.change", "saved_view", view.pk, before=before, after=_seen(view))
    return view


def _checked_name(viewer: Viewer, list_key: str, name: str, *, except_id: int | None = None) -> str:
    name = name.strip()
    require_no_numbers(name=name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": _("名称为 1 至 {count} 个字").format(count=LONGEST_NAME)})
    same = SavedView.objects.filter(owner=viewer.staff_no, list_key=list_key, name=name)
    if (same.exclude(pk=except_id) if except_id else same).exists():
        raise Invalid({"name": _("您已有一个叫“{name}”的视图").format(name=name)})
    return name


def _kept_query(viewer: Viewer, list_key: str, query: str) -> str:
    """What the list itself reads in a query: nothing else is kept, and nothing that was typed."""
    asked = QueryDict(query.removeprefix("?"))
    spec = find_list(list_key, asked)
    if spec is None:
        raise Invalid({"": _("不知道这个视图属于哪个列表，请从列表页保存。")})
    kept = ListState.parse(spec, asked, viewer=viewer).kept_query
    if len(kept) > LONGEST_QUERY:
        raise Invalid({"query": _("条件太多，不能保存为视图")})
    return kept


def _checked_sharing(viewer: Viewer, is_shared: bool) -> bool:
    if is_shared and not viewer.may(Right.VIEW_SHARE):
        raise NotAllowed(Right.VIEW_SHARE)
    return is_shared


def _seen(view: SavedView) -> dict[str, Any]:
    """What the audit keeps of a view: what a search was for may be personal, so only how much was narrowed."""
    return {
        "name": view.name,
        "list": view.list_key,
        "conditions": len(QueryDict(view.query)),
        "is_shared": view.is_shared,
        "is_pinned": view.is_pinned,
        "is_default": view.is_default,
    }
