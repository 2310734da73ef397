"""What this room tells on a customer's timeline (动态): moves from one class to another."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from hongyan.classes.codes import LOSS, Why
from hongyan.classes.models import ClassMove
from hongyan.classes.queries.rules import read_rules
from hongyan.classes.words import class_word, dimensions
from hongyan.customer.panels.timeline import CLASSES, Sight, Stream, word
from hongyan.customer.queries.timeline import Branch, Told, told
from hongyan.org.codes import Right
from hongyan.ui.records import TimelineEntry


def _moves(sight: Sight) -> Branch | None:
    if not sight.viewer.may(Right.LEDGER_READ):
        return None
    rows = ClassMove.objects.filter(customer_id__in=[one.pk for one in sight.record.members])
    return told(
        rows, at="as_of", dimension="dimension", was="was", becomes="becomes", why="why", rules="run__rules"
    )


def _move(_sight: Sight, one: Told) -> TimelineEntry:
    said = one.said
    known = {each.key: each for each in dimensions(read_rules(said["rules"]).tiers)}
    dimension = said["dimension"]
    was, becomes = (class_word(known, dimension, said[name]) for name in ("was", "becomes"))
    label = known[dimension].label if dimension in known else dimension
    return TimelineEntry(
        one.at.date(), pgettext_lazy("动态", "分类"), f"{label}：{was} → {becomes}", icon="category",
        text=word(Why, said["why"]), tone="warn" if dimension == LOSS.key and said["becomes"] else "",
    )  # fmt: skip


MOVES = Stream("class", CLASSES, _move, _moves)
