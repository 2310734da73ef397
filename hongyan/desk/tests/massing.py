"""Acts on many rows in tests: choosing, looking, starting, and what the worker does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.test import Client

from hongyan.core import jobs, scope
from hongyan.core.models import JobRun
from hongyan.desk.models import MassItem, MassRun


def chosen(client: Client, *, ids: Sequence[str] = (), query: str | None = None) -> MassRun:
    """A run on some customers of the list, or all that a query answers."""
    what = {"scope": "all", "query": query} if query is not None else {"ids": list(ids)}
    answer = client.post("/mass/new/customers/", what)
    assert answer.status_code == 302, answer.content.decode()[-500:]
    return latest()


def looked_at(client: Client, run: MassRun, act: str, **given: Any) -> Any:
    """The answer to the form of an act."""
    return client.post(f"/mass/{run.pk}/", {"act": act, "reason": "季度清理", **given})


def begun(client: Client, run: MassRun) -> JobRun:
    """Start a run that was looked at, and let the worker do it."""
    assert client.post(f"/mass/{run.pk}/start/").status_code == 302
    return worked(run)


def undone(client: Client, run: MassRun) -> JobRun:
    """Undo it likewise."""
    assert client.post(f"/mass/{run.pk}/undo/").status_code == 302
    return worked(run)


def worked(run: MassRun) -> JobRun:
    """What the worker does with a run's job."""
    with scope.bulk():
        run = MassRun.objects.get(pk=run.pk)
    job = JobRun.objects.get(pk=run.run_id)
    jobs.carry_out(job.task, job.pk, {"mass_run_id": run.pk})
    job.refresh_from_db()
    return job


def latest() -> MassRun:
    """The last run."""
    with scope.bulk():
        return MassRun.objects.latest("pk")


def outcomes(run: MassRun) -> dict[str, int]:
    """How many rows have which outcome, with the reason behind a stroke."""
    found: dict[str, int] = {}
    with scope.bulk():
        for outcome, why in MassItem.objects.filter(run=run).values_list("outcome", "why"):
            key = f"{outcome}/{why}" if why else outcome
            found[key] = found.get(key, 0) + 1
    return found
