"""Stopping the work on a delivery, and going on with it (停止与继续). What was committed stays."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, jobs
from hongyan.core.errors import Conflict, NotAllowed, NotFound
from hongyan.integration.actions.receive import start_check
from hongyan.integration.actions.sign import start_loading
from hongyan.integration.codes import DeliveryState
from hongyan.integration.models import Delivery
from hongyan.integration.queries.deliveries import is_at_work, is_stopped
from hongyan.org.codes import Right, Viewer


def stop(viewer: Viewer, delivery_id: int) -> Delivery:
    """Ask the job of a delivery to stop at its next report. Errors: NotAllowed, NotFound, Conflict when none runs."""
    with transaction.atomic():
        delivery = _held(viewer, delivery_id)
        if not is_at_work(delivery) or delivery.run is None:
            raise Conflict("delivery", _("批次 {number} 现在没有在处理").format(number=delivery.number))
        jobs.cancel(delivery.run)
        audit.record(
            viewer.actor, "intake.stop", "delivery", delivery.number, after={"rows": delivery.applied_rows}
        )
    return delivery


def resume(viewer: Viewer, delivery_id: int) -> Delivery:
    """Go on where the work on a delivery ended early. Errors: NotAllowed, NotFound, Conflict when it did not."""
    with transaction.atomic():
        delivery = _held(viewer, delivery_id)
        if not is_stopped(delivery):
            raise Conflict("delivery", _("批次 {number} 没有中断").format(number=delivery.number))
        again = start_loading if delivery.state == DeliveryState.APPLYING else start_check
        again(delivery, viewer.actor)
        audit.record(
            viewer.actor, "intake.resume", "delivery", delivery.number, after={"rows": delivery.applied_rows}
        )
    return delivery


def _held(viewer: Viewer, delivery_id: int) -> Delivery:
    if not viewer.may(Right.INTAKE_LOAD):
        raise NotAllowed(Right.INTAKE_LOAD)
    deliveries = Delivery.objects.select_for_update(of=("self",)).select_related("run")
    delivery = deliveries.filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound("delivery", delivery_id)
    return delivery
