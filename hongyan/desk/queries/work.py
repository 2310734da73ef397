"""What the rules of the house found to do, as a viewer may see it (今日工作)."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.desk.codes import WorkState
from hongyan.desk.models import WorkItem
from hongyan.org.codes import Right, Viewer


def work_for(viewer: Viewer, *, is_own: bool) -> QuerySet[WorkItem]:
    """What is to do today: one's own, or of the whole range for who assigns there."""
    shown = WorkItem.objects.visible_to(viewer).filter(
        state=WorkState.OPEN, is_current=True, shown_from__lte=clock.business_date()
    )
    return shown.filter(staff_id__in=viewer.people) if is_own else shown


def leads(viewer: Viewer) -> bool:
    """Whether the work of others is the viewer's too."""
    return viewer.may(Right.TASK_ASSIGN)


def count_by_rule(rows: QuerySet[WorkItem]) -> dict[str, int]:
    """Rule → how many."""
    return dict(rows.order_by().values_list("rule").annotate(count=Count("id")))


def find_item(viewer: Viewer, item_id: int, *, for_update: bool = False) -> WorkItem:
    """One item. Errors: NotFound for one that is not the viewer's to see."""
    items = WorkItem.objects.visible_to(viewer)
    item = (items.select_for_update() if for_update else items).filter(pk=item_id).first()
    if item is None:
        raise NotFound("work_item", item_id)
    return item
