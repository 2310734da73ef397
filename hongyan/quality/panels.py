"""Blocks of data quality: the tab of the customer's page, and the page of a unit (资料质量)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import PartyType, Status
from hongyan.customer.panels import Asked
from hongyan.customer.queries.ranges import UnitChoice
from hongyan.customer.queries.records import CustomerRecord
from hongyan.org.codes import Right, Viewer
from hongyan.quality.codes import CampaignState, Flaw
from hongyan.quality.lists import campaign_state, items_words
from hongyan.quality.models import Campaign, CustomerQuality, QualityCount
from hongyan.quality.parameters import RULES
from hongyan.quality.queries.campaigns import planned_by_unit, progress_by_unit, sums
from hongyan.quality.queries.quality import Standing, quality_of, standing_of
from hongyan.quality.words import TONES, gap_words, score_cell
from hongyan.ui import cells
from hongyan.ui.charts import Chart, Series
from hongyan.ui.records import Field

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the parts of data quality."""

    label: Text
    url: str
    icon: str
    is_active: bool


def sections(active: str) -> list[SectionLink]:
    """The parts of data quality, the one called `active` marked."""
    offered = [
        ("units", pgettext_lazy("资料质量", "机构"), "sitemap"),
        ("customers", pgettext_lazy("资料质量", "客户"), "users"),
        ("files", gettext_lazy("文件有效期"), "paperclip"),
        ("tasks", gettext_lazy("补录任务"), "checkbox"),
        ("campaigns", gettext_lazy("补录活动"), "clipboard-check"),
    ]
    return [
        SectionLink(label, reverse(f"quality:{name}"), icon, name == active) for name, label, icon in offered
    ]


# --- the tab of the customer's page


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wrong, and where it is put right."""

    words: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the data of a customer are; without a `score` nobody looked yet."""

    score: SafeString | None
    as_of: date | None
    gaps: Sequence[Gap]
    elements: Sequence[Field]
    elements_url: str
    correct_url: str


_NOTED = ("credential_until", "nationality", "occupation")
"""Items that people note here; all others are corrected."""


def quality(viewer: Viewer, record: CustomerRecord, _asked: Asked) -> Quality:
    """The query of the panel 质量. One query."""
    customer = record.customer
    found = quality_of(customer)
    is_person, is_used = customer.party_type == PartyType.PERSON, customer.status == Status.ACTIVE
    may = is_used and viewer.may(Right.CUSTOMER_CORRECT)
    elements_url = reverse("quality:elements", args=[customer.code]) if may and is_person else ""
    correct_url = reverse("customer:correct", args=[customer.code]) if may else ""
    gaps = [
        Gap(
            cells.badge(gap_words(gap), TONES[gap.partition(".")[0]]),
            elements_url if gap.partition(".")[2] in _NOTED else correct_url,
        )
        for gap in (found.gaps if found else ())
    ]
    return Quality(
        score=score_cell(found.score) if found else None,
        as_of=found.as_of if found else None,
        gaps=gaps,
        elements=elements_of(found) if found and found.note_id else (),
        elements_url=elements_url,
        correct_url=correct_url,
    )


def elements_of(told: CustomerQuality) -> list[Field]:
    """What people noted of a person's identity; what nobody noted is unknown."""
    until: object = cells.when(told.credential_until) if told.credential_until else cells.unknown()
    return [
        Field(_("证件有效期至"), pgettext("证件", "长期") if told.is_lifelong else until),
        Field(
            pgettext("资料项", "国籍"),
            told.get_nationality_display() if told.nationality else cells.unknown(),
        ),
        Field(
            pgettext("资料项", "职业"), told.get_occupation_display() if told.occupation else cells.unknown()
        ),
        Field(_("登记时间"), cells.when(told.noted_at)),
    ]


# --- the page of a unit


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a unit, and the list of its customers; none for a number without rows of its own."""

    value: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit: its customers, their mean score, and how many have which flaw."""

    label: str
    url: str
    score: SafeString | str
    figures: Sequence[Figure]


FLAWS = (Flaw.MISSING, Flaw.INVALID, Flaw.EXPIRED, Flaw.EXPIRING, Flaw.STALE)


@dataclass(frozen=True, slots=True)
class UnitPage:
    """How a unit stands: itself, those beneath it, what does not fit in one of them, and its months."""

    title: str
    heads: Sequence[Text]
    total: UnitRow | None
    rows: Sequence[UnitRow]
    rest: UnitRow | None
    chart: Chart | None
    as_of: date | None
    rules_url: str


