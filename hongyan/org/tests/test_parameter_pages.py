"""Parameters: values in force along the units, setting and withdrawing, rights, audit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.core.parameters import value_of
from hongyan.org.actions.set_parameter import set_parameter, withdraw_parameter
from hongyan.org.codes import Line
from hongyan.org.models import Unit
from hongyan.org.parameters import LOGIN_FREE_FAILURES
from hongyan.org.queries.tree import find_place
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

KEY = LOGIN_FREE_FAILURES.key
ADDRESS = f"/parameters/{KEY}/"


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def today() -> date:
    return clock.business_date()


def give(staff_no: str, **changes: object) -> ParameterValue:
    """Set the parameter as somebody, for Lixia from today unless told otherwise."""
    wanted = {
        "value": "7",
        "unit_code": "370102",
        "line": "",
        "effective_from": today(),
        "reason": "试点",
        **changes,
    }
    viewer = find_viewer(staff_no)
    with scope.acting(viewer.scope):
        return set_parameter(viewer, KEY, **wanted)


def in_force(unit: str, line: str = "") -> object:
    with scope.acting(scope.EVERYTHING):
        return value_of(LOGIN_FREE_FAILURES, units=find_place(find_viewer("chen"), unit).chain, line=line)


def test_a_value_holds_for_the_unit_and_what_is_beneath() -> None:
    give("sun")
    assert (in_force("L1"), in_force("370102"), in_force("S1"), in_force("37")) == (7, 7, 5, 5)


def test_the_nearest_unit_wins_and_a_line_wins_over_all_lines() -> None:
    give("zhao", unit_code="", value="9")
    give("sun", value="7")
    give("sun", value="6", line=Line.BANK)
    assert (in_force("S1"), in_force("L1"), in_force("L1", Line.BANK)) == (9, 7, 6)


def test_setting_is_audited_with_before_and_after() -> None:
    give("zhao", unit_code="", value="9")
    give("sun")
    with scope.acting(scope.EVERYTHING):
        event = AuditEvent.objects.filter(act="parameter.set").latest("id")
    assert (event.actor, event.subject, event.purpose) == ("sun", KEY, "试点")
    assert event.before == {"value": 9}
    assert event.after == {"value": 7, "unit": "370102", "line": "", "effective_from": today().isoformat()}


def test_a_second_value_for_the_same_day_takes_the_place_of_the_first() -> None:
    give("sun", value="7")
    give("sun", value="8")
    assert ParameterValue.objects.get().value == 8
    with scope.acting(scope.EVERYTHING):
        events = AuditEvent.objects.filter(act="parameter.set").order_by("id")
        assert [(event.before["value"], event.after["value"]) for event in events] == [(5, 7), (7, 8)]


@pytest.mark.parametrize(
    ("staff_no", "changes", "error", "field"),
    [
        ("sun", {"value": "2"}, Invalid, "value"),
        ("sun", {"value": "21"}, Invalid, "value"),
        ("sun", {"value": "many"}, Invalid, "value"),
        ("sun", {"unit_code": "H"}, Invalid, "unit"),
        ("sun", {"line": "99"}, Invalid, "line"),
        ("sun", {"reason": " "}, Invalid, "reason"),
        ("sun", {"effective_from": date(2020, 1, 1)}, Invalid, "effective_from"),
        ("sun", {"unit_code": ""}, NotAllowed, None),
        ("wang", {}, NotAllowed, None),
        ("zhang", {"unit_code": "L1"}, NotAllowed, None),
    ],
)  # fmt: skip
def test_what_may_not_be_set_changes_nothing(
    staff_no: str, changes: dict[str, object], error: type[Exception], field: str | None
) -> None:
    with pytest.raises(error) as raised:
        give(staff_no, **changes)
    assert field is None or set(raised.value.fields) == {field}
    assert not ParameterValue.objects.exists()
    with scope.acting(scope.EVERYTHING):
        assert not AuditEvent.objects.filter(act="parameter.set").exists()


def test_a_coming_value_may_be_withdrawn() -> None:
    row = give("sun", effective_from=today() + timedelta(days=3))
    viewer = find_viewer("sun")
    with scope.acting(viewer.scope):
        withdraw_parameter(viewer, KEY, row.pk)
    assert not ParameterValue.objects.exists()
    with scope.acting(scope.EVERYTHING):
        assert AuditEvent.objects.get(act="parameter.withdraw").before["value"] == 7


def test_a_value_in_force_may_not_be_withdrawn() -> None:
    row = give("sun")
    viewer = find_viewer("sun")
    with pytest.raises(Conflict), scope.acting(viewer.scope):
        withdraw_parameter(viewer, KEY, row.pk)
    assert ParameterValue.objects.filter(pk=row.pk).exists()


def test_the_province_may_not_withdraw_what_the_group_set() -> None:
    row = give("zhao", unit_code="", effective_from=today() + timedelta(days=3))
    viewer = find_viewer("sun")
    with pytest.raises(NotFound), scope.acting(viewer.scope):
        withdraw_parameter(viewer, KEY, row.pk)
    assert ParameterValue.objects.filter(pk=row.pk).exists()


# --- pages


def test_the_list_shows_value_default_unit_and_who() -> None:
    give("zhao", unit_code="", value="9")
    html = logged_in("sun").get("/parameters/").content.decode()
    row = html.partition(KEY)[2].partition("</tr>")[0]
    assert all(
        text in row for text in ("<strong>9</strong> 次", ">5<", "全集团", "赵系统", today().isoformat())
    )


def test_the_list_takes_the_same_number_of_queries_whatever_is_set() -> None:
    client = logged_in("sun")
    with CaptureQueriesContext(connection) as before:
        client.get("/parameters/")
    for unit in ("37", "3701", "370102", "L1"):
        give("sun", unit_code=unit)
    with CaptureQueriesContext(connection) as after:
        client.get("/parameters/")
    assert len(after) <= len(before) + 2 <= 12  # the names of units and people


def test_a_value_is_set_and_withdrawn_in_the_page() -> None:
    client = logged_in("sun")
    day = (today() + timedelta(days=1)).isoformat()
    sent = {"value": "8", "unit": "370102", "line": "", "effective_from": day, "reason": "旺季"}
    assert client.post(ADDRESS, sent).status_code == 302
    row = ParameterValue.objects.get()
    lixia = Unit.objects.get(code="370102")
    assert (row.value, row.unit_id, row.set_by, row.reason, str(row.effective_from)) == (
        8,
        lixia.pk,
        "sun",
        "旺季",
        day,
    )
    html = client.get(ADDRESS).content.decode()
    assert all(text in html for text in ("将生效", "历下区分公司", "旺季", "撤回"))
    assert client.post(f"{ADDRESS}{row.pk}/withdraw/").status_code == 302
    assert not ParameterValue.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"value": "1"}, "不能小于 3"),
        ({"value": "viele"}, "不是有效的整数"),
        ({"effective_from": "2020-01-01"}, "生效日期不能早于今天"),
        ({"reason": ""}, "这个字段是必填项"),
        ({"unit": "H"}, "选择一个有效的选项"),
    ],
)
def test_wrong_input_is_said_beside_the_field_and_nothing_is_stored(sent: dict[str, str], said: str) -> None:
    right = {
        "value": "8",
        "unit": "370102",
        "line": "",
        "effective_from": today().isoformat(),
        "reason": "旺季",
    }
    answer = logged_in("sun").post(ADDRESS, {**right, **sent})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ParameterValue.objects.exists()


def test_who_may_read_but_not_edit_has_no_form_and_is_refused() -> None:
    client = logged_in("wang")
    html = client.get(ADDRESS).content.decode()
    assert 'name="effective_from"' not in html
    sent = {
        "value": "8",
        "unit": "370102",
        "line": "",
        "effective_from": today().isoformat(),
        "reason": "旺季",
    }
    assert client.post(ADDRESS, sent).status_code == 403
    assert not ParameterValue.objects.exists()


def test_an_undeclared_key_answers_404() -> None:
    assert logged_in("sun").get("/parameters/org.nothing/").status_code == 404


@pytest.mark.parametrize(
    ("who", "unit", "status"), [("sun", "37", 403), ("qin", "37", 403), ("zhao", "", 403), ("bao", "", 302)]
)
def test_what_binds_those_who_could_set_it_is_set_by_its_guardians_only(
    who: str, unit: str, status: int
) -> None:
    """Who checks, what leaves the house, how long traces stay: nobody loosens it for themselves from below."""
    client, address = logged_in(who), "/parameters/audit.alert_rows/"
    shown = client.get(address).content.decode()
    assert ("设置新的值" in shown) == (status == 302)
    assert "只由集团的总部管理员和安全管理员共同修改" in shown
    sent = {"value": "5000", "unit": unit, "line": "", "effective_from": today().isoformat(), "reason": "试"}
    assert client.post(address, sent).status_code == status
    assert not ParameterValue.objects.exists(), "not before somebody else agrees"
