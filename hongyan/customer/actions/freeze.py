"""Freezing a customer, and ending that (冻结、解冻): data are kept, and used for nothing (PIPL 47)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, NotAllowed
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import Status
from hongyan.customer.freezes import of_customers
from hongyan.customer.models import Customer, Freeze
from hongyan.customer.queries.records import find_customer
from hongyan.org.codes import Right, Viewer


def freeze(viewer: Viewer, code: str, *, reason: str) -> Freeze:
    """Freeze a customer: its status says so in lists, search and on its page, whatever files bring afterwards.

    Errors: NotAllowed without the right; NotFound out of scope; Invalid without a reason, or where it holds somebody's
    number; Conflict for a customer that is not active.
    """
    reason = _ask(viewer, reason)
    with transaction.atomic():
        customer = _held(viewer, code)
        if customer.status != Status.ACTIVE:
            raise Conflict("customer", _("客户不是正常状态，不能冻结。"))
        with scope.bulk():
            made = Freeze.objects.create(
                customer=customer, since=clock.now(), reason=reason, by=viewer.staff_no
            )
            calculate([customer.pk], actor=viewer.staff_no, now=made.since)
        after = {"status": Status.FROZEN}
        audit.record(
            viewer.actor,
            "customer.frozen",
            "customer",
            customer.code,
            before={"status": customer.status},
            after=after,
            purpose=reason,
        )
    return made


def unfreeze(viewer: Viewer, code: str, *, reason: str) -> list[Freeze]:
    """End the freeze of a customer, under whichever of its codes it was said; its status is what sources say again.

    Errors: as `freeze`; Conflict for a customer whom nobody froze here.
    """
    reason = _ask(viewer, reason)
    with transaction.atomic():
        customer = _held(viewer, code)
        now = clock.now()
        with scope.bulk():
            ended = list(Freeze.objects.filter(of_customers([customer.pk]), until=None))
            if not ended:
                raise Conflict("customer", _("这位客户没有被冻结。"))
            Freeze.objects.filter(pk__in=[one.pk for one in ended]).update(
                until=now, end_reason=reason, ended_by=viewer.staff_no
            )
            calculate([customer.pk], actor=viewer.staff_no, now=now)
            standing = Customer.objects.get(pk=customer.pk).status
        audit.record(
            viewer.actor,
            "customer.unfrozen",
            "customer",
            customer.code,
            before={"status": customer.status},
            after={"status": standing},
            purpose=reason,
        )
    return ended


def _ask(viewer: Viewer, reason: str) -> str:
    """The reason. Errors: NotAllowed, Invalid."""
    if not viewer.may(Right.CUSTOMER_FREEZE):
        raise NotAllowed(Right.CUSTOMER_FREEZE)
    return said(reason, needed=True)


def _held(viewer: Viewer, code: str) -> Customer:
    """The customer, with nobody else writing who is who until the transaction ends."""
    hold_identity()
    return find_customer(viewer, code)
