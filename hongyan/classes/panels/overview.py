"""How many customers are in each class, and how the classification of everybody stands (分类概览)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.classes.codes import BEHAVIOUR, LOSS, Dimension, RunState
from hongyan.classes.models import ClassRun
from hongyan.classes.parameters import TIERS
from hongyan.classes.queries.access import require_lines
from hongyan.classes.queries.rules import read_rules, tiers_today
from hongyan.classes.queries.runs import counts_of, job_at_work, latest_runs
from hongyan.classes.words import Text, dimensions
from hongyan.core.models import JobRun
from hongyan.org.codes import Right, Viewer


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the parts of classification."""

    label: Text
    url: str
    icon: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One class: how many customers are in it, and the list of them; None before the first count."""

    label: str | Promise
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One question, with its classes; `note` says what it rests on."""

    label: str | Promise
    note: str
    rows: Sequence[Row]
    moves_url: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One classification of everybody."""

    as_of: date
    state: str
    tone: str
    seconds: float | None
    run: ClassRun


@dataclass(frozen=True, slots=True)
class Overview:
    """The page of classes. `as_of` is the day of the last run that is done, None before the first."""

    as_of: date | None
    blocks: Sequence[Block]
    runs: Sequence[RunRow]
    job: JobRun | None
    may_run: bool
    rules_url: str


def sections(viewer: Viewer, active: str) -> list[SectionLink]:
    """The parts of classification that the viewer may see, the one called `active` marked."""
    offered = [
        ("overview", gettext_lazy("分类概览"), "category", True),
        ("moves", gettext_lazy("分类变动"), "arrows-exchange", True),
        ("tags", gettext_lazy("标签"), "tag", True),
        ("blacklist", gettext_lazy("黑名单"), "ban", viewer.may(Right.BLACKLIST_READ)),
    ]
    return [
        SectionLink(label, reverse(f"classes:{name}"), icon, name == active)
        for name, label, icon, is_offered in offered
        if is_offered
    ]


def overview(viewer: Viewer) -> Overview:
    """The classes of the viewer's scope. Four queries. Errors: NotAllowed for whoever may not see business."""
    require_lines(viewer)
    runs, counts = latest_runs(), counts_of(viewer)
    done = next((run for run in runs if run.state == RunState.DONE), None)
    tiers = read_rules(done.rules).tiers if done else tiers_today()
    bases = {tier.scheme: tier.basis for tier in tiers}
    return Overview(
        as_of=done.as_of if done else None,
        blocks=[_block(one, bases.get(one.key, ""), counts) for one in dimensions(tiers)],
        runs=[_run_row(run) for run in runs],
        job=job_at_work(),
        may_run=viewer.may(Right.CLASSES_RUN) and viewer.scope.everything,
        rules_url=reverse("org:parameter", args=[TIERS.key]) if viewer.may(Right.PARAMETER_READ) else "",
    )


def _block(dimension: Dimension, basis: str, counts: dict[str, int]) -> Block:
    key, notes = _filter_of(dimension), {"month": _("按上月收入"), "year": _("按近 12 个月收入")}
    rows = []
    for value, word in dimension.values.items():
        mark = f"{dimension.key}.{value}"
        rows.append(Row(word, counts.get(mark, 0), f"{reverse('customer:list')}?{urlencode({key: mark})}"))
    moves = f"{reverse('classes:moves')}?{urlencode({'dimension': dimension.key})}"
    return Block(dimension.label, notes.get(basis, ""), rows, moves)


def _filter_of(dimension: Dimension) -> str:
    """The filter of the list of customers that knows a question's classes."""
    if dimension.key == LOSS.key:
        return "loss"
    return "behaviour" if dimension in BEHAVIOUR else "tier"


def _run_row(run: ClassRun) -> RunRow:
    tones = {RunState.DONE: "good", RunState.WORKING: "warn", RunState.LEFT: "off"}
    state = RunState(run.state)
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
    return RunRow(run.as_of, str(state.label), tones[state], seconds, run)
