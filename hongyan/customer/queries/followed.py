"""Whom somebody follows (我关注的), with the last thing that happened to each."""

from __future__ import annotations

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from hongyan.customer.models import Customer, GoldenChange, ListRow
from hongyan.customer.queries import ranges
from hongyan.desk.models import Follow, Note
from hongyan.org.codes import Viewer

KIND = "customer"


def followed_ids(viewer: Viewer) -> QuerySet[Customer]:
    """Ids of the customers somebody follows; of one that was merged away, its survivor's. To be used in a subquery."""
    followed = Follow.objects.filter(kind=KIND, staff_id=viewer.staff_id).values("record_id")
    rows = Customer.objects.filter(pk__in=followed)
    return rows.values(stands_for=Coalesce("survivor_id", "pk"))  # type: ignore[return-value]


def followed_rows(viewer: Viewer) -> QuerySet[ListRow]:
    """One list row a customer that the viewer follows and sees in the present post.

    `noted_at` and `note_sort` are of the last note or call, `changed_at` and `changed_field` of the last change of what
    is known; `news_at` is the later of both, or since when it is followed.
    """
    notes = Note.objects.filter(kind=KIND, record_id=OuterRef("customer_id")).order_by("-id")
    changes = GoldenChange.objects.filter(customer=OuterRef("customer_id")).order_by("-at", "-id")
    followed = Follow.objects.filter(kind=KIND, staff_id=viewer.staff_id, record_id=OuterRef("customer_id"))
    return (
        ranges.rows_of(viewer)
        .filter(customer_id__in=followed_ids(viewer))
        .annotate(
            noted_at=Subquery(notes.values("at")[:1]),
            note_sort=Subquery(notes.values("sort")[:1]),
            changed_at=Subquery(changes.values("at")[:1]),
            changed_field=Subquery(changes.values("field")[:1]),
            since=Subquery(followed.values("since")[:1]),
        )
        .annotate(news_at=Greatest(F("noted_at"), F("changed_at"), F("since")))
    )


def followed_under(viewer: Viewer, codes: list[str]) -> dict[int, str]:
    """The ids under which some customers may be followed, those merged into them too, with the code of each."""
    rows = ranges.rows_of(viewer).filter(code__in=codes, customer_id__in=followed_ids(viewer))
    standing = dict(rows.values_list("customer_id", "code"))
    members = Customer.objects.filter(Q(pk__in=standing) | Q(survivor_id__in=standing))
    return {pk: standing[survivor or pk] for pk, survivor in members.values_list("pk", "survivor_id")}