def unit_page(viewer: Viewer, unit: UnitChoice | None) -> UnitPage:
    """The page of a unit of the viewer's scope."""
    found = standing_of(viewer, unit)
    own, code = found.own, unit.code if unit else ""
    total = _row(unit.label if unit else viewer.unit_name, own, code, "") if own else None
    rows = [
        _row(one.unit.label, one.count, one.unit.code, f"?{urlencode({'unit': one.unit.code})}")
        for one in found.beneath
        if one.unit and one.count
    ]
    return UnitPage(
        title=unit.label if unit else viewer.unit_name,
        heads=[pgettext_lazy("资料质量", "客户"), *(flaw.label for flaw in FLAWS), gettext_lazy("没有问题")],
        total=total,
        rows=rows,
        rest=_rest(total, rows) if total and rows else None,
        chart=_chart(found) if len(found.months) > 1 else None,
        as_of=found.last_run.as_of if found.last_run else None,
        rules_url=reverse("org:parameter", args=[RULES.key]) if viewer.may(Right.PARAMETER_READ) else "",
    )


def _row(label: str, count: QualityCount | None, code: str, url: str) -> UnitRow:
    assert count is not None
    asked = {"unit": code} if code else {}
    to = reverse("quality:customers")
    figures = [Figure(count.customers, f"{to}?{urlencode(asked)}")]
    figures += [
        Figure(getattr(count, flaw.value), f"{to}?{urlencode({**asked, 'flaw': flaw.value})}")
        for flaw in FLAWS
    ]
    figures.append(Figure(count.sound))
    mean = round(count.points / count.customers) if count.customers else 0
    return UnitRow(label, url, score_cell(mean) if count.customers else "", figures)


def _rest(total: UnitRow, rows: Sequence[UnitRow]) -> UnitRow | None:
    """What makes the rows fit their sum: customers of the unit itself, less those of two units, who count in both."""
    sums = [sum(row.figures[place].value for row in rows) for place in range(len(total.figures))]
    rest = [Figure(own.value - beneath) for own, beneath in zip(total.figures, sums, strict=True)]
    if not any(one.value for one in rest):
        return None
    return replace(total, label=_("本级自管，减去跨单位重复的"), url="", score="", figures=rest)


def _chart(found: Standing) -> Chart:
    return Chart(
        key="quality",
        title=_("平均得分"),
        unit=pgettext("资料质量", "分"),
        categories=[f"{one.month:%Y-%m}" for one in found.months],
        series=[
            Series(
                _("平均得分"),
                [round(one.points / one.customers, 1) if one.customers else None for one in found.months],
            )
        ],
        kind="line",
    )


# --- the page of a campaign


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One outlet of a campaign."""

    name: str
    members: int
    done: int
    percent: int


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A campaign: what it asks for, how far it is outlet by outlet, and what may be done with it now."""

    campaign: Campaign
    state: SafeString
    fields: Sequence[Field]
    rows: Sequence[ProgressRow]
    total: ProgressRow
    is_draft: bool
    may_begin: bool
    may_close: bool
    tasks_url: str


def campaign_page(viewer: Viewer, campaign: Campaign) -> CampaignPage:
    """The page of a campaign; of a draft, whom it would ask for."""
    may = viewer.may(Right.QUALITY_LEAD)
    is_draft = campaign.state == CampaignState.DRAFT
    counted = progress_by_unit if not is_draft else planned_by_unit if may else None
    progress = counted(viewer, campaign) if counted else []
    members, done = sums(progress)
    return CampaignPage(
        campaign=campaign,
        state=campaign_state(campaign),
        fields=[
            Field(_("编号"), cells.code(campaign.number)),
            Field(_("补录资料"), items_words(campaign), is_wide=True),
            Field(_("机构"), str(campaign.unit)),
            Field(_("客户类别"), campaign.get_party_type_display() if campaign.party_type else _("全部")),
            Field(_("业务板块"), campaign.get_line_display() if campaign.line else _("全部")),
            Field(_("截止日期"), cells.when(campaign.due_on)),
            Field(_("发起人"), campaign.maker.name),
        ],
        rows=[_progress_row(one.name, one.members, one.done) for one in progress],
        total=_progress_row(_("合计"), members, done),
        is_draft=is_draft,
        may_begin=may and is_draft,
        may_close=may and campaign.state == CampaignState.RUNNING,
        tasks_url=f"{reverse('quality:tasks')}?{urlencode({'campaign': campaign.pk})}"
        if campaign.state == CampaignState.RUNNING
        else "",
    )


def _progress_row(name: str, members: int, done: int) -> ProgressRow:
    return ProgressRow(name, members, done, done * 100 // members if members else 0)
