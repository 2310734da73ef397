"""How people want to hear of things, and the mails they were sent (通知设置、邮件)."""

from __future__ import annotations

from datetime import datetime

from hongyan.core import clock
from hongyan.core.parameters import values_of
from hongyan.core.sealed import uuid_for
from hongyan.desk.codes import MailState, Way
from hongyan.desk.models import Mail, NoticeSettings, Notification
from hongyan.desk.notices import family_of
from hongyan.desk.parameters import QUIET_FROM, QUIET_TO
from hongyan.desk.rules import way_of
from hongyan.org.codes import Viewer

MAILS_SHOWN = 10
MOST_UNREAD = 200
"""Unread messages that are looked through for a digest."""


def find_settings(staff_no: str, *, for_update: bool = False) -> NoticeSettings | None:
    """What somebody chose; None for who never chose."""
    rows = NoticeSettings.objects.select_for_update() if for_update else NoticeSettings.objects.all()
    return rows.filter(staff_no=staff_no).first()


def new_settings(viewer: Viewer) -> NoticeSettings:
    """What holds for who never chose: the page alone, and the house's hours of quiet. Not saved."""
    quiet_from, quiet_to = values_of(QUIET_FROM, QUIET_TO, units=viewer.unit_chain)
    return NoticeSettings(
        uuid=uuid_for(NoticeSettings._meta.db_table, viewer.staff_no),
        staff_no=viewer.staff_no,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        digested_at=clock.now(),
    )


def own_settings(viewer: Viewer) -> NoticeSettings:
    """What the viewer chose, or what holds for who never chose."""
    return find_settings(viewer.staff_no) or new_settings(viewer)


def way_for(settings: NoticeSettings | None, kind: str) -> Way:
    """How somebody hears of a kind of messages."""
    family = family_of(kind)
    return way_of(settings.ways.get(family.key, "") if settings else "", may_mute=family.may_mute)


def recent_mails(viewer: Viewer) -> list[Mail]:
    """The last mails to the viewer, the newest first; without those that were not needed any more."""
    rows = Mail.objects.filter(staff_no=viewer.staff_no).exclude(state=MailState.DROPPED)
    return list(rows.select_related("notification").order_by("-made_at", "-pk")[:MAILS_SHOWN])


def to_digest(settings: NoticeSettings, since: datetime, until: datetime) -> list[Notification]:
    """Unread messages from an instant to another, of the families that somebody wants in a digest; the oldest first."""
    rows = Notification.objects.filter(recipient=settings.staff_no, read_at=None, at__gte=since, at__lt=until)
    return [
        one for one in rows.order_by("at", "pk")[:MOST_UNREAD] if way_for(settings, one.kind) == Way.DIGEST
    ]
