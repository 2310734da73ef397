"""How well decisions hold, as far as somebody looked again, in words and bars (归并准确率)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from hongyan.customer.codes import CASE_BANDS
from hongyan.customer.panels.words import Text
from hongyan.customer.queries.second_looks import Precision
from hongyan.customer.rules.sampling import Estimate

ORIGINS: Mapping[str, Text] = {"join": gettext_lazy("自动归并"), "person": gettext_lazy("人工判定")}
"""What a check is of: a join by itself, or somebody's decision."""


@dataclass(frozen=True)
class Percent:
    """An estimate in percent: in words, and its interval as a bar on a scale of 0–100."""

    share: str
    interval: str
    low: str
    width: str


def percent(estimate: Estimate | None) -> Percent | None:
    """An estimated share as pages show it."""
    if estimate is None:
        return None
    return Percent(
        share=f"{estimate.share:.1%}",
        interval=f"{estimate.low:.1%} – {estimate.high:.1%}",
        low=f"{estimate.low * 100:.1f}",
        width=f"{(estimate.high - estimate.low) * 100:.1f}",
    )


@dataclass(frozen=True)
class QualityRow:
    """One band and verdict with its checks, their estimate, and the addresses of the rows behind each number."""

    band: str
    origin: str
    verdict: str
    found: Precision
    precision: Percent | None
    urls: Mapping[str, str]


def quality_rows(found: Sequence[Precision]) -> list[QualityRow]:
    """Estimates in percent. An interval is a bar on a scale of 0–100."""
    return [_quality_row(one) for one in found]


def _quality_row(one: Precision) -> QualityRow:
    low, high = CASE_BANDS[one.band]
    origin = "join" if one.is_automatic else "person"
    asked = {"what": origin, "band": one.band, "first": one.verdict.value}
    urls = {
        outcome: f"{reverse('customer:looks')}?{urlencode({**asked, 'outcome': outcome})}"
        for outcome in ("agreed", "disagreed")
    }
    return QualityRow(
        band=f"{low}–{high}",
        origin=str(ORIGINS[origin]),
        verdict=str(one.verdict.label),
        found=one,
        precision=percent(one.estimate),
        urls=urls,
    )
