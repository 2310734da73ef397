"""The list of customers one follows (我关注的客户), declared."""

from __future__ import annotations

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.lists import CUSTOMERS
from hongyan.customer.panels.words import LABELS
from hongyan.desk.codes import NoteSort
from hongyan.ui.cells import filled, none_yet, when
from hongyan.ui.lists import BulkAction, Column, EmptyState, ListSpec, Sort, offer_views


def _news(word: object, at: Any) -> SafeString:
    return filled("{} · {}", word, when(at)) if at else none_yet()


def _note_cell(row: Any) -> SafeString:
    """That somebody wrote or called, not what: it stands on the page, which asks who may read it."""
    return _news(NoteSort(row.note_sort).label if row.note_sort else "", row.noted_at)


def _change_cell(row: Any) -> SafeString:
    return _news(LABELS.get(row.changed_field, _("其他资料")), row.changed_at)


_SHOWN = CUSTOMERS.column_by_key

FOLLOWED = ListSpec(
    key="followed",
    title=gettext_lazy("我关注的客户"),
    columns=(
        _SHOWN["name"],
        _SHOWN["code"],
        _SHOWN["unit"],
        _SHOWN["manager"],
        Column("note", gettext_lazy("最近备注或通话"), _note_cell, width="l", phone_role="fact"),
        Column("change", gettext_lazy("最近变更"), _change_cell, width="l", phone_role="fact"),
        Column(
            "news",
            gettext_lazy("最近动态"),
            lambda row: when(row.news_at) if row.news_at else none_yet(),
            sort="news",
            width="l",
            phone_role="meta",
        ),
    ),
    sorts=(
        Sort("news", gettext_lazy("最近动态"), ("news_at",), is_descending=True),
        CUSTOMERS.sort_by_key["name"],
    ),
    default_sort="-news",
    filters=tuple(one for one in CUSTOMERS.filters if one.key in {"type", "line", "status"}),
    bulk_actions=(
        BulkAction(
            "unfollow", pgettext_lazy("动作", "取消关注"), reverse_lazy("customer:unfollow"), icon="bell-off"
        ),
    ),
    row_key=lambda row: row.code,
    row_url=lambda row: reverse("customer:record_tab", args=[row.code, "notes"]),
    audited_as="followed_list",
    empty=EmptyState(
        gettext_lazy("还没有关注客户"),
        gettext_lazy("在客户的“动态”页点“关注”，管户或状态有变化时会收到通知，也会列在这里。"),
        icon="bell",
    ),
)

offer_views(FOLLOWED)
