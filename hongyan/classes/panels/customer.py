"""The classes of a customer with the figures behind them (分类), a tab of the customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hongyan.classes.codes import BEHAVIOUR, LOSS, Dimension, Loss
from hongyan.classes.models import BlacklistEntry, ClassMove, CustomerClass, Tag
from hongyan.classes.panels.blacklist import lines_of_entry, state_of
from hongyan.classes.panels.tags import chip_of
from hongyan.classes.queries.access import require_lines
from hongyan.classes.queries.blacklist import entries_about
from hongyan.classes.queries.classes import class_of, history_of
from hongyan.classes.queries.rules import tiers_today
from hongyan.classes.queries.tags import tags_on, tags_to_set
from hongyan.classes.rules.tiers import Tier
from hongyan.classes.words import becomes_word, class_word, dimension_word, dimensions, was_word
from hongyan.customer.panels import Asked
from hongyan.customer.queries.records import CustomerRecord
from hongyan.org.codes import Right, Viewer
from hongyan.ui.cells import badge, chips, money, when
from hongyan.ui.records import Field

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Answer:
    """One class the customer is in, since when, and why in words."""

    label: Text
    value: SafeString | str
    since: date
    why: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move from a class to another."""

    move: ClassMove
    dimension: str
    was: str
    becomes: str
    why: str


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One entry of the blacklist, with its page."""

    entry: BlacklistEntry
    state: SafeString
    reason: str
    lines: str
    url: str


@dataclass(frozen=True, slots=True)
class TagOn:
    """A tag the customer bears."""

    tag: Tag
    chip: SafeString


@dataclass(frozen=True, slots=True)
class Classes:
    """What the tab shows; without `answers` mail and express know nothing of the customer yet."""

    answers: Sequence[Answer]
    figures: Sequence[Field]
    moves: Sequence[MoveRow]
    code: str = ""
    tags: Sequence[TagOn] = ()
    tags_to_set: Sequence[Tag] = ()
    may_tag: bool = False
    blocks: Sequence[BlockRow] = ()
    block_url: str = ""


def classes(viewer: Viewer, record: CustomerRecord, _asked: Asked) -> Classes:
    """The query of the panel 分类. Six queries. Errors: NotAllowed for whoever may not see business."""
    require_lines(viewer)
    codes = [record.customer.pk, *(alias.pk for alias in record.aliases)]
    moves, blocks = history_of(codes), entries_about(viewer, codes)
    borne = tags_on(viewer, codes)
    may_tag = viewer.may(Right.TAG_SET)
    told = Classes(
        (), (), [_move_row(move) for move in moves], record.customer.code,
        [TagOn(tag, chips([chip_of(tag)])) for tag in borne],
        [tag for tag in tags_to_set(viewer) if tag not in borne] if may_tag else (), may_tag,
        [_block_row(entry) for entry in blocks],
        reverse("classes:new_block", args=[record.customer.code]) if viewer.may(Right.BLACKLIST_EDIT) else "",
    )  # fmt: skip
    stored = class_of(record.customer.pk)
    if stored is None:
        return told
    tiers, since = tiers_today(), _since(stored, moves, record.customer.pk)
    answers = [_answer(one, stored, tiers, since) for one in dimensions(tiers)]
    return replace(told, answers=answers, figures=_figures(stored))


def _block_row(entry: BlacklistEntry) -> BlockRow:
    return BlockRow(
        entry, state_of(entry), str(entry.get_reason_display()), lines_of_entry(entry),
        reverse("classes:block", args=[entry.pk]),
    )  # fmt: skip


def _since(stored: CustomerClass, moves: Sequence[ClassMove], customer_id: int) -> dict[str, date]:
    """Question → the day of the last move; what never moved stands since the first classification."""
    own = [move for move in moves if move.customer_id == customer_id]
    return {"": stored.since} | {move.dimension: move.as_of for move in reversed(own)}


def _answer(one: Dimension, stored: CustomerClass, tiers: Sequence[Tier], since: dict[str, date]) -> Answer:
    found = dict(mark.split(".", 1) for mark in stored.marks).get(one.key, "")
    word = class_word({one.key: one}, one.key, found)
    shown = (
        badge(word, "warn" if found in {Loss.EARLY, Loss.REDUCED} else "bad")
        if one == LOSS and found
        else word
    )
    return Answer(one.label, shown, since.get(one.key, since[""]), _why(one, found, stored, tiers))


def _why(one: Dimension, found: str, stored: CustomerClass, tiers: Sequence[Tier]) -> str:
    if one == LOSS:
        return _loss_in_words(found, stored)
    if one in BEHAVIOUR:
        return _behaviour_in_words(one.key, stored)
    own = [tier for tier in tiers if tier.scheme == one.key]
    revenue = stored.month if own and own[0].basis == "month" else stored.year
    told = _("上月收入 {revenue}") if own and own[0].basis == "month" else _("近 12 个月收入 {revenue}")
    above = min((tier.floor for tier in own if tier.floor > revenue), default=None)
    words = told.format(revenue=_yuan(revenue))
    return words + _("，距上一级差 {gap}").format(gap=_yuan(above - revenue)) if above is not None else words


def _behaviour_in_words(key: str, stored: CustomerClass) -> str:
    if key == "activity":
        told = _("{day} 登记，近几个月收入 {revenue}")
        return told.format(day=stored.registered_on, revenue=_yuan(stored.lately))
    if key == "worth":
        told = _("上月收入 {month}，近 12 个月 {year}")
        return told.format(month=_yuan(stored.month), year=_yuan(stored.year))
    return _("近 12 个月收入 {year}，本月至今 {running}").format(
        year=_yuan(stored.year), running=_yuan(stored.running)
    )


def _loss_in_words(found: str, stored: CustomerClass) -> str:
    if found == Loss.YEAR:
        return _("再往前 12 个月有收入 {before}，近 12 个月没有").format(before=_yuan(stored.year_before))
    told = _("上月收入 {now}，上年同月 {then}")
    return told.format(now=_yuan(stored.month), then=_yuan(stored.month_year_ago))


def _yuan(value: Decimal) -> str:
    return f"¥{value:,.2f}"


def _figures(stored: CustomerClass) -> list[Field]:
    return [
        Field(_("上月收入"), money(stored.month)),
        Field(_("上年同月收入"), money(stored.month_year_ago)),
        Field(_("近 12 个月收入"), money(stored.year)),
        Field(_("再往前 12 个月收入"), money(stored.year_before)),
        Field(_("本月至今收入"), money(stored.running)),
        Field(_("登记日期"), when(stored.registered_on)),
    ]


def _move_row(move: ClassMove) -> MoveRow:
    return MoveRow(
        move, dimension_word(move), was_word(move), becomes_word(move), str(move.get_why_display())
    )
