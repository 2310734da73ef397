"""Ways back (快捷方式): what somebody opened lately, and what they pinned."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from hongyan.core import audit, clock
from hongyan.desk.models import Shortcut
from hongyan.desk.queries.shortcuts import MOST_RECENT, own_shortcuts
from hongyan.org.codes import Viewer

_NOTE_OPENED = (Path(__file__).parents[1] / "sql" / "note_opened.sql").read_text()


def note_opened(viewer: Viewer, kind: str, key: str) -> bool:
    """Remember that somebody opened a record; whether they pinned it. One statement.

    That they looked is in the audit already, by the room whose record it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_OPENED,
            {
                "staff": viewer.staff_id, "post": viewer.post_id, "org_no": viewer.scope.lo, "kind": kind, "key": key,
                "now": clock.now(), "others": MOST_RECENT - 1,
            },
        )  # fmt: skip
        return bool(cursor.fetchone()[0])


def pin(viewer: Viewer, kind: str, key: str) -> None:
    """Keep a record at hand that the viewer may see; done again it changes nothing."""
    with transaction.atomic():
        row, _is_new = Shortcut.objects.get_or_create(
            staff_id=viewer.staff_id, post_id=viewer.post_id, kind=kind, key=key,
            defaults={"org_no": viewer.scope.lo},
        )  # fmt: skip
        if row.pinned_at is None:
            row.pinned_at = clock.now()
            row.save(update_fields=["pinned_at"])
            audit.record(viewer.actor, "record.pinned", kind, key)


def unpin(viewer: Viewer, kind: str, key: str) -> None:
    """Keep a record at hand no more; whether or not it may still be seen."""
    with transaction.atomic():
        if own_shortcuts(viewer).filter(kind=kind, key=key).exclude(pinned_at=None).update(pinned_at=None):
            own_shortcuts(viewer).filter(kind=kind, key=key, opened_at=None).delete()
            audit.record(viewer.actor, "record.unpinned", kind, key)
