"""Saying how a source system stands (接入状态): connected or not, and why (INT-019)."""

from __future__ import annotations

from django.db import transaction

from hongyan.core import audit, clock
from hongyan.core.errors import NotAllowed, NotFound
from hongyan.integration.codes import Connection
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.models import SystemState
from hongyan.org.codes import Right, Viewer


def describe_system(viewer: Viewer, code: str, *, connection: Connection, note: str) -> SystemState:
    """Note a system's connection and a sentence beside it; only a connected one may deliver.

    Errors: NotAllowed without the right, NotFound.
    """
    if not viewer.may(Right.INTAKE_SIGN):
        raise NotAllowed(Right.INTAKE_SIGN)
    descriptor = find_descriptor(code)
    if descriptor is None:
        raise NotFound("system", code[:20])
    with transaction.atomic():
        known = SystemState.objects.select_for_update().filter(code=code).first()
        before = known or SystemState(code=code, connection=descriptor.connection)
        after = SystemState(
            code=code, connection=connection, note=note, updated_at=clock.now(), updated_by=viewer.staff_no
        )
        after.save(force_insert=known is None)
        audit.record(
            viewer.actor, "intake.describe", "system", code, before=_facts(before), after=_facts(after)
        )
    return after


def _facts(state: SystemState) -> dict[str, str]:
    return {"connection": state.connection, "note": state.note}
