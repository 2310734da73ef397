"""What a list is: columns, sorts, actions and its empty state, declared once and never changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils.functional import Promise

from hongyan.ui.lists.filters import Filter

Text = str | Promise

Align = Literal["start", "end", "center"]
Width = Literal["", "xs", "s", "m", "l", "xl"]
PhoneRole = Literal["", "title", "subtitle", "meta", "fact", "aside"]


@dataclass(frozen=True)
class Edit:
    """How the value of a cell is changed where it stands.

    ``url`` answers the address of a row's form for this one value, empty where it cannot be changed: a dialog for
    scripts, a page without. What it posts is answered by 204 when it is saved, else by the form again. ``waiting`` says
    in a word why a value cannot be changed just now, as that a change waits for approval. ``right`` hides the pencil
    from viewers who lack it; the door checks again.
    """

    url: Callable[[Any], str]
    right: str = ""
    waiting: Callable[[Any], Text] | None = None


@dataclass(frozen=True)
class Column:
    """One column of a list.

    ``cell`` makes the content from a row: a callable, the name of a template (it gets ``row``), or
    nothing for the attribute named by ``key``. What it returns is escaped unless it is safe HTML;
    None is shown as unknown. ``sort`` names the Sort that a click on the header chooses. ``width``
    is a step of the scale in ``list.css``, empty to share what is left. ``phone_role`` places the
    cell on the card that a phone shows instead of the row: title and aside on its first line, then
    subtitle, meta (speaks for itself) and fact (shown with its label); a cell without a role is
    left out there. ``hint`` explains the header. ``edit`` says how a value is changed where it stands.
    """

    key: str
    label: Text
    cell: Callable[[Any], object] | str | None = None
    sort: str = ""
    default: bool = True
    width: Width = ""
    align: Align = "start"
    phone_role: PhoneRole = ""
    hint: Text = ""
    edit: Edit | None = None

    @cached_property
    def render(self) -> Callable[[Any], object]:
        if self.cell is None:
            return attrgetter(self.key)
        if isinstance(self.cell, str):
            template = self.cell
            return lambda row: render_to_string(template, {"row": row})
        return self.cell

    @cached_property
    def classes(self) -> str:
        names = (f"is-{self.align}" if self.align != "start" else "", f"on-{self.phone_role or 'none'}")
        return " ".join(filter(None, names))


@dataclass(frozen=True)
class Sort:
    """An order of the list: ORM field names, most significant first; the primary key always breaks
    ties.

    The whole order runs one way, so that an index over the fields and the key serves both
    directions. Nulls come last either way: what is unknown never leads a list. ``is_descending`` is
    the direction of a first click.
    """

    key: str
    label: Text
    fields: tuple[str, ...]
    is_descending: bool = False


@dataclass(frozen=True)
class BulkAction:
    """Something to do with the selected rows.

    The form posts ``ids`` (repeated), or ``scope=all`` with ``query`` (the list's canonical query)
    when the reader chose all results. ``right`` hides the action from viewers who lack it, ``any_right``
    from those who lack all of several that are only known later; the door checks again.
    """

    key: str
    label: Text
    url: Text
    icon: str = ""
    right: str = ""
    is_danger: bool = False
    any_right: Callable[[], Collection[str]] | None = None


_lent: dict[str, list[BulkAction]] = {}


def lend_bulk_action(key: str, action: BulkAction) -> None:
    """Let a room above offer something to do with the selected rows of the list called `key`."""
    _lent.setdefault(key, []).append(action)


def lent_bulk_actions(key: str) -> tuple[BulkAction, ...]:
    """What rooms above offer for a list."""
    return tuple(_lent.get(key, ()))


@dataclass(frozen=True)
class Action:
    """A link or button in a page header. ``dialog`` opens the address as a dialog where scripts run."""

    label: Text
    url: Text
    icon: str = ""
    is_primary: bool = False
    is_post: bool = False
    is_danger: bool = False
    dialog: bool = False
    right: str = ""
    shortcut: str = ""


@dataclass(frozen=True)
class EmptyState:
    """What a list without rows says: what it is for, and how to get the first row."""

    title: Text
    text: Text = ""
    icon: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class ListSpec:
    """A whole list, as its room declares it.

    ``default_sort`` is a sort key, with a leading ``-`` for descending. ``row_key`` and ``row_url``
    find a row's identifier and page. ``export_right`` names the right that shows the export button,
    which leads to the list's key below the context's ``exports_url``.
    ``count_cap`` is where counting stops until the reader asks for the exact number. ``audited_as``
    is what the audit calls the list where its rows are personal data: then every look at them is
    recorded, and the page bears the reader's watermark. So does the page of a list that ``is_marked``,
    where people are named whose own house this is. ``groupings`` are keys of filters with few options, by which the
    reader may have the rows counted. ``limit_ms`` is how long rows may be looked for by conditions a reader joined, and
    counted by groups: no index serves every mixture.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    empty: EmptyState
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    default_sort: str = ""
    actions: tuple[Action, ...] = ()
    bulk_actions: tuple[BulkAction, ...] = ()
    row_key: Callable[[Any], object] = attrgetter("pk")
    row_url: Callable[[Any], str] | None = None
    export_right: str = ""
    audited_as: str = ""
    is_marked: bool = False
    groupings: tuple[str, ...] = ()
    limit_ms: int = 4000
    page_size: int = 50
    count_cap: int = 1000

    @cached_property
    def column_by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def sort_by_key(self) -> Mapping[str, Sort]:
        return {sort.key: sort for sort in self.sorts}

    @cached_property
    def default_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.default)
