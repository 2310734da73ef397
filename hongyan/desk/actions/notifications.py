"""Telling people that something happened (通知)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.desk.actions.mails import queue_notice
from hongyan.desk.codes import Way
from hongyan.desk.models import Notification
from hongyan.desk.queries.notice_settings import find_settings, way_for
from hongyan.org.codes import Viewer


def notify(
    recipient: str, kind: str, params: Mapping[str, Any] | None = None, *, url: str = ""
) -> Notification:
    """Leave a message for one person, by staff number.

    `kind` names its sentence (see `desk.notices`), `params` what the sentence needs: ids, counts and names of files,
    never personal data. `url` is where it leads. What the person muted is read already; what they want by mail goes
    into the outbox in the same transaction.
    """
    settings, now = find_settings(recipient), clock.now()
    way = way_for(settings, kind)
    message = Notification.objects.create(
        recipient=recipient,
        at=now,
        kind=kind,
        params=dict(params or {}),
        url=url,
        read_at=now if way == Way.MUTED else None,
    )
    if settings and way == Way.MAIL:
        queue_notice(settings, message)
    return message


def read_notification(viewer: Viewer, notification_id: int) -> Notification:
    """Mark one message of one's own as read and return it. Errors: NotFound."""
    notification = Notification.objects.filter(pk=notification_id, recipient=viewer.staff_no).first()
    if notification is None:
        raise NotFound("notification", notification_id)
    if notification.read_at is None:
        notification.read_at = clock.now()
        notification.save(update_fields=["read_at"])
    return notification


def read_all_notifications(viewer: Viewer) -> int:
    """Mark all messages of one's own as read; how many there were."""
    return Notification.objects.filter(recipient=viewer.staff_no, read_at=None).update(read_at=clock.now())
