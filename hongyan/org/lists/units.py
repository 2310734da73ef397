"""The list of units (机构), beside their tree: for filters, and to take away."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.org.codes import Level, Management, Right, Tree
from hongyan.org.queries.tree import beneath, unit_choice, unit_choices, unit_named
from hongyan.ui import cells
from hongyan.ui.lists import (
    Action,
    BooleanFilter,
    ChoiceFilter,
    Column,
    EmptyState,
    ListSpec,
    MultiFilter,
    Sort,
    TextFilter,
    TreeFilter,
)

UNITS = ListSpec(
    key="units",
    title=pgettext_lazy("页面", "机构列表"),
    columns=(
        Column("name", gettext_lazy("名称"), lambda place: str(place.unit), phone_role="title"),
        Column(
            "code",
            gettext_lazy("机构编码"),
            lambda place: cells.code(place.unit.code),
            width="m",
            phone_role="aside",
        ),
        Column(
            "level",
            gettext_lazy("机构层级"),
            lambda place: Level(place.level).label,
            width="s",
            phone_role="meta",
        ),
        Column(
            "parent",
            gettext_lazy("上级机构"),
            lambda place: str(place.parent.unit) if place.parent else "",
            phone_role="subtitle",
        ),
        Column(
            "tree", gettext_lazy("机构树"), lambda place: Tree(place.tree).label, width="s", default=False
        ),
        Column(
            "management",
            gettext_lazy("经营方式"),
            lambda place: Management(place.unit.management).label,
            width="s",
            phone_role="meta",
        ),
        Column(
            "division",
            gettext_lazy("行政区划"),
            lambda place: cells.code(place.unit.division),
            width="m",
        ),
        Column(
            "postcode",
            gettext_lazy("邮政编码"),
            lambda place: cells.code(place.unit.postcode),
            width="m",
        ),
        Column(
            "until",
            gettext_lazy("终止日期"),
            lambda place: cells.when(place.unit.valid_to) if place.unit.valid_to else cells.none_yet(),
            width="m",
            default=False,
        ),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("机构"),
            placeholder=gettext_lazy("名称、拼音或编码"),
            quick=True,
            max_length=40,
            narrow=lambda places, text: places.filter(unit_named(text)),
        ),
        TreeFilter(
            key="unit",
            label=pgettext_lazy("筛选", "机构"),
            quick=True,
            narrow=lambda places, code: places.filter(beneath(code)),
            find=unit_choice,
            options=unit_choices,
        ),
        MultiFilter(
            key="level",
            label=gettext_lazy("机构层级"),
            quick=True,
            choices=tuple((str(level.value), level.label) for level in Level),
        ),
        ChoiceFilter(key="tree", label=gettext_lazy("机构树"), choices=tuple(Tree.choices)),
        ChoiceFilter(
            key="management",
            label=gettext_lazy("经营方式"),
            field="unit__management",
            choices=tuple(Management.choices),
        ),
        BooleanFilter(
            key="operating",
            label=gettext_lazy("营业机构"),
            field="unit__is_operating",
            yes=pgettext_lazy("是否", "是"),
            no=pgettext_lazy("是否", "否"),
        ),
    ),
    sorts=(Sort("tree", gettext_lazy("机构树的顺序"), ("lo",)),),
    default_sort="tree",
    actions=(Action(gettext_lazy("机构树"), reverse_lazy("org:units"), icon="sitemap"),),
    empty=EmptyState(
        gettext_lazy("没有这样的机构"),
        gettext_lazy("换一个条件试试；范围之外的机构不会出现。"),
        icon="building",
    ),
    row_url=lambda place: reverse("org:unit", args=[place.unit.code]),
    export_right=Right.ORG_EXPORT,
)
