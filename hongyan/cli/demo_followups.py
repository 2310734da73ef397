"""What the demo's outlet manager noted and filed on a customer they follow, who assists (跟进、文件、协办)."""

from __future__ import annotations

from datetime import timedelta

from hongyan.cli.demo_files import keep_some_files
from hongyan.core import clock, scope
from hongyan.core.errors import NotFound


def follow_some_up(staff_no: str) -> None:
    """Note, call, file, follow as somebody of the demo; nothing where it was done before, or nobody is called so."""
    from hongyan.customer.models import Ownership
    from hongyan.customer.records import open_customer
    from hongyan.desk.actions.follow import follow
    from hongyan.desk.actions.notes import Call, write_note
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
        colleagues = [
            one for one in managers_in_scope(viewer, line=row.line) if one.staff.pk != row.manager_id
        ]
        if colleagues and row.line in lines_of(viewer):
            helper = colleagues[0].staff.staff_no
            let_assist(viewer, subject.key, row.line, staff_no=helper, since=None, reason="共同跟进报价")
