"""To-dos as a viewer may see them, with the records they are about (待办)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.desk.codes import TaskState
from hongyan.desk.models import Task, TaskStep
from hongyan.desk.records import Subject, find_kind
from hongyan.org.codes import Viewer
from hongyan.org.models import Post
from hongyan.org.queries.staff import posts_in_scope
from hongyan.org.queries.viewers import USABLE, is_current

COLLEAGUES_NAMED = 200


def own_tasks(viewer: Viewer) -> QuerySet[Task]:
    """What the viewer is to do themselves."""
    return Task.objects.visible_to(viewer).filter(staff_id__in=viewer.people)


def made_for_others(viewer: Viewer) -> QuerySet[Task]:
    """What the viewer gave to others."""
    return (
        Task.objects.visible_to(viewer).filter(maker_id__in=viewer.people).exclude(staff_id__in=viewer.people)
    )


def find_task(viewer: Viewer, task_id: int, *, for_update: bool = False) -> Task:
    """One to-do. Errors: NotFound for one that is not the viewer's to see."""
    tasks = Task.objects.visible_to(viewer)
    task = (tasks.select_for_update() if for_update else tasks).filter(pk=task_id).first()
    if task is None:
        raise NotFound("task", task_id)
    return task


def steps_of(task: Task) -> Sequence[TaskStep]:
    """What was done with a to-do, the latest first."""
    return list(task.steps.order_by("-id"))


def subjects_of(viewer: Viewer, tasks: Collection[Task]) -> Mapping[tuple[str, int], Subject]:
    """The records that some to-dos are about, as far as the viewer may see them. Two queries a kind at most."""
    wanted: dict[str, set[int]] = {}
    for task in tasks:
        if task.record_id is not None:
            wanted.setdefault(task.kind, set()).add(task.record_id)
    return {
        (kind, record_id): subject
        for kind, ids in wanted.items()
        for record_id, subject in find_kind(kind).name(viewer, ids).items()
    }


def tasks_about(viewer: Viewer, kind: str, ids: Collection[int]) -> QuerySet[Task]:
    """The to-dos of a record that the viewer opened, whoever does them; `is_theirs` of those the viewer may open."""
    theirs = Exists(Task.objects.visible_to(viewer).filter(pk=OuterRef("pk")))
    return Task.objects.filter(kind=kind, record_id__in=ids).annotate(is_theirs=theirs)


def colleagues(viewer: Viewer) -> list[tuple[str, str]]:
    """(number, name and unit) of people in the viewer's range with an open account, each once. One query."""
    posts = _posts(viewer).order_by("place__lo", "staff__pinyin", "id")[: 2 * COLLEAGUES_NAMED]
    named = {post.staff.staff_no: f"{post.staff.name} · {post.place.unit}" for post in posts}
    return list(named.items())[:COLLEAGUES_NAMED]


def post_of(viewer: Viewer, staff_no: str) -> Post | None:
    """The post in the viewer's range in which a colleague would do something, their main one if it lies there."""
    posts = _posts(viewer).filter(staff__staff_no=staff_no.strip())
    return posts.order_by("-is_primary", "id").first()


def _posts(viewer: Viewer) -> QuerySet[Post]:
    usable = posts_in_scope(viewer).filter(USABLE, is_current(clock.business_date()))
    return usable.select_related("staff", "place__unit")


def due_for_reminder() -> QuerySet[Task]:
    """Open to-dos whose reminder has come and was not given. Call it past the walls."""
    is_waiting = Q(state=TaskState.OPEN, reminded_at=None, remind_at__lte=clock.now())
    return Task.objects.filter(is_waiting)
