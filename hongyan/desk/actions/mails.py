"""The outbox of mails to people of the house (发件箱): who acts writes a row, in the transaction of the act.

A task sends it afterwards (`send_mails`): so no server of mails can make an act fail, and nobody is told of an act that
was rolled back.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from hongyan.core import clock, scope
from hongyan.core.parameters import value_of
from hongyan.core.workdays import Workdays
from hongyan.desk.codes import MailSort
from hongyan.desk.mail_words import is_set_up
from hongyan.desk.models import Mail, NoticeSettings, Notification
from hongyan.desk.parameters import DIGEST_HOUR, MAIL_DAYS
from hongyan.desk.queries.notice_settings import to_digest
from hongyan.desk.rules import after_quiet


def queue_notice(settings: NoticeSettings, message: Notification) -> None:
    """Put a mail about a message into the outbox, due when its reader wants it. Without an address nothing happens."""
    if not is_set_up() or settings.confirmed_at is None:
        return
    _queue(settings, MailSort.NOTICE, message.at, notification=message)


def queue_code(settings: NoticeSettings) -> None:
    """Have a code sent to an address that is to be proved, at once."""
    now = clock.now()
    Mail.objects.create(staff_no=settings.staff_no, sort=MailSort.CODE, made_at=now, next_at=now)


def plan_digests() -> int:
    """Put the digests of today into the outbox, for those who have something new to read; how many."""
    if not is_set_up():
        return 0
    now, planned = clock.now(), 0
    with scope.bulk():
        begun = datetime.combine(clock.business_date(now), time(value_of(DIGEST_HOUR)), clock.BUSINESS_ZONE)
        if now < begun:
            return 0
        waiting = NoticeSettings.objects.filter(wants_digest=True, digested_at__lt=begun)
        due = list(waiting.exclude(confirmed_at=None).select_for_update(skip_locked=True))
        is_working = bool(due) and Workdays.near(begun.date()).is_working(begun.date())
        for settings in due:
            if settings.quiet_days and not is_working:
                continue  # what came on a day off is told on the next working day
            if to_digest(settings, settings.digested_at, now):
                _queue(settings, MailSort.DIGEST, now, since=settings.digested_at)
                planned += 1
            NoticeSettings.objects.filter(pk=settings.pk).update(digested_at=now)
    return planned


def tidy_mails() -> int:
    """Forget mails that are over since long; how many. What they told stays in the page."""
    with scope.bulk():
        before = clock.now() - timedelta(days=value_of(MAIL_DAYS))
        return Mail.objects.filter(ended_at__lt=before).delete()[0]


def _queue(settings: NoticeSettings, sort: MailSort, now: datetime, **what: Any) -> None:
    """Put a mail into the outbox, due when its reader's quiet time is over."""
    days = Workdays.near(clock.business_date(now)) if settings.quiet_days else Workdays({}, frozenset())
    at = after_quiet(settings.quiet, now, is_working=days.is_working)
    Mail.objects.create(staff_no=settings.staff_no, sort=sort, made_at=now, next_at=at, **what)
