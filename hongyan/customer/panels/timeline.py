"""The timeline of a customer (动态): streams that rooms lend, filter chips, what is due on top. REQ V36-005.

`web/customer360.py` lists the streams; a room lends one in its module `streams`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.core.parameters import Parameter, values_of
from hongyan.customer.panels.tabs import Asked
from hongyan.customer.panels.words import Text, who
from hongyan.customer.parameters import AHEAD_DAYS
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.timeline import Branch, Told, chronicle
from hongyan.org.codes import Viewer
from hongyan.ui.records import TimelineEntry

CHOSEN = "kinds"
"""The parameter of the address that names the shelves or streams to show, separated by commas."""


@dataclass(frozen=True)
class Sight:
    """Who looks at whom, and by which parameters their streams go."""

    viewer: Viewer
    record: CustomerRecord
    parameters: Collection[Parameter]

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The values in force of the parameters, by key. One query, where somebody asks."""
        values = values_of(*self.parameters, units=self.viewer.unit_chain)
        return {parameter.key: value for parameter, value in zip(self.parameters, values, strict=True)}

    @property
    def party_ids(self) -> list[int]:
        """The source parties of the customer."""
        return [party.pk for party in self.record.parties]

    @property
    def horizon(self) -> date:
        """The last day of what counts as ahead."""
        return clock.business_date() + timedelta(days=int(self.values[AHEAD_DAYS.key]))


Rows = Callable[[Sight], Branch | None]
Words = Callable[[Sight, Told], TimelineEntry]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Streams that readers choose together: its key in the address, and the word of its chip."""

    key: str
    label: Text


CONTACT = Shelf("contact", pgettext_lazy("动态", "联系"))
BUSINESS = Shelf("business", pgettext_lazy("动态", "业务"))
CARE = Shelf("care", pgettext_lazy("动态", "管户与办理"))
CLASSES = Shelf("classes", pgettext_lazy("动态", "分类"))
RIGHTS = Shelf("rights", pgettext_lazy("动态", "同意与权利"))
DATA = Shelf("data", pgettext_lazy("动态", "资料"))


FOR_GUESTS = (CONTACT, DATA)
"""What somebody reads with whom a colleague shared the customer."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What one room tells of its rows: those that happened, and those `ahead`, which are due; None for neither.

    `words` makes the entry of one row. `by` are the parameters it goes by.
    """

    key: str
    shelf: Shelf
    words: Words
    rows: Rows | None = None
    ahead: Rows | None = None
    by: Sequence[Parameter] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A shelf to choose: its word, the address that adds it or takes it away, and whether it is chosen."""

    label: Text
    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the tab shows: what is due first, then what happened, with the addresses of the neighbouring pages."""

    entries: Sequence[TimelineEntry]
    chips: Sequence[Chip]
    next_url: str
    previous_url: str
    problem: str


def told_of(
    streams: Sequence[Stream], viewer: Viewer, record: CustomerRecord, asked: Asked, *, has_chips: bool = True
) -> Timeline:
    """A page of the streams that the address chooses, all by default. Two queries at most."""
    if viewer.is_guest:
        streams = [one for one in streams if one.shelf in FOR_GUESTS]
    known = {one.key: one for one in streams}
    wished = asked.query.get(CHOSEN, "").split(",") if has_chips else ()
    shown = [one for one in streams if {one.key, one.shelf.key}.intersection(wished)] or list(streams)
    chosen = () if len(shown) == len(known) else wished
    sight = Sight(viewer, record, dict.fromkeys(parameter for one in shown for parameter in one.by))
    found = chronicle(
        _branches(sight, {one.key: one.rows for one in shown}),
        _branches(sight, {one.key: one.ahead for one in shown}),
        asked,
    )
    page = found.past
    return Timeline(
        entries=[known[one.kind].words(sight, one) for one in (*found.due, *page.rows)],
        chips=_chips(streams, shown) if has_chips else (),
        next_url=_address(chosen, after=page.next_cursor),
        previous_url=_address(chosen, before=page.previous_cursor),
        problem=page.notice,
    )


def word(codes: type[TextChoices], code: str) -> Text:
    """A code in words; what the list does not know stands as it is."""
    return dict(codes.choices).get(code, code)


def by(told: Told) -> str:
    """Who did it, in words; empty where nobody is named."""
    return who(told.who) if told.who else ""


def _branches(sight: Sight, rows: Mapping[str, Rows | None]) -> Mapping[str, Branch]:
    found = {key: ask(sight) for key, ask in rows.items() if ask is not None}
    return {key: branch for key, branch in found.items() if branch is not None}


def _chips(streams: Sequence[Stream], shown: Sequence[Stream]) -> list[Chip]:
    """All, then each shelf: the one chosen alone leads back to all."""
    on = {one.shelf for one in shown} if len(shown) < len(streams) else set()
    shelves = dict.fromkeys(one.shelf for one in streams)
    chips = [
        Chip(shelf.label, _address(_toggled(shelf, shelves, on)) or "?", shelf in on) for shelf in shelves
    ]
    return [Chip(_("全部"), "?", not on), *chips]


def _toggled(one: Shelf, shelves: Iterable[Shelf], on: Collection[Shelf]) -> list[str]:
    return [shelf.key for shelf in shelves if (shelf in on) != (shelf is one)]


def _address(chosen: Sequence[str], *, after: str | None = "", before: str | None = "") -> str:
    """The address of a page of the chosen streams; empty for a neighbour that is not there."""
    if after is None or before is None:
        return ""
    asked = {CHOSEN: ",".join(chosen), "after": after, "before": before}
    query = urlencode({name: value for name, value in asked.items() if value}, safe=",")
    return f"?{query}" if query else ""
