"""The list of customers that are shared with oneself (共享给我的客户), declared."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.codes import PartyType
from hongyan.customer.columns import standing_customer, who_columns
from hongyan.ui.cells import named, when
from hongyan.ui.lists import ChoiceFilter, Column, EmptyState, ListSpec, Sort, offer_views

SHARED = ListSpec(
    key="shared",
    title=gettext_lazy("共享给我的客户"),
    columns=(
        *who_columns(standing_customer),
        Column(
            "by",
            pgettext_lazy("共享", "共享人"),
            lambda row: named(row.by_name or row.by, key=row.by),
            width="m",
            phone_role="meta",
        ),
        Column("reason", gettext_lazy("共享原因"), lambda row: row.reason, width="xl", phone_role="fact"),
        Column("since", pgettext_lazy("共享", "从"), lambda row: when(row.since), sort="since", width="m"),
        Column(
            "until",
            pgettext_lazy("共享", "到"),
            lambda row: when(row.until),
            sort="until",
            width="m",
            phone_role="fact",
        ),
    ),
    filters=(
        ChoiceFilter(
            key="type",
            label=gettext_lazy("客户类型"),
            field="customer__party_type",
            choices=tuple(PartyType.choices),
            quick=True,
        ),
    ),
    sorts=(
        Sort("until", pgettext_lazy("共享", "到"), ("until",)),
        Sort("since", pgettext_lazy("共享", "从"), ("since",), is_descending=True),
    ),
    default_sort="until",
    row_url=lambda row: reverse("customer:record", args=[standing_customer(row).code]),
    audited_as="shared_list",
    empty=EmptyState(
        gettext_lazy("没有共享给您的客户"),
        gettext_lazy("同事把不在您数据范围内的客户共享给您查看时，会列在这里，到期自动消失。"),
        icon="users",
    ),
)

offer_views(SHARED)
