"""Reading a list's address: what is right is used, what is wrong becomes a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from hongyan.ui.lists import (
    BooleanFilter,
    Choice,
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    ListState,
    MultiFilter,
    Sort,
    TextFilter,
    TreeFilter,
    view_tabs,
)

SPEC = ListSpec(
    key="things",
    title="东西",
    columns=(
        Column("name", "名称", sort="name"),
        Column("size", "大小"),
        Column("note", "备注", default=False),
    ),
    filters=(
        TextFilter(key="q", label="名称"),
        ChoiceFilter(key="kind", label="类别", choices=(Choice("a", "甲"), Choice("b", "乙"))),
        MultiFilter(key="level", label="等级", choices=(("1", "一"), ("2", "二"), ("3", "三"))),
        DateRangeFilter(key="seen", label="日期"),
        BooleanFilter(key="done", label="完成"),
        TreeFilter(
            key="unit",
            label="机构",
            find=lambda viewer, value: Choice(value, "历下") if value == viewer else None,
            options=lambda viewer: [Choice(viewer, "历下")],
        ),
    ),
    sorts=(Sort("name", "名称", ("name",)), Sort("size", "大小", ("size",), is_descending=True)),
    default_sort="-size",
    empty=EmptyState("没有"),
)


def state(query, viewer="7"):
    return ListState.parse(SPEC, QueryDict(query), viewer=viewer)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("q=%20王%20", {"q": "王"}),
        ("kind=a", {"kind": "a"}),
        ("level=1&level=3&level=1", {"level": ("1", "3")}),
        ("seen_from=2026-01-01", {"seen": DateRange(date(2026, 1, 1), None)}),
        ("seen_from=2026-01-01&seen_to=2026-01-01", {"seen": DateRange(date(2026, 1, 1), date(2026, 1, 1))}),
        ("done=0", {"done": False}),
        ("unit=7", {"unit": "7"}),
        ("unheard=1", {}),
    ],
)
def test_values(query, values):
    parsed = state(query)
    assert parsed.values == values
    assert parsed.problems == ()


@pytest.mark.parametrize(
    "query",
    [
        "kind=z", "level=1&level=9", "seen_from=gestern", "seen_from=2026-02-30", "seen_to=9999-12-31",
        "seen_from=2026-02-02&seen_to=2026-02-01", "done=maybe", "unit=8", "sort=weight", "cols=name,gone",
        "q=" + "x" * 101,
    ],
)  # fmt: skip
def test_bad_values_become_one_sentence(query):
    parsed = state(query)
    assert parsed.values == {}
    assert len(parsed.problems) == 1


def test_order_and_columns():
    assert state("").sort_fields == ("size",)
    assert state("").is_descending
    assert not state("sort=name").is_descending
    assert [column.key for column in state("cols=note,name").columns] == ["note", "name"]
    assert [column.key for column in state("cols=note&cols=name").columns] == ["note", "name"]
    assert [column.key for column in state("").columns] == ["name", "size"]


def test_a_header_sorts_its_first_way_and_then_the_other():
    size = SPEC.sort_by_key["size"]
    assert state("sort=name").sorted_by(size).is_descending
    assert not state("sort=-size").sorted_by(size).is_descending


def test_links_keep_what_was_chosen_and_drop_the_position():
    parsed = state("q=王&after=abc&view=3")
    assert parsed.link() == "?view=3&q=%E7%8E%8B"
    assert parsed.here == "?view=3&q=%E7%8E%8B&after=abc"
    assert parsed.without("q").link() == "?view=3"
    assert parsed.query == "q=%E7%8E%8B"


def test_the_quick_filters_carry_the_filters_that_stand_in_the_drawer():
    name, *others = SPEC.filters
    spec = replace(SPEC, filters=(replace(name, quick=True), *others))
    shown = ListState.parse(spec, QueryDict("q=x&kind=a&level=1&level=2&sort=name&after=z"), viewer="7")
    assert shown.carried == [("sort", "name")]
    assert shown.carried_by_quick == [("sort", "name"), ("kind", "a"), ("level", "1"), ("level", "2")]


@given(st.text(max_size=80))
def test_any_address_parses_and_its_canonical_form_is_stable(text):
    parsed = state(text)
    again = state(parsed.query)
    assert again.values == parsed.values
    assert again.columns == parsed.columns
    assert again.query == parsed.query
    assert again.problems == ()


class View:
    key, name, query, is_shared, is_pinned, is_default = "3", "我的", "kind=a", False, False, False
    save_url = delete_url = seen = ""


@pytest.mark.parametrize(
    ("query", "active", "altered"),
    [
        ("", False, False),
        ("view=3&kind=a", True, False),
        ("view=3&kind=b", True, True),
        ("kind=a", False, False),
    ],
)
def test_a_view_knows_whether_it_was_altered(query, active, altered):
    (tab,) = view_tabs(state(query), [View()])
    assert (tab.is_active, tab.is_altered) == (active, altered)
    assert tab.url == "?view=3&kind=a"
