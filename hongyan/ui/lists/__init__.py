"""The list pattern: declare a ListSpec, hand over a queryset, get filters, paging, columns, views
and bulk actions.
"""

from __future__ import annotations

from hongyan.ui.lists.conditions import (
    ChoiceTerm,
    ConditionsFilter,
    InstantTerm,
    NumberTerm,
    PrefixTerm,
    Term,
    YesNoTerm,
)
from hongyan.ui.lists.counting import Count, capped_count
from hongyan.ui.lists.filters import (
    BooleanFilter,
    Choice,
    ChoiceFilter,
    DateRange,
    DateRangeFilter,
    Filter,
    MultiFilter,
    TextFilter,
    TreeFilter,
)
from hongyan.ui.lists.page import ListPage, Notice, list_of, list_response
from hongyan.ui.lists.paging import Page, paginate, paginate_by
from hongyan.ui.lists.reading import READING, blinded, note_rows
from hongyan.ui.lists.spec import (
    Action,
    BulkAction,
    Column,
    Edit,
    EmptyState,
    ListSpec,
    Sort,
    lend_bulk_action,
)
from hongyan.ui.lists.state import ListState, asks_nothing
from hongyan.ui.lists.views import SavedView, ViewTab, find_list, offer_views, view_tabs

__all__ = [
    "READING",
    "Action",
    "BooleanFilter",
    "BulkAction",
    "Choice",
    "ChoiceFilter",
    "ChoiceTerm",
    "Column",
    "ConditionsFilter",
    "Count",
    "DateRange",
    "DateRangeFilter",
    "Edit",
    "EmptyState",
    "Filter",
    "InstantTerm",
    "ListPage",
    "ListSpec",
    "ListState",
    "MultiFilter",
    "Notice",
    "NumberTerm",
    "Page",
    "PrefixTerm",
    "SavedView",
    "Sort",
    "Term",
    "TextFilter",
    "TreeFilter",
    "ViewTab",
    "YesNoTerm",
    "asks_nothing",
    "blinded",
    "capped_count",
    "find_list",
    "lend_bulk_action",
    "list_of",
    "list_response",
    "note_rows",
    "offer_views",
    "paginate",
    "paginate_by",
    "view_tabs",
]
