"""How far the work on a delivery is, and how fast it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.integration.codes import DeliveryState
from hongyan.integration.models import Delivery
from hongyan.integration.queries.deliveries import is_at_work, is_stopped
from hongyan.integration.rules import Pace, pace_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a delivery is. `since` and `done_before` let the next look tell the pace."""

    label: str
    done: int
    total: int
    pace: Pace
    is_running: bool
    is_stopped: bool
    is_stopping: bool
    since: int
    done_before: int

    @property
    def shown_done(self) -> str:
        return f"{self.done:,}"

    @property
    def shown_total(self) -> str:
        return f"{self.total:,}"

    @property
    def shown_speed(self) -> str:
        return f"{self.pace.per_second:,.0f}" if self.pace.per_second else ""


def progress_of(
    delivery: Delivery, *,
    since: int = 0, done_before: int = 0, now: datetime | None = None, with_counts: bool = True,
) -> Progress:  # fmt: skip
    """The progress since the reader began to look (`since`, in seconds of the epoch, and the rows done then).

    Without counts it says only that work goes on.
    """
    seconds = int((now or clock.now()).timestamp())
    loading = with_counts and delivery.state == DeliveryState.APPLYING
    done, total = (delivery.applied_rows, delivery.staged_rows) if loading else (0, 0)
    is_first_look = not 0 < since <= seconds or done_before > done
    start, before = (seconds, done) if is_first_look else (since, done_before)
    return Progress(
        label=_progress_label(delivery),
        done=done,
        total=total,
        pace=pace_of(done=done, total=total, done_before=before, seconds=seconds - start),
        is_running=is_at_work(delivery),
        is_stopped=is_stopped(delivery),
        is_stopping=delivery.run is not None and delivery.run.cancel_requested,
        since=start,
        done_before=before,
    )


def _progress_label(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.APPLYING:
        return _("正在装载")
    return _("正在检查") if delivery.state == DeliveryState.CHECKING else _("等待检查")
