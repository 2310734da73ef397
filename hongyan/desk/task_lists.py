"""The list of to-dos, declared (待办)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.desk.codes import Priority, Repeat, TaskState
from hongyan.desk.models import Task
from hongyan.desk.queries.tasks import made_for_others, own_tasks
from hongyan.desk.records import Subject, find_kind
from hongyan.desk.task_rules import is_overdue
from hongyan.org.codes import Right, Viewer
from hongyan.org.lists.audit import during_field
from hongyan.ui.cells import Tone, badge, named, none_yet, state_dot, when
from hongyan.ui.lists import (
    Action,
    Choice,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    EmptyState,
    Filter,
    ListSpec,
    ListState,
    Sort,
    offer_views,
)

_TONES: dict[str, Tone] = {TaskState.OPEN: "info", TaskState.DONE: "good", TaskState.DROPPED: "off"}


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A to-do with the record it is about, as far as the reader may see that."""

    task: Task
    subject: Subject | None

    @property
    def pk(self) -> int:
        """Of the to-do."""
        return self.task.pk


def due_cell(task: Task) -> SafeString:
    """When a to-do is due; what should have been done says so."""
    day = task.due_at.astimezone(BUSINESS_ZONE)
    told = when(day.date() if task.is_all_day else day)
    if task.state == TaskState.OPEN and is_overdue(task.due_at, now=clock.now()):
        return badge(_("逾期"), "bad") + SafeString(" ") + told
    return told


def state_cell(task: Task) -> SafeString:
    """How a to-do stands."""
    return state_dot(TaskState(task.state).label, _TONES[task.state])


def _closed(shown: ShownTask) -> SafeString:
    """In a list of what is open, that it is open goes without saying."""
    return none_yet() if shown.task.state == TaskState.OPEN else state_cell(shown.task)


def priority_cell(task: Task) -> SafeString:
    """Only what is not normal deserves notice."""
    one = Priority(task.priority)
    return (
        none_yet() if one == Priority.NORMAL else badge(one.label, "warn" if one == Priority.HIGH else "off")
    )


def _record(shown: ShownTask) -> SafeString:
    return named(shown.subject.title, key=shown.subject.key) if shown.subject else none_yet()


def _day(days: int) -> datetime:
    """When a business day begins that many days from now."""
    return datetime.combine(clock.business_date() + timedelta(days=days), time.min, BUSINESS_ZONE)


def _when(rows: QuerySet[Task], value: str) -> QuerySet[Task]:
    week_ends = _day(8 - clock.business_date().isoweekday())
    return {
        "overdue": rows.filter(state=TaskState.OPEN, due_at__lt=clock.now()),
        "today": rows.filter(due_at__gte=_day(0), due_at__lt=_day(1)),
        "week": rows.filter(due_at__gte=_day(0), due_at__lt=week_ends),
        "later": rows.filter(due_at__gte=week_ends),
    }[value]


def _as_chosen(rows: QuerySet[Task], _value: str) -> QuerySet[Task]:
    """What the rows start from is chosen by `rows_for`."""
    return rows


def _whose(viewer: Any) -> list[Choice]:
    choices = [Choice("made", pgettext_lazy("待办", "我派出的"))]
    if viewer.may(Right.TASK_ASSIGN):
        choices.append(Choice("unit", pgettext_lazy("待办", "本机构全部")))
    return choices


class RecordFilter(Filter):
    """To-dos about one record, which the reader opens with it: `kind/key`."""

    template = "ui/lists/filter_text.html"
    placeholder = ""

    def read(self, query: QueryDict, viewer: Any) -> Subject | None:
        kind, _slash, key = query.get(self.key, "").partition("/")
        return find_kind(kind).open(viewer, key, "timeline") if key else None

    def write(self, value: Subject) -> list[tuple[str, str]]:
        return [(self.key, f"{value.kind}/{value.key}")]

    def describe(self, value: Subject, _viewer: object) -> str:
        return value.title

    def lookups(self, value: Subject) -> dict[str, Any]:
        return {"kind": value.kind, "record_id__in": value.ids}


