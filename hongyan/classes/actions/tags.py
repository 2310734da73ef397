"""Defining tags, and putting them on customers: one at a time, or on many by a job that can be undone (标签)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hongyan.classes.codes import BatchState, Colour
from hongyan.classes.models import CustomerTag, Tag, TagBatch
from hongyan.classes.parameters import MOST_TAGGED
from hongyan.classes.queries.tags import find_batch, find_tag
from hongyan.core import audit, clock, jobs, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.marks import follow_marks
from hongyan.customer.models import Customer, ListRow
from hongyan.customer.queries.records import find_customer
from hongyan.org.codes import Right, Viewer

SETTING, UNDOING = "classes.tag_many", "classes.untag_many"
"""Names of the tasks that put a tag on many, and take it off again."""
LONGEST_NAME = 20
CHUNK = 2000
_MARKS = (Path(__file__).parents[1] / "sql" / "tag_marks.sql").read_text()
_SET = """
INSERT INTO classes_customertag (customer_id, tag_id, batch_id, set_by, set_at)
SELECT customer.id, %(tag)s, %(batch)s, %(by)s, %(at)s FROM customer_customer customer
WHERE customer.id = ANY(%(customers)s) AND NOT EXISTS (
    SELECT FROM customer_customermark WHERE mark = 'tag.' || %(tag)s AND customer_id = customer.id
)
ON CONFLICT DO NOTHING
"""
Report = Callable[[int, int], None]


def define(viewer: Viewer, *, name: str, colour: str) -> Tag:
    """Define a tag for the viewer's unit and all beneath it.

    Errors: NotAllowed without the right; Invalid without a name, for a long one, one with somebody's number or one the
    unit has already, or an unknown colour.
    """
    _ask_right(viewer, Right.TAG_EDIT)
    name = name.strip()
    require_no_numbers(name=name)
    if not name:
        raise Invalid({"name": _("请填写标签名称")})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": _("最多 {count} 个字").format(count=LONGEST_NAME)})
    if colour not in Colour.values:
        raise Invalid({"colour": _("没有这个颜色")})
    with transaction.atomic():
        unit_id = viewer.unit_chain[0]
        take_turn("tag", unit_id)
        if Tag.objects.filter(unit_id=unit_id, name=name, retired_at=None).exists():
            raise Invalid({"name": _("本机构已有同名标签")})
        tag = Tag.objects.create(
            name=name, colour=colour, unit_id=unit_id, org_no=viewer.scope.lo, maker_id=viewer.staff_id,
            made_at=clock.now(),
        )  # fmt: skip
        audit.record(viewer.actor, Right.TAG_EDIT, "tag", tag.pk, after={"name": name, "colour": colour})
    return tag


def retire(viewer: Viewer, tag_id: int) -> Tag:
    """Let a tag be set no more; who bears it keeps it.

    Errors: NotAllowed without the right; NotFound, also for a tag of a unit above; Conflict for one that is retired.
    """
    _ask_right(viewer, Right.TAG_EDIT)
    tag = find_tag(viewer, tag_id)
    if not viewer.scope.covers(tag.org_no):
        raise NotFound("tag", tag_id)
    with transaction.atomic():
        if not Tag.objects.filter(pk=tag.pk, retired_at=None).update(retired_at=clock.now()):
            raise Conflict("tag", _("这个标签已经停用"))
        audit.record(viewer.actor, "tag.retire", "tag", tag.pk, before={"name": tag.name})
    return tag


def set_tag(viewer: Viewer, code: str, tag_id: int) -> Tag:
    """Put a tag on a customer of the viewer's scope; doing it again changes nothing.

    Errors: NotAllowed without the right; NotFound; Conflict for a tag that is retired.
    """
    _ask_right(viewer, Right.TAG_SET)
    customer, tag = find_customer(viewer, code), _in_use(viewer, tag_id)
    with transaction.atomic():
        take_turn("tags", customer.pk)
        if not CustomerTag.objects.filter(_borne_by(customer), tag=tag).exists():
            CustomerTag.objects.create(customer=customer, tag=tag, set_by=viewer.staff_no, set_at=clock.now())
            mark_tagged([customer.pk])
            audit.record(viewer.actor, Right.TAG_SET, "customer", customer.code, after={"tag": tag.name})
    return tag


def unset_tag(viewer: Viewer, code: str, tag_id: int) -> Tag:
    """Take a tag off a customer again, under whatever code it was set.

    Errors: NotAllowed without the right; NotFound.
    """
    _ask_right(viewer, Right.TAG_SET)
    customer, tag = find_customer(viewer, code), find_tag(viewer, tag_id)
    with transaction.atomic():
        take_turn("tags", customer.pk)
        gone, _kinds = CustomerTag.objects.filter(_borne_by(customer), tag=tag).delete()
        if gone:
            mark_tagged([customer.pk])
            audit.record(viewer.actor, "tag.unset", "customer", customer.code, before={"tag": tag.name})
    return tag


def mark_tagged(customers: Sequence[int]) -> None:
    """Let lists know which tags some customers bear."""
    with scope.bulk():
        marks = _MARKS.replace("{whom}", "= ANY(%(customers)s)")
        follow_marks(["tag"], marks, first=min(customers), last=max(customers), customers=list(customers))


def _ask_right(viewer: Viewer, right: Right) -> None:
    if not viewer.may(right):
        raise NotAllowed(right)


def _in_use(viewer: Viewer, tag_id: int) -> Tag:
    tag = find_tag(viewer, tag_id)
    if tag.retired_at is not None:
        raise Conflict("tag", _("这个标签已经停用"))
    return tag


def _borne_by(customer: Customer) -> Q:
    return Q(customer_id=customer.pk) | Q(customer__survivor_id=customer.pk)


# --- many at once


def choose(viewer: Viewer, rows: QuerySet[ListRow]) -> TagBatch:
    """Choose customers of the viewer's scope by rows of their list, to give them a tag on the next page.

    Errors: NotAllowed without the right; Invalid for none, or more than may be chosen at once.
    """
    _ask_right(viewer, Right.TAG_SET)
    most = int(value_of(MOST_TAGGED))
    found = rows.order_by("customer_id").values_list("customer_id", flat=True)
    chosen = list(dict.fromkeys(found[: most + 1]))
    if not chosen:
        raise Invalid({"": _("没有选中客户")})
    if len(chosen) > most:
        raise Invalid({"": _("一次最多 {count} 位客户，请缩小范围").format(count=most)})
    with transaction.atomic():
        return TagBatch.objects.create(
            maker_id=viewer.staff_id,
            org_no=viewer.scope.lo,
            customers=chosen,
            size=len(chosen),
            made_at=clock.now(),
        )


def start(viewer: Viewer, batch_id: int, tag_id: int) -> TagBatch:
    """Let a job put a tag on the customers that were chosen.

    Errors: NotAllowed without the right; NotFound; Conflict for a tag that is retired, or an act that is under way.
    """
    _ask_right(viewer, Right.TAG_SET)
    with transaction.atomic():
        tag, batch = _in_use(viewer, tag_id), find_batch(viewer, batch_id, for_update=True)
        if batch.state != BatchState.DRAFT:
            raise Conflict("tag_batch", _("{number} 已经开始").format(number=batch.number))
        batch.tag, batch.state = tag, BatchState.RUNNING
        _run(viewer, batch, SETTING)
        audit.record(
            viewer.actor, "tag.set_many", "tag_batch", batch.number, count=batch.size, after={"tag": tag.name}
        )
    return batch


def undo(viewer: Viewer, batch_id: int) -> TagBatch:
    """Let a job take the tag off those who got it by an act on many, and by nothing else since.

    Errors: NotAllowed without the right; NotFound; Conflict for an act that is not done.
    """
    _ask_right(viewer, Right.TAG_SET)
    with transaction.atomic():
        batch = find_batch(viewer, batch_id, for_update=True)
        if batch.state != BatchState.DONE:
            raise Conflict("tag_batch", _("{number} 现在不能撤销").format(number=batch.number))
        batch.state, batch.after = BatchState.UNDOING, 0
        _run(viewer, batch, UNDOING)
        audit.record(viewer.actor, "tag.undo_many", "tag_batch", batch.number, count=batch.changed)
    return batch


def _run(viewer: Viewer, batch: TagBatch, task: str) -> None:
    lock = f"tag_batch/{batch.pk}"
    run = jobs.start(task, actor=viewer.actor, subject=batch.number, lock=lock, batch_id=batch.pk)
    batch.run_id = run.pk
    batch.save(update_fields=["tag", "state", "after", "run_id"])


def carry_out(batch_id: int, report: Report) -> dict[str, int]:
    """Do what is left of an act on many, or of undoing it. `report` hears (done, all)."""
    while True:
        with scope.bulk():
            batch = (
                TagBatch.objects.select_for_update(of=("self",))
                .select_related("tag", "maker")
                .get(pk=batch_id)
            )
            part = batch.customers[batch.after : batch.after + CHUNK]
            if not part:
                return _finish(batch)
            if batch.state == BatchState.RUNNING:
                batch.changed += _set(batch, part)
            elif batch.state == BatchState.UNDOING:
                found = CustomerTag.objects.filter(batch=batch, customer_id__in=part)
                batch.restored += found.delete()[0]
            else:
                return _finish(batch)
            mark_tagged(_homes(part))
            batch.after += len(part)
            batch.save(update_fields=["after", "changed", "restored"])
        report(batch.after, batch.size)


def _set(batch: TagBatch, part: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SET, {
            "tag": batch.tag_id, "batch": batch.pk, "by": batch.maker.staff_no, "at": clock.now(),
            "customers": list(part),
        })  # fmt: skip
        return int(cursor.rowcount)


def _homes(part: Sequence[int]) -> list[int]:
    """Under which codes customers stand by now: one may have been merged meanwhile."""
    rows = Customer.objects.filter(pk__in=part).values_list("pk", "survivor_id")
    return sorted({home or customer for customer, home in rows})


def _finish(batch: TagBatch) -> dict[str, int]:
    ended = {BatchState.RUNNING: BatchState.DONE, BatchState.UNDOING: BatchState.UNDONE}
    batch.state = ended.get(BatchState(batch.state), BatchState(batch.state))
    batch.save(update_fields=["state"])
    return {"changed": batch.changed, "restored": batch.restored}
