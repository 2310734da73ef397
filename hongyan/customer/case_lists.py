"""The stewards' queue of review cases (待核队列), declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.customer.codes import CASE_BANDS, CaseState, PartyType, Worth
from hongyan.customer.lists import UnitFilter
from hongyan.customer.models import CaseBatch, CaseRow
from hongyan.customer.panels import line_chips
from hongyan.customer.panels.cases import STATE_TONES, ground_word, rule_choices, rule_word
from hongyan.customer.queries.case_batches import batches_of
from hongyan.customer.queries.cases import cases_of
from hongyan.identity.words import SUBJECTS
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import avatar, badge, code, filled, number, state_dot, when
from hongyan.ui.lists import (
    Action,
    Choice,
    ChoiceFilter,
    Column,
    EmptyState,
    Filter,
    ListSpec,
    ListState,
    MultiFilter,
    Sort,
    asks_nothing,
    offer_views,
)
from hongyan.ui.lists.filters import Option, Parameters, Unusable

PRIORITY = "priority"
_AGES = {"7": gettext_lazy("7 天内"), "30": gettext_lazy("8 至 30 天"), "old": gettext_lazy("30 天以上")}


@dataclass(frozen=True, slots=True)
class Tab:
    """One state as a tab of the queue; nobody may change or remove it."""

    key: str
    name: str
    query: str
    is_shared: bool = False
    is_pinned: bool = False
    is_default: bool = False
    save_url: str = ""
    delete_url: str = ""
    seen: str = ""


def tabs() -> list[Tab]:
    """The states in which somebody has to do with a case, in the reader's language."""
    shown = (CaseState.OPEN, CaseState.SHELVED, CaseState.ASKED)
    return [
        Tab(state, str(state.label), f"state={state}", is_default=state == CaseState.OPEN) for state in shown
    ]


def opening(query: QueryDict) -> QueryDict:
    """What the queue opens with: what waits, unless the address asks for anything else."""
    asked = f"view={CaseState.OPEN}&state={CaseState.OPEN}"
    return QueryDict(asked) if asks_nothing(query) else query


