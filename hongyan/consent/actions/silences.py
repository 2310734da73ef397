"""Not to be disturbed, and to be disturbed again (免打扰)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.consent.actions.project import project
from hongyan.consent.actions.words import hold_customer
from hongyan.consent.codes import Source
from hongyan.consent.models import Silence
from hongyan.core import audit, clock
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.customer.codes import ContactChannel
from hongyan.org.codes import Right, Viewer

LONGEST_REASON = 200


def silence(
    viewer: Viewer,
    code: str,
    *,
    channels: Collection[str] = (),
    last_day: date | None = None,
    opens: time | None = None,
    closes: time | None = None,
    with_service: bool = False,
    reason: str = "",
    source: str,
) -> Silence:
    """Write down that a customer is not to be disturbed: by some channels or all, to a last day or for good.

    With hours, only between them each day. Errors: NotAllowed without the right; NotFound out of scope; Invalid for an
    unknown channel, a day that is over, one hour without the other, or a text with somebody's number.
    """
    _ask_right(viewer)
    _check(channels, last_day, opens, closes, reason, source)
    chosen = sorted(set(channels)) if len(set(channels)) < len(ContactChannel) else []
    with transaction.atomic():
        customer = hold_customer(viewer, code)
        made = Silence.objects.create(
            customer=customer,
            channels=",".join(chosen),
            since=clock.now(),
            until=_after(last_day),
            opens=opens,
            closes=closes,
            with_service=with_service,
            reason=reason.strip(),
            source=source,
            taker_id=viewer.staff_id,
            post_id=viewer.post_id,
        )
        project([customer.pk])
        after = {"channels": chosen, "last_day": last_day, "opens": opens, "closes": closes}
        audit.record(
            viewer.actor, "consent.silenced", "customer", customer.code, after=after, purpose=made.reason
        )
    return made


def end_silence(viewer: Viewer, code: str, silence_id: int) -> Silence:
    """Write down that a customer may be disturbed again. Ending it twice changes nothing.

    Errors: NotAllowed without the right; NotFound for a silence that is not this customer's, or out of scope.
    """
    _ask_right(viewer)
    with transaction.atomic():
        customer = hold_customer(viewer, code)
        found = (
            Silence.objects.visible_to(viewer)
            .select_for_update(of=("self",))
            .select_related("customer")
            .filter(pk=silence_id)
            .first()
        )
        if found is None or (found.customer.survivor_id or found.customer_id) != customer.pk:
            raise NotFound("silence", silence_id)
        if found.ended_at is None:
            Silence.objects.filter(pk=found.pk).update(ended_at=clock.now(), ended_by=viewer.staff_no)
            project([customer.pk])
            audit.record(
                viewer.actor, "consent.silence_ended", "customer", customer.code, before={"silence": found.pk}
            )
    found.refresh_from_db()
    return found


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CONSENT_KEEP):
        raise NotAllowed(Right.CONSENT_KEEP)


def _check(
    channels: Collection[str],
    last_day: date | None,
    opens: time | None,
    closes: time | None,
    reason: str,
    source: str,
) -> None:
    problems = {}
    if not set(channels) <= set(ContactChannel.values):
        problems["channels"] = _("请选择")
    if source not in Source.values:
        problems["source"] = _("请选择")
    if last_day is not None and not clock.business_date() <= last_day < date.max:
        problems["last_day"] = _("不能早于今天")
    if (opens is None) != (closes is None) or (opens is not None and opens == closes):
        problems["closes"] = _("时段要有开始和结束，两者不能相同")
    if len(reason.strip()) > LONGEST_REASON:
        problems["reason"] = _("最多 {count} 个字").format(count=LONGEST_REASON)
    if problems:
        raise Invalid(problems)
    require_no_numbers(reason=reason)


def _after(last_day: date | None) -> datetime | None:
    """The first instant after a day."""
    if last_day is None:
        return None
    return datetime.combine(last_day + timedelta(days=1), time.min, clock.BUSINESS_ZONE)
