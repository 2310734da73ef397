"""Records with a way back (可固定的记录): a plain list of kinds, each with its pages and with who says who may see it.

What somebody opened is remembered here, and not by the rooms: units and people stand beneath the desk that keeps it.
The page tells so once it stands, with a request of its own: a record's page has no statement to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.errors import NotFound
from hongyan.customer.actions.find import recall
from hongyan.customer.panels import suggested
from hongyan.customer.queries.search import rows_by_code
from hongyan.desk.actions import shortcuts
from hongyan.desk.models import Shortcut
from hongyan.desk.queries.shortcuts import my_shortcuts
from hongyan.org.codes import Right, Viewer
from hongyan.org.panels.search import known_staff, known_units
from hongyan.ui.shell import Pin, Suggestion, SuggestionGroup


@dataclass(frozen=True, slots=True)
class RecordKind:
    """Records of one kind: `sees` says whether a viewer may see one now, `find` shows those of some keys, by key.

    `addresses` are the names of their pages, `part` that of the address which is the key.
    """

    key: str
    addresses: tuple[str, ...]
    part: str
    sees: Callable[[Viewer, str], bool]
    find: Callable[[Viewer, Sequence[str]], Mapping[str, Suggestion]]


def _sees_customer(viewer: Viewer, code: str) -> bool:
    return viewer.may(Right.CUSTOMER_READ) and bool(rows_by_code(viewer, [code]))


def _customers(viewer: Viewer, codes: Sequence[str]) -> dict[str, Suggestion]:
    return {code: suggested(row) for code, row in recall(viewer, codes).items()}


KINDS = (
    RecordKind("customer", ("customer:record", "customer:record_tab"), "code", _sees_customer, _customers),
    RecordKind(
        "unit", ("org:unit",), "code", lambda viewer, code: bool(known_units(viewer, [code])), known_units
    ),
    RecordKind(
        "staff",
        ("org:staff",),
        "staff_no",
        lambda viewer, number: bool(known_staff(viewer, [number])),
        known_staff,
    ),
)
_BY_KEY = {kind.key: kind for kind in KINDS}
_BY_ADDRESS = {address: kind for kind in KINDS for address in kind.addresses}


def pin_of(match: ResolverMatch | None) -> Pin | None:
    """The record that a page is about, whose button asks for its state; None for any other page."""
    kind = _BY_ADDRESS.get(match.view_name) if match else None
    return Pin(kind.key, str(match.kwargs[kind.part])) if kind and match else None


def note_opened(viewer: Viewer, kind: str, key: str) -> Pin:
    """Remember that somebody opened a record, and say whether it is pinned. Errors: NotFound."""
    _check_seen(viewer, kind, key)
    return Pin(kind, key, is_on=shortcuts.note_opened(viewer, kind, key), is_known=True)


def set_pin(viewer: Viewer, kind: str, key: str, *, is_on: bool) -> Pin:
    """Pin a record that the viewer may see, or keep it at hand no more. Errors: NotFound."""
    if is_on:
        _check_seen(viewer, kind, key)
        shortcuts.pin(viewer, kind, key)
    else:
        shortcuts.unpin(viewer, kind, key)
    return Pin(kind, key, is_on=is_on, is_known=True)


def _check_seen(viewer: Viewer, kind: str, key: str) -> None:
    if kind not in _BY_KEY:
        raise NotFound("record_kind", kind[:20])
    if not _BY_KEY[kind].sees(viewer, key):
        raise NotFound(kind, key[:40])


def ways_back(viewer: Viewer) -> list[SuggestionGroup]:
    """What the search box offers before anything is typed: pinned records, then those opened lately.

    Whatever left the viewer's scope is not among them; an alias stands for its survivor. At most seven queries.
    """
    mine = my_shortcuts(viewer)
    known = {
        (kind.key, key): item
        for kind in KINDS
        for key, item in kind.find(viewer, _keys(kind, (*mine.pinned, *mine.recent))).items()
    }
    pinned = _distinct(known.get((row.kind, row.key)) for row in mine.pinned)
    recent = _distinct(known.get((row.kind, row.key)) for row in mine.recent)
    groups = (
        SuggestionGroup(pgettext_lazy("搜索", "已固定"), [replace(item, is_pinned=True) for item in pinned]),
        SuggestionGroup(_("最近打开"), [item for item in recent if item not in pinned]),
    )
    return [group for group in groups if group.items]


def _keys(kind: RecordKind, rows: Iterable[Shortcut]) -> list[str]:
    return [row.key for row in rows if row.kind == kind.key]


def _distinct(items: Iterable[Suggestion | None]) -> list[Suggestion]:
    return list(dict.fromkeys(item for item in items if item))
