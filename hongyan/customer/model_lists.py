"""The pairs by which two models were compared (比对样本), declared."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.codes import MatchBand, PairVerdict
from hongyan.customer.models import ModelPair
from hongyan.ui.cells import avatar, badge, code, filled, number
from hongyan.ui.lists import ChoiceFilter, Column, EmptyState, ListSpec, Sort

_OF = (
    ("drawn", gettext_lazy("抽取的、档次有变")),
    ("held_out", gettext_lazy("人工判定，未用于训练")),
    ("taught", gettext_lazy("人工判定，用于训练")),
)


def _by_origin(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "drawn":
        return rows.filter(label="")
    return rows.exclude(label="").filter(is_held_out=value == "held_out")


def _names_cell(row: ModelPair) -> SafeString:
    one, other = row.customer, row.candidate
    return filled(
        '<span class="named">{}<span class="named-text" title="{} / {}">{} / {}</span></span>',
        avatar(one.name, key=one.code), one.name, other.name, one.name, other.name,
    )  # fmt: skip


def _other_cell(row: ModelPair) -> SafeString:
    if row.customer_id == row.candidate_id:
        return badge(_("同一客户的两个来源"), "off")
    return code(row.candidate.code)


def _label_cell(row: ModelPair) -> str:
    return str(PairVerdict(row.label).label) if row.label else ""


def _band(band: str) -> str:
    return str(MatchBand(band).label)


BEFORE, AFTER = gettext_lazy("训练前"), gettext_lazy("训练后")
SCORE_BEFORE, SCORE_AFTER = gettext_lazy("训练前的分数"), gettext_lazy("训练后的分数")

PAIRS = ListSpec(
    key="model_pairs",
    title=gettext_lazy("训练前后对比的成对来源"),
    columns=(
        Column("names", pgettext_lazy("待核", "可能是同一客户"), _names_cell, phone_role="title"),
        Column("code", gettext_lazy("客户编码"), lambda row: code(row.customer.code), phone_role="subtitle"),
        Column("other", gettext_lazy("另一客户的编码"), _other_cell, phone_role="meta"),
        Column("label", gettext_lazy("人工判定"), _label_cell, width="s", phone_role="meta"),
        Column(
            "before",
            SCORE_BEFORE,
            lambda row: number(row.before),
            sort="before",
            width="s",
            align="end",
            phone_role="meta",
        ),
        Column("band_before", BEFORE, lambda row: _band(row.band_before), width="s", phone_role="meta"),
        Column(
            "after",
            SCORE_AFTER,
            lambda row: number(row.after),
            sort="after",
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column("band_after", AFTER, lambda row: _band(row.band_after), width="s", phone_role="aside"),
    ),
    filters=(
        ChoiceFilter(key="of", label=gettext_lazy("成对来源"), choices=_OF, narrow=_by_origin, quick=True),
        ChoiceFilter(
            key="before", label=BEFORE, field="band_before", choices=tuple(MatchBand.choices), quick=True
        ),
        ChoiceFilter(
            key="after", label=AFTER, field="band_after", choices=tuple(MatchBand.choices), quick=True
        ),
        ChoiceFilter(
            key="label",
            label=gettext_lazy("人工判定"),
            field="label",
            choices=(("same", PairVerdict.SAME.label), ("different", PairVerdict.DIFFERENT.label)),
        ),
    ),
    sorts=(
        Sort("after", SCORE_AFTER, ("after",), is_descending=True),
        Sort("before", SCORE_BEFORE, ("before",), is_descending=True),
    ),
    default_sort="-after",
    row_url=lambda row: reverse("customer:record", args=[row.customer.code]),
    audited_as="model_pair_list",
    empty=EmptyState(
        gettext_lazy("没有这样的成对来源"),
        gettext_lazy("训练前后判定不同的成对来源会出现在这里。"),
        icon="git-compare",
    ),
)
