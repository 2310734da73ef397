"""Changing a guarded parameter: one guardian asks, another approves (参数修改申请)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, versions
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.org.actions import set_parameter as setting
from hongyan.org.actions.approvals import submit
from hongyan.org.actions.set_parameter import Wanted
from hongyan.org.codes import ApprovalState, Right, Risk, Viewer
from hongyan.org.models import Approval, ParameterChange
from hongyan.org.queries.parameter_changes import CHANGE_KIND, is_out_of_date, place_of
from hongyan.org.queries.parameters import find_parameter, may_set, value_before
from hongyan.org.queries.viewers import viewer_for


def request_change(
    viewer: Viewer,
    key: str,
    *,
    value: str,
    unit_code: str,
    line: str,
    effective_from: date,
    reason: str,
    seen: str | None = None,
) -> Approval:
    """Ask for a new value of a guarded parameter, from a day on, or from its approval if that is later.

    Errors: as `set_parameter.ask_value`; Invalid when a change for the same unit and line waits already.
    """
    with transaction.atomic():
        wanted = setting.ask_value(
            viewer, key, value=value, unit_code=unit_code, line=line, effective_from=effective_from,
            reason=reason, seen=seen,
        )  # fmt: skip
        return _request(viewer, wanted, reason.strip(), takes_back=None)


def request_taking_back(viewer: Viewer, key: str, value_id: int) -> Approval:
    """Ask to take back a guarded parameter's value that is not in force yet.

    Errors: as `set_parameter.ask_coming`; Invalid when a change for the same unit and line waits already.
    """
    with transaction.atomic():
        row, parameter = setting.ask_coming(viewer, key, value_id), find_parameter(key)
        place = place_of(row.unit_id)
        left = value_before(parameter, place, row.line, row.effective_from - timedelta(days=1))
        wanted = Wanted(parameter, place, row.line, row.effective_from, row.value, left)
        return _request(viewer, wanted, _("撤回还没有生效的值"), takes_back=row.pk)


def settle(change_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction: an approved change is made, under its maker's name.

    Errors: NotAllowed when the maker may not any more, Conflict when it is out of date; either undoes the decision, and
    the request can then only be rejected.
    """
    change = ParameterChange.objects.select_for_update().get(pk=change_id)
    change.state = state
    change.save(update_fields=["state"])
    if state == ApprovalState.APPROVED:
        _carry_out(change, approval_id)


def _request(viewer: Viewer, wanted: Wanted, reason: str, *, takes_back: int | None) -> Approval:
    key, unit = wanted.parameter.key, wanted.place.unit if wanted.place else None
    if not wanted.parameter.is_guarded:
        raise Conflict("parameter", _("这个参数不需要审批，可以直接修改。"))
    waiting = ParameterChange.objects.filter(key=key, unit=unit, line=wanted.line)
    if waiting.filter(state=ApprovalState.PENDING).exists():
        raise Invalid({"": _("同一机构、同一板块的修改正在审批，请先等它结束，或撤回它。")})
    change = ParameterChange.objects.create(
        key=key, unit=unit, line=wanted.line, before=wanted.before, value=wanted.value,
        effective_from=wanted.effective_from, takes_back=takes_back, reason=reason,
        maker_id=viewer.staff_id, maker_post_id=viewer.post_id, requested_at=clock.now(),
    )  # fmt: skip
    where = {"unit": unit.code if unit else "", "line": wanted.line}
    audit.record(
        viewer.actor, "parameter.request", "parameter", key, purpose=reason,
        before={"value": wanted.before},
        after={"value": wanted.value, **where, "effective_from": wanted.effective_from},
    )  # fmt: skip
    return submit(viewer, CHANGE_KIND, str(change.pk), risk=Risk.HIGH, reason=reason)


def _carry_out(change: ParameterChange, approval_id: int) -> None:
    versions.take_turn("parameter", change.key)
    maker = viewer_for(change.maker_id, post_id=change.maker_post_id)
    parameter = find_parameter(change.key)
    if maker is None or not may_set(maker, parameter):
        raise NotAllowed(
            Right.PARAMETER_EDIT, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。")
        )
    if is_out_of_date(change):
        raise Conflict("parameter", _("这个参数在申请之后已经变了，申请已过时，没有执行。请驳回后重新申请。"))
    if change.takes_back:
        setting.take_back(
            maker, setting.ask_coming(maker, change.key, change.takes_back), approval_id=approval_id
        )
        return
    day = max(change.effective_from, clock.business_date())
    wanted = Wanted(parameter, place_of(change.unit_id), change.line, day, change.before, change.value)
    setting.write_value(maker, wanted, reason=change.reason, approval_id=approval_id)
