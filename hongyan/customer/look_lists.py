"""The checks by sample (抽检), declared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.case_lists import BAND_CHOICES, by_band
from hongyan.customer.codes import JOIN_BANDS, JOIN_CHOICES, PairVerdict
from hongyan.customer.models import SecondLook
from hongyan.customer.panels.quality import ORIGINS
from hongyan.customer.queries.second_looks import looks_of
from hongyan.org.codes import Right, Viewer
from hongyan.ui.cells import badge, code, number, state_dot, when
from hongyan.ui.lists import (
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    ListState,
    Sort,
    offer_views,
)


def _agreed(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "waiting":
        return rows.filter(second="")
    agreeing = Q(first="same", second="same") | Q(first="different", second="different")
    looked = rows.exclude(second="")
    return looked.filter(agreeing) if value == "agreed" else looked.exclude(agreeing)


def _by_drawing(rows: QuerySet[Any], value: DateRange) -> QuerySet[Any]:
    if value.start:
        rows = rows.filter(drawn_at__date__gte=value.start)
    return rows.filter(drawn_at__date__lte=value.end) if value.end else rows


def _what_cell(look: SecondLook) -> str:
    return str(ORIGINS["join" if look.link_id else "person"])


def _verdict(verdict: str) -> str:
    return str(PairVerdict(verdict).label)


def _first_cell(look: SecondLook) -> str:
    # Whoever is to look again must not know what the first one said.
    return _verdict(look.first) if look.second else ""


def _second_cell(look: SecondLook) -> str:
    return _verdict(look.second) if look.second else ""


def _outcome_cell(look: SecondLook) -> SafeString:
    if not look.second:
        return state_dot(_("等待复核"), "wait")
    agreed = look.first == look.second
    return state_dot(_("一致"), "good") if agreed else badge(_("不一致"), "bad")


LOOKS = ListSpec(
    key="second_looks",
    title=gettext_lazy("归并抽检"),
    columns=(
        Column("number", gettext_lazy("编号"), lambda row: code(row.number), width="s", phone_role="title"),
        Column("what", gettext_lazy("抽检对象"), _what_cell, width="s", phone_role="meta"),
        Column(
            "score",
            gettext_lazy("相似度"),
            lambda row: number(row.score),
            width="xs",
            align="end",
            phone_role="fact",
        ),
        Column("first", gettext_lazy("原判定"), _first_cell, width="m", phone_role="fact"),
        Column("second", gettext_lazy("复核判定"), _second_cell, width="m", phone_role="fact"),
        Column("by", gettext_lazy("复核人"), lambda row: row.second_by, width="s"),
        Column("outcome", pgettext_lazy("抽检", "结果"), _outcome_cell, width="s", phone_role="aside"),
        Column(
            "drawn",
            gettext_lazy("抽取时间"),
            lambda row: when(row.drawn_at),
            sort="drawn",
            width="m",
            phone_role="meta",
        ),
    ),
    filters=(
        ChoiceFilter(
            key="outcome",
            label=pgettext_lazy("抽检", "结果"),
            choices=(
                ("waiting", pgettext_lazy("抽检", "等待复核")),
                ("agreed", gettext_lazy("一致")),
                ("disagreed", gettext_lazy("不一致")),
            ),
            narrow=_agreed,
            quick=True,
        ),
        ChoiceFilter(
            key="band",
            label=gettext_lazy("相似度"),
            choices=BAND_CHOICES,
            narrow=by_band,
            quick=True,
        ),
        ChoiceFilter(
            key="join",
            label=gettext_lazy("自动归并的相似度"),
            choices=JOIN_CHOICES,
            narrow=lambda rows, value: rows.filter(case=None, score__range=JOIN_BANDS[value]),
        ),
        ChoiceFilter(
            key="what",
            label=gettext_lazy("抽检对象"),
            choices=tuple(ORIGINS.items()),
            narrow=lambda rows, value: rows.filter(case__isnull=value == "join"),
            quick=True,
        ),
        ChoiceFilter(
            key="first",
            label=gettext_lazy("原判定"),
            choices=(("same", PairVerdict.SAME.label), ("different", PairVerdict.DIFFERENT.label)),
            narrow=lambda rows, value: rows.exclude(second="").filter(first=value),
            quick=True,
        ),
        DateRangeFilter(key="drawn", label=gettext_lazy("抽取日期"), narrow=_by_drawing),
    ),
    sorts=(Sort("drawn", gettext_lazy("抽取时间"), ("drawn_at",), is_descending=True),),
    default_sort="-drawn",
    export_right=Right.CUSTOMER_EXPORT,
    row_url=lambda row: reverse("customer:look", args=[row.pk]),
    empty=EmptyState(
        gettext_lazy("还没有抽检"),
        gettext_lazy("判定中的一部分会由第二人在不知道原判定的情况下再看一次。"),
        icon="checks",
    ),
)

offer_views(LOOKS)


def look_rows(viewer: Viewer, state: ListState) -> QuerySet[SecondLook]:
    """The checks that an address lists."""
    return state.apply(looks_of(viewer))
