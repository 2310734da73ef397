"""The reader's language in the browser: a cookie, so that the log-in page speaks it too."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

COOKIE_SECONDS = 365 * 24 * 3600


def keep_language(response: HttpResponse, language: str) -> None:
    """Let the browser remember a language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
