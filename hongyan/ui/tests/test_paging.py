"""Keyset paging: every row exactly once and in order, forward and back, whatever the ties and nulls."""

from __future__ import annotations

import base64
import contextlib
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Length, NullIf
from hypothesis import given
from hypothesis import strategies as st

from hongyan.ui.lists.paging import BadCursor, decode_cursor, encode_cursor, paginate, paginate_by


def at(after="", before=""):
    return SimpleNamespace(after=after, before=before)


def walk(page_at):
    """All pages from the first to the last, following the cursors."""
    pages = [page_at(at())]
    while pages[-1].next_cursor:
        pages.append(page_at(at(after=pages[-1].next_cursor)))
    return pages


def walk_back(page_at, last):
    """The pages before ``last``, nearest first."""
    pages = []
    cursor = last.previous_cursor
    while cursor:
        pages.append(page_at(at(before=cursor)))
        cursor = pages[-1].previous_cursor
    return pages


def fetch_from(numbers):
    def fetch(position, limit, *, backward):
        ordered = numbers[::-1] if backward else numbers
        if position is not None:
            ordered = [n for n in ordered if (n < position[0] if backward else n > position[0])]
        return ordered[:limit]

    return fetch


@given(st.sets(st.integers(0, 200)), st.integers(1, 30))
def test_every_row_once_forward_and_back(numbers, size):
    numbers = sorted(numbers)

    def page_at(where):
        return paginate_by(fetch_from(numbers), where, position_of=lambda n: [n], size=size)

    pages = walk(page_at)
    assert [n for page in pages for n in page.rows] == numbers
    assert [list(page.rows) for page in walk_back(page_at, pages[-1])] == [
        list(page.rows) for page in pages[-2::-1]
    ]


@given(st.lists(st.one_of(st.none(), st.integers(), st.text(), st.booleans())))
def test_a_cursor_comes_back_as_it_was(position):
    assert decode_cursor(encode_cursor(position)) == position


@given(st.text(max_size=60))
def test_any_text_as_cursor_is_refused_or_a_list(text):
    with contextlib.suppress(BadCursor):
        assert isinstance(decode_cursor(text), list)


def test_a_bad_cursor_shows_the_first_page_and_says_so():
    page = paginate_by(fetch_from([1, 2, 3]), at(after="nonsense"), position_of=lambda n: [n], size=2)
    assert list(page.rows) == [1, 2]
    assert page.problem


def test_rows_that_vanished_in_front_give_a_whole_first_page():
    page = paginate_by(
        fetch_from([1, 2, 3, 4]), at(before=encode_cursor([2])), position_of=lambda n: [n], size=3
    )
    assert list(page.rows) == [1, 2, 3]
    assert page.previous_cursor is None


@pytest.fixture
def rows(db):
    ContentType.objects.all().delete()
    words = ("", "a", "a", "bb", "bb", "bb", "ccc", "ccc", "dddd", "e", "a", "bb")
    return ContentType.objects.bulk_create(
        ContentType(app_label=word, model=f"m{index}") for index, word in enumerate(words)
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 2, 5, 12, 13])
@pytest.mark.parametrize("nullable", [False, True])
def test_a_queryset_with_ties_and_nulls(rows, size, descending, nullable):
    queryset = ContentType.objects.annotate(
        size=NullIf(Length("app_label"), Value(0), output_field=IntegerField())
    )
    field = "size" if nullable else "app_label"

    def page_at(where):
        return paginate(queryset, where, (field,), descending=descending, size=size)

    order = F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
    expected = list(queryset.order_by(order, "-pk" if descending else "pk").values_list("pk", flat=True))
    pages = walk(page_at)
    assert [row.pk for page in pages for row in page.rows] == expected
    back = walk_back(page_at, pages[-1])
    assert [[row.pk for row in page.rows] for page in back] == [
        [row.pk for row in page.rows] for page in pages[-2::-1]
    ]


@pytest.mark.parametrize("position", [[], ["a"], ["a", "x"], [None, 1], [{}, 1], ["a", 10**30], ["a\0", 1]])
def test_a_cursor_of_another_list_is_refused(rows, position):
    page = paginate(ContentType.objects.all(), at(after=encode_cursor(position)), ("app_label",), size=3)
    assert page.problem
    assert len(page.rows) == 3


def test_a_cursor_with_half_a_character_is_refused(rows):
    """PostgreSQL takes no lone surrogate, which JSON can write."""
    half = base64.urlsafe_b64encode(b'["\\ud800", 1]').decode()
    page = paginate(ContentType.objects.all(), at(after=half), ("app_label",), size=3)
    assert page.problem
    assert len(page.rows) == 3


def test_values_rows_page_too(rows):
    queryset = ContentType.objects.values("pk", "app_label")
    pages = walk(lambda where: paginate(queryset, where, ("app_label",), size=5))
    assert len({row["pk"] for page in pages for row in page.rows}) == len(rows)
