"""How resolution stands in a unit: sizes of customers, bands of joins with their precision, systems (识别概览)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hongyan.customer.codes import JOIN_BANDS, MOST_SOURCES, Measure, PartyType
from hongyan.customer.panels.quality import Percent, percent
from hongyan.customer.queries.resolution import Checked, Resolution
from hongyan.customer.rules.sampling import Estimate, combined, wilson
from hongyan.ui.charts import Chart, Series


@dataclass(frozen=True)
class BandRow:
    """Customers by their least sure automatic join, and what checks said of such joins."""

    label: str
    customers: int
    url: str
    found: Checked
    looks: Mapping[str, str]
    precision: Percent | None

    @property
    def disagreed(self) -> int:
        """How many joins did not hold."""
        return self.found.checked - self.found.agreed


@dataclass(frozen=True)
class SystemRow:
    """Customers known to a system, and how many of them another system knows too."""

    name: str
    customers: int
    shared: int
    share: str
    url: str
    shared_url: str


@dataclass(frozen=True)
class Overview:
    """All that the page shows; `precision` is over all bands, None until each was checked."""

    counted_at: datetime
    parties: int
    customers: int
    several: int
    several_url: str
    joined: int
    sizes: Chart
    bands: Sequence[BandRow]
    precision: Percent | None
    systems: Sequence[SystemRow]


def overview(found: Resolution, checked: Mapping[str, Checked], names: Mapping[str, str]) -> Overview:
    """The numbers with the addresses of the rows behind them; `names` are those of the systems."""
    sizes, joined = found.of(Measure.SOURCES), found.of(Measure.JOIN)
    estimates = {band: _estimate(checked.get(band, Checked())) for band in JOIN_BANDS}
    return Overview(
        counted_at=found.counted_at,
        parties=found.of(Measure.PARTIES)[""],
        customers=sizes.total(),
        several=sizes.total() - sizes["1"],
        several_url=_customers(sources="2"),
        joined=joined.total(),
        sizes=_sizes(found),
        bands=[
            _band(band, joined[band], checked.get(band, Checked()), estimates[band]) for band in JOIN_BANDS
        ],
        precision=percent(combined([(joined[band], estimates[band]) for band in JOIN_BANDS])),
        systems=_systems(found, names),
    )


def _sizes(found: Resolution) -> Chart:
    """How many source records make a customer."""
    keys = [str(size) for size in range(1, MOST_SOURCES + 1)]
    counts = found.counts[Measure.SOURCES]
    while len(keys) > 2 and not any(counts.get((kind, keys[-1])) for kind in PartyType.values):
        keys.pop()
    return Chart(
        key="sizes",
        title=_("每个客户由几条来源记录归并而成"),
        unit=_("个客户"),
        categories=[f"{key}+" if key == str(MOST_SOURCES) else key for key in keys],
        series=[
            Series(
                kind.label,
                [counts.get((kind.value, key), 0) for key in keys],
                [
                    _customers(type=kind.value, sources=key if key == str(MOST_SOURCES) else f"only{key}")
                    for key in keys
                ],
            )
            for kind in PartyType
        ],
        is_stacked=True,
    )


def _band(band: str, customers: int, found: Checked, estimate: Estimate | None) -> BandRow:
    low, high = JOIN_BANDS[band]
    base = {"what": "join", "join": band}
    return BandRow(
        label=f"{low}–{high}",
        customers=customers,
        url=_customers(join=band),
        found=found,
        looks={
            outcome: f"{reverse('customer:looks')}?{urlencode({**base, 'outcome': outcome})}"
            for outcome in ("waiting", "agreed", "disagreed")
        },
        precision=percent(estimate),
    )


def _estimate(found: Checked) -> Estimate | None:
    return wilson(found.agreed, found.checked)


def _systems(found: Resolution, names: Mapping[str, str]) -> list[SystemRow]:
    known, shared = found.of(Measure.SYSTEM), found.of(Measure.SHARED)
    return [
        SystemRow(
            name=names.get(system, system),
            customers=count,
            shared=shared[system],
            share=f"{shared[system] / count:.1%}",
            url=_customers(system=system),
            shared_url=_customers(system=system, systems="2"),
        )
        for system, count in known.most_common()
    ]


def _customers(**asked: Any) -> str:
    return f"{reverse('customer:list')}?{urlencode(asked)}"
