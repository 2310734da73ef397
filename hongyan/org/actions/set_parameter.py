"""Setting and withdrawing dated values of parameters (参数修改), audited in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core import audit, clock, versions
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import ParameterValue
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.models import Place
from hongyan.org.queries.parameters import (
    editable_units,
    find_parameter,
    may_set,
    place_to_edit,
    stored_values,
    value_before,
    values_of,
)

GUARDED = gettext_lazy(
    "这个参数约束审批、导出、接入或审计，只由集团的总部管理员和安全管理员共同修改：一人申请，另一人审批后生效。"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that may be set; `before` is what would hold without it. A place of None is the whole group."""

    parameter: Parameter
    place: Place | None
    line: str
    effective_from: date
    before: Any
    value: Any


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
    Errors: as `ask_value`; NotAllowed for a guarded one, whose change is requested (`actions.change_parameter`).
    """
    with transaction.atomic():
        wanted = ask_value(
            viewer, key, value=value, unit_code=unit_code, line=line, effective_from=effective_from,
            reason=reason, seen=seen,
        )  # fmt: skip
        _refuse_guarded(wanted.parameter)
        return write_value(viewer, wanted, reason=reason.strip())


def withdraw_parameter(viewer: Viewer, key: str, value_id: int) -> None:
    """Take back a value that is not in force yet.

    Errors: as `ask_coming`; NotAllowed for a guarded one, whose change is requested (`actions.change_parameter`).
    """
    with transaction.atomic():
        row = ask_coming(viewer, key, value_id)
        _refuse_guarded(find_parameter(key))
        take_back(viewer, row)


# --- what is asked before, and what is written; also by those who change a guarded one together


def ask_value(
    viewer: Viewer, key: str, *, value: str, unit_code: str, line: str, effective_from: date, reason: str,
    seen: str | None = None,
) -> Wanted:  # fmt: skip
    """A value the viewer may set, alone or with somebody. Nobody else sets one until the transaction ends.

    Errors: NotFound for an undeclared key; NotAllowed without the right, for a guarded one by anybody but its guardians
    (`may_set`), or for the whole group by somebody who is not at its top; Invalid for a value that does not fit, a unit
    out of scope, a past day, no reason; Conflict when the values are no longer those that were `seen`.
    """
    parameter = find_parameter(key)
    ask_right(viewer, parameter)
    place = _place(viewer, unit_code)
    _check(line, effective_from, reason)
    parsed = parameter.parse(value)
    versions.take_turn("parameter", key)
    stored = stored_values(viewer, parameter)
    versions.require_unchanged("parameter", seen, versions.mark(stored.facts), now=stored.last)
    before = value_before(parameter, place, line, effective_from)
    return Wanted(parameter, place, line, effective_from, before, parsed)


def write_value(
    viewer: Viewer, wanted: Wanted, *, reason: str, approval_id: int | None = None
) -> ParameterValue:
    """Write a value that was asked for above; `approval_id` names the approval it took."""
    row, _is_new = ParameterValue.objects.update_or_create(
        key=wanted.parameter.key,
        unit_id=wanted.place.unit_id if wanted.place else None,
        line=wanted.line,
        effective_from=wanted.effective_from,
        defaults={"value": wanted.value, "set_at": clock.now(), "set_by": viewer.staff_no, "reason": reason},
    )
    where = {"unit": wanted.place.unit.code if wanted.place else "", "line": wanted.line}
    audit.record(
        viewer.actor, "parameter.set", "parameter", wanted.parameter.key, purpose=reason,
        before={"value": wanted.before},
        after={"value": wanted.value, **where, "effective_from": wanted.effective_from, **_named(approval_id)},
    )  # fmt: skip
    return row


def ask_coming(viewer: Viewer, key: str, value_id: int) -> ParameterValue:
    """A value the viewer may take back, alone or with somebody, held until the transaction ends.

    Errors: NotAllowed without the right; NotFound for a value the viewer may not edit; Conflict when it is in force:
    history is not rewritten, a new value is set instead.
    """
    parameter = find_parameter(key)
    ask_right(viewer, parameter)
    row = values_of(viewer, parameter).select_for_update().filter(pk=value_id).first()
    if row is None or row.unit_id not in editable_units(viewer, [row.unit_id]):
        raise NotFound("parameter_value", value_id)
    if row.effective_from <= clock.business_date():
        raise Conflict("parameter_value", _("这个值已经生效，不能撤回。请设置一个新的值。"))
    return row


def take_back(viewer: Viewer, row: ParameterValue, *, approval_id: int | None = None) -> None:
    """Remove a value that was asked for above; `approval_id` names the approval it took."""
    audit.record(
        viewer.actor, "parameter.withdraw", "parameter", row.key,
        before={"value": row.value, "unit_id": row.unit_id, "line": row.line, "effective_from": row.effective_from},
        after=_named(approval_id) or None,
    )  # fmt: skip
    row.delete()


def ask_right(viewer: Viewer, parameter: Parameter) -> None:
    """Errors: NotAllowed when somebody does not set a parameter, not even with somebody (`may_set`)."""
    if not viewer.may(Right.PARAMETER_EDIT):
        raise NotAllowed(Right.PARAMETER_EDIT)
    if not may_set(viewer, parameter):
        raise NotAllowed(Right.PARAMETER_EDIT, str(GUARDED))


def _refuse_guarded(parameter: Parameter) -> None:
    if parameter.is_guarded:
        raise NotAllowed(Right.PARAMETER_EDIT, str(GUARDED))


def _named(approval_id: int | None) -> Mapping[str, int]:
    return {"approval": approval_id} if approval_id else {}


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
