"""Filter kinds of a list: each reads its parameters, says what it means in words, and narrows a queryset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.personal_numbers import find_numbers

Text = str | Promise
Parameters = list[tuple[str, str]]


class Unusable(ValueError):
    """A filter value that cannot be used; the message is a sentence for the reader."""


class Choice(NamedTuple):
    """One option; ``depth`` indents options that form a tree."""

    value: str
    label: Text
    depth: int = 0


Option = Choice | tuple[str, Text]
Choices = Sequence[Option] | Callable[[Any], Sequence[Option]]


class DateRange(NamedTuple):
    """Days from ``start`` to ``end``, both included, either open."""

    start: date | None
    end: date | None


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What all filters share.

    ``field`` is the ORM field (default: the key). ``narrow(queryset, value)`` replaces the plain
    look-up where one field is not enough. ``quick`` puts the filter into the bar above the list
    instead of the drawer.
    """

    key: str
    label: Text
    field: str = ""
    quick: bool = False
    narrow: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None

    template: ClassVar[str] = ""
    is_typed: ClassVar[bool] = False
    """Whether its value is free text, which may name a person."""

    by_tabs: bool = False
    """Whether the list's own tabs choose it: then it is no condition that a reader would take off."""

    def options_for(self, _viewer: object) -> tuple[Choice, ...]:
        return ()

    def read(self, query: QueryDict, _viewer: object) -> Any:
        """The value in the address, None when absent. Errors: Unusable with a sentence for the
        reader.
        """
        raise NotImplementedError

    def write(self, value: Any) -> Parameters:
        """The parameters that ``read`` turns back into the value."""
        return [(self.key, str(value))]

    def describe(self, value: Any, _viewer: object) -> str:
        return str(value)

    def apply(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if self.narrow:
            return self.narrow(queryset, value)
        return queryset.filter(**self.lookups(value))

    def lookups(self, value: Any) -> dict[str, Any]:
        return {self.field or self.key: value}

    def parts(self, value: Any, viewer: object) -> list[tuple[Choice, Any]]:
        """The options by which rows are counted in groups, each with its value; of those chosen where some are."""
        chosen = {text for _key, text in self.write(value)} if value is not None else None
        options = [one for one in self.options_for(viewer) if chosen is None or one.value in chosen]
        return [(one, self.read(QueryDict(urlencode([(self.key, one.value)])), viewer)) for one in options]


@dataclass(frozen=True, kw_only=True)
class TextFilter(Filter):
    """A piece of text; ``lookup`` is the ORM look-up that compares it. What looks like a person's number is not used:
    addresses are kept by browsers, and sent on.
    """

    placeholder: Text = ""
    lookup: str = "icontains"
    max_length: int = 100

    template: ClassVar[str] = "ui/lists/filter_text.html"
    is_typed: ClassVar[bool] = True

    def read(self, query: QueryDict, _viewer: object) -> str | None:
        text = query.get(self.key, "").strip()
        if len(text) > self.max_length:
            raise Unusable(_("“{label}”最多 {count} 个字。").format(label=self.label, count=self.max_length))
        if find_numbers(text):
            raise Unusable(_("电话、证件号码和邮箱请在搜索框里查：它们不应出现在网址中。"))
        # PostgreSQL refuses NUL inside a text parameter.
        return text.replace("\0", "") or None

    def lookups(self, value: str) -> dict[str, Any]:
        return {f"{self.field or self.key}__{self.lookup}": value}


@dataclass(frozen=True, kw_only=True)
class BooleanFilter(Filter):
    """Yes, no, or no matter."""

    yes: Text = ""
    no: Text = ""

    template: ClassVar[str] = "ui/lists/filter_choice.html"

    def options_for(self, _viewer: object) -> tuple[Choice, ...]:
        return (
            Choice("1", self.yes or pgettext("filter", "是")),
            Choice("0", self.no or pgettext("filter", "否")),
        )

    def read(self, query: QueryDict, _viewer: object) -> bool | None:
        raw = query.get(self.key, "")
        if raw not in ("", "0", "1"):
            raise _unknown_value(self.label, raw)
        return None if raw == "" else raw == "1"

    def write(self, value: bool) -> Parameters:
        return [(self.key, "1" if value else "0")]

    def describe(self, value: bool, viewer: object) -> str:
        yes, no = self.options_for(viewer)
        return str(yes.label if value else no.label)


@dataclass(frozen=True, kw_only=True)
class ChoiceFilter(Filter):
    """One of some options; options that depend on the reader come from a callable that takes the viewer."""

    choices: Choices = ()

    template: ClassVar[str] = "ui/lists/filter_choice.html"

    def options_for(self, viewer: object) -> tuple[Choice, ...]:
        choices = self.choices(viewer) if callable(self.choices) else self.choices
        return tuple(Choice(*choice) for choice in choices)

    def read(self, query: QueryDict, viewer: object) -> str | None:
        raw = query.get(self.key, "")
        if raw and raw not in {option.value for option in self.options_for(viewer)}:
            raise _unknown_value(self.label, raw)
        return raw or None

    def describe(self, value: str, viewer: object) -> str:
        return _labels(self.options_for(viewer), (value,))


@dataclass(frozen=True, kw_only=True)
class MultiFilter(ChoiceFilter):
    """Any of the chosen options."""

    template: ClassVar[str] = "ui/lists/filter_multi.html"

    def read(self, query: QueryDict, viewer: object) -> tuple[str, ...] | None:  # type: ignore[override]
        raw = [value for value in query.getlist(self.key) if value]
        options = {option.value for option in self.options_for(viewer)}
        if unknown := [value for value in raw if value not in options]:
            raise _unknown_value(self.label, unknown[0])
        return tuple(dict.fromkeys(raw)) or None

    def write(self, value: tuple[str, ...]) -> Parameters:
        return [(self.key, one) for one in value]

    def describe(self, value: tuple[str, ...], viewer: object) -> str:  # type: ignore[override]
        return _labels(self.options_for(viewer), value)

    def lookups(self, value: tuple[str, ...]) -> dict[str, Any]:
        return {f"{self.field or self.key}__in": value}


@dataclass(frozen=True, kw_only=True)
class DateRangeFilter(Filter):
    """Days from … to …, both included."""

    template: ClassVar[str] = "ui/lists/filter_date_range.html"

    @property
    def start_key(self) -> str:
        return f"{self.key}_from"

    @property
    def end_key(self) -> str:
        return f"{self.key}_to"

    def read(self, query: QueryDict, _viewer: object) -> DateRange | None:
        start, end = (self._day(query.get(key, "")) for key in (self.start_key, self.end_key))
        if start and end and start > end:
            raise Unusable(_("“{label}”的开始日期晚于结束日期。").format(label=self.label))
        return DateRange(start, end) if start or end else None

    def _day(self, raw: str) -> date | None:
        try:
            day = date.fromisoformat(raw) if raw else None
        except ValueError:
            raise _unknown_value(self.label, raw) from None
        if day == date.max:  # lists of instants read up to the day after, which the calendar's last day lacks
            raise _unknown_value(self.label, raw)
        return day

    def write(self, value: DateRange) -> Parameters:
        pairs = ((self.start_key, value.start), (self.end_key, value.end))
        return [(key, day.isoformat()) for key, day in pairs if day]

    def describe(self, value: DateRange, _viewer: object) -> str:
        if value.end is None:
            return _("{day} 起").format(day=value.start)
        if value.start is None:
            return _("{day} 止").format(day=value.end)
        return _("{start} 至 {end}").format(start=value.start, end=value.end)

    def lookups(self, value: DateRange) -> dict[str, Any]:
        name = self.field or self.key
        bounds = {f"{name}__gte": value.start, f"{name}__lte": value.end}
        return {lookup: day for lookup, day in bounds.items() if day}


@dataclass(frozen=True, kw_only=True)
class TreeFilter(Filter):
    """One node of a tree with everything beneath it.

    ``find(viewer, value)`` answers the node, or None when it is absent or not the viewer's to see:
    a large tree is never loaded to check one value. ``options(viewer)`` are the nodes offered,
    indented by depth. ``narrow`` must include the descendants.
    """

    find: Callable[[Any, str], Choice | None]
    options: Callable[[Any], Sequence[Choice]]

    template: ClassVar[str] = "ui/lists/filter_choice.html"

    def options_for(self, viewer: object) -> tuple[Choice, ...]:
        return tuple(self.options(viewer))

    def read(self, query: QueryDict, viewer: object) -> str | None:
        raw = query.get(self.key, "")
        if raw and self.find(viewer, raw) is None:
            raise _unknown_value(self.label, raw)
        return raw or None

    def describe(self, value: str, viewer: object) -> str:
        node = self.find(viewer, value)
        return str(node.label) if node else value


def _unknown_value(label: Text, raw: str) -> Unusable:
    shown = raw if len(raw) <= 20 else f"{raw[:20]}…"
    return Unusable(_("“{label}”没有“{value}”这个选项。").format(label=label, value=shown))


def _labels(options: Sequence[Choice], values: Sequence[str]) -> str:
    words = {option.value: str(option.label) for option in options}
    return pgettext("list separator", "、").join(words.get(value, value) for value in values)
