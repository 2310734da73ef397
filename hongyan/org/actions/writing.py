"""What both loads share: one at a time, and rows written in sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models

Object = TypeVar("Object", bound=models.Model)

BATCH_ROWS = 2000


def hold_organisation() -> None:
    """Let one load of the organisation run at a time, until the transaction ends: two would number the same room."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('org.take_in'))")


def assign(target: models.Model, facts: Mapping[str, Any]) -> bool:
    """Set attributes; whether one of them changed."""
    changed = {name: value for name, value in facts.items() if getattr(target, name) != value}
    for name, value in changed.items():
        setattr(target, name, value)
    return bool(changed)


def insert(model: type[Object], objects: Iterable[Object]) -> None:
    rows: models.QuerySet[Object] = models.QuerySet(model)
    rows.bulk_create(objects, batch_size=BATCH_ROWS)


def update(model: type[Object], objects: Iterable[Object], fields: Sequence[str]) -> None:
    """Write some fields of stored objects.

    An upsert by key: `bulk_update` writes a CASE per field and row, which takes seconds for a whole tree.
    """
    rows: models.QuerySet[Object] = models.QuerySet(model)
    rows.bulk_create(
        objects, batch_size=BATCH_ROWS, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
