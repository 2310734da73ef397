"""Doors of to-dos (待办)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hongyan.core import audit, clock
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.errors import Conflict, Invalid
from hongyan.desk.actions import tasks as acts
from hongyan.desk.codes import TaskState
from hongyan.desk.models import Task
from hongyan.desk.queries.list_views import opening_query, saved_views
from hongyan.desk.queries.tasks import colleagues, find_task, subjects_of
from hongyan.desk.records import Subject, find_kind
from hongyan.desk.task_calendar import calendar_page
from hongyan.desk.task_forms import DelegateForm, DropForm, FinishForm, PostponeForm, TaskForm
from hongyan.desk.task_lists import TASKS, ShownTask, rows_for
from hongyan.desk.task_panels import task_page
from hongyan.desk.task_rules import DAY, MONTH, WEEK
from hongyan.org.codes import Right
from hongyan.org.forms.refusable import RefusableForm
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

YEARS_AROUND = 50
"""How far from today a calendar can be turned."""


@require_safe
def tasks(request: ViewerRequest) -> HttpResponse:
    """What is to be done, by whom: one's own, unless the address chooses otherwise."""
    viewer = request.viewer
    views = saved_views(viewer, TASKS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(TASKS, request.GET, viewer=viewer)
    shown = list_of(
        TASKS,
        state,
        rows_for(viewer, state),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[TASKS.key]),
    )
    subjects = subjects_of(viewer, shown.page.rows)
    rows: Any = [ShownTask(one, subjects.get((one.kind, one.record_id or 0))) for one in shown.page.rows]
    return list_response(request, replace(shown, page=replace(shown.page, rows=rows)))


@never_cache
@require_safe
def task_calendar(request: ViewerRequest) -> HttpResponse:
    """One's own to-dos on a calendar; what the address says wrongly is left aside."""
    view = request.GET.get("view", "")
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = clock.business_date()
    is_near = abs(on.year - clock.business_date().year) <= YEARS_AROUND
    shown = calendar_page(
        request.viewer,
        view if view in {MONTH, WEEK, DAY} else MONTH,
        on if is_near else clock.business_date(),
    )
    return render(request, "desk/task_calendar.html", {"shown": shown})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_task(request: ViewerRequest) -> HttpResponse:
    """Write down something to do."""
    return _new(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_task_of(request: ViewerRequest, kind: str, key: str) -> HttpResponse:
    """Write down something to do about a record."""
    return _new(request, find_kind(kind).open(request.viewer, key, "timeline"))


def _new(request: ViewerRequest, subject: Subject | None) -> HttpResponse:
    viewer = request.viewer
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        initial={"due_on": clock.business_date()},
        colleagues=colleagues(viewer) if viewer.may(Right.TASK_ASSIGN) else (),
    )
    if form.is_valid():
        try:
            staff_no = form.cleaned_data.get("staff_no", "")
            made = acts.add_task(viewer, form.wanted, subject=subject, staff_no=staff_no)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已记下待办 {number}。").format(number=made.number))
            return redirect(subject.url if subject else "desk:tasks")
    return _form(request, form, pgettext("待办", "新建待办"), subject.url if subject else reverse("desk:tasks"),
                 lead=subject.title if subject else "")  # fmt: skip


@never_cache
@require_safe
def task(request: ViewerRequest, task_id: int) -> HttpResponse:
    """One to-do: what, until when, about what, what was done with it, and what can be done now."""
    viewer = request.viewer
    shown = task_page(viewer, find_task(viewer, task_id))
    audit.record(viewer.actor, "task.open", "task", shown.task.number)
    return render(request, "desk/task.html", {"shown": shown})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: ViewerRequest, task_id: int) -> HttpResponse:
    """Change what a to-do says."""

    def change(given: TaskForm, seen: str) -> object:
        return acts.mend_task(request.viewer, task_id, given.wanted, seen=seen)

    def initial(one: Task) -> dict[str, Any]:
        facts = {
            "title": one.title,
            "priority": one.priority,
            "repeat": one.repeat,
            "remind": one.remind_minutes,
        }
        return {**_due(one), **facts}

    return _act(request, task_id, TaskForm, pgettext("待办", "修改待办"), change, initial)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request: ViewerRequest, task_id: int) -> HttpResponse:
    """Put a to-do off, with a reason."""

    def change(given: PostponeForm, seen: str) -> object:
        facts = {**given.cleaned_data, "seen": seen}
        return acts.postpone_task(request.viewer, task_id, **facts)

    return _act(request, task_id, PostponeForm, pgettext("待办", "推迟待办"), change, _due)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: ViewerRequest, task_id: int) -> HttpResponse:
    """Hand a to-do on to a colleague, with a reason."""
    viewer = request.viewer

    def change(given: DelegateForm, seen: str) -> object:
        facts = {**given.cleaned_data, "seen": seen}
        return acts.delegate_task(viewer, task_id, **facts)

    def form(*args: Any, **kwargs: Any) -> DelegateForm:
        return DelegateForm(*args, colleagues=colleagues(viewer), **kwargs)

    return _act(request, task_id, form, pgettext("待办", "转交待办"), change)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: ViewerRequest, task_id: int) -> HttpResponse:
    """Say that a to-do is done, and what came of it."""

    def change(given: FinishForm, seen: str) -> object:
        return acts.finish_task(request.viewer, task_id, result=given.cleaned_data["result"], seen=seen)

    return _act(request, task_id, FinishForm, pgettext("待办", "完成待办"), change)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: ViewerRequest, task_id: int) -> HttpResponse:
    """Say that a to-do will not be done, and why."""

    def change(given: DropForm, seen: str) -> object:
        return acts.drop_task(request.viewer, task_id, reason=given.cleaned_data["reason"], seen=seen)

    return _act(request, task_id, DropForm, pgettext("待办", "放弃待办"), change)


def _due(one: Task) -> dict[str, Any]:
    due = one.due_at.astimezone(BUSINESS_ZONE)
    return {"due_on": due.date(), "due_time": None if one.is_all_day else due.time()}


def _act(
    request: ViewerRequest,
    task_id: int,
    make: Callable[..., Any],
    title: str,
    change: Callable[[Any, str], object],
    initial: Callable[[Task], dict[str, Any]] = lambda _task: {},
) -> HttpResponse:
    """One act on one open to-do: its form; posted, the list of what is left to do."""
    one = find_task(request.viewer, task_id)
    if one.state != TaskState.OPEN:
        raise Conflict("task", _("这件待办已经办结。"))
    facts = {**initial(one), "seen": str(one.version)}
    form = make(request.POST if request.method == "POST" else None, initial=facts)
    url = reverse("desk:task", args=[one.pk])
    if form.is_valid():
        try:
            change(form, form.cleaned_data["seen"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("{number} 已办理。").format(number=one.number))
            return redirect(url if request.viewer.staff_id == one.staff_id else "desk:tasks")
    return _form(request, form, title, url, lead=one.title)


def _form(
    request: ViewerRequest, form: RefusableForm, title: str, back_url: str, *, lead: str
) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "back_url": back_url}
    return render(request, "desk/task_form.html", context, status=422 if form.errors else 200)
