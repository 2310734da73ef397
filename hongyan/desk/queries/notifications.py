"""Reading one's messages."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.desk.models import Notification
from hongyan.org.codes import Viewer

_COUNTED_UP_TO = 100
"""The bell says 99+ beyond; nobody needs the exact number there."""


def notifications(viewer: Viewer) -> QuerySet[Notification]:
    """All messages to the viewer."""
    return Notification.objects.filter(recipient=viewer.staff_no)


def unread_count(viewer: Viewer) -> int:
    """How many messages the viewer has not read, counted up to 100."""
    return notifications(viewer).filter(read_at=None)[:_COUNTED_UP_TO].count()
