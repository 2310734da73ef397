"""What was found in public data sets (公开数据核对): per data set its deliveries, faults, and the months it fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Func, JSONField, Max, Min, Sum
from django.db.models.fields.json import KT

from hongyan.integration.descriptors import Descriptor, all_descriptors
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.unknown import count_unknown
from hongyan.ledger.models import UnitMonth
from hongyan.ledger.queries.access import lines_of, units_in
from hongyan.org.codes import Viewer


@dataclass(frozen=True, slots=True)
class Fault:
    """How many rows of a delivery are in quarantine for one reason, by the column at fault."""

    column: str
    code: str
    rows: int


@dataclass(frozen=True, slots=True)
class Emptied:
    """How many values of a column were left empty, and why."""

    column: str
    code: str
    rows: int


@dataclass(frozen=True, slots=True)
class FoundDelivery:
    """One delivered file with its faults."""

    delivery: Delivery
    faults: Sequence[Fault]

    @property
    def emptied(self) -> list[Emptied]:
        return [
            Emptied(one["field"], one["code"], one["rows"]) for one in self.delivery.warnings.get("rows", ())
        ]


@dataclass(frozen=True, slots=True)
class Span:
    """The months a data set fills, and the items in them."""

    first: date
    last: date
    items: int


@dataclass(frozen=True, slots=True)
class Findings:
    """One data set."""

    descriptor: Descriptor
    deliveries: Sequence[FoundDelivery]
    span: Span | None
    unknown: int


def findings(viewer: Viewer) -> list[Findings]:
    """All data sets at hand, those without a delivery too. Four queries."""
    descriptors = [descriptor for descriptor in all_descriptors() if descriptor.only_with]
    systems = [descriptor.code for descriptor in descriptors]
    faults, spans, unknown = _faults(viewer, systems), _spans(viewer, systems), count_unknown(systems)
    delivered: defaultdict[str, list[FoundDelivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(system__in=systems, parent=None).order_by("id"):
        delivered[delivery.system].append(FoundDelivery(delivery, faults[delivery.id]))
    return [
        Findings(one, delivered[one.code], spans.get(one.code), unknown.get(one.code, 0))
        for one in descriptors
    ]


def _faults(viewer: Viewer, systems: Iterable[str]) -> Mapping[int, list[Fault]]:
    """The reasons of quarantined rows the viewer may see, counted per delivery, the most frequent first."""
    reason = Func(F("reasons"), function="jsonb_array_elements", output_field=JSONField(), set_returning=True)
    rows = (
        QuarantinedRow.objects.visible_to(viewer)
        .filter(delivery__system__in=systems)
        .annotate(reason=reason)
        .annotate(column=KT("reason__field"), code=KT("reason__code"))
        .values_list("delivery_id", "column", "code")
        .annotate(rows=Count("id"))
        .order_by("-rows", "column", "code")
    )
    found: defaultdict[int, list[Fault]] = defaultdict(list)
    for delivery_id, column, code, count in rows:
        found[delivery_id].append(Fault(column, code, count))
    return found


def _spans(viewer: Viewer, systems: Iterable[str]) -> dict[str, Span]:
    """First and last month, and the items, of each system at the units of the viewer."""
    months = UnitMonth.objects.filter(
        product__system__in=systems, product__line__in=sorted(lines_of(viewer)), items__gt=0
    )
    if not viewer.scope.everything:
        months = months.filter(unit_id__in=units_in(viewer.scope.lo, viewer.scope.hi))
    rows = months.values_list("product__system").annotate(Min("month"), Max("month"), Sum("items"))
    return {system: Span(first, last, items) for system, first, last, items in rows}
