"""Working on the rows of an act on many (办理批量修改): previewed, changed or brought back, chunk by chunk.

Each chunk is one transaction under what the maker's post may see and do at that moment: a right or a customer that is
lost meanwhile is not touched any more. Kill it anywhere and run it again: it goes on after the last chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse

from hongyan.core import clock, scope
from hongyan.core.errors import NotFound
from hongyan.desk.actions.notifications import notify
from hongyan.desk.codes import Change, MassOutcome, MassState, MassWhy
from hongyan.desk.mass import MassAct, find_act
from hongyan.desk.models import MassItem, MassRun
from hongyan.desk.queries.mass import items_of, task_of
from hongyan.desk.rules import foreseen, still_as_foreseen
from hongyan.org.codes import Viewer
from hongyan.org.queries.viewers import viewer_for

CHUNK = 500

Report = Callable[[int, int], None]
Step = Callable[[Viewer, MassAct, MassRun, Sequence[MassItem]], None]


def work(run_id: int, report: Report) -> dict[str, int]:
    """Do what is left of the present step. `report` hears (done, all) and may stop it by what it raises.

    Answers how many rows the step looked at. Errors: NotFound when the maker's post has ended, NotAllowed when it
    carries the act's right no more; what is done stays.
    """
    worked = 0
    while count := _chunk(run_id):
        worked += count
        report(*_progress(run_id))
    return {"rows": worked}


def _chunk(run_id: int) -> int:
    """Work on some rows; how many there were, none at the end of a step."""
    with scope.bulk():
        found = MassRun.objects.get(pk=run_id)
    viewer = viewer_for(found.staff_id, post_id=found.post_id)
    if viewer is None:
        raise NotFound("post", found.post_id)
    with scope.acting(viewer.scope):
        run = MassRun.objects.select_for_update().get(pk=run_id)
        if run.state not in _STEPS:
            return 0
        takes, step = _STEPS[MassState(run.state)]
        act = find_act(viewer, run.list_key, run.act)
        items = list(items_of(run).filter(outcome=takes, pk__gt=run.after).order_by("pk")[:CHUNK])
        if not items:
            _finish(run)
            return 0
        step(viewer, act, run, items)
        MassItem.objects.bulk_update(items, ["outcome", "why", "was", "becomes", "memo"], batch_size=CHUNK)
        run.after = items[-1].pk
        run.save(update_fields=["after"])
    return len(items)


def _check(viewer: Viewer, act: MassAct, run: MassRun, items: Sequence[MassItem]) -> None:
    ready = items_of(run).filter(outcome=MassOutcome.READY).count()
    verdicts = act.judge(viewer, task_of(run, ready=ready), [item.key for item in items])
    for item in items:
        verdict = verdicts.get(item.key)
        item.outcome, item.why = foreseen(verdict)
        if verdict is not None:
            item.was, item.becomes = verdict.was, verdict.becomes


def _change(viewer: Viewer, act: MassAct, run: MassRun, items: Sequence[MassItem]) -> None:
    task = task_of(run)
    verdicts = act.judge(viewer, task, [item.key for item in items])
    refused = {item.key: still_as_foreseen(item.was, verdicts.get(item.key)) for item in items}
    passing = {key: verdicts[key] for key, why in refused.items() if not why}
    done = act.do(viewer, task, passing) if passing else {}
    for item in items:
        change = done.get(item.key, Change(why=refused[item.key] or MassWhy.ABSENT))
        item.outcome = MassOutcome.REFUSED if change.why else MassOutcome.CHANGED
        item.why, item.memo = change.why, change.memo


def _restore(viewer: Viewer, act: MassAct, run: MassRun, items: Sequence[MassItem]) -> None:
    kept = act.undo(viewer, task_of(run), {item.key: item.memo or {} for item in items})
    for item in items:
        item.why = kept.get(item.key, "")
        item.outcome = MassOutcome.KEPT if item.why else MassOutcome.RESTORED


_STEPS: dict[str, tuple[MassOutcome, Step]] = {
    MassState.CHECKING: (MassOutcome.CHOSEN, _check),
    MassState.RUNNING: (MassOutcome.READY, _change),
    MassState.UNDOING: (MassOutcome.CHANGED, _restore),
}
"""What each step looks at, and does."""


def _finish(run: MassRun) -> None:
    """Go to the state after a step; whoever started a change is told when it is over."""
    now = clock.now()
    if run.state == MassState.CHECKING:
        run.state = MassState.READY
    elif run.state == MassState.RUNNING:
        run.state, run.done_at = MassState.DONE, now
    else:
        run.state, run.undone_at = MassState.UNDONE, now
    run.save(update_fields=["state", "done_at", "undone_at"])
    if run.state != MassState.READY:
        params = {"number": run.number, "count": _count(run)}
        notify(run.owner, f"mass.{run.state}", params, url=reverse("desk:mass_run", args=[run.pk]))


def _count(run: MassRun) -> int:
    ended = MassOutcome.CHANGED if run.state == MassState.DONE else MassOutcome.RESTORED
    return items_of(run).filter(outcome=ended).count()


def _progress(run_id: int) -> tuple[int, int]:
    with scope.bulk():
        items = MassItem.objects.filter(run_id=run_id)
        run = MassRun.objects.get(pk=run_id)
        return items.filter(pk__lte=run.after).count(), run.size
