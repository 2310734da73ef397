"""The belonging rule of the bank (邮储归属规则): what it says is found each night, and people confirm it.

The rule proposes, a head decides (PSB-010, X-03): inside their own unit at once, to an outlet that is not theirs by
asking the head above both, as with any other change of owners. What is declined is not proposed again for the same
months.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.models import JobRun
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.models import Customer
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.models import Place
from hongyan.ownership.actions import many, single
from hongyan.ownership.actions.acts import Target, ask_right, sound_reason
from hongyan.ownership.codes import Act, BelongingState, TransferState
from hongyan.ownership.models import Belonging, Transfer, TransferItem
from hongyan.ownership.parameters import MOST_AT_ONCE
from hongyan.ownership.queries.belonging import (
    BELONGING,
    Account,
    Candidate,
    accounts_of,
    belongings_in_scope,
    candidates,
    in_order,
    standings_of,
    window_of,
)
from hongyan.ownership.queries.people import managers_by_id, tree_of
from hongyan.ownership.rules import Step, Window, belongs_to, stays_at_unit

log = logging.getLogger(__name__)

CHUNK = 20_000
MOST_ASKED = 50
"""So many changes that take approval are asked for in one go: somebody has to decide on each."""

Report = Callable[[int, int], None]


# --- finding


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: customers the rule was asked about, proposals that stand, and ties among them."""

    as_of: date
    first: date
    last: date
    asked: int
    proposed: int
    ties: int
    outdated: int


def start_nightly() -> JobRun:
    """Let a job find what the rule says of today."""
    with transaction.atomic():
        return jobs.start(
            BELONGING, actor=audit.SYSTEM, lock=BELONGING, as_of=clock.business_date().isoformat()
        )


def belong(as_of: date, *, report: Report = lambda _done, _total: None) -> Found:
    """Find what the rule says of every customer of the bank on a day, in chunks; doing it again changes nothing.

    `report` hears (number of the last customer done, the last of all) and may stop it by what it raises.
    Errors: Invalid for a day to come.
    """
    if as_of > clock.business_date():
        raise Invalid({"as_of": _("日期不能晚于今天")})
    window = window_of(as_of)
    with scope.bulk():
        end = Customer.objects.order_by("-id").values_list("id", flat=True).first() or 0
    asked = proposed = ties = outdated = 0
    for first in range(1, end + 1, CHUNK):
        last = min(first + CHUNK - 1, end)
        with scope.bulk():
            take_turn("ownership", "belong")
            found = candidates(window, first=first, last=last)
            rows = _proposed(found, window)
            _write(rows)
            outdated += _outdate(rows, window, first=first, last=last)
            asked, proposed = asked + len(found), proposed + len(rows)
            ties += sum(row.step == Step.TIE for row in rows)
        report(last, end)
    with scope.bulk():
        after = {"window": [str(window.first), str(window.last)], "ties": ties, "outdated": outdated}
        audit.record(
            audit.SYSTEM, "ownership.find_belonging", "belonging", as_of, after=after, count=proposed
        )
    return Found(as_of, window.first, window.last, asked, proposed, ties, outdated)


def _proposed(found: Sequence[Candidate], window: Window) -> list[Belonging]:
    accounts = accounts_of([one.customer_id for one in found], window)
    rows = []
    for one in found:
        held = accounts.get(one.customer_id, [])
        units = {account.unit_code: account.unit_id for account in held}
        standings = standings_of(held)
        if not standings:
            continue
        best, step = belongs_to(standings)
        if step == Step.TIE:
            log.info("belonging tie", extra={"customer": one.customer_id, "unit": best.outlet})
        if units[best.outlet] != one.unit_id:
            rows.append(
                Belonging(
                    customer_id=one.customer_id,
                    before_id=one.owner_id,
                    to_unit_id=units[best.outlet],
                    step=step,
                    first=window.first,
                    last=window.last,
                    figures=_figures(held),
                    state=BelongingState.OPEN,
                    found_at=clock.now(),
                )
            )
    return rows


