"""Telling managers whose customers' files end soon (文件到期提醒): once a file and last day, one message a manager."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode

from hongyan.core import clock, scope
from hongyan.core.parameters import value_of
from hongyan.customer.models import Ownership
from hongyan.desk.actions.files import mark_told
from hongyan.desk.actions.notifications import notify
from hongyan.quality.parameters import FILE_WARN_DAYS
from hongyan.quality.queries.files import dated_files


def tell_of_files() -> int:
    """Tell the managers of the customers whose files end within the days of the parameter; how many were told.

    Files of customers without a manager wait for one.
    """
    days = int(value_of(FILE_WARN_DAYS))
    today = clock.business_date()
    told: Counter[str] = Counter()
    with scope.bulk():
        ending = dated_files().filter(valid_until__range=(today, today + timedelta(days=days)))
        waiting = {
            row.pk: row.holder  # type: ignore[attr-defined]
            for row in ending.order_by("id")
            if row.told_for != row.valid_until
        }
        keepers = _keepers(set(waiting.values()))
        for holder in waiting.values():
            told.update(keepers.get(holder, ()))
        mark_told([file for file, holder in waiting.items() if holder in keepers])
        url = f"{reverse('quality:files')}?{urlencode({'keeper': 'mine', 'end': 'soon'})}"
        for staff_no, count in told.items():
            notify(staff_no, "quality.files", {"count": count, "days": days}, url=url)
    return len(told)


def _keepers(customers: set[int]) -> dict[int, set[str]]:
    """Customer → staff numbers of those who look after it now, on whichever line."""
    owners = Ownership.objects.filter(until=None, gives_way=False, manager__isnull=False)
    rows = owners.annotate(home=Coalesce("customer__survivor_id", "customer_id")).filter(home__in=customers)
    found: dict[int, set[str]] = {}
    for home, staff_no in rows.values_list("home", "manager__staff_no"):
        found.setdefault(home, set()).add(staff_no)
    return found
