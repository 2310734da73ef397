"""Doors for the tests of the middleware: each does one thing a real view could do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import include, path

from hongyan.core import audit
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound, SourceError
from hongyan.org.requests import ViewerRequest


def show_scope(request: ViewerRequest) -> HttpResponse:
    """The scope of the transaction as the database knows it: lo, hi, role."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('hongyan.lo'), current_setting('hongyan.hi'), current_setting('role')"
        )
        return HttpResponse(" ".join(cursor.fetchone()))


@login_not_required
def show_scope_to_all(request: ViewerRequest) -> HttpResponse:
    return show_scope(request)


def write_then(do: Callable[[], HttpResponse]) -> Callable[[ViewerRequest], HttpResponse]:
    """Write to the audit, then answer or raise."""

    def view(request: ViewerRequest) -> HttpResponse:
        audit.record(request.viewer.actor, "test.write", "test", 1)
        return do()

    return view


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def fail(error: HongyanError) -> HttpResponse:
    raise error


urlpatterns = [
    path("scope/", show_scope),
    path("open-scope/", show_scope_to_all),
    path("write/", write_then(lambda: HttpResponse("done"))),
    path("write-then-missing/", write_then(lambda: fail(NotFound("customer", "H00000000017")))),
    path("write-then-500/", write_then(lambda: HttpResponse(status=500))),
    path("missing/", raising(NotFound("customer", "H00000000017"))),
    path("forbidden/", raising(NotAllowed("intake.sign"))),
    path("conflict/", raising(Conflict("view", "同事刚刚改过这一条"))),
    path("invalid/", raising(Invalid({"name": "名称不能为空"}))),
    path("bad-file/", raising(SourceError("encoding", file="a.txt"))),
    path("down/", raising(OperationalError("server closed the connection"))),
    path("crash/", raising(ValueError("a bug"))),
    path("stream/", lambda request: StreamingHttpResponse([b"row"])),
    path("echo/<str:text>/", lambda request, text: HttpResponse(text)),
    path("api/v1/customers", lambda request: HttpResponse()),
    path("lazy/", lambda request: SimpleTemplateResponse("404.html")),
    path("", include("hongyan.web.urls")),
]
