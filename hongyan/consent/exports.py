"""The person's file as something that leaves the house (导出个人信息档案), under the rules of all exports."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.consent.models import PersonRequest
from hongyan.consent.person_file.archive import file_of
from hongyan.consent.queries.requests import requests_for_files
from hongyan.consent.request_lists import PERSON_FILES
from hongyan.core import scope
from hongyan.core.errors import Invalid
from hongyan.desk.exports import Found, Source, Stamp, register
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import ListState

ANSWERING = "person_request"
"""What a file is made for."""


def read_request(viewer: Viewer, query: QueryDict) -> Found:
    """The request that a file is asked for, one at a time."""
    state = ListState.parse(PERSON_FILES, query, viewer=viewer)
    rows = state.apply(requests_for_files(viewer)) if state.values else PersonRequest.objects.none()
    return Found(state, rows, ())


def write_file(viewer: Viewer, found: Found, stamp: Stamp) -> Iterator[bytes]:
    """The file of whoever asked. Errors: Invalid when the request is answered meanwhile, or out of scope."""
    with scope.acting(viewer.scope):
        request = found.rows.select_related("customer__survivor").first()
    if request is None:
        raise Invalid({"": _("没有办理中的查阅或复制请求")})
    return file_of(request, stamp)


register(
    Source(
        PERSON_FILES.key,
        PERSON_FILES.title,
        Right.REQUEST_ANSWER,
        "consent:requests",
        purposes=((ANSWERING, gettext_lazy("答复个人权利请求")),),
        read=read_request,
        write=write_file,
        lead=gettext_lazy(
            "汇集鸿雁保存的这个人的全部信息，打成一个压缩包：可读的网页、JSON 和表格。本人的号码是原文，他人的已遮蔽。"
            "文件只有您能下载，到期删除；每次下载都会记入审计。"
        ),
    )
)
