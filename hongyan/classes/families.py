"""The classes that the list of customers can be narrowed by, lent to it (客户列表的筛选)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hongyan.classes.codes import BEHAVIOUR, LOSS, Dimension
from hongyan.classes.queries.rules import tiers_today
from hongyan.classes.queries.tags import tags_of
from hongyan.classes.words import Text, dimensions
from hongyan.customer import marks
from hongyan.org.codes import Right, Viewer

Choices = list[tuple[str, Text]]


def _tiers(viewer: Viewer) -> Choices:
    if not viewer.may(Right.LEDGER_READ):
        return []
    behaviour = {one.key for one in (*BEHAVIOUR, LOSS)}
    return _choices(one for one in dimensions(tiers_today()) if one.key not in behaviour)


def _behaviour(viewer: Viewer) -> Choices:
    return _choices(BEHAVIOUR) if viewer.may(Right.LEDGER_READ) else []


def _loss(viewer: Viewer) -> Choices:
    return (
        [(f"loss.{key}", word) for key, word in LOSS.values.items()] if viewer.may(Right.LEDGER_READ) else []
    )


def _choices(asked: Iterable[Dimension]) -> Choices:
    return [
        (f"{one.key}.{key}", format_lazy("{} · {}", one.label, word))
        for one in asked
        for key, word in one.values.items()
    ]


def _blacklist(viewer: Viewer) -> Choices:
    return [("blacklist.on", _("在黑名单中"))] if viewer.may(Right.BLACKLIST_READ) else []


def _tags(viewer: Viewer) -> Choices:
    return [(tag.mark, tag.name) for tag in tags_of(viewer)]


marks.lend("tag", _tags)
marks.lend("blacklist", _blacklist)
marks.lend("tier", _tiers)
marks.lend("behaviour", _behaviour)
marks.lend("loss", _loss)
