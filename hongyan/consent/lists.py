"""The lists of consent, declared."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.consent.models import ConsentText
from hongyan.customer.codes import ConsentPurpose
from hongyan.org.codes import Line, Right
from hongyan.ui import cells
from hongyan.ui.lists import Action, ChoiceFilter, Column, EmptyState, ListSpec, Sort


def _text_url(row: ConsentText) -> str:
    return reverse("consent:text", args=[row.pk])


TEXTS: ListSpec = ListSpec(
    key="consent_texts",
    title=_("授权书"),
    columns=(
        Column("purpose", _("用途"), lambda row: row.get_purpose_display(), phone_role="title"),
        Column(
            "line",
            pgettext_lazy("同意", "板块"),
            lambda row: row.get_line_display() or _("全部板块"),
            width="m",
            phone_role="subtitle",
        ),
        Column(
            "version",
            _("版本"),
            lambda row: cells.number(row.version),
            width="s",
            align="end",
            phone_role="aside",
        ),
        Column("basis", _("处理依据"), lambda row: row.get_basis_display(), width="m", phone_role="meta"),
        Column(
            "from", _("从哪天起使用"), lambda row: cells.when(row.valid_from), width="m", phone_role="meta"
        ),
        Column(
            "to",
            _("最后一天"),
            lambda row: cells.when(row.valid_to) if row.valid_to else cells.none_yet(),
            width="m",
            phone_role="meta",
        ),
        Column(
            "published", _("发布时间"), lambda row: cells.when(row.published_at), sort="published", width="m"
        ),
    ),
    filters=(
        ChoiceFilter(key="purpose", label=_("用途"), choices=tuple(ConsentPurpose.choices), quick=True),
        ChoiceFilter(
            key="line", label=pgettext_lazy("同意", "板块"), choices=tuple(Line.choices), quick=True
        ),
    ),
    sorts=(Sort("published", _("发布时间"), ("published_at",), is_descending=True),),
    default_sort="-published",
    actions=(
        Action(
            _("发布授权书"),
            reverse_lazy("consent:new_text"),
            icon="plus",
            is_primary=True,
            right=Right.CONSENT_PUBLISH,
        ),
    ),
    row_key=lambda row: row.pk,
    row_url=_text_url,
    empty=EmptyState(
        _("还没有发布授权书"), _("发布以后，各网点才能按它登记客户的同意。"), icon="file-certificate"
    ),
)
