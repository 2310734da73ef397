"""Sharing a customer with a colleague for a time (共享查看): who may only look, until which day, and why.

Whoever manages the customer, or heads a unit that owns it, may let a colleague look at it whose post does not see it.
The colleague opens its page and reads; everything else takes a post that sees the customer. It ends by itself after its
last day, or when it is taken back.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.change_shares import add_share, end_shares
from hongyan.customer.models import Share
from hongyan.customer.records import readers
from hongyan.org.codes import Viewer
from hongyan.org.models import Post, Staff
from hongyan.ownership import notices
from hongyan.ownership.actions.acts import sound_reason
from hongyan.ownership.parameters import SHARE_DAYS
from hongyan.ownership.queries.sharing import find_share, find_to_share, reading_posts
from hongyan.ownership.rules import Problem, problem_with_days

SYSTEM = "system"
"""Who ends what is over."""


def share_customer(viewer: Viewer, code: str, *, staff_no: str, until: date, reason: str) -> Share:
    """Let a colleague look at a customer up to a day, that day included.

    Errors: NotFound out of scope, or for whoever may not share it; Invalid without a reason, for a day that cannot be,
    and for a colleague who is none, may not look at customers, sees it already, or with whom it is shared.
    """
    reason = sound_reason(reason)
    with transaction.atomic():
        customer = find_to_share(viewer, code).customer
        today = clock.business_date()
        _check_day(until, today=today, most=int(value_of(SHARE_DAYS, units=viewer.unit_chain)))
        take_turn("ownership/share", customer.pk)
        staff = _colleague(staff_no)
        with scope.bulk():
            if staff.pk in viewer.people or staff.pk in readers(customer.pk, [staff.pk]):
                raise Invalid({"staff_no": _("这位同事的岗位已经能看到这位客户")})
            if Share.objects.filter(customer=customer, staff=staff, is_present=True).exists():
                raise Invalid({"staff_no": _("已经共享给这位同事；要改日期，请先收回")})
            made = add_share(
                customer.pk, staff_id=staff.pk, since=today, until=until, reason=reason, by=viewer.staff_no
            )
        after = {"staff": staff.staff_no, "until": str(until)}
        audit.record(viewer.actor, "ownership.share", "customer", customer.code, after=after, purpose=reason)
        notices.shared(staff.staff_no, customer.code, until=until, by=viewer.staff_no)
    return made


def take_back(viewer: Viewer, share_id: int) -> str:
    """End now what was shared; the customer's code. Errors: NotFound for whoever may not; Conflict when it is over."""
    with transaction.atomic():
        row, customer = find_share(viewer, share_id)
        with scope.bulk():
            if not end_shares([row.pk], by=viewer.staff_no):
                raise Conflict("share", _("共享已经结束，请刷新。"))
        after = {"staff": row.staff.staff_no, "until": str(row.until)}
        audit.record(viewer.actor, "ownership.end_share", "customer", customer.code, after=after)
        notices.share_ended(row.staff.staff_no, customer.code)
    return customer.code


def end_overdue() -> int:
    """End what was shared up to a day that is past; how many there were. Run again, it changes nothing."""
    with scope.bulk():
        over = Share.objects.filter(is_present=True, until__lt=clock.business_date())
        ended = end_shares(list(over.values_list("pk", flat=True)), by=SYSTEM)
        if ended:
            audit.record(audit.SYSTEM, "ownership.end_share", "share", clock.business_date(), count=ended)
    return ended


def _check_day(until: date, *, today: date, most: int) -> None:
    match problem_with_days(until, today=today, ahead=most):
        case Problem.PAST:
            raise Invalid({"until": _("日期不能早于今天")})
        case Problem.FAR:
            raise Invalid({"until": _("日期最晚到 {day}").format(day=today + timedelta(days=most))})


def _colleague(staff_no: str) -> Staff:
    """Somebody with a post that may look at customers, by staff number."""
    post = (
        Post.objects.filter(reading_posts(), staff__staff_no=staff_no.strip()).select_related("staff").first()
    )
    if post is None:
        raise Invalid({"staff_no": _("没有这位在岗的同事，或其岗位不能查看客户")})
    return post.staff
