"""What a record page shows: header, tabs, fields with their source, timeline, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.functional import Promise

from hongyan.ui.lists.spec import Action

Text = str | Promise


@dataclass(frozen=True)
class Tab:
    """A part of a record with an address of its own. ``count`` is shown as it is (“3”, “1,000+”),
    empty for none. One with styles or scripts of its own ``is_whole``: it is opened as a page, since a swap would
    bring its content alone.
    """

    key: str
    label: Text
    url: str
    count: str = ""
    is_active: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class RecordHeader:
    """The top of a record page. ``facts`` and ``badges`` are cells; ``next_action`` is the one
    thing to do now.
    """

    title: str
    key: str
    kind: Text = ""
    code: str = ""
    badges: Sequence[str] = ()
    facts: Sequence[Field] = ()
    actions: Sequence[Action] = ()
    next_action: NextAction | None = None


@dataclass(frozen=True)
class NextAction:
    """What should be done with this record now, why, and the button that does it."""

    text: Text
    due: date | None = None
    action: Action | None = None


@dataclass(frozen=True)
class Source:
    """Where a value comes from: the system, as of when, and the rule that chose it among others."""

    system: Text
    as_of: date | datetime | None = None
    rule: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Field:
    """A label and its value (a cell, or text that will be escaped); None is shown as unknown."""

    label: Text
    value: object
    source: Source | None = None
    is_wide: bool = False


@dataclass(frozen=True)
class Section:
    """A collapsible group of fields in the side panel or the main column."""

    title: Text
    fields: Sequence[Field] = ()
    icon: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened at an instant or on a day. ``kind`` is its word; ``is_due`` sets apart what is ahead.

    ``edit_url`` is where its words are changed, ``former`` what they were, until when.
    """

    at: datetime | date
    kind: Text
    title: Text
    icon: str = ""
    text: Text = ""
    author: str = ""
    url: str = ""
    tone: Literal["", "good", "warn", "bad", "info"] = ""
    is_due: bool = False
    edit_url: str = ""
    former: Sequence[tuple[datetime, str]] = ()


@dataclass(frozen=True)
class Change:
    """One field before and after, for the history of a record. Values are cells or text; None is empty."""

    at: datetime
    who: str
    field: Text
    before: object
    after: object
    why: Text = ""
