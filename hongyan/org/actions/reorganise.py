"""Moving units under another parent (机构调整): foreseen, requested, approved, carried out in one transaction.

The renumbering is one transaction, so a kill at any moment leaves the tree as it was, and the job, started again, does
all of it. Facts keep the unit they were booked at, the audit the numbers it was written under.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs
from hongyan.core.audit import Actor
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.models import JobRun
from hongyan.core.scope import EVERYTHING, acting
from hongyan.org.actions.approvals import submit
from hongyan.org.actions.renumber import count_rows
from hongyan.org.actions.trees import Places, places_of, ranges_with, seats_of, write_places
from hongyan.org.actions.writing import hold_organisation, update
from hongyan.org.codes import ApprovalState, ReorganisationState, Right, Risk, Tree, Viewer
from hongyan.org.models import Place, Reorganisation, Unit
from hongyan.org.queries.reorganisations import (
    ChangedParameter,
    Reach,
    changed_parameters,
    reach_of,
    staff_count,
)
from hongyan.org.rules.deliveries import Seat
from hongyan.org.rules.reorganisation import Fault, beneath, changes, first_fault, moved, upwards

KIND = "reorganisation"
"""What approvals call one; their subject is its number."""

TASK = "org.reorganise"
MOVER = Actor("system:reorganisation")


@dataclass(frozen=True, slots=True)
class Plan:
    """A move as it would be done now: the tree as it stands, and every unit's seat afterwards."""

    tree: Tree
    codes: tuple[str, ...]
    places: Places
    before: Mapping[str, Seat]
    after: Mapping[str, Seat]

    @property
    def units(self) -> list[str]:
        """The units that move, with everything beneath them."""
        return beneath(self.codes, self.before)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a checker agrees to, and what must be so on the day.

    `units` are the codes of all that move; those above that `lose` and `gain` them; `parameters` that hold another
    value in them.
    """

    units: Sequence[str]
    lose: Sequence[str]
    gain: Sequence[str]
    parameters: Sequence[ChangedParameter]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do.

    `units` move, `staff` have a post in them, `numbered` units get new numbers, `rows` of each table follow; `reach`
    are the units whose posts see less or more. All that may differ on the day; `agreed` may not.
    """

    units: int
    staff: int
    numbered: int
    rows: Mapping[str, int]
    reach: Sequence[Reach]
    agreed: Agreed


def preview(viewer: Viewer, *, tree: Tree, codes: Sequence[str], parent_code: str) -> Preview:
    """Foresee a move; nothing is written.

    Errors: NotAllowed without the right or for somebody who is not at the top of the group; Invalid (`units`,
    `parent`).
    """
    _ask_right(viewer)
    return _preview(_plan(tree, codes, parent_code))


def request_reorganisation(
    viewer: Viewer, *, tree: Tree, codes: Sequence[str], parent_code: str, effective_on: date, reason: str
) -> Reorganisation:
    """Ask for a move on a day; another administrator at the top of the group approves it.

    Errors: as `preview`; Invalid (`effective_on`, `reason`, or "" when nobody could approve it).
    """
    _ask_right(viewer)
    plan = _plan(tree, codes, parent_code)
    _check(effective_on, reason)
    with transaction.atomic():
        row = Reorganisation.objects.create(
            tree=tree, unit_codes=list(plan.codes), parent=plan.places[parent_code].unit, effective_on=effective_on,
            reason=reason.strip(), maker_id=viewer.staff_id, requested_at=clock.now(), preview=asdict(_preview(plan)),
        )  # fmt: skip
        audit.record(
            viewer.actor, Right.REORGANISE, KIND, row.pk, purpose=row.reason,
            after={"units": row.unit_codes, "parent": parent_code, "on": effective_on}, count=len(plan.units),
        )  # fmt: skip
        submit(viewer, KIND, str(row.pk), amount=len(plan.units), risk=Risk.HIGH, reason=row.reason)
    return row


