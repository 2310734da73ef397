"""Conditions joined by and/or: what stands in an address, what is refused, what it says in words (UI.md 4)."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.db.models import Q
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core.time_limit import TooSlow, limited
from hongyan.ui.lists import (
    ChoiceFilter,
    ChoiceTerm,
    Column,
    ConditionsFilter,
    EmptyState,
    InstantTerm,
    ListSpec,
    ListState,
    NumberTerm,
    PrefixTerm,
    YesNoTerm,
)
from hongyan.ui.lists.conditions import (
    JOINERS,
    LONGEST,
    MOST_GROUPS,
    MOST_IN_GROUP,
    Condition,
    Group,
    Malformed,
    Tree,
    parsed,
    stepped,
    written,
)

BUILT = ConditionsFilter(
    terms=(
        ChoiceTerm(key="kind", label="类别", choices=(("a", "甲"), ("b", "乙")), index="things_kind"),
        YesNoTerm(key="done", label="完成", choices=(("1", "已完成"), ("0", "未完成")), index="things_done"),
        NumberTerm(key="size", label="大小", most=100, index="things_size"),
        PrefixTerm(key="place", label="地区", pattern=r"\d{2,6}", index="things_place"),
        InstantTerm(key="seen", label="日期", index="things_seen"),
    )
)
SPEC = ListSpec(
    key="things",
    title="东西",
    columns=(Column("name", "名称"),),
    filters=(ChoiceFilter(key="level", label="等级", choices=(("1", "一"),)), BUILT),
    empty=EmptyState("没有"),
)

_WORD = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
_CONDITION = st.builds(Condition, _WORD, _WORD, st.lists(_WORD, min_size=1, max_size=3).map(tuple))
_GROUP = st.builds(
    Group,
    st.sampled_from(JOINERS),
    st.lists(_CONDITION, min_size=1, max_size=3).map(tuple),
)
_TREE = st.builds(Tree, st.sampled_from(JOINERS), st.lists(_GROUP, min_size=1, max_size=3).map(tuple))


def state(query: str) -> ListState:
    return ListState.parse(SPEC, QueryDict(query))


@given(_TREE)
def test_a_tree_survives_its_address(tree: Tree) -> None:
    text = written(tree)
    if len(text) <= LONGEST:
        assert parsed(text) == tree
        assert QueryDict(f"where={text}")["where"] == text  # nothing in it is escaped


@given(st.text(max_size=1200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parsed(text)
    except Malformed:
        return
    assert 0 < len(tree.groups) <= MOST_GROUPS
    assert all(0 < len(group.conditions) <= MOST_IN_GROUP for group in tree.groups)


@given(
    _TREE,
    st.lists(st.from_regex(r"(row|drop)-[0-9](-[0-9])?|group|open|nonsense", fullmatch=True), max_size=30),
)
def test_steps_stay_within_bounds_and_leave_something_to_fill_in(tree: Tree, steps: list[str]) -> None:
    for step in steps:
        tree = stepped(tree, step)
        assert 0 < len(tree.groups) <= MOST_GROUPS
        assert all(0 < len(group.conditions) <= MOST_IN_GROUP for group in tree.groups)


@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ("all~~all~kind.is.a", Q(kind__in=("a",))),
        ("all~~all~kind.not.a.b.a", ~Q(kind__in=("a", "b"))),
        ("all~~all~done.is.1", Q(done=True)),
        ("all~~all~size.ge.007", Q(size__gte=7)),
        ("all~~all~place.not.3701", ~Q(place__startswith="3701")),
        ("all~~any~size.le.3~done.is.0", Q(size__lte=3) | Q(done=False)),
        (
            "any~~all~size.le.3~done.is.0~~all~kind.is.b",
            (Q(size__lte=3) & Q(done=False)) | Q(kind__in=("b",)),
        ),
    ],
)
def test_what_is_asked(where: str, condition: Q) -> None:
    read = state(f"where={where}")
    assert read.problems == ()
    assert BUILT.q(read.values["where"]) == condition


@pytest.mark.parametrize(
    "where",
    [
        "nonsense",
        "all",
        "all~~all",
        "all~~some~kind.is.a",
        "all~~all~kind",
        "all~~all~kind.is",
        "all~~all~kind.is.c",
        "all~~all~kind.like.a",
        "all~~all~password.is.a",
        "all~~all~kind__x.is.a",
        "all~~all~size.eq.101",
        "all~~all~size.eq.x",
        "all~~all~size.eq.-1",
        "all~~all~place.starts.1",
        "all~~all~place.starts.13812345678",
        "all~~all~seen.from.2026-02-30",
        "all~~all~seen.last.0",
        "all~~all~seen.last.99999",
        "all~~all~" + "~".join(["kind.is.a"] * 9),
        "~~".join(["all"] + ["all~kind.is.a"] * 6),
        "all~~all~kind.is." + ".".join(["a"] * 21),
        "all~~all~kind.is." + "a" * 1000,
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_narrows_nothing(where: str) -> None:
    read = state(f"where={where}&level=1")
    assert list(read.values) == ["level"]
    assert len(read.problems) == 1


def test_in_words() -> None:
    where = "any~~all~kind.is.a.b~size.ge.3~~all~seen.last.30"
    assert (
        state(f"where={where}").conditions.text
        == "(类别 是 甲、乙 且 大小 不小于 3) 或 日期 在最近几天内 30 天"
    )


def test_it_is_kept_like_any_filter() -> None:
    read = state("where=all~~all~kind.is.a&level=1")
    assert read.query == read.kept_query == "level=1&where=all~~all~kind.is.a"
    assert [chip.remove_url for chip in read.chips] == ["?where=all~~all~kind.is.a", "?level=1"]


def test_the_form_becomes_the_short_address() -> None:
    read = state(
        "wj=any&w0j=all&w0.0f=kind&w0.0o=is&w0.0v=a&w0.0v=b&w0.1f=&w1j=any&w1.0f=size&w1.0o=ge&w1.0v=+5+"
    )
    assert read.problems == ()
    assert read.query == "where=any~~all~kind.is.a.b~~any~size.ge.5"


def test_a_condition_without_a_value_is_said_instead_of_widening() -> None:
    read = state("wj=all&w0j=all&w0.0f=kind&w0.0o=is&w0.1f=size&w0.1o=ge&w0.1v=5")
    assert (read.values, read.problems) == ({}, ("条件组合里的“类别”还没有选值。",))


def test_building_keeps_what_is_not_whole_yet() -> None:
    read = state("build=row-0&level=1&wj=all&w0j=any&w0.0f=kind&w0.0o=is")
    assert read.is_choosing
    assert read.problems == ()
    [group] = read.builder.groups
    assert [row.term and row.term.key for row in group.rows] == ["kind", None]
    assert read.carried_by_builder == [("level", "1")]


def test_building_begins_with_what_holds() -> None:
    built = state("build=open&where=any~~all~size.ge.5~~any~kind.is.a").builder
    assert [row.value for group in built.groups for row in group.rows] == ["5", "a"]
    assert state("build=open&where=broken").builder.groups[0].rows[0].term is None


@pytest.mark.django_db
def test_a_statement_ends_at_its_limit_and_the_transaction_goes_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = cursor.fetchone()
        with pytest.raises(TooSlow), limited(20):
            cursor.execute("SELECT pg_sleep(5)")
        with limited(20):
            cursor.execute("SELECT 1")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == before


@pytest.mark.django_db
def test_other_failures_are_not_called_slow() -> None:
    with pytest.raises(OperationalError), limited(1000):
        raise OperationalError("server closed the connection")
