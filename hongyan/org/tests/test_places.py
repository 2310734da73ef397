"""Divisions and postcodes: the standard's are there, lists add to them, pages show how both fit (REF-i01)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.org.actions.take_in import take_in_divisions, take_in_postcodes
from hongyan.org.codes import Agreement, DivisionRow, PostcodeRow
from hongyan.org.lists.places import standing_of
from hongyan.org.models import Division, Postcode
from hongyan.org.queries.places import STANDINGS, full_name, place_findings, place_of_postcode
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

LIST = (
    DivisionRow(2, "37", "山东省"),
    DivisionRow(3, "3701", "济南市"),
    DivisionRow(4, "370102", "历下新区"),
    DivisionRow(5, "370171", "济南高新技术产业开发区"),
    DivisionRow(6, "110103", "崇文区"),
    DivisionRow(7, "370102001", "解放路街道"),
)
POSTCODES = (
    PostcodeRow(2, "250000", "山东省", "济南市", "济南市"),
    PostcodeRow(3, "250014", "山东省", "济南市", "历下区"),
    PostcodeRow(4, "100000", "北京市", "北京市", "崇文区"),
    PostcodeRow(5, "250099", "山东省", "济南市", "不存在区"),
    PostcodeRow(6, "999999", "某省", "某市", "某区"),
)


@pytest.fixture
def _listed(db: None) -> None:
    with scope.bulk():
        take_in_divisions(LIST, system="list")
        take_in_postcodes(POSTCODES, system="list")


def test_the_standard_comes_with_the_system() -> None:
    found = Division.objects.get(code="370102")
    assert (full_name(found), found.is_standard, found.until) == ("山东省 济南市 历下区", True, None)
    assert Division.objects.get(code="110103").until == 2010
    assert Division.objects.get(code="420600").former_names == "襄樊市"


@pytest.mark.usefixtures("_listed")
def test_a_list_adds_what_the_standard_lacks_and_takes_nothing_away() -> None:
    standing = {row.code: standing_of(row) for row in Division.objects.exclude(listed_as="")}
    assert standing == {
        "370000": "agreed",
        "370100": "agreed",
        "370102": "renamed",
        "370171": "only_listed",
        "110103": "abolished",
        "370102001": "street",
    }
    assert full_name(Division.objects.get(code="370102001")) == "山东省 济南市 历下区 解放路街道"
    assert Division.objects.get(code="370102").name == "历下区"


@pytest.mark.usefixtures("_listed")
def test_every_division_is_in_the_one_standing_its_row_tells() -> None:
    told = {one.code: standing_of(one) for one in Division.objects.all()}
    for key, (_words, condition) in STANDINGS.items():
        found = set(Division.objects.filter(condition).values_list("code", flat=True))
        assert found == {code for code, standing in told.items() if standing == key}, key
    assert sum(place_findings().divisions.values()) == len(told)


@pytest.mark.usefixtures("_listed")
def test_the_same_list_again_changes_nothing() -> None:
    with scope.bulk():
        again = [take_in_divisions(LIST, system="list"), take_in_postcodes(POSTCODES, system="list")]
    assert [(one.new, one.updated, one.unchanged) for one in again] == [(0, 0, 6), (0, 0, 5)]


@pytest.mark.usefixtures("_listed")
def test_a_row_twice_in_a_list_counts_once() -> None:
    row = PostcodeRow(9, "264000", "山东省", "烟台市", "芝罘区")
    with scope.bulk():
        done = take_in_postcodes([row, row], system="list")
    assert (done.new, done.unchanged) == (1, 1)


@pytest.mark.usefixtures("_listed")
def test_postcodes_know_the_divisions_their_names_mean() -> None:
    found = dict(Postcode.objects.values_list("postcode", "match"))
    assert found == {
        "250000": "current",
        "250014": "current",
        "100000": "former",
        "250099": "city",
        "999999": "none",
    }


@pytest.mark.usefixtures("_listed")
@pytest.mark.parametrize(
    ("postcode", "division", "expected"),
    [
        ("250014", "370103", Agreement.SAME),
        ("250014", "", Agreement.SAME),
        ("250014", "320508", Agreement.ELSEWHERE),
        ("100000", "110105", Agreement.SAME),
        ("123456", "370102", Agreement.UNKNOWN),
    ],
)
def test_a_postcode_fits_a_division_of_its_city(postcode: str, division: str, expected: Agreement) -> None:
    found = place_of_postcode(postcode, division)
    assert found is not None
    assert found.agreement is expected


def test_without_a_list_nothing_is_said_of_postcodes() -> None:
    assert place_of_postcode("250014", "370102") is None


@pytest.mark.usefixtures("_listed")
@pytest.mark.parametrize(
    ("address", "inside", "outside"),
    [
        ("/divisions/?within=370100&standing=renamed", "历下新区", "市中区"),
        ("/divisions/?q=崇文", "110103", "370102"),
        ("/divisions/?standing=street", "解放路街道", "济南高新"),
        ("/divisions/?q=襄樊", "420600", "370102"),
        ("/postcodes/?match=former", "崇文区", "历下区"),
        ("/postcodes/?division=370100", "250014", "999999"),
    ],
)
def test_lists_narrow_by_the_address(address: str, inside: str, outside: str) -> None:
    with scope.bulk():
        small_organisation()
    client = logged_in("wang")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    rows = answer.content.decode().partition("<tbody")[2]
    assert inside in rows
    assert outside not in rows
    assert len(queries) <= 12
