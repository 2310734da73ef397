"""Following records (关注): whoever follows one hears what happens to it, as long as they may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from hongyan.core import audit, clock, scope
from hongyan.desk.actions.notifications import notify
from hongyan.desk.models import Follow
from hongyan.desk.records import Subject, find_kind
from hongyan.org.codes import Viewer


def follow(viewer: Viewer, subject: Subject) -> None:
    """Follow a record that the viewer opened from now on; done again it changes nothing."""
    with transaction.atomic():
        _row, is_new = Follow.objects.get_or_create(
            kind=subject.kind,
            record_id=subject.ids[0],
            staff_id=viewer.staff_id,
            defaults={"staff_no": viewer.staff_no, "since": clock.now()},
        )
        if is_new:
            audit.record(viewer.actor, "record.followed", subject.kind, subject.key)


def unfollow(viewer: Viewer, subject: Subject) -> None:
    """Follow a record no more, under any of its ids."""
    with transaction.atomic():
        rows = Follow.objects.filter(kind=subject.kind, record_id__in=subject.ids, staff_id=viewer.staff_id)
        if rows.delete()[0]:
            audit.record(viewer.actor, "record.unfollowed", subject.kind, subject.key)


def unfollow_many(viewer: Viewer, kind: str, records: Mapping[int, str]) -> int:
    """Follow some records no more, by the ids they may stand under with the key of each. How many it were."""
    with transaction.atomic():
        rows = Follow.objects.filter(kind=kind, record_id__in=records, staff_id=viewer.staff_id)
        found = list(rows.values_list("record_id", flat=True))
        rows.delete()
        audit.record_each(viewer.actor, "record.unfollowed", kind, [records[one] for one in found])
    return len(found)


def tell_followers(
    kind: str, happened: Mapping[int, Mapping[str, Any]], *, notice: str, urls: Mapping[int, str], by: str
) -> int:
    """Tell those who follow some records, by their ids, what happened to each, in the words of a notice.

    Left out are whoever did it, by staff number, and those who may not see the record any more. One query where nobody
    follows. How many were told.
    """
    with scope.bulk():
        followers: dict[int, list[Follow]] = defaultdict(list)
        for row in Follow.objects.filter(kind=kind, record_id__in=list(happened)).exclude(staff_no=by):
            followers[row.record_id].append(row)
        told = 0
        for record_id, rows in followers.items():
            readers = find_kind(kind).readers(record_id, _staff(rows))
            for row in rows:
                if row.staff_id in readers:
                    notify(row.staff_no, notice, happened[record_id], url=urls[record_id])
                    told += 1
    return told


def _staff(rows: Collection[Follow]) -> set[int]:
    return {row.staff_id for row in rows}
