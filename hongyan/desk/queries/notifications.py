"""Reading one's messages."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.desk.models import Notification
from hongyan.desk.notices import OTHER, families, kinds_in
from hongyan.org.codes import Viewer


def notifications(viewer: Viewer) -> QuerySet[Notification]:
    """All messages to the viewer."""
    return Notification.objects.filter(recipient=viewer.staff_no)


def unread(viewer: Viewer) -> QuerySet[Notification]:
    """The messages the viewer has not read."""
    return notifications(viewer).filter(read_at=None)


def in_family(messages: QuerySet[Notification], key: str) -> QuerySet[Notification]:
    """Those of some messages whose kind belongs to a family."""
    if key != OTHER.key:
        return messages.filter(kind__in=kinds_in(key))
    return messages.exclude(
        kind__in=[kind for one in families() if one != OTHER for kind in kinds_in(one.key)]
    )
