"""A review case in words and bars: what speaks for one customer, what its merge would touch, what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import CASE_BANDS, CaseState, MergeState, PairVerdict, Worth
from hongyan.customer.models import Entry, Ownership
from hongyan.customer.panels.comparison import LETTERS, Comparison, comparison
from hongyan.customer.panels.merges import OBJECTIONS
from hongyan.customer.panels.words import Text, language, verdict_of, who
from hongyan.customer.queries.cases import OpenedCase, proposed_survivor
from hongyan.identity import explain
from hongyan.identity.verdict import Verdict
from hongyan.identity.words import EARLIER_RULES, RULES, SUBJECTS, Words
from hongyan.org.codes import Line, Viewer
from hongyan.ui.cells import Tone, badge
from hongyan.ui.lists import Count, ListSpec, ListState
from hongyan.ui.records import TimelineEntry

STATE_TONES: Mapping[str, Tone] = {
    CaseState.PROPOSED: "wait",
    CaseState.OPEN: "warn",
    CaseState.ASKED: "info",
    CaseState.MERGED: "good",
    CaseState.REJECTED: "off",
    CaseState.SHELVED: "wait",
    CaseState.SPLIT: "bad",
}


# --- the desk


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the desk's parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


_SECTIONS: Sequence[tuple[str, Text, str]] = (
    ("overview", pgettext_lazy("识别工作台", "概览"), "chart-bar"),
    ("cases", pgettext_lazy("识别工作台", "待核"), "git-compare"),
    ("looks", pgettext_lazy("识别工作台", "抽检"), "checks"),
    ("quality", pgettext_lazy("识别工作台", "准确率"), "target-arrow"),
    ("batches", pgettext_lazy("识别工作台", "批量处理"), "stack-2"),
    ("relations", pgettext_lazy("识别工作台", "关系推导"), "affiliate"),
)


def case_sections(active: str) -> list[SectionLink]:
    """The desk's parts, the one called `active` marked."""
    return [
        SectionLink(label, reverse(f"customer:{name}"), icon, name == active)
        for name, label, icon in _SECTIONS
    ]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """The waiting cases of one score band, one number for each worth, with the address of the cases behind it."""

    label: str
    cells: Sequence[tuple[Text, Count, str]]


def matrix(counts: Mapping[tuple[str, Worth], Count]) -> list[MatrixRow]:
    """How much waits, by likelihood downward and by what it touches across."""
    base = reverse("customer:cases")
    return [
        MatrixRow(
            f"{low}–{high}",
            [
                (
                    worth.label,
                    counts[band, worth],
                    f"{base}?{urlencode({'state': CaseState.OPEN.value, 'band': band, 'worth': str(worth.value)})}",
                )
                for worth in Worth
            ],
        )
        for band, (low, high) in CASE_BANDS.items()
    ]


@dataclass(frozen=True, slots=True)
class SideHead:
    """One of the two customers above its records. `code` is empty where nobody may know whose they are."""

    letter: str
    name: str
    columns: int
    code: str = ""
    is_survivor: bool = False


@dataclass(frozen=True)
class Desk:
    """All that a page shows of a case. `objections` are in words what speaks against a merge by one person.

    `model` is the number of the model of the house that weighed the pair, empty for the shipped one.
    """

    view: OpenedCase
    sides: Sequence[SideHead]
    compared: Comparison
    waterfall: Waterfall
    effect: Effect
    history: Sequence[TimelineEntry]
    objections: Sequence[str]
    model: str


def desk(viewer: Viewer, view: OpenedCase) -> Desk:
    """A case as a page shows it. No query beyond those of the view."""
    codes = (view.sides[0].customer.code, view.sides[1].customer.code)
    compared = comparison(viewer, view.sides, codes=codes)
    survivor, verdict = proposed_survivor(view), verdict_of(view.case.evidence)
    return Desk(
        view=view,
        sides=[
            SideHead(str(letter), side.customer.name, columns, side.customer.code, number == survivor)
            for number, (letter, side, columns) in enumerate(
                zip(LETTERS, view.sides, compared.counts, strict=True)
            )
        ],
        compared=compared,
        waterfall=waterfall(verdict),
        effect=effect(view),
        history=pair_history(view),
        objections=[OBJECTIONS[one]() for one in view.objections],
        model=f"M{view.row.party_type}{verdict.model:04}" if verdict.model else "",
    )


def unnamed(compared: Comparison) -> list[SideHead]:
    """The two sides of a check, without a word on whose they are."""
    return [
        SideHead(str(letter), "", columns) for letter, columns in zip(LETTERS, compared.counts, strict=True)
    ]


# --- evidence


@dataclass(frozen=True)
class Bar:
    """One piece of evidence: its words, its weight in bits with a sign, and where its bar stands on a scale of 0–100.

    `zero` is the place of no evidence either way.
    """

    label: str
    bits: str
    start: str
    width: str
    zero: str
    tone: Tone


@dataclass(frozen=True)
class Waterfall:
    """What was found, bar after bar, each beginning where the one before ended; and the same in one sentence."""

    bars: Sequence[Bar]
    sentence: str


def waterfall(verdict: Verdict) -> Waterfall:
    """The evidence of a verdict in the reader's language."""
    steps = explain.waterfall(verdict, language())
    ends = [0.0, *(step.total for step in steps)]
    low, high = min(ends), max(ends)
    scale = 100 / ((high - low) or 1)
    bars = [
        Bar(
            label=step.label,
            bits=f"{step.bits:+.1f}",
            start=f"{(min(before, step.total) - low) * scale:.1f}",
            width=f"{max(abs(step.total - before) * scale, 0.6):.1f}",
            zero=f"{-low * scale:.1f}",
            tone="good" if step.bits > 0 else "bad" if step.bits < 0 else "off",
        )
        for before, step in zip(ends, steps, strict=False)
    ]
    return Waterfall(bars, explain.sentence(verdict, language()))


