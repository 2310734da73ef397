"""What people do with an act on many rows (批量修改): choose, look at it beforehand, start, stop, go on, undo.

The rows themselves are worked on in `actions.work_mass`, by a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.desk.actions.work_mass import work
from hongyan.desk.codes import MassOutcome, MassState
from hongyan.desk.mass import Chosen, acts_for, find_act, find_list
from hongyan.desk.models import MassRun
from hongyan.desk.parameters import MOST_AT_ONCE
from hongyan.desk.queries.mass import AT_WORK, can_undo, find_run, is_stopped, items_of, job_of
from hongyan.org.codes import Right, Viewer

WORKING = "desk.mass"
"""Name of the task that works on an act on many, whatever its step."""

LONGEST_REASON = 200
AT_ONCE = 200
"""So many rows are looked at while their maker waits; more by a job."""

_CHOSEN = """
INSERT INTO desk_massitem (run_id, key, outcome, why, was, becomes)
SELECT %s, chosen.key, %s, '', '', ''
FROM unnest(%s::bigint[]) WITH ORDINALITY AS chosen(key, place) ORDER BY chosen.place
"""


def begin(viewer: Viewer, list_key: str, chosen: Chosen) -> MassRun:
    """Choose rows of a list; what is to be done with them is said on the next page.

    Errors: NotFound for a list that offers nothing; NotAllowed for whoever may do nothing with its rows; Invalid for
    none, or more than may be changed at once.
    """
    rows, acts = find_list(list_key), acts_for(viewer, list_key)
    if not acts:
        raise NotAllowed(Right.VIEW_SHARE)
    most = int(value_of(MOST_AT_ONCE, units=viewer.unit_chain))
    keys = list(dict.fromkeys(rows.choose(viewer, chosen, most + 1)))
    if not keys:
        raise Invalid({"": _("没有选中任何一行")})
    if len(keys) > most:
        raise Invalid({"": _("一次最多 {count} 行，请缩小范围").format(count=most)})
    with transaction.atomic():
        run = MassRun.objects.create(
            list_key=list_key, owner=viewer.staff_no, staff_id=viewer.staff_id, post_id=viewer.post_id,
            org_no=viewer.scope.lo, size=len(keys), made_at=clock.now(),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_CHOSEN, [run.pk, MassOutcome.CHOSEN, keys])
        audit.record(viewer.actor, "mass.choose", "mass_run", run.number, count=run.size)
    return run


def check(viewer: Viewer, run_id: int, act_key: str, given: Mapping[str, Any], *, reason: str) -> MassRun:
    """Look at what an act would make of the rows; nothing changes yet. Asked again, it looks anew.

    Errors: NotFound; NotAllowed without the act's right; Invalid without a reason; Conflict once it has begun.
    """
    reason = _sound(reason)
    with transaction.atomic():
        run = find_run(viewer, run_id, for_update=True)
        act = find_act(viewer, run.list_key, act_key)
        if run.state not in {MassState.DRAFT, MassState.READY}:
            raise Conflict("mass_run", _("{number} 已经开始").format(number=run.number))
        items_of(run).exclude(outcome=MassOutcome.CHOSEN).update(
            outcome=MassOutcome.CHOSEN, why="", was="", becomes=""
        )
        run.act, run.given, run.reason = act.key, dict(given), reason
        if run.size > AT_ONCE:
            _work(viewer, run, MassState.CHECKING)
        else:
            _begin_step(viewer, run, MassState.CHECKING)
    if run.size <= AT_ONCE:
        work(run.pk, lambda _done, _all: None)
        run.refresh_from_db()
    return run


def start(viewer: Viewer, run_id: int) -> MassRun:
    """Let a job do what was looked at.

    Errors: NotFound; NotAllowed without the act's right; Conflict for one that was not looked at, or has begun.
    """
    with transaction.atomic():
        run = find_run(viewer, run_id, for_update=True)
        act = find_act(viewer, run.list_key, run.act)
        ready = items_of(run).filter(outcome=MassOutcome.READY).count()
        if run.state != MassState.READY or not ready:
            raise Conflict("mass_run", _("{number} 现在不能开始").format(number=run.number))
        run.begun_at = clock.now()
        _work(viewer, run, MassState.RUNNING)
        audit.record(
            viewer.actor, "mass.start", "mass_run", run.number, count=ready,
            after={"list": run.list_key, "act": act.key, "given": run.given}, purpose=run.reason,
        )  # fmt: skip
    return run


def stop(viewer: Viewer, run_id: int) -> MassRun:
    """Ask the job to stop at the next chunk; what is done stays. Errors: NotFound; Conflict when none works on it."""
    with transaction.atomic():
        run = find_run(viewer, run_id, for_update=True)
        job = job_of(run)
        if job is None or run.state not in AT_WORK or is_stopped(run, job):
            raise Conflict("mass_run", _("{number} 没有在办理").format(number=run.number))
        jobs.cancel(job)
        audit.record(viewer.actor, "mass.stop", "mass_run", run.number)
    return run


def go_on(viewer: Viewer, run_id: int) -> MassRun:
    """Let a job that ended early go on where it was.

    Errors: NotFound; NotAllowed without the act's right; Conflict when there is nothing to go on with.
    """
    with transaction.atomic():
        run = find_run(viewer, run_id, for_update=True)
        find_act(viewer, run.list_key, run.act)
        if not is_stopped(run, job_of(run)):
            raise Conflict("mass_run", _("{number} 没有中断").format(number=run.number))
        _work(viewer, run, MassState(run.state), after=run.after)
        audit.record(viewer.actor, "mass.go_on", "mass_run", run.number)
    return run


def undo(viewer: Viewer, run_id: int) -> MassRun:
    """Let a job bring back what an act changed, as far as nobody changed it since.

    Errors: NotFound; NotAllowed without the act's right; Conflict for one that is not done, or too long ago.
    """
    with transaction.atomic():
        run = find_run(viewer, run_id, for_update=True)
        find_act(viewer, run.list_key, run.act)
        if not can_undo(viewer, run, job_of(run)):
            raise Conflict("mass_run", _("{number} 现在不能撤销").format(number=run.number))
        _work(viewer, run, MassState.UNDOING)
        changed = items_of(run).filter(outcome=MassOutcome.CHANGED).count()
        audit.record(viewer.actor, "mass.undo", "mass_run", run.number, count=changed)
    return run


def _sound(reason: str) -> str:
    reason = reason.strip()
    require_no_numbers(reason=reason)
    if not reason:
        raise Invalid({"reason": _("请写明原因")})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("最多 {count} 个字").format(count=LONGEST_REASON)})
    return reason


def _begin_step(viewer: Viewer, run: MassRun, state: MassState, *, after: int = 0) -> None:
    """A step is done in the post in which it was asked for."""
    run.state, run.after = state, after
    run.post_id, run.org_no = viewer.post_id, viewer.scope.lo
    run.save()


def _work(viewer: Viewer, run: MassRun, state: MassState, *, after: int = 0) -> None:
    job = jobs.start(
        WORKING, actor=viewer.actor, subject=run.number, lock=f"mass/{run.pk}", mass_run_id=run.pk
    )
    run.run_id = job.pk
    _begin_step(viewer, run, state, after=after)
