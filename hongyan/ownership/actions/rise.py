"""The pool of the county (县级待分配池): what stays in the pool of an outlet for some days rises to it (X-34).

The customer stays the outlet's, which goes on seeing it; from then on the managers of the county may claim it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.models import JobRun
from hongyan.core.parameters import values_by_chain
from hongyan.customer.actions.change_owners import raise_owners
from hongyan.org.codes import Level
from hongyan.org.models import Place
from hongyan.ownership import notices
from hongyan.ownership.parameters import POOL_DAYS
from hongyan.ownership.queries.pool import RISING

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Risen:
    """What a run did: counties looked at, and customers and lines that rose to their pools."""

    counties: int
    risen: int


def start_nightly() -> JobRun:
    """Let a job look at every pool."""
    with transaction.atomic():
        return jobs.start(RISING, actor=audit.SYSTEM, lock=RISING)


def rise(*, report: Report = lambda _done, _total: None) -> Risen:
    """Let the pools of outlets rise, county by county; doing it again changes nothing. Heads of counties hear of it.

    `report` hears (counties done, all) and may stop it by what it raises; what was done stays.
    """
    counties = list(Place.objects.filter(level=Level.COUNTY).order_by("lo"))
    days = values_by_chain(POOL_DAYS, chains={tuple(county.chain) for county in counties})
    risen = 0
    for done, county in enumerate(counties, 1):
        (wait,) = days[tuple(county.chain)]
        with scope.bulk():
            beneath = Place.objects.filter(lo__range=(county.lo, county.hi)).exclude(pk=county.pk)
            found = raise_owners(
                list(beneath.values_list("unit_id", flat=True)),
                before=clock.now() - timedelta(days=int(wait)),
            )
            if found:
                notices.risen(county.lo, found)
        risen += found
        report(done, len(counties))
    with scope.bulk():
        audit.record(audit.SYSTEM, "ownership.rise", "pool", clock.business_date(), count=risen)
    return Risen(len(counties), risen)
