"""The picture of a customer's relations as data, and the same as a table (关系图)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.customer.codes import PartyType, RelationSource, RelationState, RelationType
from hongyan.customer.panels.relations import TONES, role_words
from hongyan.customer.panels.words import Text
from hongyan.customer.queries.relation_graph import Graph, GraphEdge, GraphNode
from hongyan.customer.rules.rings import places
from hongyan.ui.cells import badge


@dataclass(frozen=True)
class GraphRow:
    """A customer of the picture in words: what they are to whom they hang on, and by whose word."""

    node: GraphNode
    roles: Sequence[Text]
    through: GraphNode
    states: Sequence[SafeString]


@dataclass(frozen=True)
class TypeChoice:
    """A type of relation that the picture may be narrowed to."""

    value: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True)
class GraphShown:
    """The page: `data` for the picture, `rows` nearest first, the choices of what is shown."""

    data: Mapping[str, Any]
    rows: Sequence[GraphRow]
    types: Sequence[TypeChoice]
    depth: int
    hidden: int
    is_cut: bool


def graph_shown(graph: Graph, *, types: Sequence[str], depth: int) -> GraphShown:
    """The picture and its table."""
    nodes = {node.id: node for node in graph.nodes}
    between = _between(graph.edges)
    rows = [_row(node, nodes, between) for node in graph.nodes if node.through is not None]
    return GraphShown(
        data=_data(graph, between),
        rows=rows,
        types=[TypeChoice(type_.value, type_.label, type_.value in types) for type_ in RelationType],
        depth=depth,
        hidden=graph.hidden,
        is_cut=graph.is_cut,
    )


Between = Mapping[frozenset[int], Sequence[GraphEdge]]


def _between(edges: Iterable[GraphEdge]) -> Between:
    found: dict[frozenset[int], list[GraphEdge]] = {}
    for edge in edges:
        found.setdefault(frozenset((edge.upper, edge.lower)), []).append(edge)
    return found


def _row(node: GraphNode, nodes: Mapping[int, GraphNode], between: Between) -> GraphRow:
    through = nodes[node.through or 0]
    edges = between[frozenset((node.id, through.id))]
    return GraphRow(node, [_role(edge, node.id) for edge in edges], through, [_state(edge) for edge in edges])


def _role(edge: GraphEdge, one: int) -> Text:
    """What `one` is to the other."""
    side = "" if edge.is_level else "upper" if one == edge.upper else "lower"
    return role_words(edge.role, side, type_=edge.type)  # type: ignore[arg-type]


def _state(edge: GraphEdge) -> SafeString:
    if edge.source == RelationSource.DECLARED:
        return badge(RelationSource.DECLARED.label, TONES[edge.state])
    return badge(RelationState(edge.state).label, TONES[edge.state])


def _data(graph: Graph, between: Between) -> dict[str, Any]:
    """What the script draws, ready for JSON: each customer with its place, each line once."""
    found = places(
        graph.nodes[0].id, {node.id: node.through for node in graph.nodes if node.through is not None}
    )
    separator = pgettext("list separator", "、")
    types = [type_ for type_ in RelationType if any(edge.type == type_ for edge in graph.edges)]
    order = {type_.value: number for number, type_ in enumerate(types, 1)}
    return {
        "groups": [_("本客户"), *(str(type_.label) for type_ in types)],
        "nodes": [
            {
                "id": str(node.id),
                "name": node.name,
                "code": node.code,
                "url": reverse("customer:record_tab", args=[node.code, "relations"]),
                "x": found[node.id].x,
                "y": found[node.id].y,
                "right": found[node.id].is_right,
                "firm": node.party_type == PartyType.ORGANISATION,
                "group": order[between[frozenset((node.id, node.through))][0].type] if node.through else 0,
            }
            for node in graph.nodes
        ],
        "lines": [
            {
                "source": str(edges[0].upper),
                "target": str(edges[0].lower),
                "level": all(edge.is_level for edge in edges),
                "sure": any(edge.state == RelationState.CONFIRMED for edge in edges),
                "text": separator.join(str(_role(edge, edge.lower)) for edge in edges),
                "group": order[edges[0].type],
            }
            for edges in between.values()
        ],
    }
