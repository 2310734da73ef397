"""Conditions joined by and/or (条件组合): what a reader builds beyond the plain filters of a list.

A list declares the fields it may be asked by as terms, each with the index that finds its rows or keeps them few. What
was built stands in the address as one short text of letters that need no escaping:

    any~~all~kind.is.A.B~created.last.30~~all~review.is.1

reads: any of two groups; all of the first group's conditions; all of the second's. Nothing else of it is evaluated, and
it is bounded in length, groups and conditions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core.clock import BUSINESS_ZONE, business_date
from hongyan.ui.lists.filters import Choice, Choices, Filter, Parameters, Text, Unusable

ALL, ANY = "all", "any"
JOINERS = (ALL, ANY)
MOST_GROUPS = 5
MOST_IN_GROUP = 8
MOST_VALUES = 20
LONGEST = 900
MOST_DAYS = 3660

_VALUE = re.compile(r"[\w-]{1,40}", re.ASCII)


class Malformed(ValueError):
    """A text that is none of ours: cut, or altered."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a term, what is asked of it, and the values it is asked by."""

    key: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all or any must hold."""

    joiner: str = ALL
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """Groups of which all or any must hold."""

    joiner: str = ALL
    groups: tuple[Group, ...] = ()

    @property
    def size(self) -> int:
        return sum(len(group.conditions) for group in self.groups)


def written(tree: Tree) -> str:
    """A tree as an address has it.

    >>> written(Tree("any", (Group("all", (Condition("kind", "is", ("A", "B")),)),)))
    'any~~all~kind.is.A.B'
    """
    groups = ["~".join((group.joiner, *map(_written_condition, group.conditions))) for group in tree.groups]
    return "~~".join((tree.joiner, *groups))


def _written_condition(one: Condition) -> str:
    return ".".join((one.key, one.operator, *one.values))


def parsed(text: str) -> Tree:
    """The tree of an address; it may still name what a list does not know.

    Errors: Malformed.

    >>> parsed("all~~any~review.is.1").groups[0].joiner
    'any'
    """
    if len(text) > LONGEST:
        raise Malformed(len(text))
    joiner, *groups = text.split("~~")
    if joiner not in JOINERS or not 0 < len(groups) <= MOST_GROUPS:
        raise Malformed(text)
    return Tree(joiner, tuple(_parsed_group(group) for group in groups))


def _parsed_group(text: str) -> Group:
    joiner, *conditions = text.split("~")
    if joiner not in JOINERS or not 0 < len(conditions) <= MOST_IN_GROUP:
        raise Malformed(text)
    return Group(joiner, tuple(_parsed_condition(one) for one in conditions))


def _parsed_condition(text: str) -> Condition:
    key, operator, *values = [*text.split("."), ""] if "." not in text else text.split(".")
    if not 0 < len(values) <= MOST_VALUES or not all(
        _VALUE.fullmatch(one) for one in (key, operator, *values)
    ):
        raise Malformed(text)
    return Condition(key, operator, tuple(values))


# --- what a list may be asked by


@dataclass(frozen=True, kw_only=True)
class Term:
    """A field that conditions may ask. `index` says which index finds its rows, or why they stay few to read.

    `field` is the ORM field (default: the key); `ask(viewer, value)` replaces the plain look-up of one value.
    """

    key: str
    label: Text
    index: str
    field: str = ""
    ask: Callable[[Any, str], Q] | None = None

    operators: ClassVar[Mapping[str, Text]] = {}
    takes_many: ClassVar[bool] = False
    template: ClassVar[str] = "ui/lists/condition_text.html"

    def options_for(self, _viewer: object) -> tuple[Choice, ...]:
        return ()

    def input_type(self, operator: str) -> str:  # noqa: ARG002 - by the kind of term
        return "text"

    def check(self, operator: str, values: tuple[str, ...], viewer: object) -> tuple[str, ...]:
        """The values as they stand in the address. Errors: Unusable with a sentence for the reader."""
        raise NotImplementedError

    def describe(self, operator: str, values: tuple[str, ...], viewer: object) -> str:
        return f"{self.operators[operator]} {self.spoken(values, viewer)}"

    def spoken(self, values: tuple[str, ...], viewer: object) -> str:  # noqa: ARG002
        return values[0]

    def q(self, operator: str, values: tuple[str, ...], viewer: object) -> Q:
        raise NotImplementedError

    @property
    def name(self) -> str:
        return self.field or self.key

    def bad(self, raw: str) -> Unusable:
        shown = raw if len(raw) <= 20 else f"{raw[:20]}…"
        return Unusable(_("“{label}”不能用“{value}”来比较。").format(label=self.label, value=shown))


@dataclass(frozen=True, kw_only=True)
class ChoiceTerm(Term):
    """Is, or is not, any of some options."""

    choices: Choices = ()

    operators: ClassVar[Mapping[str, Text]] = {
        "is": pgettext_lazy("条件", "是"),
        "not": pgettext_lazy("条件", "不是"),
    }
    takes_many: ClassVar[bool] = True
    template: ClassVar[str] = "ui/lists/condition_choice.html"

    def options_for(self, viewer: object) -> tuple[Choice, ...]:
        choices = self.choices(viewer) if callable(self.choices) else self.choices
        return tuple(Choice(*choice) for choice in choices)

    def check(self, operator: str, values: tuple[str, ...], viewer: object) -> tuple[str, ...]:  # noqa: ARG002
        options = {option.value for option in self.options_for(viewer)}
        if unknown := [value for value in values if value not in options]:
            raise self.bad(unknown[0])
        return tuple(dict.fromkeys(values))

    def spoken(self, values: tuple[str, ...], viewer: object) -> str:
        words = {option.value: str(option.label) for option in self.options_for(viewer)}
        return pgettext("list separator", "、").join(words.get(value, value) for value in values)

    def q(self, operator: str, values: tuple[str, ...], viewer: object) -> Q:
        any_of = (
            reduce(or_, (self.ask(viewer, value) for value in values))
            if self.ask
            else Q(**{f"{self.name}__in": values})
        )
        return ~any_of if operator == "not" else any_of


@dataclass(frozen=True, kw_only=True)
class YesNoTerm(ChoiceTerm):
    """Yes or no, of a column that is either."""

    takes_many: ClassVar[bool] = False
    operators: ClassVar[Mapping[str, Text]] = {"is": pgettext_lazy("条件", "是")}

    def q(self, operator: str, values: tuple[str, ...], viewer: object) -> Q:  # noqa: ARG002
        return Q(**{self.name: values[0] == "1"})


@dataclass(frozen=True, kw_only=True)
class NumberTerm(Term):
    """A whole number between two bounds."""

    least: int = 0
    most: int = 10**9

    operators: ClassVar[Mapping[str, Text]] = {
        "eq": pgettext_lazy("条件", "等于"),
        "ge": pgettext_lazy("条件", "不小于"),
        "le": pgettext_lazy("条件", "不大于"),
    }
    _LOOKUPS: ClassVar[Mapping[str, str]] = {"eq": "exact", "ge": "gte", "le": "lte"}

    def input_type(self, operator: str) -> str:  # noqa: ARG002
        return "number"

    def check(self, operator: str, values: tuple[str, ...], viewer: object) -> tuple[str, ...]:  # noqa: ARG002
        raw = values[0]
        if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and self.least <= int(raw) <= self.most):
            raise self.bad(raw)
        return (str(int(raw)),)

    def q(self, operator: str, values: tuple[str, ...], viewer: object) -> Q:  # noqa: ARG002
        return Q(**{f"{self.name}__{self._LOOKUPS[operator]}": int(values[0])})


@dataclass(frozen=True, kw_only=True)
class PrefixTerm(Term):
    """The beginning of a code without meaning for a person; `pattern` is what may be asked."""

    pattern: str = r"\d{1,12}"

    operators: ClassVar[Mapping[str, Text]] = {
        "starts": pgettext_lazy("条件", "开头是"),
        "not": pgettext_lazy("条件", "开头不是"),
    }

    def check(self, operator: str, values: tuple[str, ...], viewer: object) -> tuple[str, ...]:  # noqa: ARG002
        if not re.fullmatch(self.pattern, values[0], re.ASCII):
            raise self.bad(values[0])
        return (values[0],)

    def q(self, operator: str, values: tuple[str, ...], viewer: object) -> Q:
        found = self.ask(viewer, values[0]) if self.ask else Q(**{f"{self.name}__startswith": values[0]})
        return ~found if operator == "not" else found


@dataclass(frozen=True, kw_only=True)
class InstantTerm(Term):
    """An instant, asked by business days: on or after, on or before, within or beyond the last days.

    The last days move on with the calendar, so that a saved view stays what its name says.
    """

    operators: ClassVar[Mapping[str, Text]] = {
        "from": pgettext_lazy("条件", "不早于"),
        "to": pgettext_lazy("条件", "不晚于"),
        "last": pgettext_lazy("条件", "在最近几天内"),
        "beyond": pgettext_lazy("条件", "在几天以前"),
    }

    def input_type(self, operator: str) -> str:
        return "date" if operator in {"from", "to"} else "number"

    def check(self, operator: str, values: tuple[str, ...], viewer: object) -> tuple[str, ...]:  # noqa: ARG002
        raw = values[0]
        if operator in {"from", "to"}:
            return (self._day(raw).isoformat(),)
        if not (raw.isascii() and raw.isdigit() and len(raw) < 6 and 0 < int(raw) <= MOST_DAYS):
            raise self.bad(raw)
        return (str(int(raw)),)

    def _day(self, raw: str) -> date:
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            raise self.bad(raw) from None
        if day == date.max:
            raise self.bad(raw)
        return day

    def spoken(self, values: tuple[str, ...], viewer: object) -> str:  # noqa: ARG002
        return values[0] if "-" in values[0] else _("{days} 天").format(days=values[0])

    def q(self, operator: str, values: tuple[str, ...], viewer: object) -> Q:  # noqa: ARG002
        match operator:
            case "from":
                return Q(**{f"{self.name}__gte": _begin(self._day(values[0]))})
            case "to":
                return Q(**{f"{self.name}__lt": _begin(self._day(values[0]) + timedelta(days=1))})
        edge = _begin(business_date() - timedelta(days=int(values[0]) - 1))
        return Q(**{f"{self.name}__{'gte' if operator == 'last' else 'lt'}": edge})


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, BUSINESS_ZONE)


# --- the filter that holds them

_NAME = gettext_lazy("条件组合")


@dataclass(frozen=True, slots=True)
class Built:
    """A tree that a list knows in every part, and who asks."""

    tree: Tree
    viewer: object


@dataclass(frozen=True, kw_only=True)
class ConditionsFilter(Filter):
    """All conditions a reader built, as one filter of the list: kept, exported and audited like any other."""

    key: str = "where"
    label: Text = _NAME
    terms: tuple[Term, ...] = ()

    template: ClassVar[str] = "ui/lists/filter_conditions.html"

    @cached_property
    def term_by_key(self) -> Mapping[str, Term]:
        return {term.key: term for term in self.terms}

    def read(self, query: QueryDict, viewer: object) -> Built | None:
        if BUILDING in query:
            return None  # what is being built need not be whole yet
        if FORM_JOINER in query:
            return self.checked(draft_of(query), viewer)
        text = query.get(self.key, "")
        if not text:
            return None
        try:
            return self.checked(parsed(text), viewer)
        except Malformed:
            raise Unusable(_("条件组合不完整或太长，请重新设置。")) from None

    def checked(self, tree: Tree, viewer: object) -> Built | None:
        """A tree without what was left blank; None for nothing. Errors: Unusable for what this list cannot be asked."""
        groups = [
            Group(
                group.joiner,
                tuple(self._checked(one, viewer) for one in group.conditions if one.key),
            )
            for group in tree.groups
        ]
        whole = Tree(tree.joiner, tuple(group for group in groups if group.conditions))
        if len(written(whole)) > LONGEST:
            raise Unusable(_("条件组合不完整或太长，请重新设置。"))
        return Built(whole, viewer) if whole.groups else None

    def _checked(self, one: Condition, viewer: object) -> Condition:
        term = self.term_by_key.get(one.key)
        if term is None or one.operator not in term.operators:
            raise Unusable(_("条件组合里有这个列表不能用的条件。"))
        values = tuple(value for value in one.values if value)
        if not values:
            raise Unusable(_("条件组合里的“{label}”还没有选值。").format(label=term.label))
        return replace(one, values=term.check(one.operator, values[:MOST_VALUES], viewer))

    def write(self, value: Built) -> Parameters:
        return [(self.key, written(value.tree))]

    def describe(self, value: Built, viewer: object) -> str:
        groups = [self._spoken(group, viewer) for group in value.tree.groups]
        if len(groups) == 1:
            return groups[0]
        return joining_word(value.tree.joiner).join(
            f"({text})" if len(group.conditions) > 1 else text
            for group, text in zip(value.tree.groups, groups, strict=True)
        )

    def _spoken(self, group: Group, viewer: object) -> str:
        terms = self.term_by_key
        return joining_word(group.joiner).join(
            f"{terms[one.key].label} {terms[one.key].describe(one.operator, one.values, viewer)}"
            for one in group.conditions
        )

    def apply(self, queryset: QuerySet[Any], value: Built) -> QuerySet[Any]:
        return queryset.filter(self.q(value))

    def q(self, value: Built) -> Q:
        """The tree as one condition of the database."""
        return _joined(
            value.tree.joiner,
            [
                _joined(
                    group.joiner,
                    [
                        self.term_by_key[one.key].q(one.operator, one.values, value.viewer)
                        for one in group.conditions
                    ],
                )
                for group in value.tree.groups
            ],
        )


def _joined(joiner: str, conditions: Sequence[Q]) -> Q:
    return reduce(and_ if joiner == ALL else or_, conditions)


def joining_word(joiner: str) -> str:
    return pgettext("条件", " 且 ") if joiner == ALL else pgettext("条件", " 或 ")


# --- the form that builds one; each step is a plain request, so it works without scripts

BUILDING = "build"
"""Asks for the form instead of rows; its value is what to do to it: `row-0`, `group`, `drop-0-1`, `open`."""

FORM_JOINER = "wj"
_STEP = re.compile(r"(row|drop)-(\d)(?:-(\d))?|group")


def draft_of(query: QueryDict) -> Tree:
    """What the fields of the form say, whole or not, within the bounds of an address."""
    groups = []
    for g in range(MOST_GROUPS):
        rows = [
            Condition(
                query.get(f"w{g}.{c}f", "")[:40],
                query.get(f"w{g}.{c}o", "")[:40],
                tuple(value.strip()[:40] for value in query.getlist(f"w{g}.{c}v")[:MOST_VALUES]),
            )
            for c in range(MOST_IN_GROUP)
            if f"w{g}.{c}f" in query
        ]
        if rows:
            groups.append(Group(_joiner(query.get(f"w{g}j")), tuple(rows)))
    return Tree(_joiner(query.get(FORM_JOINER)), tuple(groups))


def _joiner(raw: str | None) -> str:
    return raw if raw in JOINERS else ALL


def stepped(tree: Tree, step: str) -> Tree:
    """A draft after one step of the form; a draft always has a group with a row to begin with.

    >>> stepped(Tree(), "open").size, stepped(Tree(), "group").size
    (1, 2)
    """
    groups = list(tree.groups) or [Group(ALL, (Condition(),))]
    found = _STEP.fullmatch(step)
    if found and step == "group" and len(groups) < MOST_GROUPS:
        groups.append(Group(ALL, (Condition(),)))
    elif found and found[1] and int(found[2]) < len(groups):
        g = int(found[2])
        rows = list(groups[g].conditions)
        if found[1] == "row" and len(rows) < MOST_IN_GROUP:
            rows.append(Condition())
        elif found[1] == "drop" and found[3] and int(found[3]) < len(rows):
            del rows[int(found[3])]
        groups[g] = replace(groups[g], conditions=tuple(rows))
    left = tuple(group for group in groups if group.conditions)
    return replace(tree, groups=left or (Group(ALL, (Condition(),)),))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form: what was chosen, and what can be."""

    name: str
    number: int
    drop: str
    term: Term | None
    operator: str
    values: tuple[str, ...]
    options: tuple[Choice, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def input_type(self) -> str:
        return self.term.input_type(self.operator) if self.term else "text"


@dataclass(frozen=True, slots=True)
class FormGroup:
    """One group of the form."""

    name: str
    number: int
    joiner: str
    rows: list[Row]
    add: str
    may_grow: bool


@dataclass(frozen=True)
class Builder:
    """The form for a tree that may not be whole yet."""

    filter: ConditionsFilter
    tree: Tree
    viewer: object
    groups: list[FormGroup] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", [self._group(g, one) for g, one in enumerate(self.tree.groups)])

    @property
    def may_grow(self) -> bool:
        return len(self.tree.groups) < MOST_GROUPS

    def _group(self, g: int, group: Group) -> FormGroup:
        rows = [self._row(g, c, one) for c, one in enumerate(group.conditions)]
        return FormGroup(f"w{g}", g + 1, group.joiner, rows, f"row-{g}", len(rows) < MOST_IN_GROUP)

    def _row(self, g: int, c: int, one: Condition) -> Row:
        term, name = self.filter.term_by_key.get(one.key), f"w{g}.{c}"
        if term is None:
            return Row(name, c + 1, f"drop-{g}-{c}", None, "", ())
        operator = one.operator if one.operator in term.operators else next(iter(term.operators))
        return Row(name, c + 1, f"drop-{g}-{c}", term, operator, one.values, term.options_for(self.viewer))
