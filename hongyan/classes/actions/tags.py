"""Defining tags, and putting them on customers: one at a time, or on many by an act that can be undone (标签)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.classes.codes import Colour
from hongyan.classes.models import CustomerTag, Tag
from hongyan.classes.queries.tags import borne_among, find_tag, seen_of, tags_borne
from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.core.versions import require_unchanged, take_turn
from hongyan.customer.actions.marks import follow_marks
from hongyan.customer.models import Customer
from hongyan.customer.queries.records import find_customer
from hongyan.desk.codes import MassWhy
from hongyan.org.codes import Right, Viewer

LONGEST_NAME = 20
_MARKS = (Path(__file__).parents[1] / "sql" / "tag_marks.sql").read_text()
_SET = """
INSERT INTO classes_customertag (customer_id, tag_id, run_id, set_by, set_at)
SELECT customer.id, %(tag)s, %(run)s, %(by)s, %(at)s FROM customer_customer customer
WHERE customer.id = ANY(%(customers)s) AND NOT EXISTS (
    SELECT FROM customer_customermark WHERE mark = 'tag.' || %(tag)s AND customer_id = customer.id
)
ON CONFLICT DO NOTHING
RETURNING customer_id
"""


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


def choose_tags(viewer: Viewer, code: str, tag_ids: Collection[int], *, seen: str | None = None) -> None:
    """Let a customer bear these tags of those the viewer may see, and no others of them.

    Errors: NotAllowed without the right; NotFound; Conflict when somebody changed them since, or for a retired tag.
    """
    _ask_right(viewer, Right.TAG_SET)
    customer = find_customer(viewer, code)
    with transaction.atomic():
        take_turn("tags", customer.pk)
        borne = {tag.pk: tag for tag in tags_borne(viewer, customer)}
        present = pgettext("list separator", "、").join(tag.name for tag in borne.values())
        require_unchanged("tags", seen, seen_of(list(borne.values())), now=present)
        for tag_id in sorted(set(tag_ids) - borne.keys()):
            set_tag(viewer, code, tag_id)
        for tag_id in sorted(borne.keys() - set(tag_ids)):
            unset_tag(viewer, code, tag_id)


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


def set_on_many(viewer: Viewer, tag_id: int, customers: Sequence[int], *, run_id: int) -> list[int]:
    """Put a tag on customers in one act on many; answers who bears it by that act and nothing else.

    The customers are of the viewer's scope: whoever calls has looked. Errors: as `set_tag`.
    """
    _ask_right(viewer, Right.TAG_SET)
    tag = _in_use(viewer, tag_id)
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_SET, {
            "tag": tag.pk, "run": run_id, "by": viewer.staff_no, "at": clock.now(), "customers": list(customers),
        })  # fmt: skip
        done = [customer for (customer,) in cursor.fetchall()]
        mark_tagged(customers)
    return done


def unset_on_many(viewer: Viewer, tag_id: int, customers: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Take a tag off customers of the viewer's scope, under whatever code it was set.

    Answers for each customer the rows that went, as `put_back` takes them. Errors: as `unset_tag`.
    """
    _ask_right(viewer, Right.TAG_SET)
    tag = find_tag(viewer, tag_id)
    gone: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with scope.bulk():
        rows = CustomerTag.objects.filter(_borne_by_any(customers), tag=tag).select_for_update(of=("self",))
        for row, survivor in [(row, row.customer.survivor_id) for row in rows.select_related("customer")]:
            gone[survivor or row.customer_id].append(
                {"customer": row.customer_id, "by": row.set_by, "at": row.set_at.isoformat()}
            )
        CustomerTag.objects.filter(_borne_by_any(customers), tag=tag).delete()
        if gone:
            mark_tagged(sorted(gone))
    return dict(gone)


def put_back(
    viewer: Viewer, tag_id: int, memos: Mapping[int, Mapping[str, Any]], *, run_id: int
) -> dict[int, str]:
    """Undo an act on many: take off what it put on, put on what it took off. Answers why some stay as they are.

    Who got the tag otherwise since keeps it; who left the scope is not touched. Errors: NotAllowed without the right.
    """
    _ask_right(viewer, Right.TAG_SET)
    visible = Customer.objects.visible_to(viewer).filter(pk__in=memos)
    homes = {pk: survivor or pk for pk, survivor in visible.values_list("pk", "survivor_id")}
    kept: dict[int, str] = {key: MassWhy.ABSENT for key in memos if key not in homes}
    with scope.bulk():
        borne = borne_among(homes.values(), tag_id)
        by_this = CustomerTag.objects.filter(customer_id__in=homes, tag_id=tag_id, run_id=run_id)
        got = set(by_this.values_list("customer_id", flat=True))
        by_this.delete()
        for key, home in homes.items():
            rows = memos[key].get("rows")
            if rows is None:
                if key not in got:
                    kept[key] = MassWhy.LATER
            elif home in borne:
                kept[key] = MassWhy.LATER
            else:
                CustomerTag.objects.bulk_create(
                    CustomerTag(
                        customer_id=row["customer"], tag_id=tag_id, set_by=row["by"],
                        set_at=datetime.fromisoformat(row["at"]),
                    )
                    for row in rows
                )  # fmt: skip
        if homes:
            mark_tagged(sorted(set(homes.values())))
    return kept


def _borne_by_any(customers: Collection[int]) -> Q:
    return Q(customer_id__in=customers) | Q(customer__survivor_id__in=customers)
