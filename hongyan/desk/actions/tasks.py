"""To-dos (待办): made for oneself or, by a head, for others; put off, handed on, done, dropped, each with its step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.core.versions import require_unchanged
from hongyan.desk.actions.notifications import notify
from hongyan.desk.actions.wording import sound_text
from hongyan.desk.codes import Priority, Repeat, TaskAct, TaskState
from hongyan.desk.models import Task, TaskStep
from hongyan.desk.parameters import TASK_POSTPONEMENTS
from hongyan.desk.queries.tasks import due_for_reminder, find_task, post_of
from hongyan.desk.records import Subject, find_kind
from hongyan.desk.task_rules import due_instant, may_postpone, next_due, reminder
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Post

LONGEST_TITLE = 100
LONGEST_REASON = 500
REMINDED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a to-do is to be; without a time it is due at the day's end, without `remind_minutes` nobody is reminded."""

    title: str
    due_on: date
    due_time: time | None = None
    priority: int = Priority.NORMAL
    repeat: str = ""
    remind_minutes: int | None = None

    @property
    def due_at(self) -> datetime:
        """The instant at which it is due."""
        return due_instant(self.due_on, self.due_time)


def add_task(viewer: Viewer, wanted: Wanted, *, subject: Subject | None = None, staff_no: str = "") -> Task:
    """Write down something to do, perhaps about a record that the viewer opened; for somebody else by who assigns.

    Errors: NotAllowed for who may not assign to others; Invalid for an empty title, one with somebody's number, or a
    person who is no colleague in the viewer's range or does not see the record.
    """
    title = sound_text(wanted.title, "title", longest=LONGEST_TITLE)
    is_for_other = staff_no.strip() not in {"", viewer.staff_no}
    if is_for_other and not viewer.may(Right.TASK_ASSIGN):
        raise NotAllowed(Right.TASK_ASSIGN)
    with transaction.atomic():
        post = _post(viewer, staff_no, subject) if is_for_other else None
        task = Task.objects.create(
            title=title,
            kind=subject.kind if subject else "",
            record_id=subject.ids[0] if subject else None,
            due_at=wanted.due_at,
            is_all_day=wanted.due_time is None,
            first_due_at=wanted.due_at,
            priority=wanted.priority,
            repeat=wanted.repeat,
            remind_minutes=wanted.remind_minutes,
            remind_at=reminder(wanted.due_at, wanted.remind_minutes),
            staff_id=post.staff_id if post else viewer.staff_id,
            staff_no=post.staff.staff_no if post else viewer.staff_no,
            staff_name=post.staff.name if post else viewer.name,
            org_no=post.place.lo if post else viewer.scope.lo,
            maker_id=viewer.staff_id,
            maker_no=viewer.staff_no,
            maker_name=viewer.name,
            made_at=clock.now(),
        )
        _step(viewer, task, TaskAct.MADE, to_name=task.staff_name if post else "")
        if post:
            _tell(task, "task.given")
    return task


def mend_task(viewer: Viewer, task_id: int, wanted: Wanted, *, seen: str | None = None) -> Task:
    """Change what an open to-do says; to put it off there is `postpone_task`, so it may not become due later.

    Errors: NotFound; Conflict when it is closed or was changed in another window; Invalid as for `add_task`.
    """
    title = sound_text(wanted.title, "title", longest=LONGEST_TITLE)
    with transaction.atomic():
        task = _open(viewer, task_id, seen)
        if wanted.due_at > task.due_at:
            raise Invalid({"due_on": _("要往后推，请用“推迟”并说明原因。")})
        task.title, task.priority, task.repeat = title, wanted.priority, wanted.repeat
        task.remind_minutes, task.is_all_day = wanted.remind_minutes, wanted.due_time is None
        _move(task, wanted.due_at)
        task.first_due_at = wanted.due_at
        task.save()
        _step(viewer, task, TaskAct.MENDED)
    return task


def postpone_task(
    viewer: Viewer, task_id: int, *, due_on: date, due_time: time | None, reason: str, seen: str | None = None
) -> Task:
    """Put a to-do off to a later day; only so often. Its series, if it repeats, keeps its days.

    Errors: NotFound; Conflict when it is closed, was changed meanwhile, or was put off as often as may be; Invalid
    without a reason or for a day that is not later, or has passed.
    """
    reason = sound_text(reason, "reason", longest=LONGEST_REASON)
    with transaction.atomic():
        task = _open(viewer, task_id, seen)
        most = int(value_of(TASK_POSTPONEMENTS, units=viewer.unit_chain))
        if not may_postpone(task.postponed, most=most):
            raise Conflict("task", _("最多推迟 {count} 次：请完成、转交或放弃。").format(count=most))
        due_at = due_instant(due_on, due_time)
        if due_at <= max(task.due_at, clock.now()):
            raise Invalid({"due_on": _("要晚于原来的时间和现在")})
        task.postponed += 1
        task.is_all_day = due_time is None
        _move(task, due_at)
        task.save()
        _step(viewer, task, TaskAct.POSTPONED, reason=reason)
    return task


