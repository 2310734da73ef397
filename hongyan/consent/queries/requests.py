"""Requests of persons as pages and actions find them (个人权利请求)."""

from __future__ import annotations

from django.db.models import QuerySet

from hongyan.consent.models import PersonRequest
from hongyan.core.errors import NotFound
from hongyan.org.codes import Viewer


def person_requests(viewer: Viewer) -> QuerySet[PersonRequest]:
    """What a viewer may see of them, with whom they are of and who took them."""
    rows = PersonRequest.objects.visible_to(viewer)
    return rows.select_related("customer", "unit", "taker", "verified_by", "begun_by", "ended_by")


def find_request(viewer: Viewer, request_id: int) -> PersonRequest:
    """Errors: NotFound, out of scope too."""
    row = person_requests(viewer).filter(pk=request_id).first()
    if row is None:
        raise NotFound("person_request", request_id)
    return row
