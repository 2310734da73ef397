"""Scores of customers and units, as a viewer may see them (资料质量查询)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.customer.models import Customer
from hongyan.customer.queries.ranges import UnitChoice, choices_beneath, rows_of
from hongyan.org.codes import Viewer
from hongyan.quality.models import CustomerQuality, QualityCount, QualityRun

WHOLE_GROUP = 0
SHOWN_MONTHS = 12


def scored_in_scope(viewer: Viewer, unit: UnitChoice | None = None) -> QuerySet[CustomerQuality]:
    """Scores of the customers of the viewer's scope, or of a unit in it, each with its customer."""
    within = rows_of(viewer, unit).values("customer_id")
    return CustomerQuality.objects.select_related("customer").filter(customer_id__in=within)


def quality_of(customer: Customer) -> CustomerQuality | None:
    """The score of a customer whom the caller may see; None where it was not scored yet."""
    return CustomerQuality.objects.filter(customer=customer).first()


@dataclass(frozen=True, slots=True)
class UnitQuality:
    """How the customers of one unit stand; None where there is none."""

    unit: UnitChoice | None
    count: QualityCount | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit with those directly beneath it in the month of the last run, and its months, the oldest first."""

    own: QualityCount | None
    beneath: Sequence[UnitQuality]
    months: Sequence[QualityCount]
    last_run: QualityRun | None


def standing_of(viewer: Viewer, unit: UnitChoice | None) -> Standing:
    """How a unit of the viewer's scope stands, the viewer's own where none is named. Four queries."""
    number = unit.span.lo if unit else WHOLE_GROUP if viewer.scope.everything else viewer.scope.lo
    months = list(QualityCount.objects.filter(org_no=number).order_by("-month")[:SHOWN_MONTHS])[::-1]
    choices = choices_beneath(viewer, unit)
    last_run = QualityRun.objects.order_by("-id").first()
    numbers = [one.span.lo for one in choices]
    latest = QualityCount.objects.filter(month=months[-1].month, org_no__in=numbers) if months else ()
    counts = {one.org_no: one for one in latest}
    beneath = [UnitQuality(one, counts.get(one.span.lo)) for one in choices]
    return Standing(months[-1] if months else None, beneath, months, last_run)
