"""The API: one instance, one router per room (接口)."""

from __future__ import annotations

from importlib.metadata import version

from ninja import NinjaAPI

from hongyan.api import errors
from hongyan.api.auth import TokenAuth
from hongyan.customer.api import router as customers
from hongyan.integration.api import router as intake
from hongyan.org.api import router as organisation

api = NinjaAPI(
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
api.add_router("", intake)
api.add_router("", organisation)
