"""The organisation's pages: who sees which units and people, branches opened later, constant numbers of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, Line, Role, Tree
from hongyan.org.models import LoginEvent, Post, Staff
from hongyan.org.queries import tree
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import POST_ROWS, post_row, small_organisation, unit_row
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- the tree


def test_the_tree_opens_at_the_own_unit_with_the_names_above() -> None:
    html = page(logged_in("zhang"), "/organisation/")
    assert "泉城路支局" in html
    assert all(name in html for name in ("中国邮政集团", "山东省分公司", "济南市分公司", "历下区分公司"))
    assert not any(name in html for name in ("经四路支局", "市中区分公司", "文化东路支局"))


def test_the_auditor_of_the_province_sees_the_cities_and_opens_further() -> None:
    client = logged_in("wang")
    html = page(client, "/organisation/")
    assert "济南市分公司" in html
    assert "历下区分公司" not in html
    assert "/organisation/branch/3701/?tree=postal" in html
    branch = page(client, "/organisation/branch/3701/?tree=postal")
    assert all(name in branch for name in ("历下区分公司", "市中区分公司"))
    assert "泉城路支局" not in branch
    assert "<html" not in branch


def test_without_scripts_the_tree_opens_along_the_way_to_a_unit() -> None:
    html = page(logged_in("wang"), "/organisation/?open=370102")
    assert all(name in html for name in ("青岛市分公司", "市中区分公司", "泉城路支局", "文化东路支局"))
    assert "经四路支局" not in html


def test_a_branch_out_of_scope_is_absent_and_the_attempt_is_audited() -> None:
    assert logged_in("zhang").get("/organisation/branch/370103/").status_code == 404
    with scope.acting(scope.EVERYTHING):
        denied = AuditEvent.objects.get(result="denied")
        assert (denied.actor, denied.act, denied.subject) == ("zhang", "unit.open", "370103")


@pytest.mark.parametrize("text", ["经四", "jingsilu", "jslzj", "S1"])
def test_units_are_found_by_name_pinyin_initials_and_code_in_scope_only(text: str) -> None:
    assert "经四路支局" in page(logged_in("wang"), f"/organisation/?q={text}")
    assert "经四路支局" not in page(logged_in("zhang"), f"/organisation/?q={text}")


def test_only_the_top_of_the_group_sees_both_trees() -> None:
    rows = [
        unit_row("B", "邮储银行", Level.GROUP, "", tree=Tree.BANK),
        unit_row("L1", "泉城路支局", Level.OUTLET, "B", tree=Tree.BANK),
    ]
    with scope.bulk():
        take_in_units(rows, actor=SYSTEM)
    assert "邮储银行" in page(logged_in("chen"), "/organisation/?tree=bank")
    html = page(logged_in("wang"), "/organisation/?tree=bank")
    assert "邮储银行" not in html
    assert "山东省分公司" in html
    assert "B" not in {
        found.place.unit.code for found in tree.find_units(find_viewer("wang"), "B", tree=Tree.BANK)
    }


def test_people_are_counted_once_in_each_branch_above_them() -> None:
    second = post_row("zhang", "张伟", "L2", Role.MANAGER, is_primary=False)
    ended = post_row("qian", "钱多", "L2", Role.MANAGER, valid_to="2020-01-01")
    with scope.bulk():
        take_in_posts([second, ended], actor=SYSTEM)
    with scope.acting(scope.EVERYTHING):
        viewer = find_viewer("wang")
        children = tree.children_of(viewer, tree.find_place(viewer, "3701"))
    assert [(branch.place.unit.code, branch.staff_count) for branch in children] == [
        ("370102", 1),
        ("370103", 1),
    ]


def test_the_tree_takes_the_same_number_of_queries_at_any_depth() -> None:
    client = logged_in("chen")
    client.get("/organisation/")
    with CaptureQueriesContext(connection) as shallow:
        client.get("/organisation/")
    with CaptureQueriesContext(connection) as deep:
        client.get("/organisation/?open=370102")
    assert len(deep) <= len(shallow) + 1  # one to find the unit
    assert len(deep) <= MOST_QUERIES


# --- a unit


def test_the_page_of_a_unit_shows_facts_places_people_and_what_is_beneath() -> None:
    html = page(logged_in("wang"), "/organisation/units/370102/")
    assert all(
        text in html
        for text in ("历下区分公司", "250000", "自营", "济南市分公司", "泉城路支局", "文化东路支局")
    )
    html = page(logged_in("zhang"), "/organisation/units/L1/")
    assert "张伟" in html
    assert "138****5678" in html
    assert "13812345678" not in html


@pytest.mark.parametrize("code", ["S1", "370102", "nobody"])
def test_a_unit_beside_above_or_absent_answers_404(code: str) -> None:
    assert logged_in("zhang").get(f"/organisation/units/{code}/").status_code == 404


# --- staff


def test_the_list_of_staff_holds_those_in_scope() -> None:
    html = page(logged_in("wang"), "/organisation/staff/")
    assert all(name in html for name in ("张伟", "李娜", "王审", "孙系统"))
    assert "陈审" not in html
    assert "13812345678" not in html
    own = page(logged_in("zhang"), "/organisation/staff/")
    assert "张伟" in own
    assert "李娜" not in own


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("unit=370102", {"张伟"}),
        ("unit=3701", {"张伟", "李娜"}),
        ("role=auditor", {"王审"}),
        ("role=auditor&role=system_admin", {"王审", "孙系统"}),
        ("unit=3701&role=auditor", set()),
        ("line=01", {"张伟", "李娜", "王审", "孙系统"}),
        ("line=03", set()),
        ("q=zw", {"张伟"}),
        ("q=lina", {"李娜"}),
        ("q=zhang", {"张伟"}),
        ("q=伟", {"张伟"}),
        ("active=0", set()),
    ],
)  # fmt: skip
def test_staff_are_filtered(query: str, names: set[str]) -> None:
    html = page(logged_in("wang"), f"/organisation/staff/?{query}")
    rows = html.partition("<tbody")[2].partition("</tbody>")[0]
    assert {name for name in ("张伟", "李娜", "王审", "孙系统", "陈审") if name in rows} == names


def test_unit_and_role_must_meet_in_one_post() -> None:
    beside = post_row("zhang", "张伟", "S1", Role.MANAGER, is_primary=False, line_codes=(Line.BANK,))
    with scope.bulk():
        take_in_posts([beside], actor=SYSTEM)
    client = logged_in("wang")
    assert "张伟" not in page(client, "/organisation/staff/?unit=370102&role=manager").partition("<tbody")[2]
    assert "张伟" in page(client, "/organisation/staff/?unit=370103&role=manager").partition("<tbody")[2]


def test_the_list_of_staff_takes_the_same_number_of_queries_for_many_people() -> None:
    client = logged_in("wang")
    with CaptureQueriesContext(connection) as few:
        client.get("/organisation/staff/")
    with scope.bulk():
        take_in_posts([post_row(f"s{n}", "员工", "L1", Role.MANAGER, row=n) for n in range(40)], actor=SYSTEM)
    with CaptureQueriesContext(connection) as many:
        client.get("/organisation/staff/")
    assert len(few) == len(many) <= MOST_QUERIES


def test_the_page_of_a_person_shows_posts_in_scope_and_log_ins_to_auditors_only() -> None:
    beside = post_row("zhang", "张伟", "S1", Role.MANAGER, is_primary=False)
    with scope.bulk():
        take_in_posts([beside], actor=SYSTEM)
    own = page(logged_in("zhang"), "/organisation/staff/zhang/").partition("<main")[2].partition("</main>")[0]
    assert "泉城路支局" in own
    assert "经四路支局" not in own
    assert "另有 1 个岗位不在您的范围内" in own
    assert "最近登录" not in own
    assert LoginEvent.objects.filter(staff__staff_no="zhang").exists()
    audited = page(logged_in("wang"), "/organisation/staff/zhang/")
    assert all(text in audited for text in ("泉城路支局", "经四路支局", "最近登录"))


def test_a_person_of_another_branch_is_absent() -> None:
    assert logged_in("zhang").get("/organisation/staff/li/").status_code == 404
    assert Staff.objects.count() == len(POST_ROWS)
    assert Post.objects.count() == len(POST_ROWS)


@pytest.mark.parametrize(
    "address",
    [
        "/organisation/staff/",
        "/organisation/staff/zhang/",
        "/organisation/units/L1/",
        "/approvals/",
        "/audit/",
        "/audit/logins/",
    ],
)
def test_pages_that_name_colleagues_bear_the_watermark(address: str) -> None:
    """SEC-i02: staff are people too."""
    assert page(logged_in("wang"), address).count('<img class="watermark"') == 1


def test_the_list_of_units_shows_those_in_scope_in_the_order_of_the_tree() -> None:
    client = logged_in("wang")
    with CaptureQueriesContext(connection) as captured:
        shown = client.get("/organisation/list/").context["list"]
    codes = [place.unit.code for place in shown.page.rows]
    assert codes == ["37", "3701", "370102", "L1", "L2", "370103", "S1", "S2", "3702"]
    assert len(captured) <= MOST_QUERIES
    found = {
        query: [
            place.unit.code for place in client.get(f"/organisation/list/?{query}").context["list"].page.rows
        ]
        for query in ("q=泉城", "unit=370103", "level=5&unit=370102")
    }
    assert found == {
        "q=泉城": ["L1"],
        "unit=370103": ["370103", "S1", "S2"],
        "level=5&unit=370102": ["L1", "L2"],
    }
    own = logged_in("zhang").get("/organisation/list/?unit=S1").context["list"]
    assert [place.unit.code for place in own.page.rows] == ["L1"]
    assert own.state.problems, "what is not theirs cannot be chosen"
    assert "机构列表" in page(client, "/organisation/")