def _figures(held: Collection[Account]) -> list[dict[str, Any]]:
    names = {account.unit_code: account.unit_name for account in held}
    return [
        {
            "code": one.outlet,
            "name": names[one.outlet],
            "total": str(one.total),
            "assets": str(one.assets),
            "opened": str(one.opened_on) if one.opened_on else "",
        }
        for one in in_order(standings_of(held))
    ]


def _write(rows: Sequence[Belonging]) -> None:
    """Keep what was found; what people decided about the same months stays decided."""
    decided = (BelongingState.TAKEN, BelongingState.DECLINED)
    known = Belonging.objects.filter(customer_id__in=[row.customer_id for row in rows], state__in=decided)
    settled = set(known.values_list("customer_id", "to_unit_id", "last"))
    Belonging.objects.bulk_create(
        [row for row in rows if (row.customer_id, row.to_unit_id, row.last) not in settled],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["customer", "to_unit", "last"],
        update_fields=["before", "step", "first", "figures", "state", "found_at"],
    )


def _outdate(rows: Sequence[Belonging], window: Window, *, first: int, last: int) -> int:
    """Proposals about some customers that the rule does not make any more; those of later months stay."""
    made = {(row.customer_id, row.to_unit_id, row.last) for row in rows}
    left = Belonging.objects.filter(
        state=BelongingState.OPEN, customer_id__gte=first, customer_id__lte=last, last__lte=window.last
    )
    known = left.values_list("pk", "customer_id", "to_unit_id", "last")
    gone = [pk for pk, *what in known if tuple(what) not in made]
    return Belonging.objects.filter(pk__in=gone).update(state=BelongingState.OUTDATED)


# --- deciding


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of confirming: the act that is under way, how many wait for approval, how many were overtaken."""

    transfer: Transfer | None
    asked: int
    outdated: int


def confirm(viewer: Viewer, rows: QuerySet[Belonging]) -> Confirmed:
    """Do what the rule proposes: inside the viewer's unit by a job, else by asking the head above both, one by one.

    Errors: NotAllowed without the right; Invalid for none, for more than may be changed at once, or for more than fifty
    that take approval.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    most = int(value_of(MOST_AT_ONCE, units=viewer.unit_chain))
    with transaction.atomic():
        take_turn("ownership", "belong")
        open_rows = rows.filter(pk__in=belongings_in_scope(viewer).values("pk"), state=BelongingState.OPEN)
        chosen = list(
            open_rows.select_related("before__unit", "to_unit").order_by("customer_id", "id")[: most + 1]
        )
        if not chosen:
            raise Invalid({"": _("没有待确认的归属建议")})
        if len(chosen) > most:
            raise Invalid({"": _("一次最多变更 {count} 户，请缩小范围").format(count=most)})
        standing = [row for row in chosen if _stands(row)]
        places = _places({row.to_unit_id for row in standing})
        inside = [row for row in standing if viewer.scope.covers(places[row.to_unit_id].lo)]
        across = [row for row in standing if row not in inside]
        if len(across) > MOST_ASKED:
            told = _("其中 {count} 户要由上级审批，一次最多申请 {most} 户，请缩小范围")
            raise Invalid({"": told.format(count=len(across), most=MOST_ASKED)})
        done = _begin(viewer, inside, places) if inside else None
        for row in across:
            _ask(viewer, row, places[row.to_unit_id])
        _settle(viewer, [row for row in chosen if row not in standing], BelongingState.OUTDATED)
    return Confirmed(done, len(across), len(chosen) - len(standing))


def decline(viewer: Viewer, belonging_id: int, *, reason: str) -> Belonging:
    """Leave a customer where it is, and say why; the rule does not propose it again for the same months.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict when it is decided; Invalid without a reason.
    """
    ask_right(viewer, Right.OWNERSHIP_CHANGE)
    reason = sound_reason(reason)
    with transaction.atomic():
        take_turn("ownership", "belong")
        row = belongings_in_scope(viewer).select_related("customer").filter(pk=belonging_id).first()
        if row is None or row.state != BelongingState.OPEN:
            raise Conflict("belonging", _("这条建议已经处理过了"))
        row.note = reason
        row.save(update_fields=["note"])
        _settle(viewer, [row], BelongingState.DECLINED)
        after = {"to": row.to_unit_id, "window": str(row.last)}
        audit.record(
            viewer.actor,
            "ownership.decline_belonging",
            "customer",
            row.customer.code,
            after=after,
            purpose=reason,
        )
    return row


