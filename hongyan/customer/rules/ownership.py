"""Who looks after a customer in a line (归属). Pure first form; admission and approval build on it later."""

from __future__ import annotations

from hongyan.customer.codes import Kind

_RANK = {kind.value: position for position, kind in enumerate(Kind)}


def best_kind(kinds: list[str]) -> str:
    """The kind shown for a customer with several relationships: an agreement outranks a walk-in.

    >>> best_kind(["R", "A"])
    'A'
    """
    return min(kinds, key=_RANK.__getitem__)


def takes_over(kind: str, owner_kind: str | None) -> bool:
    """Whether a new relationship's outlet becomes the owner in its line.

    The first relationship owns; a later one takes over only with a higher kind (an agreement over a walk-in), so a
    second file never moves customers between equals. Source: X-02.

    >>> takes_over("R", None), takes_over("A", "R"), takes_over("A", "A"), takes_over("R", "A")
    (True, True, False, False)
    """
    return owner_kind is None or _RANK[kind] < _RANK[owner_kind]
