"""The number of customers that the customer room lends to the pages of units."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.customer import figures
from hongyan.customer.tests.factory import (
    HUAIYIN_OUTLET,
    LIXIA_OUTLET,
    Given,
    log_in,
    make_town,
    take,
    viewer,
)
from hongyan.org.models import Place
from hongyan.org.queries.tree import visible_places
from hongyan.ui.lists import Count

pytestmark = pytest.mark.django_db

ALL = ("1000", "3700", "3701", "370102", "370104", LIXIA_OUTLET, HUAIYIN_OUTLET)


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    make_town()


def counts(staff_no: str, codes: tuple[str, ...] = ALL) -> dict[str, Count]:
    asking = viewer(staff_no)
    with scope.acting(asking.scope):
        places: list[Place] = list(visible_places(asking).filter(unit__code__in=codes))
        return dict(zip((place.unit.code for place in places), figures.count_customers(places), strict=True))


def test_each_level_counts_everybody_beneath_it_once() -> None:
    take(Given("王小明", "P1", system="jiyou", unit=HUAIYIN_OUTLET, secrets={"mobile": "13700000000"}))
    assert {code: count.value for code, count in counts("head").items()} == {
        "1000": 4, "3700": 4, "3701": 4, "370102": 2, "370104": 2, LIXIA_OUTLET: 2, HUAIYIN_OUTLET: 2,
    }  # fmt: skip


def test_counting_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "CAP", 1)
    assert counts("head", ("3701", HUAIYIN_OUTLET)) == {
        "3701": Count(1, is_capped=True),
        HUAIYIN_OUTLET: Count(1),
    }


def test_a_manager_counts_the_own_outlet_only() -> None:
    assert counts("li") == {HUAIYIN_OUTLET: Count(1)}


def test_the_tree_links_the_number_to_its_rows() -> None:
    html = log_in(Client(), "wang").get("/organisation/").content.decode()
    assert f'href="/customers/?unit={LIXIA_OUTLET}"' in html
    row = html.partition(f"/customers/?unit={LIXIA_OUTLET}")[2].partition("</a>")[0]
    assert '<span class="num">2</span>' in row
