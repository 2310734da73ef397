"""Where a reader stands in a list: filters, order, columns and position, all of it in the address.

Addresses are typed, cut and kept for years: an unknown or bad value never fails, it becomes a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hongyan.core.errors import Invalid
from hongyan.ui.lists.conditions import (
    BUILDING,
    FORM_JOINER,
    Builder,
    ConditionsFilter,
    Malformed,
    Tree,
    draft_of,
    parsed,
    stepped,
)
from hongyan.ui.lists.filters import Choice, Filter, Parameters, Unusable
from hongyan.ui.lists.spec import Column, ListSpec, Sort

RESERVED_KEYS = frozenset(
    {"sort", "cols", "after", "before", "view", "count", "filters", "group", BUILDING, FORM_JOINER}
)


@dataclass(frozen=True)
class BoundFilter:
    """A filter with the reader's value, for the page: its input, and the chip that takes it off again."""

    filter: Filter
    state: ListState

    @property
    def value(self) -> Any:
        return self.state.values.get(self.filter.key)

    @cached_property
    def remove_url(self) -> str:
        return self.state.without(self.filter.key).link()

    @cached_property
    def options(self) -> tuple[Choice, ...]:
        return self.filter.options_for(self.state.viewer)

    @property
    def is_set(self) -> bool:
        return self.value is not None

    @cached_property
    def chosen(self) -> frozenset[str]:
        """Option values to mark as chosen."""
        return (
            frozenset(value for _key, value in self.filter.write(self.value)) if self.is_set else frozenset()
        )

    @property
    def written(self) -> Parameters:
        """The parameters that bring the value back."""
        return self.filter.write(self.value) if self.is_set else []

    @cached_property
    def text(self) -> str:
        return self.filter.describe(self.value, self.state.viewer) if self.is_set else ""

    def __getattr__(self, name: str) -> Any:
        # Templates ask a bound filter for its key, label and so on.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.filter, name)


LANGUAGE = "lang"
"""What an address may carry besides that asks nothing of a list."""


def asks_nothing(query: QueryDict) -> bool:
    """Whether an address leaves it to the list how it opens; in which language it is read is no choice of rows."""
    return not set(query) - {LANGUAGE}


