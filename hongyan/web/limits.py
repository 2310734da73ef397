"""How much a request may bring (请求上限): refused by the length it announces, before any of it is read or kept.

Without a length there is no body: WSGI hands none over. Lines and headers are limited by gunicorn (`config.gunicorn`),
numbers of fields and files by Django's settings. Who sends files that are larger uses an inbox (投递目录).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from hongyan.core.parameters import value_of
from hongyan.desk.parameters import FILES_AT_ONCE_MB
from hongyan.integration.parameters import IMPORT_MAX_MB, MAX_UPLOAD_MB
from hongyan.web import answers

MEGABYTE = 1 << 20

TAKES_FILES = {
    "desk:new_files": FILES_AT_ONCE_MB,
    "desk:replace_file": FILES_AT_ONCE_MB,
    "integration:upload": MAX_UPLOAD_MB,
    "imports:new": IMPORT_MAX_MB,
    "api:send_file": MAX_UPLOAD_MB,
}
"""Doors that take whole files: the limit is the parameter's, and a little for the form around them."""


class RequestLimits:
    """Answers 413 to a request that brings more than its door takes. Stands before whatever reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, _options: Any
    ) -> HttpResponse | None:
        announced, limit = _announced(request), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if announced <= limit:
            return None
        door = request.resolver_match.view_name if request.resolver_match else ""
        if door in TAKES_FILES:
            try:
                limit += value_of(TAKES_FILES[door]) * MEGABYTE
            except (OperationalError, InterfaceError):
                return answers.unavailable(request)
        return answers.too_large(request, limit // MEGABYTE) if announced > limit else None


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0
