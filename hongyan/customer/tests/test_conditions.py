"""The list of customers by conditions joined by and/or, and counted by group (UI.md 3, 4; BARS A 13)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer import lists
from hongyan.customer.models import ListRow
from hongyan.customer.tests import factory
from hongyan.desk.models import SavedView
from hongyan.ui.lists.conditions import Condition, Group, Tree, written

MOST_QUERIES = 12
WHERE = "any~~all~type.is.O~~all~sources.ge.2"


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return factory.log_in(client, factory.ZHANG)


@pytest.fixture
def sun(town: None) -> Client:
    return factory.log_in(Client(), factory.SUN)


def names_in(response: object) -> set[str]:
    return {row.name for row in response.context["list"].page.rows}


def groups_in(response: object) -> dict[str, str]:
    return {str(group.label): str(group.count) for group in response.context["list"].groups}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("all~~all~type.is.O", {"济南市鼎盛食品有限公司"}),
        ("all~~all~type.not.O", {"王小明"}),
        ("all~~any~type.is.O~type.is.P", {"王小明", "济南市鼎盛食品有限公司"}),
        ("all~~all~type.is.O~type.is.P", set()),
        ("all~~all~sources.ge.2", {"王小明"}),
        ("all~~all~created.last.1", {"王小明", "济南市鼎盛食品有限公司"}),
        ("all~~all~created.beyond.1", set()),
        ("all~~all~manager.is.mine~type.is.P", {"王小明"}),
        ("all~~all~line.is.01.02.03.04.05", {"王小明", "济南市鼎盛食品有限公司"}),
    ],
)
def test_rows(zhang: Client, where: str, found: set[str]) -> None:
    response = zhang.get(f"/customers/?where={where}")
    assert names_in(response) == found
    assert response.context["list"].problems == []


def test_out_of_scope_stays_out_whatever_is_asked(town: None) -> None:
    li = factory.log_in(Client(), factory.LI)
    everything = "any~~all~type.is.P.O~~all~type.not.P~~all~manager.is.mine.none"
    assert names_in(li.get(f"/customers/?where={everything}")) == {"王小丽"}
    assert set(groups_in(li.get("/customers/?group=type")).values()) == {"1"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Tree,
        st.sampled_from(("all", "any")),
        st.lists(
            st.builds(
                Group,
                st.sampled_from(("all", "any")),
                st.lists(
                    st.sampled_from(
                        [
                            Condition(term.key, operator, ("1",) if not term.options_for(None) else (option,))
                            for term in lists.CUSTOMERS.filters[-1].terms
                            if term.key not in {"manager", "system", "division", "created", "updated"}
                            for operator in term.operators
                            for option in [one.value for one in term.options_for(None)] or ["1"]
                        ]
                    ),
                    min_size=1,
                    max_size=4,
                ).map(tuple),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
    )
)
def test_the_database_reads_a_tree_as_it_is_written(zhang: Client, tree: Tree) -> None:
    """Every mixture of and/or answers what the same conditions answer one by one."""
    with transaction.atomic(), scope.acting(factory.viewer(factory.ZHANG).scope):
        each = {
            condition: set(rows_of(written(Tree("all", (Group("all", (condition,)),)))))
            for group in tree.groups
            for condition in group.conditions
        }
        joined = {"all": lambda sets: set.intersection(*sets), "any": lambda sets: set.union(*sets)}
        expected = joined[tree.joiner](
            [joined[group.joiner]([each[one] for one in group.conditions]) for group in tree.groups]
        )
        assert set(rows_of(written(tree))) == expected


def rows_of(where: str) -> list[str]:
    return [row.code for row in lists.chosen_rows(factory.viewer(factory.ZHANG), f"where={where}")]


def test_every_term_says_which_index_serves_it() -> None:
    indexes = {index.name for index in ListRow._meta.indexes}
    for term in lists.CUSTOMERS.filters[-1].terms:
        assert {name.strip() for name in term.index.split(",")} <= indexes


def test_a_question_that_takes_too_long_is_stopped_and_says_so(
    zhang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = replace(lists.CUSTOMERS, limit_ms=1)
    monkeypatch.setattr(lists, "CUSTOMERS", slow)
    monkeypatch.setattr(lists, "rows_for", lambda _viewer, _values: sleepy(ListRow.objects.all()))
    response = zhang.get(f"/customers/?where={WHERE}")
    assert response.status_code == 200
    assert "没有查完" in response.content.decode()
    assert zhang.get("/customers/").status_code == 200


def sleepy(rows: object) -> object:
    return rows.extra(where=["pg_sleep(1) IS NOT NULL"])


@pytest.mark.parametrize(
    "address",
    [f"?where={WHERE}", "?group=kind", f"?group=unit&where={WHERE}&unit=3701&count=exact", "?build=open"],
)
def test_it_costs_no_more_than_a_list_may(sun: Client, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(lists, "CUSTOMERS", replace(lists.CUSTOMERS, page_size=1))
    with CaptureQueriesContext(connection) as captured:
        assert sun.get(f"/customers/{address}").status_code == 200
    asked = [one["sql"] for one in captured.captured_queries]
    assert len([sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE"))]) <= MOST_QUERIES


def test_the_form_works_without_scripts(zhang: Client) -> None:
    page = zhang.get(f"/customers/?build=open&where={WHERE}&kind=A")
    assert 'name="w1.0v" value="2"' in page.content.decode()
    grown = zhang.get("/customers/?build=group&wj=all&w0j=all&w0.0f=type&w0.0o=is&w0.0v=O")
    assert 'name="w1.0f"' in grown.content.decode()
    shown = zhang.get(
        "/customers/?wj=all&w0j=all&w0.0f=type&w0.0o=is&w0.0v=O", HTTP_HX_TARGET="list-customers"
    )
    assert shown["HX-Push-Url"] == "/customers/?where=all~~all~type.is.O"
    assert names_in(shown) == {"济南市鼎盛食品有限公司"}


def test_the_drawer_is_a_dialog(zhang: Client) -> None:
    drawer = zhang.get("/customers/?build=open", HTTP_HX_REQUEST="true").content.decode()
    assert 'id="builder-drawer"' in drawer
    assert "<html" not in drawer


def test_a_saved_view_keeps_it(zhang: Client) -> None:
    kept = {"name": "重点", "query": f"where={WHERE}&group=kind"}
    zhang.post("/views/save/customers/", kept, HTTP_REFERER="http://testserver/customers/")
    view = SavedView.objects.get()
    assert view.query == f"where={WHERE}&group=kind"
    assert names_in(zhang.get(f"/customers/?view={view.pk}&{view.query}")) == {
        "王小明",
        "济南市鼎盛食品有限公司",
    }


def test_the_audit_says_what_was_asked(zhang: Client) -> None:
    zhang.get(f"/customers/?where={WHERE}")
    with transaction.atomic(), scope.bulk():
        assert AuditEvent.objects.filter(act="list.read").latest("id").after == {"where": [WHERE]}


def test_an_act_on_all_rows_refuses_what_it_cannot_use(zhang: Client) -> None:
    answer = zhang.post("/customers/codes/", {"scope": "all", "query": "where=all~~all~secret.is.1"})
    assert answer.status_code == 422


# --- groups


def test_groups_count_and_lead_to_their_rows(zhang: Client) -> None:
    response = zhang.get("/customers/?group=type")
    assert groups_in(response) == {"个人": "1", "单位": "1"}
    [person, _company] = response.context["list"].groups
    assert names_in(zhang.get(f"/customers/{person.url}")) == {"王小明"}


def test_groups_by_unit_go_down_the_tree(sun: Client) -> None:
    response = sun.get("/customers/?group=unit")
    [city] = response.context["list"].groups
    assert (city.label, str(city.count)) == ("济南市", "3")
    assert groups_in(sun.get(f"/customers/{city.url}&group=unit")) == {
        "历下县": "2",
        "槐荫县": "1",
    }


def test_groups_count_what_the_conditions_leave(zhang: Client) -> None:
    assert groups_in(zhang.get("/customers/?group=type&where=all~~all~type.is.O")) == {"单位": "1"}


def test_groups_are_counted_no_further_than_the_list(zhang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "CUSTOMERS", replace(lists.CUSTOMERS, count_cap=0))
    assert set(groups_in(zhang.get("/customers/?group=type")).values()) == {"0+"}


def test_an_unknown_group_is_none(zhang: Client) -> None:
    assert zhang.get("/customers/?group=password").context["list"].groups == ()
    assert connection.in_atomic_block
