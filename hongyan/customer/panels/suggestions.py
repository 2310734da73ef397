"""What the search box offers (搜索提示)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from hongyan.core import vault
from hongyan.customer.codes import Status
from hongyan.customer.models import ListRow
from hongyan.customer.panels.words import Text
from hongyan.customer.queries.search import Hit, Matched
from hongyan.customer.queries.terms import Terms, joined_keys, read_terms
from hongyan.org.codes import Viewer
from hongyan.ui.shell import Suggestion, SuggestionGroup

MATCHED: Mapping[Matched, Text] = {
    Matched.CODE: gettext_lazy("客户 · 编码相符"),
    Matched.NUMBER: gettext_lazy("客户 · 协议编号或子码相符"),
    Matched.CREDENTIAL: gettext_lazy("客户 · 证件号码相符"),
    Matched.PHONE: gettext_lazy("客户 · 电话相符"),
    Matched.EMAIL: gettext_lazy("客户 · 邮箱相符"),
    Matched.NAME: gettext_lazy("客户 · 名称相符"),
    Matched.PINYIN: gettext_lazy("客户 · 拼音或首字母相符"),
}


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """What bears a typed number besides customers; `url` leads to it where it is one thing only."""

    groups: Sequence[SuggestionGroup] = ()
    url: str = ""


FindNumber = Callable[[Viewer, str], FoundNumber]
"""(viewer, what was typed) → what bears that number. Items and accounts belong to a higher room, which lends this."""


def suggestion_groups(hits: Sequence[Hit], *, more_url: str = "") -> list[SuggestionGroup]:
    """What the search box offers, grouped by what fitted; `more_url` leads from the last group to all of them."""
    groups = [
        SuggestionGroup(MATCHED[matched], [suggested(hit.row) for hit in found])
        for matched, found in groupby(hits, key=lambda hit: hit.matched)
    ]
    return [*groups[:-1], replace(groups[-1], more_url=more_url)] if groups else []


def list_query(terms: Terms, hits: Sequence[Hit], typed: str) -> dict[str, str]:
    """The parameters under which the list finds the same: what is personal only as a keyed hash."""
    if any(hit.matched == Matched.NUMBER for hit in hits):
        return {"number": terms.number}
    if terms.is_personal:
        # A mistyped phone has no key of its own; a key that nobody has finds nobody, which is the truth.
        return {"key": joined_keys(terms.keys or (vault.blind("mistyped", typed),))}
    return {"q": typed} if typed else {}


def list_address(typed: str, hits: Sequence[Hit]) -> str:
    """The list of all customers whom a text finds."""
    return f"{reverse('customer:list')}?{urlencode(list_query(read_terms(typed), hits, typed))}"


def suggested(row: ListRow) -> Suggestion:
    """A customer as the search box shows it: code, outlet, masked phone; the state where it is not the usual one."""
    status = str(Status(row.status).label) if row.status != Status.ACTIVE else ""
    detail = " · ".join(filter(None, (status, row.code, row.unit_name, row.mobile_masked)))
    url = reverse("customer:record", args=[row.code])
    return Suggestion(row.name, url, detail, kind="customer", key=row.code)
