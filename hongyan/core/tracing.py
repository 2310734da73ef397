"""The name of the request (请求号) that is being answered, so that log lines of one request can be found together."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
