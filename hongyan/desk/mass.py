"""Acts on many rows of a list (批量修改): the lists that let people choose rows, and the acts that rooms lend them.

    mass.offer(RowList("customers", _("客户"), "customer:list", choose=…, describe=…))
    mass.lend(MassAct("tag", "customers", _("打标签"), Right.TAG_SET, form=…, judge=…, do=…, undo=…, …))

So there is one way to change many at once, whatever is changed: choose, look at it beforehand, let a job do it, see
what came of each row, undo it. The desk keeps the rows and their outcomes; an act alone knows what it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hongyan.core.errors import NotAllowed, NotFound
from hongyan.desk.codes import Change, MassWhy, Verdict
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import BulkAction, lend_bulk_action

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list as people know it."""

    name: str
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose in a list: rows by their ids there, or all that its canonical query answers."""

    ids: Sequence[str] = ()
    query: str | None = None


@dataclass(frozen=True, slots=True)
class RowList:
    """A list whose rows can be changed together.

    `choose` answers the keys of what was chosen, of the viewer's scope, at most so many; `describe` names rows of the
    scope, any other key is left out. `address` is the page of the list by name.
    """

    key: str
    label: Text
    address: str
    choose: Callable[[Viewer, Chosen, int], list[int]]
    describe: Callable[[Viewer, Collection[int]], Mapping[int, Row]]


@dataclass(frozen=True, slots=True)
class Task:
    """What an act is asked to do: what was `given` in its form, why, in which run; `ready` rows come before these."""

    number: str
    run_id: int
    given: Mapping[str, Any]
    reason: str
    ready: int = 0


@dataclass(frozen=True, slots=True)
class MassAct:
    """Something to do with many rows. All of it is asked chunk by chunk, in a transaction under the viewer's scope.

    `form` makes a `desk.forms.MassForm`. `judge` answers for keys what would become of them, and leaves out what is not
    in scope; it changes nothing. `do` changes rows that `judge` has just let pass, in the same transaction. `undo` is
    given the memos of changed rows and answers why some stay as they are, by the code of a reason; the others are as
    before. `words` puts codes into words for `was` and `becomes`, `told` what was given; `reasons` are words for the
    act's own reasons.
    """

    key: str
    list_key: str
    label: Text
    right: Right
    icon: str
    form: Callable[[Viewer, Mapping[str, Any] | None], Any]
    judge: Callable[[Viewer, Task, Sequence[int]], Mapping[int, Verdict]]
    do: Callable[[Viewer, Task, Mapping[int, Verdict]], Mapping[int, Change]]
    undo: Callable[[Viewer, Task, Mapping[int, Mapping[str, Any]]], Mapping[int, str]]
    told: Callable[[Mapping[str, Any]], str]
    words: Callable[[Collection[str]], Mapping[str, str]]
    reasons: Mapping[str, Text] = field(default_factory=dict)

    def why(self, code: str) -> Text:
        """A reason in words."""
        return MassWhy(code).label if code in MassWhy.values else self.reasons.get(code, code)


_lists: dict[str, RowList] = {}
_acts: dict[tuple[str, str], MassAct] = {}


def offer(one: RowList) -> None:
    """Let the rows of a list be changed together; a list is offered once."""
    if one.key in _lists:
        raise ValueError(f"list {one.key} is offered twice")
    _lists[one.key] = one
    lend_bulk_action(
        one.key,
        BulkAction(
            "mass",
            gettext_lazy("批量修改"),
            reverse_lazy("desk:mass_begin", args=[one.key]),
            icon="edit",
            any_right=lambda: {act.right for act in _acts.values() if act.list_key == one.key},
        ),
    )


def lend(act: MassAct) -> None:
    """Add an act to those of a list; a key is lent once."""
    if (act.list_key, act.key) in _acts:
        raise ValueError(f"act {act.key} on {act.list_key} is lent twice")
    _acts[act.list_key, act.key] = act


def find_list(key: str) -> RowList:
    """A list that was offered. Errors: NotFound for any other."""
    if key not in _lists:
        raise NotFound("list", key[:60])
    return _lists[key]


def acts_for(viewer: Viewer, list_key: str) -> list[MassAct]:
    """What a viewer may do with many rows of a list. Errors: NotAllowed where it is nothing."""
    acts = [act for act in _acts.values() if act.list_key == list_key]
    allowed = [act for act in acts if viewer.may(act.right)]
    if acts and not allowed:
        raise NotAllowed(acts[0].right)
    return allowed


def find_act(viewer: Viewer, list_key: str, key: str) -> MassAct:
    """One act. Errors: NotFound for none, NotAllowed without its right."""
    act = _acts.get((list_key, key))
    if act is None:
        raise NotFound("act", key[:20])
    if not viewer.may(act.right):
        raise NotAllowed(act.right)
    return act


def any_act(list_key: str, key: str) -> MassAct | None:
    """The act of a run, also for a viewer who may do it no more; None where nobody lends it any more."""
    return _acts.get((list_key, key))
