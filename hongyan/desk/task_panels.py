"""What the page of a to-do shows (待办)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.parameters import value_of
from hongyan.desk.codes import REMINDERS, Priority, Repeat, TaskState
from hongyan.desk.models import Task, TaskStep
from hongyan.desk.parameters import TASK_POSTPONEMENTS
from hongyan.desk.queries.tasks import steps_of, subjects_of
from hongyan.desk.records import Subject
from hongyan.desk.task_lists import due_cell, priority_cell, state_cell
from hongyan.desk.task_rules import may_postpone
from hongyan.org.codes import Viewer
from hongyan.ui import cells
from hongyan.ui.lists import Action
from hongyan.ui.records import Field


@dataclass(frozen=True, slots=True)
class TaskView:
    """One to-do: `subject` is None for none, or one out of the reader's sight."""

    task: Task
    subject: Subject | None
    fields: Sequence[Field]
    steps: Sequence[TaskStep]
    actions: Sequence[Action]


def task_page(viewer: Viewer, task: Task) -> TaskView:
    """A to-do with its record, its steps, and what the viewer can do. Four queries at most."""
    subject = subjects_of(viewer, [task]).get((task.kind, task.record_id or 0))
    return TaskView(task, subject, _fields(task, subject), steps_of(task), _actions(viewer, task))


def _fields(task: Task, subject: Subject | None) -> list[Field]:
    about: object = _("不在您的数据范围内") if task.kind else cells.none_yet()
    if subject:
        about = cells.filled('<a href="{}">{}</a>', subject.url, subject.title)
    reminders = dict(REMINDERS)
    told = (
        reminders.get(task.remind_minutes) if task.remind_minutes is not None else pgettext("提醒", "不提醒")
    )
    fields = [
        Field(pgettext("待办", "编号"), cells.code(task.number)),
        Field(pgettext("待办", "状态"), state_cell(task)),
        Field(pgettext("待办", "到期"), due_cell(task)),
        Field(
            _("优先级"),
            Priority(task.priority).label if task.priority == Priority.NORMAL else priority_cell(task),
        ),
        Field(pgettext("待办", "关于"), about),
        Field(pgettext("待办", "由谁做"), task.staff_name),
        Field(pgettext("待办", "由谁提出"), task.maker_name),
        Field(_("提醒"), told),
        Field(
            pgettext("待办", "重复"), Repeat(task.repeat).label if task.repeat else pgettext("待办", "不重复")
        ),
        Field(pgettext("待办", "推迟次数"), cells.number(task.postponed)),
    ]
    if task.state != TaskState.OPEN:
        name = pgettext("待办", "结果") if task.state == TaskState.DONE else _("原因")
        fields.append(Field(name, task.result or cells.none_yet(), is_wide=True))
    return fields


def _actions(viewer: Viewer, task: Task) -> list[Action]:
    """What can be done with an open to-do by whoever may see it."""
    if task.state != TaskState.OPEN:
        return []

    def action(name: str, word: str, *, icon: str, is_primary: bool = False) -> Action:
        return Action(word, reverse(f"desk:{name}", args=[task.pk]), icon=icon, is_primary=is_primary)

    found = [action("finish_task", pgettext("待办", "完成"), icon="check", is_primary=True)]
    most = int(value_of(TASK_POSTPONEMENTS, units=viewer.unit_chain))
    if may_postpone(task.postponed, most=most):
        found.append(action("postpone_task", pgettext("待办", "推迟"), icon="calendar-time"))
    return [
        *found,
        action("delegate_task", pgettext("待办", "转交"), icon="user-share"),
        action("mend_task", pgettext("待办", "修改"), icon="pencil"),
        action("drop_task", pgettext("待办", "放弃"), icon="x"),
    ]
