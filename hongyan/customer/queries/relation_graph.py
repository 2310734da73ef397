"""Who is related to a customer, and to whom those are, as far as asked (关系图)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hongyan.core import scope
from hongyan.customer.codes import RelationState, RelationType, Upper
from hongyan.customer.models import Customer, Relation, SourceParty
from hongyan.customer.queries.relations import any_of, in_force
from hongyan.org.codes import Viewer

MOST_NODES = 200
"""A picture shows so many customers at most: the nearest first, then the surest."""
MOST_DEPTH = 3
_MOST_ROWS = 4 * MOST_NODES


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A customer in the picture. `depth` steps from the one in the middle, by way of `through`, None for that one."""

    id: int
    code: str
    name: str
    party_type: str
    depth: int
    through: int | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A relation of two in the picture; `upper` stands above `lower`, unless `is_level`."""

    upper: int
    lower: int
    is_level: bool
    type: str
    role: str
    state: str
    source: str
    confidence: int

    def other(self, one: int) -> int:
        """The end that `one` is not."""
        return self.lower if one == self.upper else self.upper


@dataclass(frozen=True, slots=True)
class Graph:
    """`hidden` counts related customers out of the viewer's scope; `is_cut` says that there are more."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    hidden: int
    is_cut: bool


def graph_around(
    viewer: Viewer, customer: Customer, *, types: Collection[str] = (), depth: int = 2, most: int = MOST_NODES
) -> Graph:
    """Who stands up to `depth` steps from a customer, by relations of `types`, of all when empty. What was refused is
    left out. Who is out of scope is counted, never named, and nobody behind them is looked at.

    One query a step.
    """
    nodes = {customer.pk: _node(customer, 0, None)}
    edges: dict[tuple[frozenset[int], str, str], GraphEdge] = {}
    hidden: set[int] = set()
    is_cut, fresh = False, [customer.pk]
    with scope.bulk():
        for step in range(1, min(depth, MOST_DEPTH) + 1):
            rows = _rows(viewer, fresh, types)
            is_cut |= len(rows) > _MOST_ROWS
            fresh = []
            for row in rows[:_MOST_ROWS]:
                for near, far, is_seen in _ends(row):
                    if near.pk not in nodes or nodes[near.pk].depth >= step:
                        continue
                    if not is_seen:
                        hidden.add(far.pk)
                    elif far.pk not in nodes:
                        if len(nodes) >= most:
                            is_cut = True
                            continue
                        nodes[far.pk] = _node(far, step, near.pk)
                        fresh.append(far.pk)
                edge = _edge(row)
                pair = frozenset((edge.upper, edge.lower))
                if pair <= nodes.keys():
                    edges.setdefault((pair, edge.type, _upright(edge)), edge)
            if not fresh:
                break
    return Graph(tuple(nodes.values()), tuple(edges.values()), len(hidden), is_cut)


def _rows(viewer: Viewer, customers: Collection[int], types: Collection[str]) -> list[Relation]:
    """The relations of some customers, the surest first; each side an index look-up of its own."""
    rows = in_force(viewer).exclude(state=RelationState.REFUSED)
    if types:
        rows = rows.filter(type__in=types)
    of_them = SourceParty.objects.filter(customer__in=list(customers)).values("id")
    ordered = rows.order_by("-confidence", "id")
    one = ordered.filter(any_of("party_id", of_them))[: _MOST_ROWS + 1]
    other = ordered.filter(any_of("other_party_id", of_them))[: _MOST_ROWS + 1]
    found = {row.pk: row for row in one.union(other)}
    return sorted(
        found.values(), key=lambda row: (row.state != RelationState.CONFIRMED, -row.confidence, row.pk)
    )


def _ends(row: Relation) -> Iterable[tuple[Customer, Customer, bool]]:
    """Either customer, the other one, and whether the viewer may see that; none for one customer's own parties."""
    one, other = row.party.customer, row.other_party.customer
    if one is None or other is None or one.pk == other.pk:
        return ()
    return (one, other, row.other_seen), (other, one, row.one_seen)  # type: ignore[attr-defined]


def _node(customer: Customer, depth: int, through: int | None) -> GraphNode:
    return GraphNode(customer.pk, customer.code, customer.name, customer.party_type, depth, through)


def _upright(edge: GraphEdge) -> str:
    """The role, and which way it goes: two may stand above each other in different deals."""
    return edge.role if edge.is_level else f"{edge.role}:{edge.upper}"


def _edge(row: Relation) -> GraphEdge:
    one, other = row.party.customer_id or 0, row.other_party.customer_id or 0
    upper, lower = (other, one) if row.upper == Upper.OTHER else (one, other)
    return GraphEdge(
        upper, lower, row.upper == Upper.NEITHER, row.type, row.role, row.state, row.source, row.confidence
    )


def types_asked(given: Iterable[str]) -> tuple[str, ...]:
    """Those of some words that are types of relations, each once."""
    return tuple(type_.value for type_ in RelationType if type_.value in set(given))


def depth_asked(given: str) -> int:
    """How many steps somebody asks for, two where they say nothing that makes sense.

    >>> depth_asked("3"), depth_asked(""), depth_asked("99")
    (3, 2, 2)
    """
    return int(given) if given in {str(step) for step in range(1, MOST_DEPTH + 1)} else 2
