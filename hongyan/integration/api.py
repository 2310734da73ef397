"""Intake over the API: send a file or records, ask how a delivery stands."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, cast

from ninja import Field, File, Header, Router, Schema, Status
from ninja.files import UploadedFile

from hongyan.core.errors import NotAllowed, NotFound
from hongyan.integration.actions.receive import Received, receive
from hongyan.integration.actions.submit import submit
from hongyan.integration.codes import Channel
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.queries.deliveries import find_delivery, sees_counts
from hongyan.integration.reasons import sentence
from hongyan.org.codes import Right, Viewer
from hongyan.org.requests import ViewerRequest

router = Router(tags=["intake"])

Key = Annotated[
    str, Header(alias="Idempotency-Key", description="1 to 80 characters, yours to choose, once per content")
]


class Records(Schema):
    """Records of one kind, with the source's own column names; `day` is their business date."""

    kind: str
    day: date | None = None
    records: list[dict[str, str]] = Field(min_length=1, max_length=10_000)


class Submitted(Schema):
    """Where a submission went; `known` tells that the same content had come before."""

    delivery: str
    state: str
    known: bool


_COUNTS = (
    "received", "accepted", "quarantined", "excluded", "new", "joined", "updated", "unchanged", "stale", "review"
)  # fmt: skip


class DeliveryStatus(Schema):
    """A delivery with its counts in rows: received = accepted + quarantined + excluded once it is applied.

    Posts beneath a province that sign no files get no counts: a file is a province's.
    """

    delivery: str
    system: str
    file: str
    state: str
    reason: str
    received_at: datetime
    received: int | None
    accepted: int | None
    quarantined: int | None
    excluded: int | None
    new: int | None
    joined: int | None
    updated: int | None
    unchanged: int | None
    stale: int | None
    review: int | None


@router.post("/intake/{system}/files", response={200: Submitted, 202: Submitted}, summary="Send a file")
def send_file(
    request: ViewerRequest, system: str, file: File[UploadedFile], key: Key
) -> Status[dict[str, Any]]:
    """Receive a file under its own name; it is checked in the background."""
    viewer = _sender(request, system)
    digest = hashlib.sha256(f"{system}/{file.name}/".encode())
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)

    def deliver() -> Received:
        return receive(
            cast(BinaryIO, file.file),
            file_name=file.name or "",
            system=system,
            channel=Channel.API,
            actor=viewer.actor,
        )

    return Status(*submit(caller=viewer.staff_no, key=key, body_digest=digest.hexdigest(), deliver=deliver))


@router.post("/intake/{system}/records", response={200: Submitted, 202: Submitted}, summary="Send records")
def send_records(request: ViewerRequest, system: str, body: Records, key: Key) -> Status[dict[str, Any]]:
    """Receive records as a small delivery of their own; they are checked in the background."""
    viewer = _sender(request, system)
    content = json.dumps(body.model_dump(mode="python"), default=date.isoformat, sort_keys=True).encode()
    digest = hashlib.sha256(system.encode() + b"/" + content).hexdigest()

    def deliver() -> Received:
        return receive(
            io.BytesIO(content),
            file_name=f"{body.kind}-{digest[:12]}.json",
            system=system,
            channel=Channel.API,
            actor=viewer.actor,
        )

    return Status(*submit(caller=viewer.staff_no, key=key, body_digest=digest, deliver=deliver))


@router.get("/intake/deliveries/{number}", response=DeliveryStatus, summary="How a delivery stands")
def show_delivery(request: ViewerRequest, number: str) -> dict[str, Any]:
    """State and counts of a delivery."""
    if not request.viewer.may(Right.INTAKE_READ):
        raise NotAllowed(Right.INTAKE_READ)
    delivery = find_delivery(number)
    stated = {
        name: getattr(delivery, name) for name in DeliveryStatus.model_fields if hasattr(delivery, name)
    }
    if not sees_counts(request.viewer):
        stated |= dict.fromkeys(_COUNTS)
    return stated | {
        "delivery": delivery.number,
        "file": delivery.file_name,
        "reason": sentence(delivery.refusal) if delivery.refusal else "",
    }


def _sender(request: ViewerRequest, system: str) -> Viewer:
    if not request.viewer.may(Right.INTAKE_LOAD):
        raise NotAllowed(Right.INTAKE_LOAD)
    if find_descriptor(system) is None:
        raise NotFound("system", system)
    return request.viewer
