"""Where a customer's postcode is, and whether that fits the division."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.customer.panels.places import postcode_cell
from hongyan.org.actions.take_in import take_in_postcodes
from hongyan.org.codes import PostcodeRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def _listed(db: None) -> None:
    with scope.bulk():
        take_in_postcodes([PostcodeRow(2, "250014", "山东省", "济南市", "历下区")], system="list")


def test_without_a_list_a_postcode_stands_alone() -> None:
    assert postcode_cell("250014", "320508") == "250014"


@pytest.mark.usefixtures("_listed")
@pytest.mark.parametrize(
    ("postcode", "division", "place", "mark"),
    [
        ("250014", "370103", "山东省 济南市 历下区", ""),
        ("250014", "", "山东省 济南市 历下区", ""),
        ("250014", "320508", "山东省 济南市 历下区", "不在同一城市"),
        ("123456", "370102", "", "邮编不在表中"),
    ],
)
def test_a_postcode_that_does_not_fit_bears_a_mark(
    postcode: str, division: str, place: str, mark: str
) -> None:
    shown = postcode_cell(postcode, division)
    assert postcode in shown
    assert place in shown
    assert mark in shown
    assert ("badge-state" in shown) == bool(mark)


@pytest.mark.usefixtures("_listed")
def test_no_postcode_says_nothing() -> None:
    assert postcode_cell("", "370102") == ""
