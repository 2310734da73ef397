"""The column of tags, lent to the list of customers; a cell is changed where it stands (标签列)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hongyan.classes.models import CustomerTag
from hongyan.classes.queries.tags import tags_of
from hongyan.customer.columns import LentColumn, lend_column
from hongyan.org.codes import Right, Viewer
from hongyan.ui.cells import Chip, chips, none_yet
from hongyan.ui.lists import Column, Edit


def _bearing(viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with the tags that the viewer may see, by name, under whatever code they were set."""
    of_row = Q(customer_id=OuterRef("customer_id")) | Q(customer__survivor_id=OuterRef("customer_id"))
    borne = CustomerTag.objects.filter(of_row, tag__in=tags_of(viewer).order_by().values("pk"))
    told = borne.order_by("tag__name", "tag_id").values(
        told=JSONObject(name="tag__name", colour="tag__colour")
    )
    with_tags: QuerySet[Any] = rows.annotate(tags=ArraySubquery(told))
    return with_tags


def _cell(row: Any) -> SafeString:
    tags = {one["name"]: one["colour"] for one in row.tags}
    return chips([Chip(name, tone=colour) for name, colour in tags.items()]) if tags else none_yet()


lend_column(
    LentColumn(
        Column(
            "tags",
            _("标签"),
            _cell,
            default=False,
            width="l",
            phone_role="meta",
            edit=Edit(lambda row: reverse("classes:customer_tags", args=[row.code]), Right.TAG_SET),
        ),
        _bearing,
    )
)
