"""Who assists the main manager (协办): begun and ended by business days; scope, list rows and search follow.

Why somebody assists, and who may decide that, is known to the room above. Call these inside `scope.bulk()`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from hongyan.customer.actions.change_owners import project_owners
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.models import Assistant


def add_assistant(
    customer_id: int,
    line: str,
    *,
    staff_id: int,
    unit_id: int,
    since: date,
    reason: str,
    by: str,
    today: date,
) -> Assistant:
    """Let somebody of a unit assist with a customer in a line from a day on, which may be to come."""
    made = Assistant.objects.create(
        customer_id=customer_id,
        line=line,
        staff_id=staff_id,
        unit_id=unit_id,
        since=since,
        reason=reason,
        by=by,
    )
    follow_assistants(today)
    made.refresh_from_db()
    return made


def end_assistants(keys: Collection[int], *, until: date, reason: str, by: str, today: date) -> int:
    """Let some assistants end; `until` is the first day without them. How many there were that did not end yet."""
    ended = Assistant.objects.filter(pk__in=keys, until=None)
    count = ended.update(until=until, end_reason=reason, ended_by=by)
    follow_assistants(today)
    return count


def follow_assistants(today: date) -> int:
    """Let begin and end whose day has come; how many there were. Done again, it changes nothing."""
    lasts = Q(until=None) | Q(until__gt=today)
    begins = list(Assistant.objects.filter(lasts, is_present=False, since__lte=today))
    ends = list(Assistant.objects.filter(is_present=True, until__lte=today))
    if not begins and not ends:
        return 0
    hold_identity()
    Assistant.objects.filter(pk__in=[one.pk for one in begins]).update(is_present=True)
    Assistant.objects.filter(pk__in=[one.pk for one in ends]).update(is_present=False)
    customers = {one.customer_id for one in (*begins, *ends)}
    project_owners(customers, customers)
    return len(begins) + len(ends)
