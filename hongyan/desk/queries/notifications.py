"""Reading one's messages."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.desk.models import Notification
from hongyan.org.codes import Viewer


def notifications(viewer: Viewer) -> QuerySet[Notification]:
    """All messages to the viewer."""
    return Notification.objects.filter(recipient=viewer.staff_no)


def unread(viewer: Viewer) -> QuerySet[Notification]:
    """The messages the viewer has not read."""
    return notifications(viewer).filter(read_at=None)
