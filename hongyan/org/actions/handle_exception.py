"""Handling an exception (处理异常, CUS-011): what was done about it, by whom; it opens again when it happens again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, versions
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.models import ExceptionEvent
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.exceptions import find_exception

LONGEST_NOTE = 500


def handle_exception(viewer: Viewer, event_id: int, *, note: str, seen: str | None = None) -> ExceptionEvent:
    """Close an exception with what was done about it.

    Errors: NotAllowed without the right, NotFound, Invalid for no note or a long one, Conflict when somebody else
    closed it, or it opened again, since it was `seen`.
    """
    if not viewer.may(Right.EXCEPTION_HANDLE):
        raise NotAllowed(Right.EXCEPTION_HANDLE)
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid({"note": _("请写明如何处理，最多 {count} 个字").format(count=LONGEST_NOTE)})
    with transaction.atomic(savepoint=False):
        versions.take_turn("exception", event_id)
        event = find_exception(event_id)
        versions.require_unchanged("exception", seen, versions.mark(event.said), now=event.note)
        before = {"state": event.state, "note": event.note}
        event.state, event.note = ExceptionEvent.State.HANDLED, note
        event.handled_by, event.handled_at = viewer.staff_no, clock.now()
        event.save(update_fields=["state", "note", "handled_by", "handled_at"])
        after = {"state": event.state, "note": note}
        audit.record(viewer.actor, Right.EXCEPTION_HANDLE, "exception", event.pk, before=before, after=after)
    return event
