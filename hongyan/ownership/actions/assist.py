"""Assisting managers (协办): who helps the main manager with a customer in a line, from which day, and why.

Heads decide inside their unit, a main manager for their own customers; whoever assists may step down. An assistant is a
manager of the same county, or of the head's own range. They see the customer as its owner does and count toward no cap.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.core.versions import require_unchanged, take_turn
from hongyan.customer.actions.change_assistants import add_assistant, end_assistants, follow_assistants
from hongyan.customer.models import Assistant, Ownership
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Place, Post
from hongyan.ownership import notices
from hongyan.ownership.actions.acts import sound_reason
from hongyan.ownership.parameters import ASSIST_DAYS_AHEAD, MOST_ASSISTANTS
from hongyan.ownership.queries.assistants import assistants_of, find_assisting, may_let_assist
from hongyan.ownership.queries.owners import Owned, find_owned
from hongyan.ownership.queries.people import manager_posts
from hongyan.ownership.rules import Problem, problem_with_days

SYSTEM = "system"
"""Who ends assistance of somebody who is no manager any more, or became the main one."""


def let_assist(
    viewer: Viewer, code: str, line: str, *, staff_no: str, since: date | None, reason: str
) -> Assistant:
    """Let a manager assist with a customer in a line, from today or a day to come.

    Errors: NotAllowed for whoever may not; NotFound out of scope; Invalid without a reason, for somebody who is no
    manager of the line nearby, manages or assists the customer already, for a day that cannot be, or one too many.
    """
    reason = sound_reason(reason)
    with transaction.atomic():
        owned = find_owned(viewer, code, line)
        if not may_let_assist(viewer, owned):
            raise NotAllowed(Right.OWNERSHIP_CHANGE)
        today = clock.business_date()
        since = since or today
        _check_day("since", since, viewer)
        take_turn("ownership/assist", owned.customer.pk)
        post = _post(viewer, owned, staff_no)
        _check_present(viewer, owned, post)
        with scope.bulk():
            made = add_assistant(
                owned.customer.pk, line, staff_id=post.staff_id, unit_id=post.place.unit_id, since=since,
                reason=reason, by=viewer.staff_no, today=today,
            )  # fmt: skip
        after = {
            "line": line,
            "staff": post.staff.staff_no,
            "unit": post.place.unit.code,
            "since": str(since),
        }
        audit.record(
            viewer.actor, "ownership.assist", "customer", owned.customer.code, after=after, purpose=reason
        )
        notices.assisting(made, owned.customer.code, main=owned.owner.manager)
    return made


def end_assisting(
    viewer: Viewer, assistant_id: int, *, until: date | None, reason: str, seen: str | None = None
) -> None:
    """End somebody's assistance: `until` is the first day without them, today if not said.

    Errors: NotFound for one out of scope; NotAllowed for whoever may not; Conflict when it ended meanwhile; Invalid
    without a reason, or for a day that cannot be.
    """
    reason = sound_reason(reason)
    with transaction.atomic():
        found = find_assisting(viewer, assistant_id)
        if not found.may_end:
            raise NotAllowed(Right.OWNERSHIP_CHANGE)
        row = found.row
        require_unchanged("assistant", seen, found.mark, now=str(row.until or ""))
        today = clock.business_date()
        until = until or today
        _check_day("until", until, viewer)
        with scope.bulk():
            if not end_assistants([row.pk], until=until, reason=reason, by=viewer.staff_no, today=today):
                raise Conflict("assistant", _("协办已经结束，请刷新。"))
        after = {"line": row.line, "staff": row.staff.staff_no, "until": str(until)}
        audit.record(
            viewer.actor, "ownership.end_assist", "customer", found.customer.code, after=after, purpose=reason
        )
        notices.assisted(row, found.customer.code, by=viewer.staff_no)


def follow_days() -> int:
    """What a new day brings: assistance begins and ends, and ends of whoever is no manager there any more, or the main
    one by now. How many rows changed; run again, it changes nothing.
    """
    today = clock.business_date()
    with scope.bulk():
        gone = list(_without_ground().values_list("pk", flat=True))
        ended = end_assistants(gone, until=today, reason="", by=SYSTEM, today=today) if gone else 0
        changed = ended + follow_assistants(today)
        if ended:
            audit.record(audit.SYSTEM, "ownership.end_assist", "pool", today, count=ended)
    return changed


def _without_ground() -> QuerySet[Assistant]:
    posts = Post.objects.filter(
        manager_posts(), staff_id=OuterRef("staff_id"), place__unit_id=OuterRef("unit_id")
    )
    main = Ownership.objects.filter(
        until=None,
        customer_id=OuterRef("customer_id"),
        line=OuterRef("line"),
        manager_id=OuterRef("staff_id"),
    )
    return Assistant.objects.filter(~Exists(posts) | Exists(main), until=None)


def _check_day(name: str, day: date, viewer: Viewer) -> None:
    ahead = int(value_of(ASSIST_DAYS_AHEAD, units=viewer.unit_chain))
    today = clock.business_date()
    match problem_with_days(day, today=today, ahead=ahead):
        case Problem.PAST:
            raise Invalid({name: _("日期不能早于今天")})
        case Problem.FAR:
            raise Invalid({name: _("日期最晚到 {day}").format(day=today + timedelta(days=ahead))})


def _post(viewer: Viewer, owned: Owned, staff_no: str) -> Post:
    """The post in which somebody assists: a manager's of the line, of the viewer's range or the owner's county."""
    home = Place.objects.filter(lo=owned.org_no).values_list("county_no", flat=True).first()
    near = Q(place__county_no=home, place__county_no__gt=0)
    if viewer.may(Right.OWNERSHIP_CHANGE):
        near |= Q() if viewer.scope.everything else Q(place__lo__range=(viewer.scope.lo, viewer.scope.hi))
    posts = Post.objects.filter(manager_posts(owned.owner.line), staff__staff_no=staff_no.strip())
    found = posts.filter(near).select_related("staff", "place__unit").order_by("-is_primary", "id").first()
    if found is None:
        raise Invalid({"staff_no": _("本县没有这位客户经理，或其岗位不含这个板块")})
    return found


def _check_present(viewer: Viewer, owned: Owned, post: Post) -> None:
    if post.staff_id == owned.owner.manager_id:
        raise Invalid({"staff_no": _("这位就是主管客户经理")})
    lasting = [
        one for one in assistants_of([owned.customer]) if one.line == owned.owner.line and one.until is None
    ]
    if post.staff_id in {one.staff_id for one in lasting}:
        raise Invalid({"staff_no": _("这位客户经理已经在协办")})
    most = int(value_of(MOST_ASSISTANTS, units=viewer.unit_chain))
    if len(lasting) >= most:
        raise Invalid({"staff_no": _("一个板块最多 {count} 位协办客户经理").format(count=most)})
