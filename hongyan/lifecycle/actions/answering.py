"""What others say of an application (答复), and what becomes of it when their time is over.

Of an agreement (X-22): whoever owns the customer in the other mailing line is told and has some working days. An
application that is approved meanwhile waits; one that is objected to takes effect only when the province has decided.

Of a closing (X-21): the other lines and the systems that know the customer have some working days, before anybody
approves. One objection sends it back; who says nothing has nothing against it.
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
from hongyan.lifecycle.actions.settle import settle_agreed, settle_asked
from hongyan.lifecycle.codes import MAILING, ApplicationState
from hongyan.lifecycle.models import Application, Inquiry
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


def inquiry_for(viewer: Viewer, row: Application, *, system: str = "") -> Inquiry | None:
    """What a viewer may answer of a closing: for a line of theirs where the customer is owned, or for a system."""
    if not viewer.may(Right.CUSTOMER_OBJECT) or row.state != ApplicationState.CHECKING:
        return None
    asked = Inquiry.objects.filter(application=row, answered_at=None, until__gt=clock.now())
    if system:
        found = asked.filter(system=system).first()
        return found if found and viewer.scope.covers(found.org_no) else None
    if row.maker_id in viewer.people:
        return None
    mine = [one for one in asked.filter(line__in=viewer.line_codes) if viewer.scope.covers(one.org_no)]
    return mine[0] if mine else None


def answer_inquiry(
    viewer: Viewer, application_id: int, *, objects: bool, reason: str, version: int | None, system: str = ""
) -> Application:
    """Object to the closing of a customer with a reason, or say that nothing stands against it; said once.

    For the viewer's line, or for a `system` that knows the customer. `version` None is for processes. Errors: as
    `answer`.
    """
    if not viewer.may(Right.CUSTOMER_OBJECT):
        raise NotAllowed(Right.CUSTOMER_OBJECT)
    reason = said(reason, needed=objects)
    with transaction.atomic():
        find_application(viewer, application_id)
        row = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
        asked = inquiry_for(viewer, row, system=system)
        if asked is None or version not in {None, row.version}:
            raise _too_late(row)
        asked.answered_at, asked.answerer_id = clock.now(), viewer.staff_id
        asked.objection = reason if objects else ""
        asked.save(update_fields=["answered_at", "answerer", "objection"])
        row.changed_at, row.version = clock.now(), row.version + 1
        row.save(update_fields=["changed_at", "version"])
        audit.record(
            viewer.actor, "application.object" if objects else "application.concur", SUBJECT, row.number,
            after={"line": asked.line, "system": asked.system}, purpose=reason,
        )  # fmt: skip
        settle_asked(row.pk)
    row.refresh_from_db()
    return row


def _too_late(row: Application) -> Conflict:
    return Conflict(SUBJECT, _("{number} 已答复过、已办结，或已过可以答复的期限。").format(number=row.number))


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
            raise _too_late(row)
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
    """Go on with what waited for others until now: one transaction each; how many there were.

    Safe to run again: what is settled waits no more.
    """
    now = clock.now()
    with scope.bulk():
        agreed = Application.objects.filter(state=ApplicationState.AGREED, heard_until__lte=now)
        asked = Application.objects.filter(state=ApplicationState.CHECKING).exclude(
            inquiries__in=Inquiry.objects.filter(answered_at=None, until__gt=now)
        )
        due = {
            settle_agreed: list(agreed.order_by("id").values_list("id", flat=True)),
            settle_asked: list(asked.order_by("id").values_list("id", flat=True)),
        }
    for settle, applications in due.items():
        for application_id in applications:
            with transaction.atomic():
                settle(application_id)
    return sum(map(len, due.values()))
