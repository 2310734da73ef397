"""Around every view: a name for the logs, the language, who is asking, one transaction in their scope, and errors.

`ActingMiddleware` calls the view itself, in `process_view`. Django turns exceptions into responses before an
ordinary middleware could see them; there, inside the transaction, they are still exceptions.
"""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hongyan.core import audit, exception_log, scope, tracing
from hongyan.core.errors import HongyanError, NotAllowed, NotFound, PurposeNeeded
from hongyan.org import sessions
from hongyan.org.actions.api_tokens import note_use, take_turn
from hongyan.org.codes import Viewer
from hongyan.org.languages import keep_language
from hongyan.org.queries.exceptions import is_conspicuous
from hongyan.org.queries.viewers import viewer_for_token
from hongyan.ui.lists import blinded
from hongyan.web import answers
from hongyan.web.doors import has_own_transaction, is_api, is_open, is_unattended

_SET_APART = re.compile(r"[\s()+-]")
_PERSONAL = re.compile(r"(?<![A-Za-z0-9])[0-9]{11}|@")
"""A phone, a credential, an account, an e-mail address. Codes of ours are shorter, or led by a letter."""

View = Callable[..., HttpResponse]
GetResponse = Callable[[HttpRequest], HttpResponse]


class TracingMiddleware:
    """Gives each request a name: in `request.id`, in its log lines and in the answer's `X-Request-ID`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex  # type: ignore[attr-defined]
        token = tracing.request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            tracing.request_id.reset(token)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class LanguageMiddleware:
    """Chinese, unless the reader chose otherwise: by `?lang=` on any page, or before, which a cookie remembers.

    What the browser asks for does not count: a post office's PC says what its maker set.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        spoken = dict(settings.LANGUAGES)
        asked = request.GET.get("lang", "")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = next((one for one in (asked, kept) if one in spoken), settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if asked in spoken and asked != kept:
            keep_language(response, language)
        return response


class ActingMiddleware:
    """Calls each view for a viewer, in one transaction whose scope is theirs.

    Strangers reach only the doors marked `login_not_required`, under a scope of nothing. The transaction is rolled
    back when the view raised or answered with a server error. A refusal (out of scope, without the right) is
    written to the audit afterwards, in a transaction of its own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse:
        if has_own_transaction(view):
            return view(request, *args, **kwargs)
        if _has_nul(request):
            return answers.unreadable(request)
        try:
            return self._answer(
                request,
                lambda: view(request, *args, **kwargs),
                is_open=is_open(view) or is_api(request),
                is_use=not is_unattended(view),
            )
        except (OperationalError, InterfaceError):
            return answers.unavailable(request)

    def _answer(
        self, request: Any, view: Callable[[], HttpResponse], *, is_open: bool, is_use: bool
    ) -> HttpResponse:
        request.address = address_of(request)
        request.refusal = None
        request.viewer = viewer = _viewer_of(request, is_use=is_use)
        if viewer is None and not is_open:
            return answers.log_in_first(request)
        if viewer and is_api(request) and (seconds := take_turn(viewer)):
            return answers.too_many(request, seconds)
        if viewer and viewer.lacks_factor and not (is_open or settings.DEMO):
            sessions.hold_back(request, viewer)
            return answers.factor_first(request)
        is_leaving = request.resolver_match.view_name == "org:log_out"
        if viewer and not (is_open or is_leaving) and sessions.has_lost_post(request, viewer):
            sessions.act_in_own(request)
            return answers.own_post_next(request)
        acting_scope = viewer.scope if viewer else scope.NOTHING
        try:
            with scope.acting(acting_scope):
                response = _finished(view())
                if request.refusal or response.status_code >= 500:
                    transaction.set_rollback(True)
        except HongyanError as error:
            request.refusal = error
            response = answers.refusal(request, error)
        if viewer and request.refusal:
            _write_refusal(request, viewer, request.refusal)
        if request.refusal and not isinstance(request.refusal, PurposeNeeded):
            door = request.resolver_match.view_name
            is_routine = _is_routine(viewer, request.refusal)
            exception_log.note_refusal(request.refusal, door=door, is_routine=is_routine)
        return response


def _is_routine(viewer: Viewer | None, refusal: HongyanError) -> bool:
    """Whether a refusal asks nobody to look into it. Who is refused is looked up only where that decides."""
    if exception_log.is_mistake(refusal):
        return True
    return exception_log.is_denial(refusal) and not (viewer and is_conspicuous(viewer))


@receiver(got_request_exception)
def note_failure(request: HttpRequest, **_signal: Any) -> None:
    """Count what a view raised and nobody expected; its transaction is over by now."""
    error = sys.exc_info()[1]
    match = request.resolver_match
    if error is not None:
        within = match.view_name if match else ""
        exception_log.note_failure(exception_log.Kind.ERROR, error, within=within)


def _has_nul(request: HttpRequest) -> bool:
    """Whether address or form hold a NUL. Nobody types one, and PostgreSQL takes none inside a text parameter."""
    forms = (request.GET, request.POST)
    texts = (text for form in forms for key, values in form.lists() for text in (key, *values))
    return "\0" in request.path_info or any("\0" in text for text in texts)


def address_of(request: HttpRequest) -> str:
    """The client's address; behind our own TLS proxy (`HONGYAN_HTTPS`) the last one it forwarded."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:45]


def _viewer_of(request: HttpRequest, *, is_use: bool) -> Viewer | None:
    """From the session; at the API from the token, and never from a session, so it needs no CSRF protection."""
    address = address_of(request)
    if not is_api(request):
        return sessions.viewer_of(request, address=address, is_use=is_use)
    token = _token_of(request)
    viewer = viewer_for_token(token, address=address) if token else None
    if viewer:
        note_use(token)
    return viewer


def _token_of(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def _finished(response: HttpResponse) -> HttpResponse:
    """The response with its content made: later the transaction, and with it the scope, would be gone."""
    if response.streaming and not getattr(response, "reads_no_rows", False):
        raise RuntimeError("a streaming response would be produced outside the transaction and its scope")
    if not getattr(response, "is_rendered", True):
        response.render()  # type: ignore[attr-defined]
    return response


def _write_refusal(request: HttpRequest, viewer: Viewer, error: HongyanError) -> None:
    """Put an attempt at what is not the viewer's into the audit, or not before they say what for.

    Other errors are mistakes, not attempts.
    """
    with scope.acting(viewer.scope):
        if isinstance(error, NotFound):
            audit.deny(viewer.actor, f"{error.what}.open", error.what, _untold(error.key))
        elif isinstance(error, PurposeNeeded):
            audit.ask(viewer.actor, error.act, error.what, error.key)
        elif isinstance(error, NotAllowed):
            audit.deny(viewer.actor, error.act, "address", _untold(request.path))


def _untold(asked: str) -> str:
    """What was asked for as the audit keeps it: what could be somebody's number only as a hash.

    >>> _untold("H00000000017"), _untold("/organisation/units/370102001/"), _untold("D00000001")
    ('H00000000017', '/organisation/units/370102001/', 'D00000001')
    """
    parts = asked.split("/")
    return "/".join(blinded(part) if _PERSONAL.search(_SET_APART.sub("", part)) else part for part in parts)
