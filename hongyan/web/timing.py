"""How long an answer took: `Server-Timing`, for measurements. Numbers only, nothing about whom or what."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse


class ServerTiming:
    """Adds `app;dur=…, db;dur=…;desc="<queries>"`, in milliseconds, where `HONGYAN_TIMINGS` asks for it.

    Off by default: how long an answer takes can tell a stranger whether what they asked for exists.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.TIMINGS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = _Queries()
        began = time.perf_counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        took = time.perf_counter() - began
        database = f'db;dur={queries.seconds * 1000:.2f};desc="{queries.count}"'
        response["Server-Timing"] = f"app;dur={took * 1000:.2f}, {database}"
        return response


class _Queries:
    """Counts the statements of one request and the time spent waiting for them."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - began