TASKS = ListSpec(
    key="tasks",
    title=pgettext_lazy("待办", "我的待办"),
    columns=(
        Column("title", pgettext_lazy("待办", "做什么"), lambda one: one.task.title, phone_role="title"),
        Column("record", pgettext_lazy("待办", "关于"), _record, width="l", phone_role="subtitle"),
        Column("due", pgettext_lazy("待办", "到期"), lambda one: due_cell(one.task), sort="due", width="l",
               phone_role="aside"),
        Column("priority", _("优先级"), lambda one: priority_cell(one.task), sort="priority", width="s",
               phone_role="fact"),
        Column("staff", pgettext_lazy("待办", "由谁做"), lambda one: one.task.staff_name, width="m",
               phone_role="meta"),
        Column("repeat", pgettext_lazy("待办", "重复"),
               lambda one: Repeat(one.task.repeat).label if one.task.repeat else none_yet(), width="s"),
        Column("postponed", pgettext_lazy("待办", "推迟次数"), lambda one: one.task.postponed or none_yet(), width="s",
               align="end", default=False),
        Column("maker", pgettext_lazy("待办", "由谁提出"), lambda one: one.task.maker_name, width="m", default=False),
        Column("result", pgettext_lazy("待办", "结果"), lambda one: one.task.result or none_yet(), width="l",
               default=False),
        Column("state", pgettext_lazy("待办", "状态"), _closed, width="m"),
    ),
    filters=(
        ChoiceFilter(
            key="when",
            label=pgettext_lazy("待办", "到期"),
            choices=(
                ("overdue", _("逾期")),
                ("today", pgettext_lazy("待办", "今天")),
                ("week", pgettext_lazy("待办", "本周")),
                ("later", pgettext_lazy("待办", "以后")),
            ),
            narrow=_when,
            quick=True,
        ),
        ChoiceFilter(
            key="state",
            label=pgettext_lazy("待办", "状态"),
            choices=(
                (TaskState.DONE.value, TaskState.DONE.label),
                (TaskState.DROPPED.value, TaskState.DROPPED.label),
                ("all", pgettext_lazy("待办", "所有状态")),
            ),
            narrow=_as_chosen,
            quick=True,
        ),
        ChoiceFilter(
            key="whose", label=pgettext_lazy("待办", "谁的"), choices=_whose, narrow=_as_chosen, quick=True
        ),
        ChoiceFilter(key="priority", label=_("优先级"), choices=tuple((str(one.value), one.label) for one in Priority)),
        DateRangeFilter(key="due", label=pgettext_lazy("待办", "到期日"), narrow=during_field("due_at")),
        RecordFilter(key="record", label=pgettext_lazy("待办", "关于"), by_tabs=False),
    ),
    sorts=(
        Sort("due", pgettext_lazy("待办", "到期"), ("due_at",)),
        Sort("priority", _("优先级"), ("priority", "due_at")),
    ),
    default_sort="due",
    actions=(
        Action(pgettext_lazy("待办", "日历"), reverse_lazy("desk:task_calendar"), icon="calendar"),
        Action(
            pgettext_lazy("待办", "新建待办"),
            reverse_lazy("desk:new_task"),
            icon="plus",
            is_primary=True,
            shortcut="n",
        ),
    ),
    row_url=lambda one: reverse("desk:task", args=[one.pk]),
    audited_as="task_list",
    empty=EmptyState(
        pgettext_lazy("待办", "没有这样的待办"),
        _("自己记下的、同事交来的事情列在这里；在客户的“动态”里也能加。"),
        icon="checklist",
    ),
)  # fmt: skip

offer_views(TASKS)


def rows_for(viewer: Viewer, state: ListState) -> QuerySet[Task]:
    """What the list starts from: open to-dos of one's own, unless the reader chose otherwise."""
    whose, chosen = state.values.get("whose"), state.values.get("state")
    rows: QuerySet[Task] = own_tasks(viewer)
    if whose == "unit":
        rows = Task.objects.visible_to(viewer)
    elif whose == "made":
        rows = made_for_others(viewer)
    return rows if chosen == "all" else rows.filter(state=chosen or TaskState.OPEN)