def _stands(row: Belonging) -> bool:
    return row.before.until is None and row.before.unit_id != row.to_unit_id


def _places(units: Collection[int]) -> Mapping[int, Place]:
    """Each unit's place in the tree that counts at the bank, or in the other one."""
    found: dict[int, Place] = {}
    for place in Place.objects.filter(unit_id__in=units).select_related("unit"):
        if place.unit_id not in found or place.tree == tree_of(Line.BANK):
            found[place.unit_id] = place
    return found


def _targets(rows: Sequence[Belonging], places: Mapping[int, Place]) -> dict[int, Target]:
    """Where customers go: to the new outlet, under the same manager where that one stands over it, else to its pool."""
    keepers = managers_by_id({row.before.manager_id for row in rows if row.before.manager_id})
    targets = {}
    for row in rows:
        keeper = keepers.get(row.before.manager_id or 0)
        stays = keeper is not None and stays_at_unit(places[row.to_unit_id].lo, keeper.at)
        targets[row.pk] = Target(row.to_unit_id, row.before.manager_id if stays else None)
    return targets


def _begin(viewer: Viewer, rows: Sequence[Belonging], places: Mapping[int, Place]) -> Transfer:
    targets = _targets(rows, places)
    done = Transfer.objects.create(
        act=Act.BELONG, state=TransferState.RUNNING, reason=_reason(rows[0]), maker_id=viewer.staff_id,
        org_no=viewer.scope.lo, size=len(rows), made_at=clock.now(),
    )  # fmt: skip
    TransferItem.objects.bulk_create([_item(done, row, targets[row.pk]) for row in rows], batch_size=1000)
    many.run(viewer, done, many.CARRYING_OUT, TransferState.RUNNING)
    _settle(viewer, rows, BelongingState.TAKEN, done)
    audit.record(
        viewer.actor, f"ownership.{Act.BELONG}", "transfer", done.number, count=len(rows), purpose=done.reason
    )
    return done


def _ask(viewer: Viewer, row: Belonging, place: Place) -> None:
    target = _targets([row], {row.to_unit_id: place})[row.pk]
    asked = Transfer.objects.create(
        act=Act.BELONG, state=TransferState.PENDING, reason=_reason(row), maker_id=viewer.staff_id,
        org_no=viewer.scope.lo, size=1, made_at=clock.now(),
    )  # fmt: skip
    TransferItem.objects.bulk_create([_item(asked, row, target)])
    single.ask(viewer, asked, Line.BANK, single.above(viewer, place))
    _settle(viewer, [row], BelongingState.TAKEN, asked)
    after = {"to": row.to_unit_id, "transfer": asked.number}
    audit.record(viewer.actor, "ownership.ask", "transfer", asked.number, after=after, purpose=asked.reason)


def _item(transfer: Transfer, row: Belonging, target: Target) -> TransferItem:
    return TransferItem(
        transfer=transfer,
        customer_id=row.before.customer_id,
        line=Line.BANK,
        before=row.before,
        to_unit_id=target.unit_id,
        to_manager_id=target.manager_id,
    )


def _reason(row: Belonging) -> str:
    told = _("邮储归属规则，按 {first} 至 {last} 的日均余额")
    return told.format(first=row.first, last=row.last)


def _settle(
    viewer: Viewer, rows: Sequence[Belonging], state: BelongingState, transfer: Transfer | None = None
) -> None:
    for row in rows:
        row.state, row.transfer, row.decided_by = state, transfer, viewer.staff_no
    Belonging.objects.bulk_update(rows, ["state", "transfer", "decided_by"], batch_size=1000)
