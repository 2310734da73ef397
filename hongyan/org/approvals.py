"""Kinds of things that take approval (审批事项), declared by the rooms that own them.

    approvals.register(approvals.Kind("export", gettext_lazy("导出"), facts=export_facts))

The owner calls `org.actions.approvals.submit` and reacts to `ApprovalDecided`. Each kind's route is a parameter,
`approval.<key>`, so it has a default, effective dates, values per line and unit, and an audit (see `org.routes`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from hongyan.core import parameters
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Level, Viewer
from hongyan.org.routes import COLUMNS, check_of, check_route, stored
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.ui.records import Field

Fact = tuple[str | Promise, object] | Field
"""A label and its value, or a whole field where it needs more room."""

AskedOf = Callable[[Collection[str]], Mapping[str, str]]
"""Some subjects → what is asked of each in one line of plain text; those that are gone, or out of scope, left out."""

AMOUNT = gettext_lazy("金额或数量")

DEFAULT_ROUTE = (Check(1, (HEAD,), level=Level.COUNTY),)
"""One check, by whoever heads the maker's county, or the nearest unit above when that is the maker."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that takes approval.

    `facts` answers the one screen a checker decides by: labels and values (text or cells), masked, read under the
    checker's own scope; it writes its own audit where it shows personal data. Reason and amount are the request's own
    and not repeated there; `amount_label` says what the amount counts. `url` is the subject's page. `asked` says in one
    line what a list shows of each: the person, the parameter and its values; it reads all subjects together.
    What `may_wait` is asked for even while nobody could check it, and says who is missing.
    """

    key: str
    label: Promise | str
    facts: Callable[[Viewer, str], Sequence[Fact]]
    url: Callable[[str], str] | None = None
    route: tuple[Check, ...] = DEFAULT_ROUTE
    amount_label: Promise | str = AMOUNT
    may_wait: bool = False
    asked: AskedOf | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Declare a kind and its route's parameter; a key is declared once."""
    parameters.define(
        Parameter(
            key=f"approval.{kind.key}",
            is_guarded=True,
            default=[stored(check) for check in kind.route],
            kind="table",
            label=format_lazy(gettext_lazy("审批矩阵：{kind}"), kind=kind.label),
            source="SM13",
            columns=COLUMNS,
            check=check_route,
        )
    )
    _kinds[kind.key] = kind


def find(key: str) -> Kind | None:
    """The declaration of a kind; None where no room declares it, or none does any more."""
    return _kinds.get(key)


def labels() -> dict[str, Promise | str]:
    """What each kind is called, in the order of their declaration."""
    return {kind.key: kind.label for kind in _kinds.values()}


def label_of(key: str) -> str:
    """What a kind is called; its key where nobody declares it any more."""
    return str(_kinds[key].label) if key in _kinds else key


def amount_label_of(key: str) -> str:
    """What the amount of a kind's requests counts."""
    return str(_kinds[key].amount_label if key in _kinds else AMOUNT)


def route_of(kind: Kind, *, units: Sequence[int], line: str) -> list[Check]:
    """The route that holds today for a line and the nearest unit of a chain. One query."""
    parameter = parameters.find(f"approval.{kind.key}")
    assert parameter is not None
    return [check_of(row) for row in parameters.value_of(parameter, units=units, line=line)]
