"""A chart as data: the same numbers feed the picture and the table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Series:
    """One row of numbers; None is a gap, not a zero. ``urls`` lead to the rows behind each, empty for none.

    ``colour`` is that of what the numbers are about, a name of ``tokens.css``; empty takes the next of the palette.
    """

    label: Text
    values: Sequence[float | None]
    urls: Sequence[str] = ()
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """Numbers over categories. ``unit`` is always shown: a chart without one says nothing.

    ``has_table`` is false where the page shows the same numbers as a table of its own.
    """

    key: str
    title: Text
    unit: Text
    categories: Sequence[Text]
    series: Sequence[Series]
    kind: Literal["bar", "line"] = "bar"
    is_stacked: bool = False
    has_table: bool = True

    def data(self) -> dict[str, Any]:
        """What the script draws, ready for JSON."""
        return {
            "title": str(self.title),
            "unit": str(self.unit),
            "kind": self.kind,
            "stacked": self.is_stacked,
            "categories": [str(category) for category in self.categories],
            "series": [
                {
                    "name": str(one.label),
                    "data": list(one.values),
                    "urls": list(one.urls),
                    "colour": one.colour,
                }
                for one in self.series
            ],
        }

    def rows(self) -> Iterator[tuple[Text, list[float | None]]]:
        """One row a category, for the table."""
        for index, category in enumerate(self.categories):
            yield category, [one.values[index] for one in self.series]