def rows_for(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[CaseRow]:
    """The cases the queue starts from: those a unit covers both customers of, else the viewer's."""
    rows, unit = cases_of(viewer), values.get("unit")
    return rows.filter(org_no__range=(unit.span.lo, unit.span.hi)) if unit else rows


def by_band(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """What is as likely as one of the bands says."""
    return rows.filter(score__range=CASE_BANDS[value])


def _by_line(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(line_codes__contains=value)


def _by_grounds(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Cases for which all of some comparisons speak."""
    for value in values:
        rows = rows.filter(grounds__contains=f",{value},")
    return rows


def _by_age(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    week, month = (clock.now() - timedelta(days=days) for days in (7, 30))
    if value == "7":
        return rows.filter(created_at__gt=week)
    return (
        rows.filter(created_at__lte=month) if value == "old" else rows.filter(created_at__range=(month, week))
    )


def _by_sampling(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    looked = Q(case__second_look__second="")
    drawn = rows.filter(case__second_look__isnull=False)
    return drawn.filter(looked) if value == "waiting" else drawn.exclude(looked)


@dataclass(frozen=True, kw_only=True)
class BatchFilter(Filter):
    """The cases of one of the viewer's batches: its sample, or what its job decided. It is set by the batch's page."""

    template: ClassVar[str] = "customer/lists/filter_batch.html"
    of_sample: bool = False

    def read(self, query: QueryDict, viewer: object) -> CaseBatch | None:
        assert isinstance(viewer, Viewer)
        asked = query.get(self.key, "")
        if not asked:
            return None
        is_number = asked.isascii() and asked.isdecimal() and len(asked) < 19
        found = batches_of(viewer).filter(pk=int(asked)).first() if is_number else None
        if found is None:
            raise Unusable(_("没有这个批量处理。"))
        return found

    def write(self, value: CaseBatch) -> Parameters:
        return [(self.key, str(value.pk))]

    def describe(self, value: CaseBatch, viewer: object) -> str:  # noqa: ARG002 - the interface's
        return value.number

    def apply(self, queryset: QuerySet[Any], value: CaseBatch) -> QuerySet[Any]:
        if self.of_sample:
            return queryset.filter(pk__in=value.sample)
        return queryset.filter(case__reason=value.number).exclude(pk__in=value.sample)


# --- cells


def pair_cell(row: CaseRow) -> SafeString:
    """Both names, one after the other."""
    return filled(
        '<span class="named">{}<span class="named-text" title="{} / {}">{} / {}</span></span>',
        avatar(row.name, key=row.code), row.name, row.other_name, row.name, row.other_name,
    )  # fmt: skip


def _worth_cell(row: CaseRow) -> SafeString | str:
    if row.worth == Worth.AGREEMENT:
        return badge(_("协议 {count} 份").format(count=row.agreements), "info")
    return str(Worth(row.worth).label)


def _grounds_cell(row: CaseRow) -> str:
    return pgettext("list separator", "、").join(
        ground_word(one) for one in row.grounds.split(",") if one in SUBJECTS
    )


def _state_cell(row: CaseRow) -> SafeString:
    return state_dot(CaseState(row.state).label, STATE_TONES[row.state])


def _created_cell(row: CaseRow) -> SafeString:
    return when(clock.business_date(row.created_at))


def case_url(row: CaseRow) -> str:
    """The page on which a case is decided."""
    return reverse("customer:case", args=[row.pk])


def _grounds(_viewer: object) -> Sequence[Option]:
    return [Choice(one, ground_word(one)) for one in SUBJECTS]


def _rules(_viewer: object) -> Sequence[Option]:
    return [Choice(*one) for one in rule_choices()]


BAND_CHOICES = tuple((key, f"{low}–{high}") for key, (low, high) in CASE_BANDS.items())

CASES = ListSpec(
    key="cases",
    title=gettext_lazy("识别工作台"),
    columns=(
        Column("pair", pgettext_lazy("待核", "可能是同一客户"), pair_cell, phone_role="title"),
        Column(
            "number", gettext_lazy("编号"), lambda row: code(row.number), width="s", phone_role="subtitle"
        ),
        Column(
            "score",
            gettext_lazy("相似度"),
            lambda row: number(row.score),
            sort="score",
            width="xs",
            align="end",
            phone_role="fact",
        ),
        Column("rule", gettext_lazy("待核原因"), lambda row: rule_word(row.rule), width="m"),
        Column("grounds", gettext_lazy("相符的信息"), _grounds_cell, width="m", phone_role="meta"),
        Column(
            "worth",
            gettext_lazy("业务分量"),
            _worth_cell,
            sort=PRIORITY,
            width="s",
            phone_role="aside",
        ),
        Column(
            "lines",
            gettext_lazy("板块"),
            lambda row: line_chips(filter(None, row.line_codes.split(",")), most=2),
            width="m",
            phone_role="meta",
        ),
        Column(
            "unit",
            gettext_lazy("共同机构"),
            lambda row: row.unit_name or _("全集团"),
            width="m",
            phone_role="meta",
            hint=gettext_lazy("能看到两位客户的最低一级机构"),
        ),
        Column("created", gettext_lazy("产生日期"), _created_cell, sort="age", width="s"),
        Column("state", gettext_lazy("状态"), _state_cell, width="s", default=False),
    ),
    filters=(
        ChoiceFilter(
            key="band", label=gettext_lazy("相似度"), choices=BAND_CHOICES, narrow=by_band, quick=True
        ),
        ChoiceFilter(
            key="worth",
            label=gettext_lazy("业务分量"),
            choices=tuple((str(one.value), one.label) for one in Worth),
            quick=True,
        ),
        ChoiceFilter(
            key="type",
            label=gettext_lazy("客户类型"),
            field="party_type",
            choices=tuple(PartyType.choices),
            quick=True,
        ),
        ChoiceFilter(
            key="line", label=gettext_lazy("板块"), choices=tuple(Line.choices), narrow=_by_line, quick=True
        ),
        ChoiceFilter(key="state", label=gettext_lazy("状态"), choices=tuple(CaseState.choices), by_tabs=True),
        UnitFilter(key="unit", label=gettext_lazy("机构")),
        ChoiceFilter(key="rule", label=gettext_lazy("待核原因"), choices=_rules),
        MultiFilter(key="grounds", label=gettext_lazy("相符的信息"), choices=_grounds, narrow=_by_grounds),
        ChoiceFilter(key="age", label=gettext_lazy("等待"), choices=tuple(_AGES.items()), narrow=_by_age),
        ChoiceFilter(
            key="sampled",
            label=gettext_lazy("抽检"),
            choices=(
                ("waiting", pgettext_lazy("抽检", "等待复核")),
                ("looked", pgettext_lazy("抽检", "已复核")),
            ),
            narrow=_by_sampling,
        ),
        BatchFilter(key="sample", label=gettext_lazy("批量的样本"), of_sample=True),
        BatchFilter(key="batch", label=pgettext_lazy("识别工作台", "批量处理")),
    ),
    sorts=(
        # What a wrong decision would touch comes first, and there the likeliest.
        Sort(PRIORITY, pgettext_lazy("sort", "轻重"), ("worth", "score"), is_descending=True),
        Sort("score", gettext_lazy("相似度"), ("score",), is_descending=True),
        Sort("age", gettext_lazy("产生时间"), ("created_at",)),
    ),
    default_sort=f"-{PRIORITY}",
    row_key=lambda row: row.pk,
    audited_as="review_case_list",
    export_right=Right.CUSTOMER_EXPORT,
    empty=EmptyState(
        gettext_lazy("没有要核对的客户"),
        gettext_lazy("可能是同一客户、又没有把握的成对客户会出现在这里。"),
        icon="git-compare",
    ),
)

offer_views(CASES)


def spec_for(state: ListState) -> ListSpec:
    """The queue as it stands: its cases open within it, and what it was filtered for can be decided together."""
    batch = Action(_("批量处理这一类"), f"{reverse('customer:new_batch')}?{state.query}", icon="stack-2")
    return replace(
        state.spec,
        row_url=lambda row: f"{case_url(row)}?{state.query}",
        actions=(batch,) if state.values.keys() - {"state"} else (),
    )


def case_rows(viewer: Viewer, state: ListState) -> QuerySet[CaseRow]:
    """The cases that an address lists."""
    return state.apply(rows_for(viewer, state.values))


def rows_of_query(viewer: Viewer, query: str) -> QuerySet[CaseRow]:
    """The cases that a canonical query lists. Errors: Invalid for a condition that cannot be used."""
    return case_rows(viewer, ListState.parse_strictly(CASES, QueryDict(query), viewer=viewer))