def settle(reorganisation_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval: an approved move waits for its day, which may be today."""
    row = Reorganisation.objects.select_for_update().get(pk=reorganisation_id)
    row.state = {
        ApprovalState.APPROVED: ReorganisationState.WAITING,
        ApprovalState.RECALLED: ReorganisationState.RECALLED,
    }.get(state, ReorganisationState.REFUSED)
    row.save(update_fields=["state"])
    if row.state == ReorganisationState.WAITING and row.effective_on <= clock.business_date():
        _start(row)


def start_due() -> int:
    """Start the approved moves whose day has come and whose job is not under way; returns how many."""
    started = 0
    with transaction.atomic():
        due = Reorganisation.objects.select_for_update(skip_locked=True).filter(
            state=ReorganisationState.WAITING, effective_on__lte=clock.business_date()
        )
        for row in due.order_by("effective_on", "pk"):
            if not JobRun.objects.filter(pk=row.run_id or 0, ended_at=None).exists():
                _start(row)
                started += 1
    return started


def carry_out(reorganisation_id: int) -> dict[str, Any]:
    """Move the units, and everything that carries their numbers; a second time changes nothing.

    Answers what is kept as the result: `units`, and `rows` by table; or `refused` when the tree has changed since and
    the move is no longer possible; or `since` when it is no longer what was approved, see `changes`.
    """
    with acting(EVERYTHING):
        hold_organisation()
        row = (
            Reorganisation.objects.select_for_update(of=("self",))
            .select_related("parent")
            .get(pk=reorganisation_id)
        )
        if row.state != ReorganisationState.WAITING:
            return row.result or {}
        try:
            plan = _plan(Tree(row.tree), row.unit_codes, row.parent.code)
        except Invalid as error:
            row.state, row.result = ReorganisationState.FAILED, {"refused": str(error)}
        else:
            if since := changes(row.preview["agreed"], asdict(_agreed(plan))):
                row.state, row.result = ReorganisationState.STALE, {"since": since}
            else:
                row.state, row.result = ReorganisationState.DONE, _moved(plan)
        row.done_at = clock.now()
        row.save(update_fields=["state", "result", "done_at"])
        audit.record(
            MOVER, "org.reorganised", KIND, row.pk, purpose=row.reason, count=len(row.unit_codes),
            after={"units": row.unit_codes, "parent": row.parent.code, **row.result},
        )  # fmt: skip
    return dict(row.result)


def _moved(plan: Plan) -> dict[str, Any]:
    rows = write_places(plan.tree, plan.after, plan.places, {})
    for code in plan.codes:
        plan.places[code].moved_from = plan.before[code].parent or ""
    update(Place, [plan.places[code] for code in plan.codes], ("moved_from",))
    return {"units": len(plan.units), "rows": rows}


def _start(row: Reorganisation) -> None:
    run = jobs.start(TASK, actor=MOVER, subject=str(row.pk), lock=TASK, reorganisation_id=row.pk)
    row.run_id = run.pk
    row.save(update_fields=["run_id"])


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.REORGANISE):
        raise NotAllowed(Right.REORGANISE)
    if not viewer.scope.everything:
        raise NotAllowed(Right.REORGANISE, _("机构调整由集团的管理员提出。"))


def _plan(tree: Tree, codes: Sequence[str], parent_code: str) -> Plan:
    places = places_of(tree)
    seats, wanted = seats_of(places), tuple(dict.fromkeys(codes))
    if found := first_fault(wanted, parent_code, seats):
        code, fault = found
        field = "parent" if fault == Fault.PARENT else "units"
        raise Invalid({field: _sentence(fault, places[code].unit if code in places else code)})
    return Plan(tree, wanted, places, seats, moved(wanted, parent_code, seats))


def _preview(plan: Plan) -> Preview:
    agreed = _agreed(plan)
    ranges = ranges_with(plan.after, plan.places, tree=plan.tree)
    numbered = [place.lo for code, place in plan.places.items() if place.lo != ranges[code].lo]
    return Preview(
        units=len(agreed.units),
        staff=staff_count([plan.places[code] for code in agreed.units]),
        numbered=len(numbered),
        rows=count_rows(numbered),
        reach=reach_of(
            loses=[plan.places[code] for code in agreed.lose],
            gains=[plan.places[code] for code in agreed.gain],
        ),
        agreed=agreed,
    )


def _agreed(plan: Plan) -> Agreed:
    before = {above for code in plan.codes for above in upwards(plan.before[code].parent, plan.before)}
    after = set(upwards(plan.after[plan.codes[0]].parent, plan.after))
    return Agreed(
        units=plan.units,
        lose=sorted(before - after),
        gain=sorted(after - before),
        parameters=changed_parameters(
            [plan.places[code] for code in plan.codes],
            before={code: _chain(code, plan.before, plan.places) for code in plan.codes},
            after={code: _chain(code, plan.after, plan.places) for code in plan.codes},
        ),
    )


def _chain(code: str, seats: Mapping[str, Seat], places: Places) -> list[int]:
    return [places[above].unit_id for above in upwards(code, seats)]


def _check(effective_on: date, reason: str) -> None:
    problems = {}
    if effective_on < clock.business_date():
        problems["effective_on"] = _("生效日期不能早于今天")
    if not reason.strip():
        problems["reason"] = _("请写明原因")
    if problems:
        raise Invalid(problems)


def _sentence(fault: Fault, unit: Unit | str) -> str:
    return {
        Fault.NONE: _("至少写一个机构代码"),
        Fault.UNKNOWN: _("这棵机构树里没有 {unit}"),
        Fault.PARENT: _("这棵机构树里没有 {unit}"),
        Fault.ROOT: _("{unit} 是最上级机构，不能调整"),
        Fault.CYCLE: _("{unit} 不能调整到自己或自己的下级机构"),
        Fault.LEVEL: _("{unit} 的层级必须低于新的上级机构"),
        Fault.SAME: _("{unit} 已在这个上级机构"),
        Fault.INSIDE: _("{unit} 随它的上级机构一起调整，不用单独写"),
    }[fault].format(unit=unit)
