"""The lists that can be taken away as files (可导出的列表): each room registers its own, in its `exports` module.

    exports.register(
        Source("customers", _("客户"), Right.CUSTOMER_EXPORT, "customer:list", purposes=Purpose.choices, read=read)
    )

A list whose spec names the `export_key` offers the button. So there is one way out of the house, whatever the list:
one dialog, one limit, one approval, one quota, one watermark, one audit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.desk.codes import ExportFormat
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import ListState

Text = str | Promise
OF_A_LIST = _("按列表的条件和顺序导出全部列。号码仍然脱敏，文件带水印，这次导出会记入审计。")
Value = Callable[[Any], object]
Columns = Sequence[tuple[Text, Value]]
"""Names of the columns, and what stands in them as plain values: texts, numbers, days; personal numbers masked."""


def _as_they_are(rows: Sequence[Any]) -> Sequence[Any]:
    return rows


@dataclass(frozen=True, slots=True)
class Found:
    """What an address asks of a list: the reader's choices, the rows they leave, and the columns of the file.

    `open_rows` makes of some rows what their columns read, of all of them together.
    """

    state: ListState
    rows: QuerySet[Any]
    columns: Columns
    open_rows: Callable[[Sequence[Any]], Sequence[Any]] = _as_they_are

    def lines(self, rows: Sequence[Any]) -> list[list[object]]:
        """Some rows as the file has them."""
        return [[value(opened) for _label, value in self.columns] for opened in self.open_rows(rows)]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file bears: the number of its export, and who took it away, when, why (水印)."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A list that can be taken away.

    `read` answers the rows a viewer may see of what a query asks, not ordered yet: they are read in pages by the
    state's own order. `address` is the list's page by name. `purposes` are values and words to choose from. Without
    `by_approval` more rows than are free cannot be had at all. `note` writes what reading these rows leaves behind
    besides, given the state and the purpose. `lead` tells whoever asks what the file will be.

    A source that can `write` makes a file of its own of what was found, a ZIP archive in pieces, instead of a table of
    the rows; nobody schedules it.
    """

    key: str
    label: Text
    right: Right
    address: str
    purposes: Sequence[tuple[str, Text]]
    read: Callable[[Viewer, QueryDict], Found]
    by_approval: bool = True
    note: Callable[[Viewer, ListState, str], None] | None = None
    lead: Text = OF_A_LIST
    write: Callable[[Viewer, Found, Stamp], Iterator[bytes]] | None = None

    @property
    def formats(self) -> tuple[ExportFormat, ...]:
        """What its file can be written as, the usual one first."""
        return (ExportFormat.ZIP,) if self.write else (ExportFormat.XLSX, ExportFormat.CSV)

    def word_of(self, purpose: str) -> str:
        """A purpose in words."""
        return str(dict(self.purposes).get(purpose, purpose))


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Declare a list; a key is declared once."""
    if source.key in _sources:
        raise ValueError(f"export {source.key} is declared twice")
    _sources[source.key] = source
    for purpose, text in source.purposes:
        audit.label_purpose(purpose, text)


def sources() -> Sequence[Source]:
    """All declared lists, by key."""
    return [_sources[key] for key in sorted(_sources)]


def any_source(key: str) -> Source | None:
    """The list of an export that was asked for before; None where nobody declares it any more."""
    return _sources.get(key)


def label_of(key: str) -> Text:
    """What a list is called; its key where nobody declares it any more."""
    return _sources[key].label if key in _sources else key


def find_source(viewer: Viewer, key: str) -> Source:
    """A list the viewer may take away. Errors: NotFound for no such list, NotAllowed without the right."""
    source = _sources.get(key)
    if source is None:
        raise NotFound("export_list", key[:60])
    if not viewer.may(source.right):
        raise NotAllowed(source.right)
    return source


def find_list(viewer: Viewer, key: str) -> Source:
    """`find_source` for a table of rows, which can be taken away again and again. Errors: as there."""
    source = find_source(viewer, key)
    if source.write:
        raise NotFound("export_list", key)
    return source


def read_source(viewer: Viewer, source: Source, query: str) -> Found:
    """What a canonical query asks of a list today.

    Errors: Invalid for a condition that cannot be used, which must not widen what is taken away.
    """
    found = source.read(viewer, QueryDict(query))
    if found.state.problems:
        raise Invalid({"": found.state.problems[0]})
    return found
