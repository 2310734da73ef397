"""The audit (审计): one row per act, written in the transaction of the act, authenticated row by row.

Actions call `record`; a rollback takes the row with it. Denied attempts are written by `deny` after the
request's own transaction ended. The application may insert and read, never update or delete (BARS A 9–10).

Rows stay for years, so this is the last wall for numbers of people in free text: they are masked here, whatever door
let them through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils.functional import Promise

from hongyan.core import clock, vault
from hongyan.core.free_text import mask_all
from hongyan.core.models import AuditEvent
from hongyan.core.personal_numbers import mask_numbers

SIGNED_COLUMNS = (
    "actor", "actor_name", "post_id", "org_no", "address", "act", "subject_kind", "subject",
    "purpose", "result", "before", "after", "count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a staff member in a post, or a process (`system:intake`). Holds nothing personal but the name."""

    code: str
    name: str = ""
    post_id: int | None = None
    org_no: int = 0
    address: str = ""


SYSTEM = Actor(code="system")

_labels: dict[str, str | Promise] = {}
_purposes: dict[str, str | Promise] = {}
_readings: set[str] = set()


def label(act: str, text: str | Promise, *, is_reading: bool = False) -> None:
    """Declare what an act, or a kind of subject, is called; each room does so for its own. Each is declared once.

    An act that shows personal data on a page `is_reading`: how much of that somebody does is watched.
    """
    if act in _labels:
        raise ValueError(f"act {act} is declared twice")
    _labels[act] = text
    if is_reading:
        _readings.add(act)


def readings() -> list[str]:
    """The acts that show personal data."""
    return sorted(_readings)


def labels() -> dict[str, str | Promise]:
    """Names of all declared acts, by act; the names of acts have a dot, those of subjects have none."""
    return {act: text for act, text in sorted(_labels.items()) if "." in act}


def label_of(act: str) -> str:
    """What an act or a kind of subject is called in the reader's language; its own name when none was declared."""
    return str(_labels.get(act, act))


def label_purpose(purpose: str, text: str | Promise) -> None:
    """Declare how a purpose reads; rooms share purposes, so one may be declared again."""
    _purposes[purpose] = text


def purpose_of(event: AuditEvent) -> str:
    """What an act was for in the reader's language; reasons people typed stay as they are."""
    return str(_purposes.get(event.purpose, event.purpose))


def record(
    actor: Actor,
    act: str,
    subject_kind: str,
    subject: object,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    purpose: str = "",
    count: int = 1,
) -> AuditEvent:
    """Write that an act was done. Values in `before` and `after` are masked by the caller.

    `act` is the stable name of the act (`customer.open`), `count` the number of records it touched.
    """
    return _write(actor, act, subject_kind, subject, AuditEvent.Result.DONE, before, after, purpose, count)


def record_each(
    actor: Actor,
    act: str,
    subject_kind: str,
    subjects: Iterable[object],
    *,
    after: Mapping[str, Any] | None = None,
    purpose: str = "",
) -> None:
    """`record` for several subjects of which the same is to be said. One query."""
    done = AuditEvent.Result.DONE
    events = [_event(actor, act, subject_kind, one, done, None, after, purpose, 1) for one in subjects]
    AuditEvent.objects.bulk_create(events)


def deny(actor: Actor, act: str, subject_kind: str, subject: object, *, purpose: str = "") -> AuditEvent:
    """Write that an attempt was refused. Call it outside the transaction that was rolled back."""
    return _write(actor, act, subject_kind, subject, AuditEvent.Result.DENIED, None, None, purpose, 1)


def ask(actor: Actor, act: str, subject_kind: str, subject: object) -> AuditEvent:
    """Write that an attempt was answered with a question: it may go on once that is answered. Call it as `deny`."""
    return _write(actor, act, subject_kind, subject, AuditEvent.Result.ASKED, None, None, "", 1)


def is_intact(event: AuditEvent) -> bool:
    """Whether a row is as it was written."""
    return bytes(event.mac) == vault.mac(_message(event))


def first_altered(events: QuerySet[AuditEvent]) -> AuditEvent | None:
    """The first row, by id, whose code does not fit its columns; None when all are as written."""
    return next((event for event in events.order_by("id").iterator() if not is_intact(event)), None)


def _write(*told: Any) -> AuditEvent:
    event = _event(*told)
    event.save(force_insert=True)
    return event


def _event(
    actor: Actor, act: str, subject_kind: str, subject: object, result: str,
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, purpose: str, count: int,
) -> AuditEvent:  # fmt: skip
    event = AuditEvent(
        at=clock.now(),
        actor=actor.code,
        actor_name=actor.name,
        post_id=actor.post_id,
        org_no=actor.org_no,
        address=actor.address,
        act=act,
        subject_kind=subject_kind,
        subject=mask_numbers(str(subject))[:80],
        purpose=mask_numbers(purpose)[:200],
        result=result,
        before=_plain(before),
        after=_plain(after),
        count=count,
    )
    event.mac = vault.mac(_message(event))
    return event


def _plain(values: Mapping[str, Any] | None) -> Any:
    return None if values is None else mask_all(json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder)))


def _message(event: AuditEvent) -> bytes:
    """All columns in one canonical form; the instant in microseconds, as the database keeps it."""
    instant: datetime = event.at
    signed = [int(instant.timestamp() * 1_000_000), *(getattr(event, column) for column in SIGNED_COLUMNS)]
    return json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
