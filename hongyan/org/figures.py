"""Numbers that higher rooms lend to the pages of the organisation (机构上的数字): customers, later tasks and the like.

    figures.lend(Figure("customers", _("客户"), Right.CUSTOMER_READ, count=count_customers, url=customers_of))

The organisation cannot count what stands above it; it asks whoever lent a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Place
from hongyan.ui.lists import Count


@dataclass(frozen=True)
class Figure:
    """A number for each of several units.

    `count` answers one capped count for each of some places, everything beneath them included, in few queries
    whatever their number; `url` the address of the rows behind the number, from a unit's code. Viewers without
    `right` do not see it.
    """

    key: str
    label: str | Promise
    right: Right
    count: Callable[[Sequence[Place]], Sequence[Count]]
    url: Callable[[str], str]


@dataclass(frozen=True)
class ShownFigure:
    """One number of one unit and where its rows are."""

    label: str | Promise
    count: Count
    url: str


_figures: dict[str, Figure] = {}


def lend(figure: Figure) -> None:
    """Declare a figure; a key is declared once."""
    if figure.key in _figures:
        raise ValueError(f"figure {figure.key} is declared twice")
    _figures[figure.key] = figure


def shown_to(viewer: Viewer) -> list[Figure]:
    """The figures the viewer may see, in the order of their declaration."""
    return [figure for figure in _figures.values() if viewer.may(figure.right)]
