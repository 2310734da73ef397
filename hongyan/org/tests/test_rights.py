"""The page that says who can do what, and why one can or cannot."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.audit import SYSTEM
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Right, Role
from hongyan.org.queries.rights import explained_rights
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.rights import RIGHTS
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    with scope.bulk():
        small_organisation()
        take_in_posts([post_row("zhang", "张伟", "L2", Role.STEWARD, is_primary=False)], actor=SYSTEM)


def row_of(client: Client, right: Right) -> str:
    html = client.get(f"/rights/?right={right}").content.decode()
    return re.split(r"<tr", html.partition("<tbody>")[2])[1]


def test_every_right_is_explained_as_the_roles_have_it() -> None:
    viewer = find_viewer("zhang")
    for shown in explained_rights(viewer):
        assert shown.is_mine == (shown.right in RIGHTS[Role.OUTLET_HEAD])
        assert set(shown.roles) == {role for role, rights in RIGHTS.items() if shown.right in rights}


def test_who_lacks_a_right_learns_who_has_it_nearest_by() -> None:
    row = row_of(logged_in("zhang"), Right.AUDIT_READ)
    assert "不可以" in row
    assert "王审" in row  # the province's, not the group's
    assert "陈审" not in row


def test_another_post_of_ones_own_is_named() -> None:
    row = row_of(logged_in("zhang"), Right.INTAKE_SIGN)
    assert "换岗位后可以" in row
    assert "文化东路支局" in row


def test_a_refused_page_leads_to_the_explanation() -> None:
    page = logged_in("zhang").get("/audit/")
    assert page.status_code == 403
    assert f"/rights/?right={Right.AUDIT_READ}" in page.content.decode()


def test_the_page_takes_the_same_few_queries_for_everybody(django_assert_max_num_queries: object) -> None:
    for staff_no in ("zhang", "chen"):
        client = logged_in(staff_no)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert client.get("/rights/").status_code == 200
