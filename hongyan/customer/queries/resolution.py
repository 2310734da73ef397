"""How customers came about, as counted last (识别统计), and what checks say of automatic joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from hongyan.customer.codes import JOIN_BANDS, Measure
from hongyan.customer.models import ResolutionCount
from hongyan.customer.queries.second_looks import looks_of
from hongyan.org.codes import Viewer

WHOLE_GROUP = 0


@dataclass(frozen=True, slots=True)
class Resolution:
    """The numbers of one unit with everything beneath it.

    `counts`: measure → (party type, key) → customers, of `Measure.PARTIES` source records.
    """

    counted_at: datetime
    counts: Mapping[Measure, Mapping[tuple[str, str], int]]

    def of(self, measure: Measure) -> Counter[str]:
        """Key → number, both party types together."""
        summed: Counter[str] = Counter()
        for (_, key), count in self.counts.get(measure, {}).items():
            summed[key] += count
        return summed


def resolution_of(viewer: Viewer) -> Resolution | None:
    """What was counted for a viewer's unit; None before the first count. One query, by the key."""
    unit = WHOLE_GROUP if viewer.scope.everything else viewer.scope.lo
    rows = list(ResolutionCount.objects.filter(org_no=unit))
    if not rows:
        return None
    counts: dict[Measure, dict[tuple[str, str], int]] = {measure: {} for measure in Measure}
    for row in rows:
        counts[Measure(row.measure)][row.party_type, row.key] = row.count
    return Resolution(rows[0].counted_at, counts)


@dataclass(frozen=True, slots=True)
class Checked:
    """Checks of automatic joins of one band: how many wait, how many were made, how many held."""

    waiting: int = 0
    checked: int = 0
    agreed: int = 0


def checked_joins(viewer: Viewer) -> dict[str, Checked]:
    """Band of `JOIN_BANDS` → its checks in a viewer's scope. One query. Expected index: `second_look_org`."""
    bands = [When(score__range=span, then=Value(number)) for number, span in enumerate(JOIN_BANDS.values())]
    rows = (
        looks_of(viewer)
        .filter(case=None)
        .annotate(band=Case(*bands, output_field=IntegerField()))
        .values("band")
        .annotate(
            waiting=Count("pk", filter=Q(second="")),
            checked=Count("pk", filter=~Q(second="")),
            agreed=Count("pk", filter=Q(second=F("first"))),
        )
    )
    keys = list(JOIN_BANDS)
    return {
        keys[row["band"]]: Checked(row["waiting"], row["checked"], row["agreed"])
        for row in rows
        if row["band"] is not None
    }