def delegate_task(
    viewer: Viewer, task_id: int, *, staff_no: str, reason: str, seen: str | None = None
) -> Task:
    """Hand a to-do on to a colleague in the viewer's range, who hears of it.

    Errors: NotFound; Conflict when it is closed or was changed meanwhile; Invalid without a reason, or for somebody who
    has it already, is no colleague there, or does not see the record.
    """
    reason = sound_text(reason, "reason", longest=LONGEST_REASON)
    with transaction.atomic():
        task = _open(viewer, task_id, seen)
        if staff_no.strip() == task.staff_no:
            raise Invalid({"staff_no": _("已经是这位同事的待办")})
        subject = find_kind(task.kind).find(viewer, task.record_id) if task.record_id is not None else None
        post = _post(viewer, staff_no, subject)
        task.staff_id, task.staff_no, task.staff_name = post.staff_id, post.staff.staff_no, post.staff.name
        task.org_no = post.place.lo
        task.save()
        _step(viewer, task, TaskAct.DELEGATED, to_name=task.staff_name, reason=reason)
        _tell(task, "task.given")
    return task


def finish_task(viewer: Viewer, task_id: int, *, result: str = "", seen: str | None = None) -> Task | None:
    """Say that a to-do is done, and what came of it; the next one of its series, if it repeats.

    Errors: NotFound; Conflict when it is closed or was changed meanwhile; Invalid for a result with somebody's number.
    """
    result = sound_text(result, "result", longest=LONGEST_REASON, may_be_empty=True)
    with transaction.atomic():
        task = _close(viewer, task_id, TaskState.DONE, result, seen)
        _step(viewer, task, TaskAct.DONE, reason=result)
        _tell_maker(viewer, task, "task.done")
        return _next(task) if task.repeat else None


def drop_task(viewer: Viewer, task_id: int, *, reason: str, seen: str | None = None) -> Task:
    """Say that a to-do will not be done, and why; a series ends with it.

    Errors: NotFound; Conflict when it is closed or was changed meanwhile; Invalid without a reason.
    """
    reason = sound_text(reason, "reason", longest=LONGEST_REASON)
    with transaction.atomic():
        task = _close(viewer, task_id, TaskState.DROPPED, reason, seen)
        _step(viewer, task, TaskAct.DROPPED, reason=reason)
        _tell_maker(viewer, task, "task.dropped")
    return task


def remind() -> int:
    """Tell everybody whose reminder has come, each once: the mark is set in the transaction of the message.

    How many were told. Run again, or by two workers at a time, it tells nobody twice.
    """
    with transaction.atomic(), scope.bulk():
        due = list(
            due_for_reminder().select_for_update(skip_locked=True).order_by("remind_at")[:REMINDED_AT_ONCE]
        )
        Task.objects.filter(pk__in=[task.pk for task in due]).update(reminded_at=clock.now())
        for task in due:
            _tell(task, "task.due")
    return len(due)


def _open(viewer: Viewer, task_id: int, seen: str | None) -> Task:
    task = find_task(viewer, task_id, for_update=True)
    if task.state != TaskState.OPEN:
        raise Conflict("task", _("这件待办已经办结。"))
    require_unchanged("task", seen, str(task.version), now=task.title)
    task.version += 1
    return task


def _close(viewer: Viewer, task_id: int, state: TaskState, result: str, seen: str | None) -> Task:
    task = _open(viewer, task_id, seen)
    task.state, task.result, task.closed_at = state, result, clock.now()
    task.save()
    return task


def _move(task: Task, due_at: datetime) -> None:
    task.due_at = due_at
    task.remind_at, task.reminded_at = reminder(due_at, task.remind_minutes), None


def _next(task: Task) -> Task:
    """The next of a series: turns that passed meanwhile are left out."""
    due_at = next_due(task.first_due_at, Repeat(task.repeat), after=max(task.due_at, clock.now()))
    following = Task(
        **{
            name: getattr(task, name)
            for name in (
                "title", "kind", "record_id", "is_all_day", "first_due_at", "priority", "repeat", "remind_minutes",
                "staff_id", "staff_no", "staff_name", "org_no", "maker_id", "maker_no", "maker_name",
            )
        },
        made_at=clock.now(),
    )  # fmt: skip
    _move(following, due_at)
    following.save()
    return following


def _post(viewer: Viewer, staff_no: str, subject: Subject | None) -> Post:
    post = post_of(viewer, staff_no)
    if post is None:
        raise Invalid({"staff_no": _("本机构及下级没有这位同事")})
    if subject is not None:
        with scope.bulk():
            readers = find_kind(subject.kind).readers(subject.ids[0], [post.staff_id])
        if post.staff_id not in readers:
            raise Invalid({"staff_no": _("这位同事看不到这条记录")})
    return post


def _step(viewer: Viewer, task: Task, act: TaskAct, *, to_name: str = "", reason: str = "") -> None:
    """Keep what was done, on the page of the to-do and in the audit."""
    TaskStep.objects.create(
        task=task,
        act=act,
        at=clock.now(),
        staff_name=viewer.name,
        to_name=to_name,
        due_at=task.due_at,
        reason=reason,
    )
    after = {"due": task.due_at.isoformat(), "staff": task.staff_no, "record": task.kind}
    audit.record(viewer.actor, f"task.{act}", "task", task.number, after=after, purpose=reason)


def _tell(task: Task, notice: str) -> None:
    notify(task.staff_no, notice, {"number": task.number}, url=reverse("desk:task", args=[task.pk]))


def _tell_maker(viewer: Viewer, task: Task, notice: str) -> None:
    if task.maker_id != viewer.staff_id:
        notify(task.maker_no, notice, {"number": task.number}, url=reverse("desk:task", args=[task.pk]))
