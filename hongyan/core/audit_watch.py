"""Watching over the audit (查阅告警): who reads conspicuously much within minutes (BARS D, insider mass export)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from hongyan.core import audit, clock, events
from hongyan.core.models import AuditAlert, AuditEvent
from hongyan.core.parameters import Parameter, define, value_of
from hongyan.core.scope import EVERYTHING, acting

ALERT_ROWS = define(
    Parameter(
        is_guarded=True,
        key="audit.alert_rows",
        default=1000,
        kind="int",
        label=_("短时间内查看多少条客户信息即告警"),
        unit=_("条"),
        source="BARS D",
        minimum=Decimal(10),
        maximum=Decimal(100_000),
    )
)
ALERT_MINUTES = define(
    Parameter(
        is_guarded=True,
        key="audit.alert_minutes",
        default=10,
        kind="int",
        label=_("查阅告警按多长时间累计"),
        unit=_("分钟"),
        source="BARS D",
        minimum=Decimal(1),
        maximum=Decimal(120),
    )
)


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """Event: somebody read conspicuously much; `org_no` is the number of the unit they acted for."""

    alert_id: int
    actor: str
    org_no: int
    count: int
    minutes: int


def watch_readings() -> list[AuditAlert]:
    """Raise an alert for everybody who read too much lately, once a window. Opens its own transaction."""
    with acting(EVERYTHING):
        minutes, rows = int(value_of(ALERT_MINUTES)), int(value_of(ALERT_ROWS))
        until = clock.now()
        since = until - timedelta(minutes=minutes)
        lately = AuditAlert.objects.filter(raised_at__gt=since).values("actor")
        readers = (
            AuditEvent.objects.filter(at__gt=since, act__in=audit.readings(), result=AuditEvent.Result.DONE)
            .exclude(actor__in=lately)
            .values("actor")
            .annotate(read=Sum("count"), name=Max("actor_name"), no=Max("org_no"))
            .filter(read__gte=rows)
        )
        alerts = [
            AuditAlert(
                raised_at=until, actor=reader["actor"], actor_name=reader["name"], org_no=reader["no"],
                since=since, until=until, count=reader["read"],
            )
            for reader in readers
        ]  # fmt: skip
        _raise(AuditAlert.objects.bulk_create(alerts), minutes)
    return alerts


def _raise(alerts: Sequence[AuditAlert], minutes: int) -> None:
    for alert in alerts:
        events.publish(AlertRaised(alert.pk, alert.actor, alert.org_no, alert.count, minutes))
