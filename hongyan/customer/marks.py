"""What lists of customers can be narrowed by that only rooms above know (列表标记): lent to the list by name.

    marks.lend("loss", lambda viewer: [("loss.month", _("月流失"))])

The list has a filter for each name it knows; without choices it is not offered. `actions.marks` writes who bears what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.functional import Promise

from hongyan.org.codes import Viewer

Choose = Callable[[Viewer], Iterable[tuple[str, str | Promise]]]
_lent: dict[str, Choose] = {}


def lend(name: str, choose: Choose) -> None:
    """Say which marks a viewer may ask for under a name; a name is lent once."""
    if name in _lent:
        raise ValueError(f"marks {name} are lent twice")
    _lent[name] = choose


def choices(name: str, viewer: object) -> list[tuple[str, str | Promise]]:
    """The marks a viewer may ask for under a name, with their words."""
    assert isinstance(viewer, Viewer)
    return list(_lent[name](viewer)) if name in _lent else []
