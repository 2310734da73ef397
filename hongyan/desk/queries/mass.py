"""Acts on many rows as their maker sees them (批量修改查询)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.core.parameters import value_of
from hongyan.desk.codes import MassOutcome, MassState
from hongyan.desk.mass import Task
from hongyan.desk.models import MassItem, MassRun
from hongyan.desk.parameters import UNDO_DAYS
from hongyan.desk.rules import may_undo
from hongyan.org.codes import Viewer

AT_WORK = (MassState.CHECKING, MassState.RUNNING, MassState.UNDOING)
_ENDED = (JobRun.State.CANCELLED, JobRun.State.FAILED)


@dataclass(frozen=True, slots=True)
class Reason:
    """How many rows of an outcome have one reason."""

    outcome: MassOutcome
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How an act on many stands: its job, its rows by outcome, what its maker may do about it."""

    run: MassRun
    job: JobRun | None
    counts: Mapping[MassOutcome, int]
    reasons: Sequence[Reason]
    may_undo: bool
    undo_until: datetime | None

    @property
    def is_stopped(self) -> bool:
        """Whether its job ended early; it can go on."""
        return is_stopped(self.run, self.job)

    @property
    def is_at_work(self) -> bool:
        """Whether a job works on it, or is about to."""
        return self.run.state in AT_WORK and not self.is_stopped


def runs_of(viewer: Viewer) -> QuerySet[MassRun]:
    """One's own acts on many."""
    return MassRun.objects.filter(owner=viewer.staff_no)


def find_run(viewer: Viewer, run_id: int, *, for_update: bool = False) -> MassRun:
    """One's own act on many. Errors: NotFound for anybody else's."""
    rows = runs_of(viewer).select_for_update() if for_update else runs_of(viewer)
    run = rows.filter(pk=run_id).first()
    if run is None:
        raise NotFound("mass_run", run_id)
    return run


def items_of(run: MassRun) -> QuerySet[MassItem]:
    """Its rows."""
    return MassItem.objects.filter(run=run)


def task_of(run: MassRun, *, ready: int = 0) -> Task:
    """What the act of a run is asked to do."""
    return Task(run.number, run.pk, run.given, run.reason, ready)


def job_of(run: MassRun) -> JobRun | None:
    """The job that works on it, or did last."""
    return JobRun.objects.filter(pk=run.run_id).first() if run.run_id else None


def is_stopped(run: MassRun, job: JobRun | None) -> bool:
    """Whether a step was begun whose job ended early."""
    return run.state in AT_WORK and (job is None or job.state in _ENDED)


def undo_days(viewer: Viewer) -> int:
    """For how many days an act may be undone where the viewer is."""
    return int(value_of(UNDO_DAYS, units=viewer.unit_chain))


def can_undo(viewer: Viewer, run: MassRun, job: JobRun | None) -> bool:
    """Whether it may be undone now."""
    return may_undo(
        MassState(run.state),
        is_stopped=is_stopped(run, job),
        begun_at=run.begun_at,
        now=clock.now(),
        days=undo_days(viewer),
    )


def standing_of(viewer: Viewer, run: MassRun) -> Standing:
    """How an act stands now. Three queries."""
    counted = items_of(run).values_list("outcome", "why").annotate(found=Count("pk")).order_by("-found")
    counts: dict[MassOutcome, int] = {}
    reasons = []
    for outcome, why, found in counted:
        counts[MassOutcome(outcome)] = counts.get(MassOutcome(outcome), 0) + found
        if why:
            reasons.append(Reason(MassOutcome(outcome), why, found))
    job = job_of(run)
    until = run.begun_at + timedelta(days=undo_days(viewer)) if run.begun_at else None
    undoable = can_undo(viewer, run, job) and counts.get(MassOutcome.CHANGED, 0) > 0
    return Standing(run, job, counts, reasons, undoable, until)
