"""Records that notes, files, to-dos, followers can be of (记录): each room registers its kind in its `records` module.

    records.register(Kind("customer", _("客户"), open=..., find=..., name=..., readers=...))

So the desk knows no business noun. A kind's tables get their wall from its room too: a policy on `desk_note`,
`desk_follow`, `desk_recordfile` and `desk_task` for the rows of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from hongyan.core.errors import NotFound
from hongyan.org.codes import Viewer

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Subject:
    """A record: `key` as addresses and the audit name it, what it is called, its page, and where its files are shown.

    `ids` are those under which something may stand, what is written now under the first.
    """

    kind: str
    ids: tuple[int, ...]
    key: str
    title: str
    url: str
    files_url: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of records. `open` answers one by its key for somebody who looks at a part of it, with the audit and under
    the rules of its room; `find` one by its id, without; `name` those of some ids that the viewer may see, in few
    queries; `readers` which of some staff, by their ids, may see it today.
    """

    key: str
    label: Text
    open: Callable[[Viewer, str, str], Subject]
    find: Callable[[Viewer, int], Subject]
    name: Callable[[Viewer, Collection[int]], Mapping[int, Subject]]
    readers: Callable[[int, Collection[int]], set[int]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Declare a kind; it is declared once."""
    if kind.key in _kinds:
        raise ValueError(f"kind {kind.key} is declared twice")
    _kinds[kind.key] = kind


def find_kind(key: str) -> Kind:
    """A kind. Errors: NotFound."""
    if key not in _kinds:
        raise NotFound("record_kind", key[:20])
    return _kinds[key]
