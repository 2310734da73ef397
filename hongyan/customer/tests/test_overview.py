"""The overview of resolution: sizes, bands, systems, precision by sample (REQ CUS-003, REQUIREMENTS 5.5)."""

from __future__ import annotations

from itertools import starmap

import pytest
from django.test import Client

from hongyan.core import jobs, scope
from hongyan.core.models import JobRun
from hongyan.customer.actions.count_resolution import count_resolution
from hongyan.customer.codes import Measure
from hongyan.customer.models import ResolutionCount, SecondLook
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import ZHANG, log_in, make_town
from hongyan.customer.tests.merging import HE, XU, make_stewards

pytestmark = pytest.mark.django_db

PAGE = "/customers/cases/overview/"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    """The town, where two systems know 王小明; stewards of the province, and one of the county of 历下."""
    make_town()
    monkeypatch.setattr("hongyan.customer.tests.merging.make_organisation", lambda: None)
    make_stewards()
    return {name: log_in(Client(), name) for name in (XU, HE, "ju")}


def page(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def counts(org_no: int = 0) -> dict[tuple[str, str, str], int]:
    with scope.bulk():
        rows = ResolutionCount.objects.filter(org_no=org_no)
        return {(row.measure, row.party_type, row.key): row.count for row in rows}


def listed(client: Client, query: str) -> int:
    return len(client.get(f"/customers/?{query}").context["list"].page.rows)


def test_nobody_counted_yet(desk: dict[str, Client]) -> None:
    assert "还没有统计过" in page(desk[XU])


def test_sizes_systems_and_joins_are_counted_once_each(desk: dict[str, Client]) -> None:
    count_resolution()
    found = counts()
    assert found[Measure.SOURCES, "P", "2"] == 1
    assert found[Measure.SOURCES, "O", "1"] == 1
    assert found[Measure.PARTIES, "P", ""] == 3
    assert found[Measure.SYSTEM, "P", "jiyou"] == found[Measure.SHARED, "P", "jiyou"] == 1
    assert sum(count for (measure, _, _), count in found.items() if measure == Measure.JOIN) == 1
    count_resolution()
    assert counts() == found


def test_every_unit_has_the_numbers_of_its_list(desk: dict[str, Client]) -> None:
    """The province's and the county's numbers are those of their lists of customers."""
    count_resolution()
    for name in (XU, "ju"):
        shown = desk[name].get(PAGE).context["shown"]
        assert shown.customers == listed(desk[name], "")
        assert shown.several == listed(desk[name], "sources=2") == 1
        assert all(row.customers == listed(desk[name], row.url.partition("?")[2]) for row in shown.bands)
        assert sum(row.customers for row in shown.bands) == shown.joined == 1
        for row in shown.systems:
            assert row.customers == listed(desk[name], row.url.partition("?")[2])
            assert row.shared == listed(desk[name], row.shared_url.partition("?")[2])
        for series in shown.sizes.series:
            found = starmap(listed, ((desk[name], url.partition("?")[2]) for url in series.urls))
            assert list(series.values) == list(found)
    assert desk["ju"].get(PAGE).context["shown"].customers < desk[XU].get(PAGE).context["shown"].customers


def test_precision_is_estimated_by_a_sample_of_all_joins(desk: dict[str, Client]) -> None:
    count_resolution()
    assert desk[XU].get(PAGE).context["shown"].precision is None
    assert desk[XU].post(f"{PAGE}draw/").headers["Location"] == "/customers/cases/checks/"
    look = SecondLook.objects.get()
    assert (look.case, look.first, look.first_by) == (None, "same", "")
    assert desk[HE].post(f"/customers/cases/checks/{look.pk}/", {"verdict": "same"}).status_code == 302
    shown = desk[XU].get(PAGE).context["shown"]
    assert shown.precision.share == "100.0%"
    assert [row.found.agreed for row in shown.bands if row.customers] == [1]

    assert desk[XU].post(f"{PAGE}draw/").headers["Location"] == PAGE  # each is drawn once
    assert SecondLook.objects.count() == 1


def test_a_sample_stays_within_the_scope(desk: dict[str, Client]) -> None:
    same = {"secrets": {"mobile": factory.CONTACT_PHONE, "credential_no": "320102198001010016"}}
    place = {"unit": factory.HUAIYIN_OUTLET, "manager": factory.LI, "fields": {"credential_type": "01"}}
    for system in ("kgc", "jiyou"):
        factory.take(factory.Given("李远方", "K9", system=system, **same, **place))
    assert desk["ju"].post(f"{PAGE}draw/").status_code == 302
    assert drawn() == {"王小明"}
    desk[XU].post(f"{PAGE}draw/")
    assert drawn() == {"王小明", "李远方"}


def drawn() -> set[str]:
    with scope.bulk():
        looks = SecondLook.objects.select_related("link__customer")
        return {look.link.customer.name for look in looks if look.link}


def test_counting_on_request_happens_in_the_background_once(desk: dict[str, Client]) -> None:
    for _ in range(2):
        assert desk[XU].post(f"{PAGE}count/").status_code == 302
    assert JobRun.objects.filter(task="customer.count_resolution_now").count() == 1
    assert "正在统计" in page(desk[XU])


def test_the_page_waits_for_the_count_and_is_fetched_once_it_ended(desk: dict[str, Client]) -> None:
    """A part of it would come without the numbers of its chart, which stand in a script."""
    desk[XU].post(f"{PAGE}count/")
    asked = {"HX-Request": "true"}
    waiting = desk[XU].get(PAGE, headers=asked)
    assert (waiting.status_code, waiting.content) == (204, b"")
    run = JobRun.objects.get()
    jobs.carry_out(run.task, run.pk, {})
    assert desk[XU].get(PAGE, headers=asked)["HX-Refresh"] == "true"
    assert 'hx-trigger="every 2s"' not in page(desk[XU])


def test_it_takes_the_right_to_merge(desk: dict[str, Client]) -> None:
    zhang = log_in(Client(), ZHANG)
    assert [zhang.get(PAGE).status_code, zhang.post(f"{PAGE}count/").status_code] == [403, 403]
    assert zhang.post(f"{PAGE}draw/").status_code == 403


def test_the_page_keeps_within_its_queries(
    desk: dict[str, Client], django_assert_max_num_queries: object
) -> None:
    count_resolution()
    page(desk[XU])
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page(desk[XU])
