"""Errors as problem documents (RFC 9457): `application/problem+json` with a stable `code`.

| status | code | when |
|---|---|---|
| 400 | `refused` | a request that cannot be read |
| 401 | `unauthorised` | no token, or one that is unknown, expired or revoked |
| 403 | `not_allowed` | the token's post lacks a right; `act` names it |
| 403 | `purpose_needed` | a customer of others: say what for in `purpose` |
| 404 | `not_found` | absent, or out of the post's scope |
| 409 | `conflict` | the stored state is not the one the caller saw |
| 409 | `known`, `unsure`, `known_elsewhere` | a new customer who is known, or may be: see POST /customers |
| 409 | `not_admitted` | an application that its check does not let pass: see POST /applications |
| 422 | `invalid` | input that breaks a rule; `errors` maps fields to messages |
| 413 | `too_large` | the request brings more than this operation takes |
| 422 | `source_error` | a file refused as a whole; `reason`, `file` and `row` say why and where |
| 429 | `too_many` | the person's allowance is used up; `Retry-After` says for how many seconds |
| 503 | `unavailable` | the database cannot be reached; nothing was changed |
"""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from hongyan.core.errors import (
    Conflict,
    HongyanError,
    Invalid,
    NotAllowed,
    NotFound,
    PurposeNeeded,
    SourceError,
    TooMany,
)
from hongyan.org.requests import ViewerRequest

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 10


def problem(status: int, code: str, title: str, **details: Any) -> HttpResponse:
    """A problem document; `details` are members of its own."""
    body = {"type": "about:blank", "title": title, "status": status, "code": code, **details}
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def register(api: NinjaAPI) -> None:
    """Let an API answer every error in this shape."""
    api.exception_handler(HongyanError)(_refusal)
    api.exception_handler(ValidationError)(_invalid_input)
    api.exception_handler(AuthenticationError)(_stranger)
    api.exception_handler(HttpError)(_http_error)
    api.exception_handler(Http404)(_no_such_address)
    api.exception_handler(RawPostDataException)(_unreadable)
    api.exception_handler(OperationalError)(_unavailable)
    api.exception_handler(InterfaceError)(_unavailable)


def _refusal(request: ViewerRequest, error: HongyanError) -> HttpResponse:
    """An error of ours; the middleware rolls back and writes the audit because of what stands in `refusal`."""
    request.refusal = error
    match error:
        case NotFound():
            return problem(404, "not_found", _("没有找到"), what=error.what)
        case PurposeNeeded():
            return problem(403, "purpose_needed", _("请先说明用途"), what=error.what)
        case NotAllowed():
            return problem(403, "not_allowed", _("没有这项权限"), act=error.act, detail=error.why)
        case Conflict():
            return problem(409, "conflict", _("与现有内容冲突"), what=error.what, detail=error.message)
        case Invalid():
            return problem(422, "invalid", _("输入有误"), errors=error.fields)
        case TooMany():
            response = problem(429, "too_many", _("请求太频繁"))
            response["Retry-After"] = str(error.seconds)
            return response
        case SourceError():
            return problem(
                422, "source_error", _("文件不能接收"), reason=error.code, file=error.file, row=error.row
            )
        case _:
            return problem(400, "refused", _("请求没有完成"))


def _invalid_input(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not fit the schema: dotted place → message."""
    errors = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors}
    return problem(422, "invalid", _("输入有误"), errors=errors)


def _stranger(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    response = problem(401, "unauthorised", _("需要有效的接口令牌"))
    response["WWW-Authenticate"] = 'Bearer realm="hongyan"'
    return response


def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "refused", str(error))


def _unreadable(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """A form sent to an operation that takes JSON: it was read as a form already."""
    return problem(400, "refused", _("请求没有完成"))


def _no_such_address(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, "not_found", _("没有找到"))


def _unavailable(_request: HttpRequest, _error: Exception) -> HttpResponse:
    response = problem(503, "unavailable", _("系统暂时不可用"))
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
