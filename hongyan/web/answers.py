"""What a reader is told when something did not work: a page, or for HTMX a notice that leaves the page as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from hongyan.core import exception_log
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
    if isinstance(error, PurposeNeeded):
        return _ask_purpose(request, error)
    answer = _answer_to(error)
    if _is_htmx(request):
        return _notice(answer)
    template = {403: "403.html", 404: "404.html"}.get(answer.status, "web/refusal.html")
    return render(request, template, {"answer": answer}, status=answer.status)


def _ask_purpose(request: HttpRequest, error: PurposeNeeded) -> HttpResponse:
    """The way to the page that asks what for, and from there on to where the reader wanted to go."""
    query = urlencode({"next": request.get_full_path()})
    address = f"{reverse(f'{error.what}:purpose', args=[error.key])}?{query}"
    if _is_htmx(request):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def log_in_first(request: HttpRequest) -> HttpResponse:
    """The way to the log-in page and back; HTMX and other scripts get 401 and are sent there as a whole page."""
    if _is_htmx(request):
        response = HttpResponse(status=401)
        response["HX-Refresh"] = "true"
        return response
    is_page = request.method in {"GET", "HEAD"}
    return redirect_to_login(request.get_full_path() if is_page else "/")


def factor_first(request: HttpRequest) -> HttpResponse:
    """The way to setting up a second factor and back, for whoever got a post that takes one while logged in."""
    target = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    address = f"{reverse('org:set_up_factor')}?{urlencode({'next': target})}"
    if _is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def own_post_next(request: HttpRequest) -> HttpResponse:
    """The way on for whoever acted in a post that has ended, by now in their own; what they asked for is not done."""
    messages.warning(request, _("您刚才所在的岗位已经结束，现在用的是您自己的岗位；刚才的操作没有执行。"))
    if _is_htmx(request):
        return HttpResponse(status=409, headers={"HX-Redirect": "/"})
    return HttpResponseRedirect("/")


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


def failed(request: HttpRequest) -> HttpResponse:
    """The answer when something of ours broke, with the number under which it was noted. Depends on nothing else."""
    reference = exception_log.reference()
    if is_api(request):
        problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "code": "failed"}
        content = {**problem, "reference": reference}
        return JsonResponse(content, status=500, content_type="application/problem+json")
    return HttpResponse(loader.get_template("500.html").render({"reference": reference}), status=500)


def unreadable(request: HttpRequest) -> HttpResponse:
    """The answer to a request that no door could read."""
    return _answered(request, _answer_to(HongyanError()), code="refused")


def too_large(request: HttpRequest, limit_mb: int) -> HttpResponse:
    """The answer to a request that brings more than its door takes, in MB."""
    remedy = _("一次最多 {limit} MB。请分开发送，或请管理员放到投递目录。").format(limit=limit_mb)
    return _answered(request, Answer(413, _("内容太大，没有接收"), remedy), code="too_large")


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The answer to a token whose allowance of requests is used up for now."""
    response = _answered(request, _wait(seconds), code="too_many")
    response["Retry-After"] = str(seconds)
    return response


def refused_unread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what Django itself would not read: too much of it, or nothing a browser of ours sends."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20)
    if isinstance(exception, TooManyFieldsSent):
        remedy = _("没有做任何改动。一张表单最多 {limit} 项，请分几次提交。")
        return _too_many_parts(request, remedy.format(limit=f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"))
    if isinstance(exception, TooManyFilesSent):
        remedy = _("没有接收任何文件。一次最多 {limit} 个，请分几次上传。")
        return _too_many_parts(request, remedy.format(limit=settings.DATA_UPLOAD_MAX_NUMBER_FILES))
    if is_api(request):
        return unreadable(request)
    return render(request, "400.html", status=400)


def _too_many_parts(request: HttpRequest, remedy: str) -> HttpResponse:
    return _answered(request, Answer(413, _("一次提交的太多，没有接收"), remedy), code="too_large")


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to an address that leads to no door."""
    if is_api(request):
        return _answered(request, _answer_to(NotFound("address")), code="not_found")
    return page_not_found(request, exception)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django's signature
    """The answer to a form whose token is missing or old (CSRF): nothing was changed."""
    answer = Answer(403, _("这张表单已经过期"), _("没有保存任何内容。请返回上一页，刷新后再提交。"))
    return _answered(request, answer, code="csrf")


def _answered(request: HttpRequest, answer: Answer, *, code: str) -> HttpResponse:
    """A refusal before any door was reached, the API's own error handlers included: problem, notice or page."""
    if is_api(request):
        problem = {
            "type": "about:blank",
            "title": answer.sentence,
            "status": answer.status,
            "code": code,
            "detail": answer.remedy,
        }
        return JsonResponse(
            problem,
            status=answer.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
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
        case TooMany():
            return _wait(error.seconds)
        case SourceError():
            return Answer(422, _("这个文件不能接收"), _("文件中的内容一行也没有采用。"))
        case _:
            return Answer(400, _("这个请求没有完成"), _("请返回上一页再试一次。"))


def _wait(seconds: int) -> Answer:
    return Answer(
        429, _("请求太频繁"), _("没有做任何改动。请在 {seconds} 秒后再试。").format(seconds=seconds)
    )


def _notice(answer: Answer) -> HttpResponse:
    """A toast in place of the content that was asked for; the page stays as it is."""
    response = HttpResponse(status=answer.status)
    text = _("{sentence}：{remedy}").format(sentence=answer.sentence, remedy=answer.remedy)
    response["HX-Trigger"] = json.dumps({"ui:toast": {"text": text, "tone": "bad"}})
    response["HX-Reswap"] = "none"
    return response


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
