"""The API: one instance, one router per room (接口)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from hongyan.api import errors
from hongyan.api.auth import TokenAuth
from hongyan.consent.api import router as consent
from hongyan.customer.create_api import router as customers
from hongyan.customer.merge_api import router as merges
from hongyan.customer.relation_api import router as relations
from hongyan.integration.api import router as intake
from hongyan.lifecycle.api import router as applications
from hongyan.org.api import router as organisation

PROBLEM = {
    "type": "object",
    "description": "Why a request was not done (RFC 9457); more members by code.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; what a program decides by"},
    },
}


class HouseApi(NinjaAPI):
    """Describes for every operation what it answers when something is wrong: a problem document."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"]["Problem"] = PROBLEM
        content = {errors.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = {"description": "Not done", "content": content}
        return document


api = HouseApi(
    title="Hongyan",
    version=version("hongyan"),
    urls_namespace="api",
    description=(
        "Customers, intake and organisation. A token is bound to a post and sees what the post sees. "
        "Errors are problem documents with a stable `code`; `?lang=en` chooses their language."
    ),
    auth=TokenAuth(),
    docs_url=None,
)
errors.register(api)
api.add_router("", customers)
api.add_router("", merges)
api.add_router("", relations)
api.add_router("", consent)
api.add_router("", applications)
api.add_router("", intake)
api.add_router("", organisation)
