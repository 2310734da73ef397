"""Who somebody that is being entered may already be (查重面板), in words and bars, as far as the maker may know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.actions.check import Candidate, Candidates
from hongyan.customer.actions.create import Step, step_for
from hongyan.customer.panels.cases import Waterfall, waterfall
from hongyan.customer.panels.words import Text
from hongyan.ui.cells import Tone

BANDS: Mapping[str, tuple[Text, Tone]] = {
    "join": (pgettext_lazy("查重", "同一客户"), "info"),
    "review": (pgettext_lazy("查重", "可能同一客户"), "warn"),
}


@dataclass(frozen=True)
class Shown:
    """One candidate. `code`, `url`, `score`, `known_by` and `evidence` only of a customer in scope."""

    name: str
    band: Text
    tone: Tone
    code: str = ""
    url: str = ""
    score: int = 0
    known_by: Sequence[str] = ()
    evidence: Waterfall | None = None


@dataclass(frozen=True)
class Duplicates:
    """The panel. `step` is what stands in the way of saving, `waiting` until something was typed that says who it is.

    `is_agreed` says that the maker agreed about these candidates before, `reason` why it is none of them; `problem` is
    what is wrong with that, or why nobody could be asked.
    """

    step: Step | Literal["waiting"]
    found: Sequence[Shown] = ()
    mark: str = ""
    reason: str = ""
    problem: Text = ""
    is_agreed: bool = False


NOTHING_YET = Duplicates("waiting")


def duplicates(found: Candidates, *, agreed: str, reason: str, problem: Text = "") -> Duplicates:
    """The panel for what a check found; `agreed` is the mark that the maker has agreed about."""
    step = step_for(found)
    shown = found.found[:1] if step in {"known", "known_elsewhere"} else found.found
    return Duplicates(step, [_shown(one) for one in shown], found.mark, reason, problem, agreed == found.mark)


def _shown(one: Candidate) -> Shown:
    band, tone = BANDS[one.band]
    if one.verdict is None:
        return Shown(one.name, band, tone)
    return Shown(
        name=one.name,
        band=band,
        tone=tone,
        code=one.code,
        url=reverse("customer:record", args=[one.code]),
        score=one.verdict.score,
        known_by=one.known_by,
        evidence=waterfall(one.verdict),
    )


OUTCOMES: Mapping[str, Text] = {
    "new": gettext_lazy("已新增客户 {code}。"),
    "joined": gettext_lazy("已归入现有客户 {code}，没有另建客户。"),
    "review": gettext_lazy("已新增客户 {code}；与可能相同的客户是否同一，由数据管家核对。"),
}
"""What a maker is told of their entry."""
