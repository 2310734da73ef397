"""Relations of a customer over the API: what rules found and people declared, and the picture of whom they lead to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from hongyan.customer.actions.open_record import open_code
from hongyan.customer.codes import Purpose
from hongyan.customer.panels.words import language
from hongyan.customer.queries.relation_graph import MOST_DEPTH, graph_around
from hongyan.customer.queries.relations import Related, relations_of
from hongyan.identity.relations.words import reasons
from hongyan.org.requests import ViewerRequest

router = Router(tags=["customers"])


class RelatedOut(Schema):
    """Somebody who belongs to the customer. Out of the token's scope the name is masked and the code missing."""

    name: str
    code: str | None
    party_type: str
    type: str = Field(description="L09: family, group, legal_person …")
    role: str = Field(
        description="spouse, parent, sibling, household; branch, department, group, affiliate; representative"
    )
    side: str = Field(description="where they stand: upper (parent, company), lower, or neither")
    state: str = Field(description="proposed by rules; confirmed or refused by a person")
    source: str
    confidence: int = Field(description="percent")
    reasons: list[str]
    since: datetime


class GraphNodeOut(Schema):
    """A customer of the picture, in the token's scope; `through` is whom it hangs on, missing in the middle."""

    code: str
    name: str
    party_type: str
    depth: int
    through: str | None


class GraphEdgeOut(Schema):
    """A relation of two in the picture; where `level`, neither stands above the other."""

    upper: str
    lower: str
    level: bool
    type: str
    role: str
    state: str
    source: str
    confidence: int


class GraphOut(Schema):
    """Who stands around a customer; `hidden` of them, out of the token's scope, are counted only."""

    nodes: list[GraphNodeOut]
    edges: list[GraphEdgeOut]
    hidden: int
    is_cut: bool = Field(description="there are more than 200: these are the nearest and surest")


class RelationsOut(Schema):
    """The relations of a customer; `tree` are the other parts of the company that it is a part of."""

    relations: list[RelatedOut]
    tree: list[RelatedOut]
    is_cut: bool = Field(description="there are more than these, the surest ones")


@router.get(
    "/customers/{code}/relations",
    response=RelationsOut,
    url_name="customer_relations",
    summary="Relations of a customer",
)
def read_relations(
    request: ViewerRequest,
    code: str,
    purpose: Annotated[
        str, Query("", description=f"what for: {', '.join(Purpose.values)}; needed for a customer of others")
    ],
) -> dict[str, Any]:
    """Who belongs to a customer without being the same, and why. An alias answers with its survivor. It is audited.

    Of a customer that neither the post's person manages nor its outlet owns, 403 `purpose_needed` without a purpose.
    """
    found = relations_of(request.viewer, open_code(request.viewer, code, part="api", purpose=purpose))
    return {
        "relations": list(map(_out, found.related)),
        "tree": list(map(_out, found.tree)),
        "is_cut": found.is_cut,
    }


@router.get(
    "/customers/{code}/relations/graph",
    response=GraphOut,
    url_name="customer_relation_graph",
    summary="Relations around a customer",
)
def read_graph(
    request: ViewerRequest,
    code: str,
    purpose: Annotated[
        str, Query("", description=f"what for: {', '.join(Purpose.values)}; needed for a customer of others")
    ],
    depth: Annotated[int, Query(2, ge=1, le=MOST_DEPTH, description="how many steps")],
) -> dict[str, Any]:
    """Whom the relations of a customer lead to, step by step. What was refused is left out. It is audited.

    Of a customer that neither the post's person manages nor its outlet owns, 403 `purpose_needed` without a purpose.
    """
    customer = open_code(request.viewer, code, part="api", purpose=purpose).customer
    found = graph_around(request.viewer, customer, depth=depth)
    codes = {node.id: node.code for node in found.nodes}
    return {
        "nodes": [
            {
                "code": node.code,
                "name": node.name,
                "party_type": node.party_type,
                "depth": node.depth,
                "through": codes.get(node.through or 0),
            }
            for node in found.nodes
        ],
        "edges": [
            {
                "upper": codes[edge.upper],
                "lower": codes[edge.lower],
                "level": edge.is_level,
                "type": edge.type,
                "role": edge.role,
                "state": edge.state,
                "source": edge.source,
                "confidence": edge.confidence,
            }
            for edge in found.edges
        ],
        "hidden": found.hidden,
        "is_cut": found.is_cut,
    }


def _out(one: Related) -> dict[str, Any]:
    return {
        "name": one.name,
        "code": one.code or None,
        "party_type": one.party_type,
        "type": one.type,
        "role": one.role,
        "side": one.side,
        "state": one.state,
        "source": one.source,
        "confidence": one.confidence,
        "reasons": list(reasons(one.grounds, language())),
        "since": one.since,
    }
