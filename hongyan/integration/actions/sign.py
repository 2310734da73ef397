"""Signing (签收): nothing is loaded before a person, or the house's own rule, put a name to the delivery."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, NotAllowed, NotFound
from hongyan.integration import places
from hongyan.integration.actions.receive import acting_for
from hongyan.integration.codes import DeliveryState, RowState
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.reach import Reach, reach_of
from hongyan.org.codes import Right, Viewer

BEYOND = "intake.beyond_scope"
"""What somebody tries who signs or withdraws a delivery that reaches further than they do."""


def sign(viewer: Viewer, delivery_id: int, *, in_background: bool = True) -> Delivery:
    """Sign a checked delivery as a person.

    Errors: NotAllowed without the right, or for a delivery that reaches further than the viewer; NotFound, Conflict.
    """
    _ask_right(viewer)
    with scope.bulk():
        _ask_reach(viewer, _held(delivery_id))
        return sign_as(viewer.actor, delivery_id, in_background=in_background)


def sign_as(actor: Actor, delivery_id: int, *, in_background: bool = True) -> Delivery:
    """Sign a checked delivery and, with `in_background`, defer its loading in the same transaction.

    Errors: NotFound, Conflict when it does not wait for a signature.
    """
    with scope.bulk():
        delivery = _held(delivery_id)
        if delivery.state != DeliveryState.CHECKED:
            raise Conflict("delivery", _("批次 {number} 不在待签收状态").format(number=delivery.number))
        delivery.state = DeliveryState.APPLYING
        delivery.signed_at, delivery.signed_by = clock.now(), actor.code
        counts = {"rows": delivery.staged_rows, "quarantined": delivery.quarantined}
        audit.record(acting_for(actor, delivery), "intake.sign", "delivery", delivery.number, after=counts)
        delivery.save(update_fields=["state", "signed_at", "signed_by"])
        if in_background:
            start_loading(delivery, actor)
    return delivery


def start_loading(delivery: Delivery, actor: Actor) -> None:
    """Defer the loading of a signed delivery, or of what is left of it."""
    delivery.run = jobs.start(
        "integration.apply_delivery",
        actor=actor,
        subject=delivery.number,
        lock=f"intake/{delivery.system}",
        delivery_id=delivery.id,
    )
    delivery.save(update_fields=["run"])


def withdraw(viewer: Viewer, delivery_id: int, *, reason: str) -> Delivery:
    """Take back a delivery of which nothing was loaded yet: one that the viewer may sign, or brought.

    Its rows in quarantine are given up with it, so that none of them is mended and loaded after all. Where it was
    mended rows they wait in quarantine as before.

    Errors: NotAllowed, NotFound, Conflict.
    """
    _ask_right(viewer)
    with scope.bulk():
        delivery = _held(delivery_id)
        if delivery.received_by != viewer.staff_no:
            _ask_reach(viewer, delivery)
        if delivery.state not in {DeliveryState.RECEIVED, DeliveryState.CHECKED}:
            raise Conflict("delivery", _("批次 {number} 已开始装载，不能撤回").format(number=delivery.number))
        delivery.state = DeliveryState.WITHDRAWN
        delivery.save(update_fields=["state"])
        QuarantinedRow.objects.filter(delivery=delivery, state=RowState.OPEN).update(
            state=RowState.DISMISSED, closed_at=clock.now(), closed_by=viewer.staff_no
        )
        QuarantinedRow.objects.filter(resent_as=delivery).update(
            state=RowState.OPEN, resent_as=None, closed_at=None, closed_by=""
        )
        audit.record(viewer.actor, "intake.withdraw", "delivery", delivery.number, purpose=reason)
    places.remove_staged(delivery.uuid)
    return delivery


def words_of_reach(reach: Reach) -> str:
    """Who may sign what reaches so far, in a sentence."""
    unit = reach.name or _("全集团")
    return _("这个批次可能涉及{unit}的客户与业务，须由数据范围覆盖{unit}的人签收或撤回。").format(unit=unit)


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.INTAKE_SIGN):
        raise NotAllowed(Right.INTAKE_SIGN)


def _ask_reach(viewer: Viewer, delivery: Delivery) -> None:
    reach = reach_of(delivery)
    if not reach.is_within(viewer.scope):
        raise NotAllowed(BEYOND, words_of_reach(reach))


def _held(delivery_id: int) -> Delivery:
    delivery = Delivery.objects.select_for_update().filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound("delivery", delivery_id)
    return delivery
