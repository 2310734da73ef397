"""Whether this installation works: its database, and the worker that does its jobs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.metadata import version

from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django.models import ProcrastinateWorker

from hongyan.core import clock

OK = "ok"
DOWN = "down"
DEGRADED = "degraded"

HEARTBEAT_IS_RECENT = timedelta(seconds=60)
"""A worker beats every ten seconds; after a minute without it is gone."""


@dataclass(frozen=True, slots=True)
class Health:
    """`status` is ok when all is; degraded when pages are answered but jobs wait; down without a database."""

    status: str
    database: str
    jobs: str
    version: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def state_now() -> Health:
    """The state of this instant. Answers also when the database does not."""
    try:
        jobs = OK if _has_worker() else DOWN
    except (OperationalError, InterfaceError):
        return Health(DOWN, DOWN, DOWN, version("hongyan"))
    return Health(OK if jobs == OK else DEGRADED, OK, jobs, version("hongyan"))


def _has_worker() -> bool:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=clock.now() - HEARTBEAT_IS_RECENT).exists()
