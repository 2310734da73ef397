"""What the rules of the house found to do (今日工作): found anew each night, and what people say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.parameters import value_of
from hongyan.core.versions import require_unchanged, take_turn
from hongyan.desk.actions.notes import Call, write_note
from hongyan.desk.actions.notifications import notify
from hongyan.desk.actions.wording import sound_text
from hongyan.desk.codes import CallDirection, WorkState
from hongyan.desk.models import WorkItem
from hongyan.desk.parameters import WORK_HALF_DAYS, WORK_LEAST_YUAN, WORK_POSTPONEMENTS
from hongyan.desk.queries.tasks import post_of
from hongyan.desk.queries.work import find_item
from hongyan.desk.records import find_kind
from hongyan.desk.task_rules import may_postpone
from hongyan.desk.work import WorkRule
from hongyan.org.codes import Right, Viewer

LONGEST_NOTE = 500

_FIND = """
INSERT INTO desk_workitem AS item (
    rule, kind, record_id, line, period, amount, due_on, facts, rank, org_no, staff_id, is_current, is_delegated,
    found_at, state, shown_from, postponed, note, said_by, version
)
SELECT %(rule)s, %(kind)s, found.record_id, found.line, found.period, found.amount, found.due_on, found.facts,
       round(greatest(coalesce(found.amount, 0), %(least)s) * %(half)s
             / (%(half)s + greatest(found.due_on - %(today)s, 0)), 4),
       found.org_no, found.staff_id, true, false, %(now)s, 'open', %(today)s, 0, '', '', 1
FROM ({sql}) found
ON CONFLICT (rule, kind, record_id, line, period) DO UPDATE
SET amount = excluded.amount, due_on = excluded.due_on, facts = excluded.facts, rank = excluded.rank,
    org_no = excluded.org_no, is_current = true, found_at = excluded.found_at,
    is_delegated = item.is_delegated AND item.org_no = excluded.org_no,
    staff_id = CASE WHEN item.is_delegated AND item.org_no = excluded.org_no
                    THEN item.staff_id ELSE excluded.staff_id END
"""


def find_work(rules: Sequence[WorkRule], today: date) -> dict[str, int]:
    """Find anew what there is to do as of a business day, for everybody: rule → how many reasons.

    What was said of a reason stays for its period. What a rule finds no more, and nobody said a word about, goes. One
    transaction a rule; run again, it changes nothing.
    """
    return {rule.key: _find(rule, today) for rule in rules}


def _find(rule: WorkRule, today: date) -> int:
    numbers: dict[str, Any] = {
        "least": Decimal(value_of(WORK_LEAST_YUAN)),
        "half": Decimal(value_of(WORK_HALF_DAYS)),
        "today": today,
        "now": clock.now(),
        "rule": rule.key,
        "kind": rule.kind,
    }
    statement = _FIND.replace("{sql}", rule.sql)
    with transaction.atomic(), scope.bulk(), connection.cursor() as cursor:
        take_turn("desk/work", rule.key)
        cursor.execute(statement, {**rule.given(today), **numbers})
        found = int(cursor.rowcount)
        gone = WorkItem.objects.filter(rule=rule.key, is_current=True, found_at__lt=numbers["now"])
        silent = Q(state=WorkState.OPEN, postponed=0, is_delegated=False)
        gone.filter(silent).delete()
        gone.update(is_current=False)
    return found


def finish_item(
    viewer: Viewer, item_id: int, *, result: str = "", call: str = "", seen: str | None = None
) -> WorkItem:
    """Say that something was done, and what came of it; what was said, and a call, stand on the record as a note.

    `call` is what came of a call, empty for none. Errors: NotFound; Conflict when somebody was faster; Invalid for a
    result that is long or holds somebody's number.
    """
    result = sound_text(result, "result", longest=LONGEST_NOTE, may_be_empty=True)
    with transaction.atomic():
        item = _say(viewer, item_id, seen, note=result)
        item.state = WorkState.DONE
        item.save()
        if (result or call) and viewer.may(Right.NOTE_WRITE):
            subject = find_kind(item.kind).find(viewer, item.record_id)
            talked = Call(clock.now(), CallDirection.OUT, call) if call else None
            write_note(viewer, subject, text=result, call=talked)
        _keep(viewer, item, "work.done")
    return item


def postpone_item(
    viewer: Viewer, item_id: int, *, until: date, reason: str, seen: str | None = None
) -> WorkItem:
    """Put something off to a later day; only so often.

    Errors: NotFound; Conflict when somebody was faster, or it was put off as often as may be; Invalid without a reason,
    or for a day that is not later than today.
    """
    reason = sound_text(reason, "reason", longest=LONGEST_NOTE)
    with transaction.atomic():
        item = _say(viewer, item_id, seen, note=reason)
        most = int(value_of(WORK_POSTPONEMENTS, units=viewer.unit_chain))
        if not may_postpone(item.postponed, most=most):
            raise Conflict(
                "work_item", _("最多推迟 {count} 次：请办理、转交或说明不合适。").format(count=most)
            )
        if until <= clock.business_date():
            raise Invalid({"until": _("要晚于今天")})
        item.postponed, item.shown_from = item.postponed + 1, until
        item.save()
        _keep(viewer, item, "work.postponed")
    return item


def delegate_item(
    viewer: Viewer, item_id: int, *, staff_no: str, reason: str, url: str, seen: str | None = None
) -> WorkItem:
    """Hand something on to a colleague whose post covers the unit it belongs to; they hear of it, and find it at `url`.

    Errors: NotFound; Conflict when somebody was faster; Invalid without a reason, or for whoever is no such colleague.
    """
    reason = sound_text(reason, "reason", longest=LONGEST_NOTE)
    with transaction.atomic():
        item = _say(viewer, item_id, seen, note=reason)
        post = post_of(viewer, staff_no)
        if post is None or not post.place.lo <= item.org_no <= post.place.hi:
            raise Invalid({"staff_no": _("这位同事不在管户的机构")})
        item.staff_id, item.is_delegated = post.staff_id, True
        item.save()
        notify(post.staff.staff_no, "work.given", url=url)
        _keep(viewer, item, "work.delegated")
    return item


def refuse_item(viewer: Viewer, item_id: int, *, reason: str, seen: str | None = None) -> WorkItem:
    """Say that something does not fit, and why: the rule brings it no more in its period.

    Errors: NotFound; Conflict when somebody was faster; Invalid without a reason.
    """
    reason = sound_text(reason, "reason", longest=LONGEST_NOTE)
    with transaction.atomic():
        item = _say(viewer, item_id, seen, note=reason)
        item.state = WorkState.REFUSED
        item.save()
        _keep(viewer, item, "work.refused")
    return item


def _say(viewer: Viewer, item_id: int, seen: str | None, *, note: str) -> WorkItem:
    item = find_item(viewer, item_id, for_update=True)
    if item.state != WorkState.OPEN:
        raise Conflict("work_item", _("这件事已经办过了。"))
    require_unchanged("work_item", seen, str(item.version), now=item.note)
    item.version += 1
    item.note, item.said_by, item.said_at = note, viewer.name, clock.now()
    return item


def _keep(viewer: Viewer, item: WorkItem, act: str) -> None:
    after = {
        "rule": item.rule,
        "period": item.period,
        "shown_from": str(item.shown_from),
        "staff": item.staff_id,
    }
    audit.record(viewer.actor, act, "work_item", item.number, after=after, purpose=item.note)
