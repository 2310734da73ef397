"""The archived months of the audit, and the rows that are laid open of them (归档的审计)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.audit_archives import is_archive_intact
from hongyan.core.models import AuditArchive
from hongyan.org.lists.audit import AUDIT_LIST
from hongyan.org.queries.audit_archives import archives
from hongyan.ui import cells
from hongyan.ui.lists import Action, Choice, ChoiceFilter, Column, DateRangeFilter, EmptyState, ListSpec, Sort


def integrity(archive: AuditArchive) -> SafeString:
    """Whether the entry of an archive is as it was written; its rows are verified when it is opened."""
    if is_archive_intact(archive):
        return cells.state_dot(_("完整"), "good")
    return cells.badge(_("已被改动"), "bad")


ARCHIVES = ListSpec(
    key="archives",
    title=pgettext_lazy("页面", "归档的审计"),
    columns=(
        Column(
            "month",
            gettext_lazy("月份"),
            lambda archive: cells.code(f"{archive.month:%Y-%m}"),
            sort="month",
            phone_role="title",
        ),
        Column(
            "rows",
            gettext_lazy("行数"),
            lambda archive: cells.number(archive.rows),
            width="m",
            align="end",
            phone_role="fact",
        ),
        Column(
            "numbers",
            gettext_lazy("编号"),
            lambda archive: cells.code(f"{archive.first_id}–{archive.last_id}"),
            width="l",
            phone_role="meta",
        ),
        Column(
            "archived",
            gettext_lazy("归档时间"),
            lambda archive: cells.when(archive.archived_at),
            width="l",
            phone_role="subtitle",
        ),
        Column("integrity", gettext_lazy("归档登记"), integrity, width="m", phone_role="aside"),
    ),
    filters=(DateRangeFilter(key="month", label=gettext_lazy("月份"), field="month", quick=True),),
    sorts=(Sort("month", gettext_lazy("月份"), ("month",), is_descending=True),),
    default_sort="-month",
    actions=(Action(pgettext_lazy("页面", "审计"), reverse_lazy("org:audit"), icon="shield-check"),),
    empty=EmptyState(
        gettext_lazy("还没有归档"),
        gettext_lazy("超过保存期的月份验证以后归档，从那以后在这里取出查看。"),
        icon="archive",
    ),
    row_url=lambda archive: reverse("org:archive", args=[f"{archive.month:%Y-%m}"]),
)


def _months(_viewer: object) -> Sequence[Choice]:
    months = archives().order_by("-month").values_list("month", flat=True)
    return [Choice(month.isoformat(), f"{month:%Y-%m}") for month in months]


OPENED = replace(
    AUDIT_LIST,
    key="archived",
    title=pgettext_lazy("页面", "取出的审计"),
    filters=(
        ChoiceFilter(key="month", label=gettext_lazy("月份"), choices=_months, quick=True),
        *AUDIT_LIST.filters,
    ),
    actions=(Action(pgettext_lazy("页面", "归档的审计"), reverse_lazy("org:archives"), icon="archive"),),
    empty=EmptyState(
        gettext_lazy("没有取出的记录"),
        gettext_lazy("先在归档的审计里取出一个月；范围之外的记录不会出现。"),
        icon="archive",
    ),
    row_url=None,
)
"""The audit's own list over what is laid open."""
