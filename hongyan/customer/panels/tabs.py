"""What every tab of the customer's page has (页签), and what higher rooms lend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hongyan.customer.panels.words import Text
from hongyan.customer.queries.records import CustomerRecord
from hongyan.org.codes import Viewer
from hongyan.ui.lists.paging import Where


class Asked(Where, Protocol):
    """Where in a panel the reader is, and what else the address of the page asks."""

    @property
    def query(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Panel:
    """One tab of the customer's page. `query` answers what `template` shows as `panel`, at a constant cost.

    A template with styles or scripts of its own `is_whole`, see `ui.records.Tab`. What `is_for_guests` is shown to whom
    the customer is shared with, too: it leads nowhere that takes more than to look.
    """

    key: str
    label: Text
    template: str
    query: Callable[[Viewer, CustomerRecord, Asked], object]
    is_whole: bool = False
    is_for_guests: bool = False


@dataclass(frozen=True)
class RowLink:
    """Where a source record came from, in words, and the address of the row where the viewer may see it."""

    text: str
    url: str = ""


FindRow = Callable[[Viewer, int, int], RowLink]
"""(viewer, delivery id, row) → its link. Deliveries belong to a higher room, which lends this."""