# --- what a merge would touch


@dataclass(frozen=True)
class Meeting:
    """A line in which the two customers are looked after by different people: one of them has to stand."""

    line: str
    label: str
    one: str
    other: str


@dataclass(frozen=True)
class Effect:
    """What comes together if the two are merged. `meetings` ask for a choice; `takes_two` for a second person."""

    sentences: Sequence[str]
    meetings: Sequence[Meeting]
    takes_two: bool


def effect(view: OpenedCase) -> Effect:
    """What the merge of a case would touch, in words."""
    one, other = view.sides
    meetings = list(_meetings(*view.owners))
    agreements = len(one.agreements) + len(other.agreements)
    sentences = [
        _("归并后{line}客户经理 2 人（{one}、{other}），需定主办").format(
            line=met.label, one=met.one, other=met.other
        )
        for met in meetings
    ]
    if not meetings:
        sentences.append(_("管户不变，没有两人同管一个板块"))
    if agreements:
        sentences.append(
            _("归并后协议 {count} 份（甲 {one}、乙 {other}），须第二人同意").format(
                count=agreements, one=len(one.agreements), other=len(other.agreements)
            )
        )
    sources = len(one.parties) + len(other.parties)
    sentences.append(_("来源记录 {count} 条归到一个客户").format(count=sources))
    return Effect(sentences, meetings, takes_two=agreements > 0)


def _meetings(one: Sequence[Ownership], other: Sequence[Ownership]) -> list[Meeting]:
    of_other = {owner.line: owner for owner in other}
    pairs = ((owner, of_other[owner.line]) for owner in one if owner.line in of_other)
    return [
        Meeting(left.line, str(Line(left.line).label), _keeper(left), _keeper(right))
        for left, right in pairs
        if (left.unit_id, left.manager_id) != (right.unit_id, right.manager_id)
    ]


def _keeper(owner: Ownership) -> str:
    return f"{owner.manager.name} · {owner.unit}" if owner.manager else str(owner.unit)


# --- what was said before

_MERGES: Mapping[str, Text] = {
    MergeState.WAITING: pgettext_lazy("归并", "申请归并"),
    MergeState.DONE: pgettext_lazy("归并", "归并"),
    MergeState.REFUSED: pgettext_lazy("归并", "归并未获批准"),
    MergeState.SPLIT: gettext_lazy("归并后又拆分"),
}


def pair_history(view: OpenedCase) -> list[TimelineEntry]:
    """What was said and done about a pair, the latest first, and when the case came up."""
    said = [
        TimelineEntry(
            at=one.at,
            kind=pgettext("归并", "人工判定"),
            title=PairVerdict(one.verdict).label,
            text=one.reason,
            icon="gavel",
            author=_people(one.by, one.second_by),
        )
        for one in view.decisions
    ]
    done = [
        TimelineEntry(
            at=_ended(one.asked_at, one.done_at, one.split_at),
            kind=pgettext("归并", "归并"),
            title=_MERGES[one.state],
            text=one.split_reason or one.reason,
            icon="git-merge",
            author=_people(one.asked_by, one.second_by, one.split_by),
        )
        for one in view.merges
    ]
    opened = TimelineEntry(
        at=view.case.created_at,
        kind=pgettext("归并", "系统识别"),
        title=_("相似度 {score}，转人工核对").format(score=view.case.score),
        icon="robot",
        author=who("system"),
    )
    typed = [_entered(view.entry)] if view.entry and view.entry.reason else []
    return [*sorted((*said, *done), key=lambda entry: entry.at, reverse=True), *typed, opened]


def _entered(entry: Entry) -> TimelineEntry:
    return TimelineEntry(
        at=entry.made_at,
        kind=pgettext("归并", "新增客户"),
        title=_("录入人认为不是同一客户"),
        text=entry.reason,
        icon="user-plus",
        author=entry.maker.staff_no,
    )


def _ended(*instants: datetime | None) -> datetime:
    return max(at for at in instants if at is not None)


def _people(*codes: str) -> str:
    return pgettext("list separator", "、").join(who(code) for code in dict.fromkeys(codes) if code)


def rule_word(rule: str) -> str:
    """Why a case waits, in the reader's language; a rule that no model has any more stands as it is."""
    words = RULES.get(rule) or EARLIER_RULES.get(rule)
    return _chosen(words) if words else rule


def rule_choices() -> list[tuple[str, str]]:
    """Every rule of the present model that may leave a case behind, with its words."""
    return [(rule, rule_word(rule)) for rule in RULES]


def ground_word(code: str) -> str:
    """What a comparison is of."""
    return _chosen(SUBJECTS[code])


def _chosen(words: Words) -> str:
    return words[0] if language() == "zh" else words[1]


def conditions(spec: ListSpec, query: str, viewer: Viewer) -> list[str]:
    """What a query of the queue asks, condition by condition; that a case waits goes without saying."""
    state = ListState.parse(spec, QueryDict(query), viewer=viewer)
    return [f"{chip.label} {chip.text}" for chip in state.chips if chip.key != "state"]


def state_badge(state: str) -> SafeString:
    """How a case stands."""
    return badge(CaseState(state).label, STATE_TONES[state])
