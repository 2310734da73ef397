"""Requests of persons as pages and actions find them (个人权利请求)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hongyan.consent.codes import RequestKind, RequestState
from hongyan.consent.models import PersonRequest
from hongyan.core.errors import NotFound
from hongyan.customer.models import Correction
from hongyan.desk.models import Export
from hongyan.org.codes import Viewer


def person_requests(viewer: Viewer) -> QuerySet[PersonRequest]:
    """What a viewer may see of them, with whom they are of and who took them."""
    rows = PersonRequest.objects.visible_to(viewer)
    return rows.select_related("customer__survivor", "unit", "taker", "verified_by", "begun_by", "ended_by")


FILED = (RequestKind.ACCESS, RequestKind.COPY)
"""What is answered with a file of everything held of the person."""


def requests_for_files(viewer: Viewer) -> QuerySet[PersonRequest]:
    """Requests that are being worked on and are answered with a file."""
    return person_requests(viewer).filter(state=RequestState.WORKING, kind__in=FILED)


def files_for(request: PersonRequest) -> QuerySet[Export]:
    """The files that were asked for to answer a request, as far as the viewer's scope sees them, the newest first."""
    return Export.objects.filter(list_key="person_file", query=f"request={request.pk}").order_by("-id")


def corrections_since(request: PersonRequest) -> QuerySet[Correction]:
    """What was corrected of the person since they asked, under whichever code, the newest first."""
    customer = request.customer.survivor_id or request.customer_id
    same = Q(customer_id=customer) | Q(customer__survivor_id=customer)
    return Correction.objects.filter(same, asked_at__gte=request.received_at).order_by("-id")


def find_request(viewer: Viewer, request_id: int) -> PersonRequest:
    """Errors: NotFound, out of scope too."""
    row = person_requests(viewer).filter(pk=request_id).first()
    if row is None:
        raise NotFound("person_request", request_id)
    return row
