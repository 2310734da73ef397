"""Receiving (接收): a delivered file is sealed and noted in the ledger before anything looks into it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope, storage
from hongyan.core.audit import Actor
from hongyan.core.errors import Invalid, NotFound, SourceError
from hongyan.core.file_names import shown_name
from hongyan.core.parameters import value_of
from hongyan.integration import places
from hongyan.integration.codes import BY_HAND, Channel, Connection, DeliveryState
from hongyan.integration.descriptors import Descriptor, find_descriptor
from hongyan.integration.models import Delivery, SystemState
from hongyan.integration.parameters import MAX_FILE_MB, MAX_UPLOAD_MB
from hongyan.integration.queries.systems import home_of, served_unit

MEGABYTE = 1 << 20
_BRINGING = ("file_name", "channel", "received_by", "received_at", "org_no", "reach")
"""Who says what a file is, brings it: what is known of whoever sent it before holds no more."""


@dataclass(frozen=True, slots=True)
class Received:
    """The delivery of some content; `is_new` is False when the same bytes had come before, under whatever name."""

    delivery: Delivery
    is_new: bool


def receive(
    source: BinaryIO,
    *,
    file_name: str,
    system: str,
    channel: Channel,
    actor: Actor,
    parent: Delivery | None = None,
    reach: str | None = None,
    in_background: bool = True,
) -> Received:
    """Seal a stream and note it in the ledger; with `in_background` its check is deferred in the same transaction.

    The same bytes of the same system are the same delivery: then nothing changes, except that it is looked at again as
    the new sender's where it was refused for its name and has another now, or where a person sent before what the
    system sends now. `reach` is the unit whose rows these are known to be; by default they may be of any that the
    system delivers for.

    Errors: NotFound for an unknown system, Invalid for one that is not connected, SourceError(too_large).
    """
    descriptor = _connected(system)
    identity = uuid.uuid4()
    path = places.original(identity)
    stored = _seal(source, path, identity, channel, file_name)
    fresh = Delivery(
        uuid=identity,
        system=descriptor.code,
        file_name=shown_name(file_name),
        digest=stored.digest,
        size=stored.size,
        channel=channel,
        parent=parent,
        received_at=clock.now(),
        received_by=actor.code,
        org_no=home_of(descriptor.code, actor.org_no),
        reach=served_unit(descriptor.code) if reach is None else reach,
    )
    try:
        with scope.bulk():
            fresh.save(force_insert=True)
            audit.record(
                acting_for(actor, fresh), "intake.receive", "delivery", fresh.number, after=_facts(fresh)
            )
            if in_background:
                start_check(fresh, actor)
    except IntegrityError:
        path.unlink()
        return Received(_again(fresh, actor, in_background=in_background), is_new=False)
    return Received(fresh, is_new=True)


def receive_file(
    path: Path, *, system: str, channel: Channel, actor: Actor, in_background: bool = True
) -> Received:
    """Receive a file from disk under its own name. Errors: those of `receive`."""
    with path.open("rb") as source:
        return receive(
            source,
            file_name=path.name,
            system=system,
            channel=channel,
            actor=actor,
            in_background=in_background,
        )


def start_check(delivery: Delivery, actor: Actor) -> None:
    """Defer the check; deliveries of one system are checked and applied one after another."""
    delivery.run = jobs.start(
        "integration.check_delivery",
        actor=actor,
        subject=delivery.number,
        lock=f"intake/{delivery.system}",
        delivery_id=delivery.id,
    )
    delivery.save(update_fields=["run"])


def acting_for(actor: Actor, delivery: Delivery) -> Actor:
    """Who acts on a delivery: a process for the unit it came for, where it is read; a person for their own."""
    return replace(actor, org_no=delivery.org_no) if actor.post_id is None else actor


def is_connected(descriptor: Descriptor) -> bool:
    """Whether a system may deliver: what people say about it counts before its descriptor."""
    state = SystemState.objects.filter(code=descriptor.code).first()
    return (state.connection if state else descriptor.connection) == Connection.CONNECTED


def _connected(system: str) -> Descriptor:
    descriptor = find_descriptor(system)
    if descriptor is None:
        raise NotFound("system", system)
    if not is_connected(descriptor):
        raise Invalid({"system": _("{name}未接入，不能接收文件").format(name=descriptor.name)})
    return descriptor


def _seal(
    source: BinaryIO, path: Path, identity: uuid.UUID, channel: Channel, file_name: str
) -> storage.Stored:
    limit = value_of(MAX_UPLOAD_MB if channel in BY_HAND else MAX_FILE_MB)
    try:
        return storage.seal_stream(source, path, record=identity, limit=limit * MEGABYTE)
    except storage.TooLarge as error:
        raise SourceError("too_large", file=shown_name(file_name), limit=limit) from error


def _again(fresh: Delivery, actor: Actor, *, in_background: bool) -> Delivery:
    """The delivery of these bytes as it stands; reopened when only its name or who brought it kept it out."""
    with scope.bulk():
        known = Delivery.objects.select_for_update().get(system=fresh.system, digest=fresh.digest)
        if _is_named_anew(known, fresh) or _is_systems_now(known, fresh):
            known.state, known.refusal, known.warnings = DeliveryState.RECEIVED, None, {}
            for name in _BRINGING:
                setattr(known, name, getattr(fresh, name))
            known.save(update_fields=["state", "refusal", "warnings", *_BRINGING])
            audit.record(
                acting_for(actor, known), "intake.receive", "delivery", known.number, after=_facts(known)
            )
            if in_background:
                start_check(known, actor)
    return known


def _is_named_anew(known: Delivery, fresh: Delivery) -> bool:
    is_misnamed = known.state == DeliveryState.REFUSED and (known.refusal or {}).get("code") == "unknown_file"
    return is_misnamed and known.file_name != fresh.file_name


def _is_systems_now(known: Delivery, fresh: Delivery) -> bool:
    """Whether the system itself sends what a person brought, unless it was signed or rows of it were mended."""
    is_first_word = known.channel in BY_HAND and fresh.channel not in BY_HAND
    is_unsigned = known.state in {DeliveryState.CHECKED, DeliveryState.WITHDRAWN}
    return is_first_word and is_unsigned and not known.resends.exists()


def _facts(delivery: Delivery) -> dict[str, object]:
    return {
        "system": delivery.system,
        "file": delivery.file_name,
        "size": delivery.size,
        "channel": delivery.channel,
    }
