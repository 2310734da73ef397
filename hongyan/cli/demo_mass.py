"""One act on many of the demo's outlet head: a tag on some customers, so that its pages have something to show."""

from __future__ import annotations

from hongyan.core import scope
from hongyan.core.errors import NotFound

TAG, MOST = "重点回访", 8


def tag_some(staff_no: str) -> None:
    """Tag some customers as somebody of the demo; nothing where it was done, or where there is no such person."""
    from hongyan.classes.actions.tags import define
    from hongyan.classes.models import Tag
    from hongyan.customer.lists import CUSTOMERS, rows_for
    from hongyan.desk.actions.mass import begin, check, start
    from hongyan.desk.actions.work_mass import work
    from hongyan.desk.mass import Chosen
    from hongyan.org.codes import Right
    from hongyan.org.queries.viewers import find_viewer

    try:
        viewer = find_viewer(staff_no)
    except NotFound:
        return
    with scope.acting(viewer.scope):
        if not viewer.may(Right.TAG_EDIT) or Tag.objects.filter(name=TAG).exists():
            return
        codes = list(rows_for(viewer, {}).order_by("customer_id").values_list("code", flat=True)[:MOST])
        if not codes:
            return
        tag = define(viewer, name=TAG, colour="info")
        run = begin(viewer, CUSTOMERS.key, Chosen(ids=codes))
        given = {"way": "set", "tag": tag.pk}
        check(viewer, run.pk, "tag", given, reason="季度回访名单")
        start(viewer, run.pk)
    work(run.pk, lambda _done, _all: None)
