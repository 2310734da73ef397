"""What a reader is told when something did not work: a page, or for HTMX a notice that leaves the page as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound, SourceError
from hongyan.org.codes import Right
from hongyan.web.doors import is_api

RETRY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal in words; `remedy` is what the reader can do about it, `right` what they lack."""

    status: int
    sentence: str
    remedy: str
    right: str = ""


def refusal(request: HttpRequest, error: HongyanError) -> HttpResponse:
    """The answer to an error of ours. Pages keep their own templates for 403 and 404."""
    answer = _answer_to(error)
    if _is_htmx(request):
        return _notice(answer)
    template = {403: "403.html", 404: "404.html"}.get(answer.status, "web/refusal.html")
    return render(request, template, {"answer": answer}, status=answer.status)


def log_in_first(request: HttpRequest) -> HttpResponse:
    """The way to the log-in page and back; HTMX and other scripts get 401 and are sent there as a whole page."""
    if _is_htmx(request):
        response = HttpResponse(status=401)
        response["HX-Refresh"] = "true"
        return response
    is_page = request.method in {"GET", "HEAD"}
    return redirect_to_login(request.get_full_path() if is_page else "/")


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer while the database cannot be reached: nothing was changed, and it is worth trying again."""
    answer = Answer(
        503,
        _("系统暂时不可用"),
        _("数据库暂时连接不上，没有保存任何内容。请稍等片刻再试一次。"),
    )
    response = _answered(request, answer, code="unavailable")
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def unreadable(request: HttpRequest) -> HttpResponse:
    """The answer to a request that no door could read."""
    return _answered(request, _answer_to(HongyanError()), code="refused")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django's signature
    """The answer to a form whose token is missing or old (CSRF): nothing was changed."""
    answer = Answer(403, _("这张表单已经过期"), _("没有保存任何内容。请返回上一页，刷新后再提交。"))
    return _answered(request, answer, code="csrf")


def _answered(request: HttpRequest, answer: Answer, *, code: str) -> HttpResponse:
    """A refusal before any door was reached, the API's own error handlers included: problem, notice or page."""
    if is_api(request):
        title = HTTPStatus(answer.status).phrase
        problem = {"type": "about:blank", "title": title, "status": answer.status, "code": code}
        return JsonResponse(problem, status=answer.status, content_type="application/problem+json")
    if _is_htmx(request):
        return _notice(answer)
    return render(request, "web/refusal.html", {"answer": answer}, status=answer.status)


def _answer_to(error: HongyanError) -> Answer:
    match error:
        case NotFound():
            return Answer(404, _("没有找到"), _("它可能已经移走，或不在您的数据范围内。"))
        case NotAllowed():
            return Answer(
                403,
                _("您没有这项权限"),
                error.why or _("如果工作需要，请联系本单位的系统管理员。"),
                right=error.act if error.act in Right else "",
            )
        case Conflict():
            return Answer(409, error.message or _("内容已经被别人改过"), _("请返回上一页，刷新后再试一次。"))
        case Invalid():
            return Answer(422, _("有内容需要修改"), _("；").join(error.fields.values()))
        case SourceError():
            return Answer(422, _("这个文件不能接收"), _("文件中的内容一行也没有采用。"))
        case _:
            return Answer(400, _("这个请求没有完成"), _("请返回上一页再试一次。"))


def _notice(answer: Answer) -> HttpResponse:
    """A toast in place of the content that was asked for; the page stays as it is."""
    response = HttpResponse(status=answer.status)
    text = _("{sentence}：{remedy}").format(sentence=answer.sentence, remedy=answer.remedy)
    response["HX-Trigger"] = json.dumps({"ui:toast": {"text": text, "tone": "bad"}})
    response["HX-Reswap"] = "none"
    return response


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
