"""What the demo's manager noted, filed and has to do on a customer, who assists, who may look (待办、协办、共享)."""

from __future__ import annotations

from contextlib import suppress
from datetime import time, timedelta
from typing import TYPE_CHECKING

from hongyan.cli.demo_files import keep_some_files
from hongyan.core import clock, scope
from hongyan.core.errors import Invalid, NotFound

if TYPE_CHECKING:
    from hongyan.org.codes import Viewer


def follow_some_up(staff_no: str) -> None:
    """Note, call, file, plan as somebody of the demo; nothing where it was done, or there is no such person."""
    from hongyan.customer.models import Ownership
    from hongyan.customer.records import open_customer
    from hongyan.desk.actions.follow import follow
    from hongyan.desk.actions.notes import Call, write_note
    from hongyan.desk.actions.tasks import Wanted, add_task
    from hongyan.desk.codes import Priority, Repeat
    from hongyan.desk.models import Note
    from hongyan.org.queries.viewers import find_viewer
    from hongyan.ownership.actions.assist import let_assist
    from hongyan.ownership.queries.people import lines_of, managers_in_scope

    try:
        viewer = find_viewer(staff_no)
    except NotFound:
        return
    with scope.acting(viewer.scope):
        theirs = Ownership.objects.filter(unit_id=viewer.unit_id, until=None, gives_way=False)
        row = theirs.exclude(manager=None).select_related("customer").order_by("id").first()
        if row is None or Note.objects.filter(staff_id=viewer.staff_id).exists():
            return
        subject = open_customer(viewer, row.customer.code, "timeline")
        write_note(viewer, subject, text="上门拜访，对方想了解大宗函件的价格，约好下周带报价单再来。")
        yesterday = clock.now() - timedelta(days=1)
        call = Call(yesterday, direction="out", result="reached", minutes=6)
        write_note(viewer, subject, text="确认了下周见面的时间。", call=call)
        follow(viewer, subject)
        keep_some_files(viewer, subject)
        today = clock.business_date()
        offer = Wanted("把大宗函件报价单送给客户", today, time(15), Priority.HIGH, remind_minutes=60)
        add_task(viewer, offer, subject=subject)
        call_back = Wanted("回电确认见面时间", today - timedelta(days=1), time(10))
        add_task(viewer, call_back, subject=subject)
        weekly = Wanted("整理本周走访情况", today + timedelta(days=3), repeat=Repeat.WEEKLY)
        add_task(viewer, weekly)
        colleagues = [
            one for one in managers_in_scope(viewer, line=row.line) if one.staff.pk != row.manager_id
        ]
        if colleagues and row.line in lines_of(viewer):
            helper = colleagues[0].staff.staff_no
            let_assist(viewer, subject.key, row.line, staff_no=helper, since=None, reason="共同跟进报价")
        _share_with_somebody_elsewhere(viewer, subject.key)


def _share_with_somebody_elsewhere(viewer: Viewer, code: str) -> None:
    """Let somebody of the demo whose post does not see the customer look at it for a week."""
    from hongyan.org.models import Post
    from hongyan.ownership.actions.share import share_customer
    from hongyan.ownership.queries.sharing import reading_posts

    elsewhere = Post.objects.filter(reading_posts()).exclude(
        place__lo__lte=viewer.scope.lo, place__hi__gte=viewer.scope.hi
    )
    guest = (
        elsewhere.exclude(staff_id=viewer.staff_id)
        .order_by("staff__staff_no")
        .values_list("staff__staff_no", flat=True)
        .first()
    )
    if guest:
        until = clock.business_date() + timedelta(days=7)
        with suppress(Invalid, NotFound):
            share_customer(viewer, code, staff_no=guest, until=until, reason="跨区县投标，请一起看看")
