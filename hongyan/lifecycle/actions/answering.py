"""What the other mailing line says of an application (异议), and what takes effect when its time is over (X-22).

Whoever owns the customer in the other mailing line is told and has some working days. An application that is approved
meanwhile waits; one that is objected to takes effect only when the province has decided.
"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, NotAllowed
from hongyan.customer.actions.merge import said
from hongyan.desk.actions.notifications import notify
from hongyan.lifecycle.actions.drafts import SUBJECT
from hongyan.lifecycle.actions.settle import settle_agreed
from hongyan.lifecycle.codes import MAILING, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.queries.applications import find_application
from hongyan.lifecycle.rules.applications import may_answer
from hongyan.org.codes import Right, Viewer


def can_answer(viewer: Viewer, row: Application) -> bool:
    """Whether a viewer may say something of an application: of the other mailing line, where the customer is owned."""
    return (
        viewer.may(Right.CUSTOMER_OBJECT)
        and row.maker_id not in viewer.people
        and row.heard_org_no is not None
        and viewer.scope.covers(row.heard_org_no)
        and any(line in viewer.line_codes for line in MAILING if line != row.line)
        and may_answer(
            row.state, until=row.heard_until, is_answered=row.answered_at is not None, now=clock.now()
        )
    )


def answer(viewer: Viewer, application_id: int, *, objects: bool, reason: str, version: int) -> Application:
    """Object to an application with a reason, or say that nothing stands against it; said once.

    Errors: NotFound out of sight; NotAllowed for whoever has no say; Invalid for an objection without a reason;
    Conflict when it changed since, or the time is over.
    """
    if not viewer.may(Right.CUSTOMER_OBJECT):
        raise NotAllowed(Right.CUSTOMER_OBJECT)
    reason = said(reason, needed=objects)
    with transaction.atomic():
        find_application(viewer, application_id)
        row = (
            Application.objects.select_for_update(of=("self",)).select_related("maker").get(pk=application_id)
        )
        if row.version != version or not can_answer(viewer, row):
            raise Conflict(
                SUBJECT, _("{number} 已答复过、已办结，或已过可以答复的期限。").format(number=row.number)
            )
        row.answered_at = row.changed_at = clock.now()
        row.answerer_id, row.objection = viewer.staff_id, reason if objects else ""
        row.version += 1
        row.save(update_fields=["answered_at", "changed_at", "answerer", "objection", "version"])
        audit.record(
            viewer.actor,
            "application.object" if objects else "application.concur",
            SUBJECT,
            row.number,
            purpose=reason,
        )
        notify(
            row.maker.staff_no,
            "lifecycle.objected" if objects else "lifecycle.concurred",
            {"number": row.number, "kind": row.kind},
            url=reverse("lifecycle:application", args=[row.pk]),
        )
        if row.state == ApplicationState.AGREED:
            settle_agreed(row.pk)
    row.refresh_from_db()
    return row


def settle_due() -> int:
    """Let what was agreed to take effect once the other line's time is over: one transaction each; how many.

    Safe to repeat at any time: each is looked at again under its lock.
    """
    with scope.bulk():
        due = list(
            Application.objects.filter(state=ApplicationState.AGREED, heard_until__lte=clock.now())
            .order_by("id")
            .values_list("id", flat=True)
        )
    for application_id in due:
        with transaction.atomic():
            settle_agreed(application_id)
    return len(due)
