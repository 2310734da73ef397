"""What stands in the files of moves between classes (导出分类变动)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.classes.codes import Why
from hongyan.classes.lists import MOVES
from hongyan.classes.queries.access import require_lines
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
