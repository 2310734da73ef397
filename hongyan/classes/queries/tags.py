"""Tags as a viewer may see them: those of units above, of their own, and of those beneath (标签查询)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from hongyan.classes.codes import BatchState
from hongyan.classes.models import CustomerTag, Tag, TagBatch
from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.org.codes import Viewer

SHOWN_BATCHES = 10


def tags_of(viewer: Viewer) -> QuerySet[Tag]:
    """All tags of the viewer's unit, of those above and beneath it, retired ones too."""
    tags = Tag.objects.select_related("unit").order_by("retired_at", "name", "id")
    if viewer.scope.everything:
        return tags
    beneath = Q(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    return tags.filter(beneath | Q(unit_id__in=list(viewer.unit_chain)))


def tags_to_set(viewer: Viewer) -> list[Tag]:
    """Those in use, by name. One query."""
    return list(tags_of(viewer).filter(retired_at=None).order_by("name", "id"))


def find_tag(viewer: Viewer, tag_id: int) -> Tag:
    """One tag. Errors: NotFound for none, or one of a unit elsewhere."""
    tag = tags_of(viewer).filter(pk=tag_id).first()
    if tag is None:
        raise NotFound("tag", tag_id)
    return tag


def tags_on(viewer: Viewer, customer_ids: Collection[int]) -> Sequence[Tag]:
    """The tags of a customer by all codes they had, by name; those a viewer may see."""
    borne = CustomerTag.objects.filter(customer_id__in=customer_ids).values_list("tag_id", flat=True)
    return list(tags_of(viewer).filter(pk__in=borne).order_by("name", "id"))


def find_batch(viewer: Viewer, batch_id: int, *, for_update: bool = False) -> TagBatch:
    """An act on many of one's own. Errors: NotFound for anybody else's."""
    batches = TagBatch.objects.filter(maker_id=viewer.staff_id)
    batches = batches.select_for_update() if for_update else batches.select_related("tag")
    batch = batches.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("tag_batch", batch_id)
    return batch


def batches_of(viewer: Viewer) -> list[TagBatch]:
    """One's own last acts on many, the newest first."""
    own = TagBatch.objects.filter(maker_id=viewer.staff_id).exclude(state=BatchState.DRAFT)
    return list(own.select_related("tag").defer("customers").order_by("-id")[:SHOWN_BATCHES])


def job_of(batch: TagBatch) -> JobRun | None:
    """The job that works on an act on many, or did."""
    return JobRun.objects.filter(pk=batch.run_id).first() if batch.run_id else None
