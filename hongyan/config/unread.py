"""The answer to what gunicorn cannot read as a request, in our words: Django never sees it, nor its language.

Gunicorn's own answer, and its log line, repeat what was sent; ours do not: an address may hold anything.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker

_OURS = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)
"""What is said of a request and is a fault of the house."""

_PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">\
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{chinese} · {english}</title></head><body>\
<h1>{chinese}</h1><p>没有做任何改动。请<a href="/">回到首页</a>再试一次。</p>\
<div lang="en"><h2>{english}</h2><p>Nothing was changed. Please <a href="/">go to the start page</a> and try again.</p>\
</div></body></html>"""

_WORDS = {
    HTTPStatus.BAD_REQUEST: ("这个请求读不懂", "This request cannot be read"),
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        "地址太长，请减少列表的条件",
        "The address is too long: use fewer conditions",
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "浏览器带来的信息太多，请清除本站的 Cookie",
        "The browser sent too much: clear the cookies of this site",
    ),
}


def status_of(error: ParseException) -> HTTPStatus:
    """What is wrong with a request, as HTTP calls it."""
    if isinstance(error, LimitRequestLine):
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if isinstance(error, LimitRequestHeaders):
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return HTTPStatus.BAD_REQUEST


def answer(status: HTTPStatus) -> bytes:
    """The whole answer: a page in both languages that loads nothing, after which the connection ends."""
    chinese, english = _WORDS[status]
    page = _PAGE.format(chinese=chinese, english=english).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    )
    return "\r\n".join((*head, "", "")).encode() + page


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no stubs
    """Gunicorn's threads with our answer to what cannot be read."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        if not isinstance(exc, ParseException) or isinstance(exc, _OURS):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("unreadable request: %s", type(exc).__name__)
        with suppress(OSError):  # whoever sent it may be gone
            util.write_nonblock(client, answer(status_of(exc)))
