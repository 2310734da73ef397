"""Tables as parameters: what a form sends becomes typed rows and back, and a refusal names row and column."""

from __future__ import annotations

import pytest

from hongyan.core.errors import Invalid
from hongyan.core.parameter_tables import Column, read_rows, shown_rows, typed_rows

COLUMNS = (
    Column("name", "名称"),
    Column("days", "天数", int, is_optional=True),
    Column("how", "方式", choices=((1, "快"), (2, "慢"))),
)


def test_rows_are_typed_by_their_columns_and_empty_lines_left_out() -> None:
    rows = read_rows(COLUMNS, "信函| 3 |快\n\n | | \n包裹||2\n")
    assert rows == [{"name": "信函", "days": 3, "how": 1}, {"name": "包裹", "days": None, "how": 2}]
    assert shown_rows(COLUMNS, rows) == [["信函", "3", "快"], ["包裹", "", "慢"]]


def test_what_a_form_offers_is_read_as_it_was() -> None:
    rows = read_rows(COLUMNS, "信函|3|1\n包裹||2")
    assert typed_rows(COLUMNS, rows) == "信函|3|1\n包裹||2"
    assert read_rows(COLUMNS, typed_rows(COLUMNS, rows)) == rows


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("信函|3|快\n|3|快", "第 2 行“名称”：不能为空"),
        ("信函|三|快", "第 1 行“天数”"),
        ("信函|3|飞", "第 1 行“方式”：没有“飞”这个选项"),
        ("信函|3", "第 1 行有 2 格，应有 3 格"),
    ],
)
def test_a_refusal_names_row_and_column(text: str, told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rows(COLUMNS, text)
    assert told in refusal.value.fields["value"]
