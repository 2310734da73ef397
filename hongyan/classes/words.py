"""Classes in words, in the reader's language (分类用语)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.classes.codes import BEHAVIOUR, LOSS, Dimension
from hongyan.classes.models import ClassMove
from hongyan.classes.queries.rules import read_rules
from hongyan.classes.rules.tiers import Tier

Text = str | Promise

_SHIPPED: dict[str, Promise] = {
    "寄递客户等级": pgettext_lazy("分级方案", "寄递客户等级"),
    "重点关注": pgettext_lazy("分级方案", "重点关注"),
    "钻石": pgettext_lazy("客户等级", "钻石"),
    "铂金": pgettext_lazy("客户等级", "铂金"),
    "黄金": pgettext_lazy("客户等级", "黄金"),
    "白银": pgettext_lazy("客户等级", "白银"),
    "1000万元档": pgettext_lazy("客户等级", "1000万元档"),
    "500万元档": pgettext_lazy("客户等级", "500万元档"),
    "300万元档": pgettext_lazy("客户等级", "300万元档"),
    "200万元档": pgettext_lazy("客户等级", "200万元档"),
    "100万元档": pgettext_lazy("客户等级", "100万元档"),
    "60万元档": pgettext_lazy("客户等级", "60万元档"),
    "12万元档": pgettext_lazy("客户等级", "12万元档"),
    "6万元档": pgettext_lazy("客户等级", "6万元档"),
}
"""The names in the tables we ship; others are data and stand as they were written."""


def named(name: str) -> Text:
    """A name of the table of tiers, translated where it is one we ship."""
    return _SHIPPED.get(name, name)


def dimensions(tiers: Iterable[Tier]) -> list[Dimension]:
    """All questions that classes answer: schemes as their table lists them, then behaviour, then loss."""
    schemes: dict[str, Dimension] = {}
    for tier in tiers:
        known = schemes.get(tier.scheme)
        values = {**known.values, tier.tier: named(tier.name)} if known else {tier.tier: named(tier.name)}
        schemes[tier.scheme] = Dimension(tier.scheme, named(tier.scheme_name), values)
    return [*schemes.values(), *BEHAVIOUR, LOSS]


def class_word(known: dict[str, Dimension], dimension: str, value: str) -> str:
    """A class in words; its code where the rules no longer have it."""
    if not value:
        return str(_("无"))
    return str(known[dimension].values.get(value, value)) if dimension in known else value


def known_at(move: ClassMove) -> dict[str, Dimension]:
    """The classes there were when somebody moved, by the rules its run kept; worked out once a row."""
    if not hasattr(move, "known"):
        move.known = {one.key: one for one in dimensions(read_rules(move.run.rules).tiers)}  # type: ignore[attr-defined]
    known: dict[str, Dimension] = move.known  # type: ignore[attr-defined]
    return known


def dimension_word(move: ClassMove) -> str:
    """Which question a move is about, in words."""
    known = known_at(move)
    return str(known[move.dimension].label) if move.dimension in known else move.dimension


def was_word(move: ClassMove) -> str:
    """The class before, in words."""
    return class_word(known_at(move), move.dimension, move.was)


def becomes_word(move: ClassMove) -> str:
    """The class after, in words."""
    return class_word(known_at(move), move.dimension, move.becomes)
