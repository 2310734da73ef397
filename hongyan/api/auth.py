"""Tokens at the API: `Authorization: Bearer hongyan_…`."""

from __future__ import annotations

from ninja.security import HttpBearer

from hongyan.org.codes import Viewer
from hongyan.org.requests import OpenRequest


class TokenAuth(HttpBearer):
    """Lets through what the middleware recognised: the transaction's scope had to be known before the API is called."""

    def authenticate(self, request: OpenRequest, token: str) -> Viewer | None:  # type: ignore[override]  # noqa: ARG002
        return request.viewer
