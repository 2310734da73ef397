"""Setting and withdrawing dated values of parameters (参数修改), audited in the same transaction."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core import audit, clock, versions
from hongyan.core import parameters as declared
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import ParameterValue
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.models import Place
from hongyan.org.queries.parameters import (
    editable_units,
    find_parameter,
    place_to_edit,
    stored_values,
    values_of,
)
from hongyan.org.queries.tree import chain_of
from hongyan.org.rights import GUARDIANS

GUARDED = gettext_lazy("这个参数约束审批、导出或审计，只由集团的总部管理员或安全管理员修改。")


def set_parameter(
    viewer: Viewer,
    key: str,
    *,
    value: str,
    unit_code: str,
    line: str,
    effective_from: date,
    reason: str,
    seen: str | None = None,
) -> ParameterValue:
    """Set a parameter from a day on, for a line ("" is all) and a unit with everything beneath it ("" is the group).

    A second value for the same unit, line and day takes the place of the first; the audit keeps both. What held
    before stays in the history.
    Errors: NotFound for an undeclared key; NotAllowed without the right, for a guarded one by anybody but its guardians
    (`may_set`), or for the whole group by somebody who is not at its top; Invalid for a value that does not fit, a unit
    out of scope, a past day, no reason; Conflict when the values are no longer those that were `seen`.
    """
    parameter = find_parameter(key)
    _ask_right(viewer, parameter)
    place = _place(viewer, unit_code)
    _check(line, effective_from, reason)
    parsed = parameter.parse(value)
    with transaction.atomic():
        versions.take_turn("parameter", key)
        stored = stored_values(viewer, parameter)
        versions.require_unchanged("parameter", seen, versions.mark(stored.facts), now=stored.last)
        before = _value_before(parameter, place, line, effective_from)
        row, _is_new = ParameterValue.objects.update_or_create(
            key=key,
            unit_id=place.unit_id if place else None,
            line=line,
            effective_from=effective_from,
            defaults={
                "value": parsed,
                "set_at": clock.now(),
                "set_by": viewer.staff_no,
                "reason": reason.strip(),
            },
        )
        audit.record(
            viewer.actor, "parameter.set", "parameter", key, purpose=reason.strip(),
            before={"value": before},
            after={"value": parsed, "unit": unit_code, "line": line, "effective_from": effective_from},
        )  # fmt: skip
    return row


def withdraw_parameter(viewer: Viewer, key: str, value_id: int) -> None:
    """Take back a value that is not in force yet.

    Errors: NotAllowed without the right; NotFound for a value the viewer may not edit; Conflict when it is in force:
    history is not rewritten, a new value is set instead.
    """
    parameter = find_parameter(key)
    _ask_right(viewer, parameter)
    with transaction.atomic():
        row = values_of(viewer, parameter).select_for_update().filter(pk=value_id).first()
        if row is None or row.unit_id not in editable_units(viewer, [row.unit_id]):
            raise NotFound("parameter_value", value_id)
        if row.effective_from <= clock.business_date():
            raise Conflict("parameter_value", _("这个值已经生效，不能撤回。请设置一个新的值。"))
        audit.record(
            viewer.actor, "parameter.withdraw", "parameter", key,
            before={"value": row.value, "unit_id": row.unit_id, "line": row.line, "effective_from": row.effective_from},
        )  # fmt: skip
        row.delete()


def may_set(viewer: Viewer, parameter: Parameter) -> bool:
    """Whether somebody sets a parameter: with the right, and a guarded one only as a guardian at the top."""
    is_guardian = viewer.scope.everything and viewer.role in GUARDIANS
    return viewer.may(Right.PARAMETER_EDIT) and (is_guardian or not parameter.is_guarded)


def _ask_right(viewer: Viewer, parameter: Parameter) -> None:
    if not viewer.may(Right.PARAMETER_EDIT):
        raise NotAllowed(Right.PARAMETER_EDIT)
    if not may_set(viewer, parameter):
        raise NotAllowed(Right.PARAMETER_EDIT, str(GUARDED))


def _place(viewer: Viewer, unit_code: str) -> Place | None:
    if not unit_code:
        if not viewer.scope.everything:
            raise NotAllowed(Right.PARAMETER_EDIT, _("只有集团可以设置全集团的值。"))
        return None
    place = place_to_edit(viewer, unit_code)
    if place is None:
        raise Invalid({"unit": _("没有这个机构，或不在您的范围内")})
    return place


def _check(line: str, effective_from: date, reason: str) -> None:
    problems = {}
    if line and line not in Line.values:
        problems["line"] = _("没有这个业务板块")
    if effective_from < clock.business_date():
        problems["effective_from"] = _("生效日期不能早于今天")
    if not reason.strip():
        problems["reason"] = _("请写明修改原因")
    if problems:
        raise Invalid(problems)


def _value_before(parameter: Parameter, place: Place | None, line: str, day: date) -> object:
    """What would hold for the unit and line on that day without the new value."""
    return declared.value_of(parameter, units=chain_of(place) if place else (), line=line, on=day)
