"""Whose a row is that names no known unit: the unit the system delivers for, or the sender's where that is narrower."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.core.errors import Invalid
from hongyan.core.models import AuditEvent
from hongyan.core.versions import mark
from hongyan.customer.tests.factory import SUN, viewer
from hongyan.integration.actions.describe_system import describe_system, serve_unit
from hongyan.integration.codes import Connection
from hongyan.integration.models import Delivery, QuarantinedRow, SystemState
from hongyan.integration.queries.systems import home_of
from hongyan.integration.tests.console import QIAN, WU, ZHOU, browser, make_stewards, work_off
from hongyan.integration.tests.factory import OPERATOR, customer, day, kgc_file, loaded
from hongyan.integration.tests.test_pages import MOST_QUERIES, file, sent_by, text_of
from hongyan.org.actions.renumber import renumber
from hongyan.org.codes import Tree
from hongyan.org.models import Place

pytestmark = pytest.mark.django_db

PROVINCE, COUNTY, NEXT_COUNTY = "3700", "370102", "370104"
HIDDEN = "您的数据范围内有"
"""What a delivery's page says when the reader may not see all of its quarantined rows."""


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    make_stewards()


def number(unit: str) -> int:
    return Place.objects.get(unit__code=unit, tree=Tree.POSTAL).lo


def serves(unit: str) -> None:
    """The group's steward says for which unit the old customer system delivers."""
    browser(QIAN).post("/intake/systems/kgc/", {"connection": "connected", "note": "", "unit": unit})


def of_no_unit() -> bytes:
    """A file with one row whose unit nobody knows."""
    return kgc_file([customer(1, 归属机构代码="999999999"), *(customer(n) for n in range(10, 50))])


def row_of(delivery: Delivery) -> QuarantinedRow:
    with scope.bulk():
        return QuarantinedRow.objects.get(delivery=delivery)


def test_the_province_sees_the_rows_that_the_count_says() -> None:
    serves(PROVINCE)
    delivery = loaded(of_no_unit())
    assert row_of(delivery).org_no == number(PROVINCE)
    sun = browser(SUN)
    assert "机构不存在" in text_of(sun.get(f"/intake/quarantine/?delivery={delivery.number}"))
    assert HIDDEN not in text_of(sun.get(f"/intake/deliveries/{delivery.number}/"))
    assert "您的数据范围内有 0 行" in text_of(browser(WU).get(f"/intake/deliveries/{delivery.number}/"))


def test_without_a_unit_such_rows_are_the_groups() -> None:
    delivery = loaded(of_no_unit())
    assert "您的数据范围内有 0 行" in text_of(browser(SUN).get(f"/intake/deliveries/{delivery.number}/"))
    assert HIDDEN not in text_of(browser(QIAN).get(f"/intake/deliveries/{delivery.number}/"))


@pytest.mark.parametrize(("sender", "home"), [(QIAN, PROVINCE), (WU, COUNTY)])
def test_of_sender_and_system_the_narrower_counts(sender: str, home: str) -> None:
    serves(PROVINCE)
    sent_by(browser(sender), file(of_no_unit()))
    work_off()
    delivery = Delivery.objects.get()
    assert row_of(delivery).org_no == number(home)
    assert HIDDEN not in text_of(browser(SUN).get(f"/intake/deliveries/{delivery.number}/"))


@pytest.mark.parametrize(
    ("sender", "served", "home"),
    [
        ("", "", ""),
        ("", PROVINCE, PROVINCE),
        ("1000", PROVINCE, PROVINCE),
        (COUNTY, PROVINCE, COUNTY),
        (COUNTY, NEXT_COUNTY, COUNTY),
        (COUNTY, "", COUNTY),
        ("", "9999", ""),
    ],
)
def test_home_of(sender: str, served: str, home: str) -> None:
    SystemState.objects.create(
        code="kgc", unit_code=served, updated_at="2026-11-22T00:00:00Z", updated_by="x"
    )
    assert home_of("kgc", number(sender) if sender else 0) == (number(home) if home else 0)


def test_nobody_directs_rows_to_a_unit_without_seeing_both() -> None:
    """A county that could make itself the home of a system would read the neighbours' customers."""
    wu = viewer(WU)
    with pytest.raises(Invalid):
        describe_system(wu, "kgc", connection=Connection.CONNECTED, note="", unit_code=COUNTY)
    serves("9999")
    assert not SystemState.objects.exists()
    serves(PROVINCE)
    sent = {"connection": "off", "note": "停机"}
    for unit in (COUNTY, "", "9999"):
        answer = browser(WU).post("/intake/systems/kgc/", sent | {"unit": unit})
        assert answer.status_code == 422
        assert "只能在您的数据范围内改换机构" in answer.content.decode()
        state = SystemState.objects.get()
        assert (state.connection, state.note, state.unit_code) == ("connected", "", PROVINCE)
    # everything else stays theirs to say
    sent["seen"] = mark(SystemState.objects.get().said)
    assert browser(WU).post("/intake/systems/kgc/", sent).status_code == 302
    state = SystemState.objects.get()
    assert (state.connection, state.note, state.unit_code) == ("off", "停机", PROVINCE)
    with scope.bulk():
        event = AuditEvent.objects.filter(act="intake.describe").earliest("id")
    assert (event.before["unit"], event.after["unit"]) == ("", PROVINCE)


def test_the_page_says_whom_the_system_delivers_for() -> None:
    serves(PROVINCE)
    for reader in (QIAN, SUN, ZHOU):
        client = browser(reader)
        with CaptureQueriesContext(connection) as captured:
            client.get("/intake/systems/kgc/")
        assert len(captured) <= MOST_QUERIES
        page = text_of(client.get("/intake/systems/kgc/")).partition("默认归属机构")[2]
        assert "山东省" in page


def test_a_process_says_it_only_where_nobody_did() -> None:
    for unit in (PROVINCE, COUNTY):
        serve_unit(OPERATOR, "kgc", unit)
    assert SystemState.objects.get().unit_code == PROVINCE


def test_rows_follow_their_unit_when_the_tree_is_numbered_anew() -> None:
    delivery = loaded(kgc_file([customer(1, 证件类型="8"), *(customer(n) for n in range(10, 50))]))
    before = row_of(delivery).org_no
    renumber({before: 900_001, 900_001: before})
    assert row_of(delivery).org_no == 900_001
    serves(PROVINCE)
    other = loaded(of_no_unit(), f"KG_CUST_{day()}.txt")
    renumber({number(PROVINCE): 900_002})
    other.refresh_from_db()
    assert (other.org_no, row_of(other).org_no) == (900_002, 900_002)
