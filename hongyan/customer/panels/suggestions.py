"""What the search box offers (搜索提示)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy

from hongyan.customer.codes import Status
from hongyan.customer.panels.words import Text
from hongyan.customer.queries.search import Hit, Matched
from hongyan.org.codes import Viewer
from hongyan.ui.shell import Suggestion, SuggestionGroup

MATCHED: Mapping[Matched, Text] = {
    Matched.CODE: gettext_lazy("客户编码相符"),
    Matched.NUMBER: gettext_lazy("协议编号或子码相符"),
    Matched.CREDENTIAL: gettext_lazy("证件号码相符"),
    Matched.PHONE: gettext_lazy("电话相符"),
    Matched.EMAIL: gettext_lazy("邮箱相符"),
    Matched.NAME: gettext_lazy("名称相符"),
    Matched.PINYIN: gettext_lazy("拼音或首字母相符"),
}


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """What bears a typed number besides customers; `url` leads to it where it is one thing only."""

    groups: Sequence[SuggestionGroup] = ()
    url: str = ""


FindNumber = Callable[[Viewer, str], FoundNumber]
"""(viewer, what was typed) → what bears that number. Items and accounts belong to a higher room, which lends this."""


def suggestion_groups(hits: Sequence[Hit]) -> list[SuggestionGroup]:
    """What the search box offers, grouped by what fitted."""
    return [
        SuggestionGroup(MATCHED[matched], [_suggestion(hit) for hit in found])
        for matched, found in groupby(hits, key=lambda hit: hit.matched)
    ]


def _suggestion(hit: Hit) -> Suggestion:
    row = hit.row
    status = str(Status(row.status).label) if row.status != Status.ACTIVE else ""
    detail = " · ".join(filter(None, (status, row.code, row.unit_name, row.mobile_masked)))
    return Suggestion(row.name, reverse("customer:record", args=[row.code]), detail)
