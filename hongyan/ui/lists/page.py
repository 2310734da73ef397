"""A list as a page: parse the address, narrow, page, count, and render whole or only what HTMX swaps."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hongyan.core.time_limit import TooSlow, limited
from hongyan.ui.lists.counting import Count, capped_count
from hongyan.ui.lists.groups import Group, GroupingChoice, RowsOf, grouping_choices, groups_of
from hongyan.ui.lists.paging import Page, paginate
from hongyan.ui.lists.reading import note_rows
from hongyan.ui.lists.rows import rows_html
from hongyan.ui.lists.spec import Action, BulkAction, Column, ListSpec, lent_bulk_actions
from hongyan.ui.lists.state import ListState
from hongyan.ui.lists.views import SavedView, ViewTab, view_tabs

Text = str | Promise

SHARE_RIGHT = "view.share"


@dataclass(frozen=True)
class HeaderCell:
    """A column's header: where a click sorts, and how it is sorted now (``ascending``,
    ``descending``, empty).
    """

    column: Column
    sort_url: str
    direction: str


@dataclass(frozen=True)
class Notice:
    """What a room says above its list, with the way to more; it stands in the context as ``notice``."""

    text: Text
    url: str
    link: Text


@dataclass(frozen=True)
class ListPage:
    """Everything the list templates show, in one object called ``list``."""

    spec: ListSpec
    state: ListState
    page: Page[Any]
    count: Count
    rights: Container[str] = frozenset()
    views: Sequence[ViewTab] = ()
    save_as_url: str = ""
    groups: Sequence[Group] = ()
    warning: str = ""

    @cached_property
    def rows(self) -> SafeString:
        return rows_html(
            self.spec,
            self.state.columns,
            self.page.rows,
            selectable=bool(self.bulk_actions),
            rights=self.rights,
        )

    @cached_property
    def header(self) -> list[HeaderCell]:
        return [_header_cell(self.state, column) for column in self.state.columns]

    @cached_property
    def actions(self) -> list[Action]:
        return [action for action in self.spec.actions if self._may(action.right)]

    @cached_property
    def bulk_actions(self) -> list[BulkAction]:
        return [
            action
            for action in (*self.spec.bulk_actions, *lent_bulk_actions(self.spec.key))
            if self._may(action.right)
            and (action.any_right is None or any(map(self._may, action.any_right())))
        ]

    @property
    def may_share(self) -> bool:
        """Whether the reader may offer a view to others."""
        return SHARE_RIGHT in self.rights

    @property
    def may_export(self) -> bool:
        """Whether there is something to take away, and the reader may."""
        return bool(self.spec.export_right and self.page.rows) and self._may(self.spec.export_right)

    def _may(self, right: str) -> bool:
        return not right or right in self.rights

    @cached_property
    def active_view(self) -> ViewTab | None:
        return next((tab for tab in self.views if tab.is_active), None)

    @property
    def is_altered(self) -> bool:
        """Whether there is something worth saving as a view."""
        return self.active_view.is_altered if self.active_view else bool(self.state.kept_query)

    @cached_property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column with whether it is shown; shown ones first, in their order."""
        hidden = [column for column in self.spec.columns if column not in self.state.columns]
        return [(column, True) for column in self.state.columns] + [(column, False) for column in hidden]

    @property
    def problems(self) -> list[str]:
        """What in the address could not be used, and that the list is shown without it."""
        ignored = [_("{problem}已忽略。").format(problem=problem) for problem in self.state.problems]
        return [*ignored, *filter(None, (self.page.notice, self.warning))]

    @cached_property
    def groupings(self) -> list[GroupingChoice]:
        """By what the rows may be counted, and where that leads."""
        return grouping_choices(self.state)

    @property
    def ungrouped_url(self) -> str:
        return self.state.grouped_by("").link()

    @cached_property
    def next_url(self) -> str:
        return self.state.link(after=self.page.next_cursor) if self.page.next_cursor else ""

    @cached_property
    def previous_url(self) -> str:
        return self.state.link(before=self.page.previous_cursor) if self.page.previous_cursor else ""

    @property
    def exact_count_url(self) -> str:
        state = self.state
        return state.link(after=state.after, before=state.before, count="exact")


def _header_cell(state: ListState, column: Column) -> HeaderCell:
    sort = state.spec.sort_by_key.get(column.sort)
    if sort is None:
        return HeaderCell(column, "", "")
    current = "descending" if state.is_descending else "ascending"
    return HeaderCell(column, state.sorted_by(sort).link(), current if state.sort == sort else "")


def list_of(
    spec: ListSpec,
    state: ListState,
    queryset: QuerySet[Any],
    *,
    views: Iterable[SavedView] = (),
    rights: Container[str] = frozenset(),
    save_as_url: str = "",
    rows_of: RowsOf | None = None,
) -> ListPage:
    """The list at ``state`` over a queryset that is already narrowed to what the viewer may see.

    ``rows_of`` answers that queryset for another state, where filters choose what a list starts from; groups need it.
    While the reader chooses filters, no row is read. Where conditions were joined, or rows are counted by group, the
    database may look no longer than the list's limit; then the page says so instead of rows.
    """
    narrowed = queryset.none() if state.is_choosing else state.apply(queryset)

    def read() -> tuple[Page[Any], Count, Sequence[Group]]:
        page = paginate(
            narrowed, state, state.sort_fields, descending=state.is_descending, size=spec.page_size
        )
        if not state.group or not page.rows:
            return page, _count(narrowed, state, page), ()
        groups, count = groups_of(state, rows_of or (lambda _state: queryset))
        return page, _count(narrowed, state, page) if state.is_exact_count else count, groups

    warning = ""
    if is_costly(state):
        try:
            with limited(spec.limit_ms):
                page, count, groups = read()
        except TooSlow:
            page, count, groups = Page((), None, None), Count(0), ()
            warning = _("这些条件要查的数据太多，没有查完。请加上机构、创建日期等条件再试。")
    else:
        page, count, groups = read()
    return ListPage(
        spec, state, page, count, rights, view_tabs(state, views), save_as_url, groups=groups, warning=warning
    )


def is_costly(state: ListState) -> bool:
    """Whether what the reader asks may be served by no index."""
    asks_much = bool(state.group) or (state.conditions is not None and state.conditions.is_set)
    return asks_much and not state.is_choosing


def _count(narrowed: QuerySet[Any], state: ListState, page: Page[Any]) -> Count:
    if not (state.after or state.before or page.next_cursor):
        return Count(len(page.rows))  # the only page is all there is
    return capped_count(narrowed, None if state.is_exact_count else state.spec.count_cap)


def list_response(
    request: HttpRequest,
    shown: ListPage,
    *,
    template: str = "ui/list.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The whole page, or only the list where HTMX asked for it; the address bar gets the canonical
    address. For a reader who chooses filters, their form: as a drawer, or as a page without scripts.
    Rows of personal data are recorded as shown to the request's viewer.
    """
    if shown.state.is_choosing:
        what = "builder" if shown.state.builder else "filters"
        form = f"ui/lists/{what}{'_drawer' if 'HX-Request' in request.headers else ''}.html"
        return render(request, form, {"list": shown, **(context or {})})
    if shown.spec.audited_as:
        note_rows(request.viewer.actor, shown.state, len(shown.page.rows))  # type: ignore[attr-defined]
    if request.headers.get("HX-Target") != f"list-{shown.spec.key}":
        return render(request, template, {"list": shown, **(context or {})})
    response = render(request, "ui/lists/body.html", {"list": shown, **(context or {})})
    response["HX-Push-Url"] = request.path + shown.state.here
    return response
