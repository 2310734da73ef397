"""Applications as pages and actions find them (客户申请)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q, QuerySet

from hongyan.core import clock, scope
from hongyan.core.errors import NotFound
from hongyan.customer.models import SourceParty
from hongyan.customer.queries.records import CustomerRecord
from hongyan.lifecycle.codes import MAILING, ApplicationState
from hongyan.lifecycle.models import Application, Inquiry
from hongyan.org.codes import Viewer


def applications(viewer: Viewer) -> QuerySet[Application]:
    """What a viewer may see of the applications."""
    return Application.objects.visible_to(viewer).select_related(
        "customer", "maker", "unit", "approval", "answerer"
    )


def waiting_for_answer(viewer: Viewer, rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those that somebody may still object to for a line of the scope: agreements (X-22) and closings (X-21)."""
    others = [line for line in MAILING if (set(MAILING) - {line}) & set(viewer.line_codes)]
    now, span = clock.now(), (viewer.scope.lo, viewer.scope.hi)
    heard = Q(state__in=(ApplicationState.SUBMITTED, ApplicationState.AGREED), answered_at=None)
    heard &= Q(heard_until__gt=now, line__in=others)
    asked = Inquiry.objects.filter(line__in=viewer.line_codes, answered_at=None, until__gt=now)
    if not viewer.scope.everything:
        heard &= Q(heard_org_no__range=span)
        asked = asked.filter(org_no__range=span)
    is_asked = Q(state=ApplicationState.CHECKING, pk__in=asked.values("application_id"))
    return rows.filter(heard | is_asked).exclude(maker_id__in=viewer.people)


def inquiries_of(application: Application) -> list[Inquiry]:
    """Who was asked about a closing, lines first, and what they said. One query, past the walls of those asked."""
    with scope.bulk():
        return list(application.inquiries.select_related("answerer").order_by("system", "line"))


def inquiries_to(viewer: Viewer, system: str) -> QuerySet[Inquiry]:
    """What a system is asked about customers of the viewer's scope, and has not answered yet, the oldest first."""
    open_ = Inquiry.objects.filter(
        system=system, answered_at=None, until__gt=clock.now(), application__state=ApplicationState.CHECKING
    )
    if not viewer.scope.everything:
        open_ = open_.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    return open_.select_related("application__customer").order_by("id")


def keys_in(system: str, customers: Collection[int]) -> Mapping[int, list[str]]:
    """Customer → how a system calls it. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    parties = SourceParty.objects.filter(system=system, customer_id__in=customers).order_by("key")
    for customer, key in parties.values_list("customer_id", "key"):
        found[customer or 0].append(key)
    return found


def find_application(viewer: Viewer, application_id: int) -> Application:
    """Errors: NotFound out of scope, and for a draft of somebody else."""
    row = applications(viewer).filter(pk=application_id).first()
    if row is None:
        raise NotFound("application", application_id)
    return row


def find_asked(viewer: Viewer, key: str) -> Application | None:
    """What somebody asked for with an idempotency key of theirs, once it is no draft any more."""
    rows = applications(viewer).filter(asked_key=key, maker_id=viewer.staff_id)
    return rows.exclude(state__in=(ApplicationState.DRAFT, ApplicationState.REFUSED)).first()


def applications_about(viewer: Viewer, record: CustomerRecord) -> QuerySet[Application]:
    """Those about a customer under any of its codes, the latest first."""
    members = [record.customer.pk, *(alias.pk for alias in record.aliases)]
    return applications(viewer).filter(customer_id__in=members).order_by("-changed_at", "-id")
