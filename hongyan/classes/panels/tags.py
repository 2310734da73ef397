"""The tags a viewer may use, as rows (标签)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from hongyan.classes.models import Tag
from hongyan.classes.queries.tags import tags_of
from hongyan.org.codes import Right, Viewer
from hongyan.ui.cells import Chip, chips

SHOWN = 200


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag, who bears it, and whether the viewer may retire it."""

    tag: Tag
    chip: SafeString
    url: str
    may_retire: bool


def chip_of(tag: Tag) -> Chip:
    """A tag in its colour."""
    return Chip(tag.name, tag.unit.name, tone=tag.colour, is_on=tag.retired_at is None)


def tag_rows(viewer: Viewer) -> Sequence[TagRow]:
    """The tags of the viewer's unit, of those above and beneath it. One query."""
    return [
        TagRow(
            tag,
            chips([chip_of(tag)]),
            f"{reverse('customer:list')}?{urlencode({'tag': tag.mark})}",
            tag.retired_at is None and viewer.may(Right.TAG_EDIT) and viewer.scope.covers(tag.org_no),
        )
        for tag in tags_of(viewer)[:SHOWN]
    ]
