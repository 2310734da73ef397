"""Saying how a source system stands (接入状态): connected or not, and why (INT-019); for which unit it delivers."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope, versions
from hongyan.core.audit import Actor
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.integration.codes import Connection
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.models import SystemState
from hongyan.integration.queries.systems import forget_connections, sees_home
from hongyan.org.codes import Right, Viewer


def describe_system(
    viewer: Viewer,
    code: str,
    *,
    connection: Connection,
    note: str,
    unit_code: str,
    seen: str | None = None,
) -> SystemState:
    """Note a system's connection, a sentence beside it, and its unit; only a connected one may deliver.

    Errors: NotAllowed without the right, NotFound, Invalid for another unit when the viewer does not see both the one
    before and the one after: whose unit it is reads rows that may be anybody's; Conflict when the system is no longer
    described as it was `seen`.
    """
    if not viewer.may(Right.INTAKE_SIGN):
        raise NotAllowed(Right.INTAKE_SIGN)
    with transaction.atomic():
        versions.take_turn("system", code)
        known, before = _held(code)
        versions.require_unchanged(
            "system", seen, versions.mark(known.said if known else None), now=_in_words(before)
        )
        moved = unit_code != before.unit_code
        if moved and not (sees_home(viewer, before.unit_code) and sees_home(viewer, unit_code)):
            raise Invalid({"unit": _("只能在您的数据范围内改换机构")})
        after = SystemState(code=code, connection=connection, note=note, unit_code=unit_code)
        _save(viewer.actor, before, after, is_new=known is None)
    return after


def serve_unit(actor: Actor, code: str, unit_code: str) -> None:
    """Say as a process for which unit a system delivers, unless somebody said so already. Errors: NotFound."""
    with scope.bulk():
        known, before = _held(code)
        if before.unit_code:
            return
        after = SystemState(code=code, connection=before.connection, note=before.note, unit_code=unit_code)
        _save(actor, before, after, is_new=known is None)


def _held(code: str) -> tuple[SystemState | None, SystemState]:
    """What was said about a system, locked, and how it stands; the same where anything was said."""
    descriptor = find_descriptor(code)
    if descriptor is None:
        raise NotFound("system", code[:20])
    known = SystemState.objects.select_for_update().filter(code=code).first()
    return known, known or SystemState(code=code, connection=descriptor.connection)


def _save(actor: Actor, before: SystemState, after: SystemState, *, is_new: bool) -> None:
    after.updated_at, after.updated_by = clock.now(), actor.code
    after.save(force_insert=is_new)
    forget_connections()
    audit.record(actor, "intake.describe", "system", after.code, before=before.said, after=after.said)


def _in_words(state: SystemState) -> str:
    words = (Connection(state.connection).label, state.note, state.unit_code)
    return " · ".join(str(word) for word in words if word)
