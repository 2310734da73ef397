"""What stands in the files of moves between classes (导出分类变动)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.classes.codes import BlockState, Why
from hongyan.classes.lists import BLACKLIST, MOVES
from hongyan.classes.panels.blacklist import lines_of_entry
from hongyan.classes.queries.access import require_lines
from hongyan.classes.queries.blacklist import entries_of
from hongyan.classes.queries.classes import moves_of
from hongyan.classes.words import becomes_word, dimension_word, was_word
from hongyan.customer.codes import Purpose
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import ListState

_COLUMNS: Columns = (
    (gettext_lazy("日期"), lambda move: move.as_of),
    (gettext_lazy("客户编码"), lambda move: move.customer.code),
    (gettext_lazy("名称"), lambda move: move.customer.name),
    (pgettext_lazy("分类变动", "分类"), dimension_word),
    (pgettext_lazy("分类变动", "原来"), was_word),
    (pgettext_lazy("分类变动", "现在"), becomes_word),
    (gettext_lazy("变动原因"), lambda move: Why(move.why).label),
    (gettext_lazy("上月收入"), lambda move: move.month),
    (gettext_lazy("近 12 个月收入"), lambda move: move.year),
)


def read_moves(viewer: Viewer, query: QueryDict) -> Found:
    """The moves that an address lists. Errors: NotAllowed for whoever may not see business."""
    require_lines(viewer)
    state = ListState.parse(MOVES, query, viewer=viewer)
    return Found(state, state.apply(moves_of(viewer)), _COLUMNS)


register(
    Source(
        MOVES.key,
        MOVES.title,
        Right.CUSTOMER_EXPORT,
        "classes:moves",
        purposes=Purpose.choices,
        read=read_moves,
    )
)


_BLACKLIST: Columns = (
    (gettext_lazy("编号"), lambda entry: entry.number),
    (gettext_lazy("客户编码"), lambda entry: entry.customer.code),
    (gettext_lazy("名称"), lambda entry: entry.customer.name),
    (gettext_lazy("状态"), lambda entry: BlockState(entry.state).label),
    (gettext_lazy("原因"), lambda entry: entry.get_reason_display()),
    (gettext_lazy("说明"), lambda entry: entry.note),
    (gettext_lazy("业务板块"), lines_of_entry),
    (gettext_lazy("列入日期"), lambda entry: entry.since),
    (gettext_lazy("截止日期"), lambda entry: entry.until or ""),
)


def read_blacklist(viewer: Viewer, query: QueryDict) -> Found:
    """The entries that an address lists. Errors: NotAllowed for whoever may not see the blacklist."""
    entries = entries_of(viewer)
    state = ListState.parse(BLACKLIST, query, viewer=viewer)
    return Found(state, state.apply(entries), _BLACKLIST)


register(
    Source(
        BLACKLIST.key,
        BLACKLIST.title,
        Right.CUSTOMER_EXPORT,
        "classes:blacklist",
        purposes=Purpose.choices,
        read=read_blacklist,
    )
)
