"""Who of a list may be addressed for what, and why the others may not (可联系). Deny by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from hongyan.customer.codes import Standing, Status
from hongyan.customer.models import ContactPermission, ListRow


@dataclass(frozen=True, slots=True)
class Reach:
    """For what, of which line, and by which channel somebody is to be reached; without a channel, by any."""

    purpose: str
    line: str
    channel: str = ""


class Reason(IntEnum):
    """Why somebody is in a list or not, the best first: of several channels the best one counts."""

    OPEN = 0
    SILENT = 1
    ENDED = 2
    WITHDRAWN = 3
    NEVER = 4
    NOT_ACTIVE = 5


def reachable(rows: QuerySet[ListRow], reach: Reach, *, at: datetime) -> QuerySet[ListRow]:
    """The rows of those who may be addressed: an active customer, a consent that holds, no silence.

    Expected index: the key of `ContactPermission`.
    """
    return rows.filter(Exists(_asked(reach).filter(_is_open(at))), status=Status.ACTIVE)


def counts_by_reason(rows: QuerySet[ListRow], reach: Reach, *, at: datetime) -> dict[Reason, int]:
    """How many of the rows may be addressed, and how many may not for each reason. One query.

    The rows show everybody once, as those of a list do.
    """
    found = rows.order_by().annotate(reason=_reason(reach, at)).values_list("reason")
    return {Reason(reason): count for reason, count in found.annotate(count=Count("pk"))}


def with_reason(rows: QuerySet[ListRow], reach: Reach, reason: Reason, *, at: datetime) -> QuerySet[ListRow]:
    """The rows that may or may not be addressed for one reason."""
    return rows.annotate(reason=_reason(reach, at)).filter(reason=reason)


def _asked(reach: Reach) -> QuerySet[ContactPermission]:
    found = ContactPermission.objects.filter(
        customer=OuterRef("customer_id"), purpose=reach.purpose, line=reach.line
    )
    return found.filter(channel=reach.channel) if reach.channel else found


def _is_open(at: datetime) -> Q:
    holds = Q(until=None) | Q(until__gt=at)
    return Q(state=Standing.GIVEN) & holds & (Q(silent_until=None) | Q(silent_until__lte=at))


def _reason(reach: Reach, at: datetime) -> Case:
    rank = Case(
        When(_is_open(at), then=Value(Reason.OPEN)),
        When(Q(state=Standing.GIVEN, until__lte=at), then=Value(Reason.ENDED)),
        When(Q(state=Standing.WITHDRAWN), then=Value(Reason.WITHDRAWN)),
        default=Value(Reason.SILENT),
        output_field=IntegerField(),
    )
    best = _asked(reach).order_by().values("customer").annotate(best=Min(rank)).values("best")
    return Case(
        When(~Q(status=Status.ACTIVE), then=Value(Reason.NOT_ACTIVE)),
        default=Coalesce(Subquery(best, output_field=IntegerField()), Value(Reason.NEVER)),
        output_field=IntegerField(),
    )