@dataclass(frozen=True)
class ListState:
    """The reader's choices for one list, checked against its spec.

    ``values`` holds the parsed value of each filter that is set. ``view`` is the saved view the
    reader came by. ``is_choosing`` when they asked for the form of all filters instead of rows, ``builder`` where
    it is the form that joins conditions by and/or. ``group`` is the filter by whose options the rows are counted.
    ``problems`` are sentences about what in the address could not be used.
    """

    spec: ListSpec
    values: Mapping[str, Any]
    sort: Sort | None
    is_descending: bool
    columns: tuple[Column, ...]
    after: str = ""
    before: str = ""
    view: str = ""
    is_exact_count: bool = False
    is_choosing: bool = False
    builder: Builder | None = None
    group: str = ""
    viewer: object = None
    problems: tuple[str, ...] = ()

    @classmethod
    def parse(cls, spec: ListSpec, query: QueryDict, *, viewer: object = None) -> ListState:
        values, problems = _read_filters(spec.filters, query, viewer)
        sort, is_descending, sort_problems = _read_sort(spec, query.get("sort", ""))
        columns, column_problems = _read_columns(spec, query.getlist("cols"))
        builder = _read_builder(spec, query, viewer)
        return cls(
            spec=spec,
            values=values,
            sort=sort,
            is_descending=is_descending,
            columns=columns,
            after=query.get("after", ""),
            before=query.get("before", ""),
            view=query.get("view", "")[:40],
            is_exact_count=query.get("count") == "exact",
            is_choosing="filters" in query or builder is not None,
            builder=builder,
            group=query.get("group", "") if query.get("group", "") in spec.groupings else "",
            viewer=viewer,
            problems=(*problems, *sort_problems, *column_problems),
        )

    @classmethod
    def parse_strictly(cls, spec: ListSpec, query: QueryDict, *, viewer: object = None) -> ListState:
        """The state for an act on all rows of a list, or for a program: nothing in the address is left out.

        A page goes on without a condition it cannot use and says so; an act would reach more rows than were meant.
        Errors: Invalid.
        """
        state = cls.parse(spec, query, viewer=viewer)
        if state.problems:
            raise Invalid({"": " ".join(state.problems)})
        return state

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The queryset narrowed by every filter that is set."""
        for one in self.spec.filters:
            if one.key in self.values:
                queryset = one.apply(queryset, self.values[one.key])
        return queryset

    @property
    def sort_fields(self) -> tuple[str, ...]:
        return self.sort.fields if self.sort else ()

    @property
    def sort_value(self) -> str:
        """The order as the address writes it: ``-opened`` or ``opened``; empty when it is the default."""
        if self.sort is None:
            return ""
        written = f"{'-' if self.is_descending else ''}{self.sort.key}"
        return "" if written == self.spec.default_sort else written

    @property
    def has_default_columns(self) -> bool:
        return self.columns == self.spec.default_columns

    @cached_property
    def query(self) -> str:
        """Filters, order and columns in one canonical form, without position."""
        return urlencode(self._parameters)

    @cached_property
    def kept_query(self) -> str:
        """What a saved view keeps: `query` without typed words, which may name a person; views are shared."""
        typed = {one.key for one in self.spec.filters if one.is_typed}
        return replace(
            self, values={key: value for key, value in self.values.items() if key not in typed}
        ).query

    @cached_property
    def _parameters(self) -> Parameters:
        pairs = [pair for one in self.spec.filters for pair in self._written(one)]
        if self.sort_value:
            pairs.append(("sort", self.sort_value))
        if not self.has_default_columns:
            pairs.append(("cols", ",".join(column.key for column in self.columns)))
        if self.group:
            pairs.append(("group", self.group))
        return pairs

    def _written(self, one: Filter) -> Parameters:
        return one.write(self.values[one.key]) if one.key in self.values else []

    def link(self, **position: str) -> str:
        """The address of this state: at its start, or at ``after=``/``before=`` a cursor, or with
        ``count=`` or ``filters=``.
        """
        pairs = [("view", self.view)] if self.view else []
        pairs += self._parameters
        pairs += [(key, value) for key, value in position.items() if value]
        # A lone “?” still drops the current query, where an empty reference would keep it.
        return f"?{urlencode(pairs)}"

    @property
    def here(self) -> str:
        """The canonical address of exactly this page."""
        return self.link(after=self.after, before=self.before)

    def without(self, key: str) -> ListState:
        return replace(self, values={name: value for name, value in self.values.items() if name != key})

    def having(self, key: str, value: Any) -> ListState:
        """The state with one filter set, from its start."""
        return replace(self, values={**self.values, key: value}, after="", before="")

    def grouped_by(self, group: str) -> ListState:
        return replace(self, group=group, after="", before="")

    def cleared(self) -> ListState:
        return replace(self, values={})

    def sorted_by(self, sort: Sort) -> ListState:
        """The state after a click on a header: its first direction, then the other one."""
        is_current = self.sort == sort
        return replace(
            self, sort=sort, is_descending=not self.is_descending if is_current else sort.is_descending
        )

    @cached_property
    def filters(self) -> tuple[BoundFilter, ...]:
        return tuple(BoundFilter(one, self) for one in self.spec.filters)

    @property
    def quick_filters(self) -> list[BoundFilter]:
        return [one for one in self.filters if one.filter.quick]

    @cached_property
    def chips(self) -> list[BoundFilter]:
        return [one for one in self.filters if one.is_set and not one.filter.by_tabs]

    @property
    def filters_url(self) -> str:
        """Where all filters are offered: a drawer fetches it, and it is a page where scripts do not run."""
        return self.link(filters="all")

    @cached_property
    def clear_url(self) -> str:
        return self.cleared().link()

    @cached_property
    def conditions(self) -> BoundFilter | None:
        """The filter of the conditions joined by and/or; None where the list has none."""
        return next((one for one in self.filters if isinstance(one.filter, ConditionsFilter)), None)

    @property
    def build_url(self) -> str:
        """Where conditions are joined by and/or: a drawer, and a page where scripts do not run."""
        return self.link(**{BUILDING: "open"})

    @property
    def carried_by_builder(self) -> Parameters:
        """What the builder must carry along: everything but the conditions it builds."""
        key = self.conditions.filter.key if self.conditions else ""
        pairs = [("view", self.view)] if self.view else []
        return pairs + [pair for pair in self._parameters if pair[0] != key]

    @property
    def carried(self) -> Parameters:
        """What the filter form must carry along: everything but the filters and the grouping it offers."""
        pairs = [("view", self.view), ("sort", self.sort_value)]
        pairs += [pair for pair in self._parameters if pair[0] == "cols"]
        return [pair for pair in pairs if pair[1]]

    @property
    def carried_by_quick(self) -> Parameters:
        """What the quick filters must carry along: `carried`, and the filters that stand in the drawer alone."""
        others = [one for one in self.spec.filters if not one.quick]
        group = [("group", self.group)] if self.group else []
        return self.carried + group + [pair for one in others for pair in self._written(one)]

    @property
    def carried_by_columns(self) -> Parameters:
        """What the column form must carry along: everything but the columns."""
        pairs = [("view", self.view)] if self.view else []
        return pairs + [pair for pair in self._parameters if pair[0] != "cols"]


def _read_filters(
    filters: Iterable[Filter], query: QueryDict, viewer: object
) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for one in filters:
        try:
            value = one.read(query, viewer)
        except Unusable as unusable:
            problems.append(str(unusable))
            continue
        if value is not None:
            values[one.key] = value
    return values, problems


def _read_builder(spec: ListSpec, query: QueryDict, viewer: object) -> Builder | None:
    """The form that joins conditions, as far as it is filled in; None where it was not asked for."""
    found = next((one for one in spec.filters if isinstance(one, ConditionsFilter)), None)
    if found is None or BUILDING not in query:
        return None
    try:
        stored = parsed(query.get(found.key, "")) if FORM_JOINER not in query else draft_of(query)
    except Malformed:
        stored = Tree()
    return Builder(found, stepped(stored, query.get(BUILDING, "")[:20]), viewer)


def _read_sort(spec: ListSpec, raw: str) -> tuple[Sort | None, bool, list[str]]:
    problems = []
    if raw and raw.removeprefix("-") not in spec.sort_by_key:
        problems.append(_("没有这种排序方式。"))
        raw = ""
    chosen = raw or spec.default_sort
    return spec.sort_by_key.get(chosen.removeprefix("-")), chosen.startswith("-"), problems


def _read_columns(spec: ListSpec, raw: Sequence[str]) -> tuple[tuple[Column, ...], list[str]]:
    """Columns in the asked order, from ``cols=a,b`` (links) or repeated ``cols=a&cols=b`` (the form)."""
    keys = [key for part in raw for key in part.split(",") if key]
    known = tuple(spec.column_by_key[key] for key in dict.fromkeys(keys) if key in spec.column_by_key)
    problems = [_("有些列已经不存在。")] if any(key not in spec.column_by_key for key in keys) else []
    return known or spec.default_columns, problems
