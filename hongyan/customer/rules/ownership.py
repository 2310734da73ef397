"""Who looks after a customer in a line (归属). Pure first form; admission and approval build on it later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from hongyan.customer.codes import Kind
from hongyan.org.codes import Role

_RANK = {kind.value: position for position, kind in enumerate(Kind)}


def best_kind(kinds: list[str]) -> str:
    """The kind shown for a customer with several relationships: an agreement outranks a walk-in.

    >>> best_kind(["R", "A"])
    'A'
    """
    return min(kinds, key=_RANK.__getitem__)


def takes_over(kind: str, owner_kind: str | None, *, is_known: bool = False) -> bool:
    """Whether a new relationship's outlet becomes the owner in its line.

    The first relationship owns; a later one takes over only with a higher kind (an agreement over a walk-in), so a
    second file never moves customers between equals. Of a customer who is known already, a potential relationship owns
    nothing: to type somebody in again would else open them without saying what for. Source: X-02, PSB-021.

    >>> takes_over("R", None), takes_over("A", "R"), takes_over("A", "A"), takes_over("R", "A")
    (True, True, False, False)
    >>> takes_over("P", None), takes_over("P", None, is_known=True), takes_over("R", None, is_known=True)
    (True, False, True)
    """
    if is_known and kind == Kind.POTENTIAL:
        return False
    return owner_kind is None or _RANK[kind] < _RANK[owner_kind]


MANAGERS = frozenset({Role.MANAGER, Role.CHIEF_MANAGER, Role.WEALTH_MANAGER, Role.KEY_ACCOUNT_MANAGER})
"""They look after customers of their own; whom others enter belongs to the unit."""

HEADS = frozenset({Role.OUTLET_HEAD, Role.COUNTY_HEAD})
"""They answer for every customer of their unit: its figures, its visits, its managers' work (REQUIREMENTS 5.4)."""


class Keeper(NamedTuple):
    """Who looks after a customer in one line: an outlet, and its main manager if there is one, by their ids."""

    line: str
    unit_id: int
    manager_id: int | None


def is_own(
    keepers: Iterable[Keeper], *, role: Role, people: Collection[int], unit_id: int, lines: Collection[str]
) -> bool:
    """Whether a customer in somebody's scope is theirs to open; anybody else says first what for.

    Theirs is whom they manage, in any line; whom their own outlet owns in a line of their post; and, for the head of
    an outlet or a county, everybody in the scope. Agents, stewards, analysts, auditors and administrators own nobody:
    what they need a customer for changes from case to case. `people` are the staff ids whose act it is.
    Source: PSB-020, PSB-021; DESIGN 3, Scope.

    >>> mail = Keeper("01", unit_id=5, manager_id=7)
    >>> is_own([mail], role=Role.MANAGER, people={7}, unit_id=9, lines=["03"])
    True
    >>> is_own([mail], role=Role.MANAGER, people={8}, unit_id=5, lines=["01"])
    True
    >>> is_own([mail], role=Role.MANAGER, people={8}, unit_id=5, lines=["03"])
    False
    >>> is_own([mail], role=Role.COUNTY_HEAD, people={8}, unit_id=2, lines=["01"])
    True
    """
    return role in HEADS or any(
        keeper.manager_id in people or (keeper.unit_id == unit_id and keeper.line in lines)
        for keeper in keepers
    )
