"""Relations that people write down, end and find again after merges and splits (L09, LOG-004, ADR 0032)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.relate_all import relate_all, relate_touched
from hongyan.customer.actions.split import split
from hongyan.customer.models import Relation, SourceParty
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, code_of
from hongyan.customer.tests.merging import XU, make_stewards
from hongyan.customer.tests.relations import (
    HOME,
    all_rows,
    company,
    make_family,
    person,
    relation_between,
    told,
)
from hongyan.customer.tests.test_api import api
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of

pytestmark = pytest.mark.django_db

HEAD_FIRM, BRANCH, STRANGER = "济南市鼎盛食品有限公司", "山东远帆物流有限公司", "青岛海岳贸易有限公司"


@pytest.fixture
def firms(db: None, client: Client) -> Client:
    """Three companies that no rule relates, one of them li's; and zhang, who looks after the other two."""
    make_stewards()
    factory.take(
        company(HEAD_FIRM, "C1"),
        company(BRANCH, "C2"),
        company(STRANGER, "C3", unit=HUAIYIN_OUTLET, manager=LI),
        person("孙建国", "P1", mobile="13812345601", address=HOME),
        person("孙建军", "P2", mobile="13812345609", address="山东省济南市历下区文化路99号"),
    )
    relate_touched()
    return factory.log_in(client, factory.ZHANG)


def declare(client: Client, name: str, other: str, sort: str, **given: str) -> Any:
    url = f"/customers/{code_of(name)}/relations/new/"
    return client.post(url, {"sort": sort, "other": other, "starts_on": "", "note": "", **given})


def tab(client: Client, name: str) -> str:
    return client.get(f"/customers/{code_of(name)}/relations/").content.decode()


def test_a_person_writes_down_what_another_is(firms: Client) -> None:
    answer = declare(
        firms, BRANCH, code_of(HEAD_FIRM), "branch:upper", starts_on="2020-03-01", note="见营业执照"
    )
    assert answer.status_code == 302
    assert told() == {(*sorted((HEAD_FIRM, BRANCH)), "group", "branch", "confirmed")}
    page = tab(firms, BRANCH)
    assert page.index(HEAD_FIRM + "</") < page.index("本客户")
    assert "总部" in page
    assert "人工登记" in page
    assert "自 2020-03-01 起" in page
    assert "见营业执照" in page
    assert "分支机构" in tab(firms, HEAD_FIRM)
    acts = AuditEvent.objects.filter(act="customer.declare_relation")
    assert {event.subject for event in acts} == {code_of(HEAD_FIRM), code_of(BRANCH)}
    assert acts[0].purpose == "见营业执照"


def test_a_name_is_looked_up_and_one_of_those_found_is_picked(firms: Client) -> None:
    before = all_rows()
    page = declare(firms, BRANCH, "鼎盛", "branch:upper")
    assert page.status_code == 422
    assert all_rows() == before
    assert "请选择是哪一位" in page.content.decode()
    assert f'value="{code_of(HEAD_FIRM)}"' in page.content.decode()
    assert declare(firms, BRANCH, code_of(HEAD_FIRM), "branch:upper").status_code == 302
    assert len(told()) == 1


@pytest.mark.parametrize("typed", [STRANGER, "没有这家", "H00000000017"])
def test_who_is_out_of_scope_is_not_found(firms: Client, typed: str) -> None:
    page = declare(firms, BRANCH, typed, "group:upper")
    assert (page.status_code, told()) == (422, set())
    assert "您的数据范围内没有这个客户" in page.content.decode()


def test_a_code_out_of_scope_says_the_same_as_none(firms: Client) -> None:
    page = declare(firms, BRANCH, code_of(STRANGER), "group:upper")
    assert (page.status_code, told()) == (422, set())
    assert "您的数据范围内没有这个客户" in page.content.decode()


@pytest.mark.parametrize(
    ("own", "other", "sort", "given", "says"),
    [
        (BRANCH, BRANCH, "group:upper", {}, "不能与自己建立关系"),
        (BRANCH, "孙建国", "group:upper", {}, "不适用于这两个客户的类型"),
        (BRANCH, HEAD_FIRM, "spouse:", {}, "spouse:"),
        (BRANCH, HEAD_FIRM, "group:upper", {"starts_on": "2999-01-01"}, "不能晚于今天"),
        (BRANCH, HEAD_FIRM, "group:upper", {"note": "电话13812345678"}, "像手机号码"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    firms: Client, own: str, other: str, sort: str, given: dict[str, str], says: str
) -> None:
    page = declare(firms, own, code_of(other), sort, **given)
    assert (page.status_code, told()) == (422, set())
    assert says in page.content.decode()


def test_a_circle_and_a_repetition_are_refused(firms: Client) -> None:
    assert declare(firms, BRANCH, code_of(HEAD_FIRM), "group:upper").status_code == 302
    before = all_rows()
    assert (
        "已有同类的另一种关系" in declare(firms, HEAD_FIRM, code_of(BRANCH), "group:upper").content.decode()
    )
    assert "已经登记或确认" in declare(firms, HEAD_FIRM, code_of(BRANCH), "group:lower").content.decode()
    assert all_rows() == before
    factory.take(company("济南恒通仓储有限公司", "C4"))
    third = "济南恒通仓储有限公司"
    assert declare(firms, third, code_of(BRANCH), "group:upper").status_code == 302
    assert "会形成循环" in declare(firms, HEAD_FIRM, code_of(third), "group:upper").content.decode()
    assert len(told()) == 2


def test_one_may_have_several_roles_in_business(firms: Client) -> None:
    """LOG-004: roles per deal, the same party in several."""
    for sort in ("sender:upper", "sender:lower", "payer:upper", "supplier:lower", "direct:upper"):
        assert declare(firms, BRANCH, code_of(HEAD_FIRM), sort).status_code == 302
    page = tab(firms, BRANCH)
    for role in ("寄件方", "收件方", "付款方", "采购方", "直接客户"):
        assert f'<span class="related-role">{role}</span>' in page
    assert queries_of(firms, f"/customers/{code_of(BRANCH)}/relations/") <= MOST_QUERIES


def end(client: Client, name: str, other: str, **given: str) -> Any:
    url = f"/customers/{code_of(name)}/relations/{relation_between(name, other).pk}/end/"
    return client.post(url, {"ends_on": "", "reason": "已注销", **given})


def test_what_is_over_is_kept_and_may_be_written_down_again(firms: Client) -> None:
    declare(firms, BRANCH, code_of(HEAD_FIRM), "branch:upper", starts_on="2020-03-01")
    before = all_rows()
    assert "不能早于开始日期" in end(firms, BRANCH, HEAD_FIRM, ends_on="2020-02-01").content.decode()
    assert end(firms, BRANCH, HEAD_FIRM, reason="").status_code == 422
    assert all_rows() == before
    assert (
        "不再是"
        in firms.get(
            f"/customers/{code_of(BRANCH)}/relations/{relation_between(BRANCH, HEAD_FIRM).pk}/end/"
        ).content.decode()
    )
    assert end(firms, BRANCH, HEAD_FIRM, ends_on="2024-05-01").status_code == 302
    page = tab(firms, BRANCH)
    assert "已结束 1 项" in page
    assert "至 2024-05-01 止" in page
    assert "已注销" in page
    assert told() == set()
    assert AuditEvent.objects.filter(act="customer.end_relation", purpose="已注销").count() == 2
    assert declare(firms, BRANCH, code_of(HEAD_FIRM), "branch:upper").status_code == 302


def test_what_was_declared_is_not_judged_and_what_was_derived_does_not_end(db: None, client: Client) -> None:
    make_family()
    zhang = factory.log_in(client, factory.ZHANG)
    derived = relation_between("孙建国", "孙伟")
    url = f"/customers/{code_of('孙建国')}/relations/{derived.pk}/"
    before = all_rows()
    assert zhang.post(f"{url}end/", {"reason": "错"}).status_code == 404
    assert all_rows() == before
    assert declare(zhang, "孙建国", code_of("吴六"), "referrer:lower").status_code == 302
    before = all_rows()
    declared = relation_between("孙建国", "吴六")
    answer = zhang.post(f"/customers/{code_of('孙建国')}/relations/{declared.pk}/", {"state": "refused"})
    assert answer.status_code == 404
    assert all_rows() == before


def test_a_declared_relation_displaces_a_proposal_and_gives_it_back(db: None, client: Client) -> None:
    """What a person says stands, whatever is derived anew; once it is over, rules say what they see."""
    make_family()
    zhang = factory.log_in(client, factory.ZHANG)
    assert ("孙伟", "孙建国", "family", "parent", "proposed") in told()
    assert declare(zhang, "孙建国", code_of("孙伟"), "sibling:").status_code == 302
    relate_all(lambda *_: None)
    assert {one for one in told() if one[:2] == ("孙伟", "孙建国")} == {
        ("孙伟", "孙建国", "family", "sibling", "confirmed")
    }
    assert end(zhang, "孙建国", "孙伟").status_code == 302
    relate_touched()
    assert ("孙伟", "孙建国", "family", "parent", "proposed") in told()


def test_merges_and_splits_carry_it_exactly(firms: Client) -> None:
    """It goes where the code goes that it was written under (ADR 0032)."""
    declare(firms, "孙建军", code_of(HEAD_FIRM), "employer:upper")
    rows = all_rows()
    xu = factory.viewer(XU)
    merged = merge(xu, code_of("孙建国"), code_of("孙建军"), reason="同一人")
    assert "任职单位" in tab(firms, "孙建国")
    # under the alias it was written, and under the survivor too
    assert declare(firms, "孙建国", code_of(BRANCH), "employer:upper").status_code == 302
    split(xu, merged.pk, reason="不是同一人")
    assert HEAD_FIRM in tab(firms, "孙建军")
    assert BRANCH not in tab(firms, "孙建军")
    assert BRANCH in tab(firms, "孙建国")
    assert HEAD_FIRM not in tab(firms, "孙建国")
    assert all_rows()[: len(rows)] == rows


def test_the_next_county_declares_and_ends_nothing(firms: Client) -> None:
    declare(firms, BRANCH, code_of(HEAD_FIRM), "branch:upper")
    before = all_rows()
    li = factory.log_in(Client(), LI)
    assert declare(li, BRANCH, code_of(HEAD_FIRM), "group:lower").status_code == 404
    assert declare(li, STRANGER, code_of(HEAD_FIRM), "group:lower").status_code == 422
    assert end(li, BRANCH, HEAD_FIRM).status_code == 404
    assert all_rows() == before


# --- the picture


def graph_data(client: Client, name: str, query: str = "") -> dict[str, Any]:
    page = client.get(f"/customers/{code_of(name)}/relations/graph/{query}").content.decode()
    found = re.search(r'<script id="relation-graph" type="application/json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else {}


def chain(client: Client) -> str:
    """HEAD_FIRM above BRANCH above a third, whose representative is 孙建国."""
    third = "济南恒通仓储有限公司"
    factory.take(company(third, "C4"))
    declare(client, BRANCH, code_of(HEAD_FIRM), "group:upper")
    declare(client, third, code_of(BRANCH), "group:upper")
    declare(client, third, code_of("孙建国"), "representative:lower")
    return third


def test_the_picture_goes_as_far_as_asked(firms: Client) -> None:
    """V36-i02: main code, its companies, theirs."""
    third = chain(firms)
    assert [node["name"] for node in graph_data(firms, HEAD_FIRM, "?depth=1")["nodes"]] == [HEAD_FIRM, BRANCH]
    data = graph_data(firms, HEAD_FIRM, "?depth=3")
    assert [node["name"] for node in data["nodes"]] == [HEAD_FIRM, BRANCH, third, "孙建国"]
    assert data["nodes"][1]["url"] == f"/customers/{code_of(BRANCH)}/relations/"
    ids = {node["name"]: node["id"] for node in data["nodes"]}
    assert {(line["source"], line["target"], line["text"]) for line in data["lines"]} == {
        (ids[HEAD_FIRM], ids[BRANCH], "集团成员"),
        (ids[BRANCH], ids[third], "集团成员"),
        (ids[third], ids["孙建国"], "法定代表人"),
    }
    only = graph_data(firms, HEAD_FIRM, "?depth=3&type=group&type=nonsense")
    assert [node["name"] for node in only["nodes"]] == [HEAD_FIRM, BRANCH, third]
    page = firms.get(f"/customers/{code_of(HEAD_FIRM)}/relations/graph/?depth=3").content.decode()
    assert page.count('<th scope="row">') == 3
    assert AuditEvent.objects.filter(act="customer.open", after__part="relation_graph").count() == 4


def test_who_is_out_of_scope_is_counted_and_not_passed_through(firms: Client) -> None:
    head = factory.log_in(Client(), factory.HEAD)
    factory.state_purposes(head, code_of(STRANGER), code_of(BRANCH), code_of(HEAD_FIRM))
    assert declare(head, BRANCH, code_of(STRANGER), "supplier:upper").status_code == 302
    assert declare(head, STRANGER, code_of(HEAD_FIRM), "supplier:upper").status_code == 302
    page = firms.get(f"/customers/{code_of(BRANCH)}/relations/graph/?depth=3").content.decode()
    assert "另有 1 个有关系的客户不在您的数据范围内" in page
    assert STRANGER not in page
    assert code_of(STRANGER) not in page
    assert HEAD_FIRM not in page
    assert len(graph_data(head, BRANCH, "?depth=3")["nodes"]) == 3


def test_the_api_tells_the_same(firms: Client) -> None:
    third = chain(firms)
    url = f"/api/v1/customers/{code_of(HEAD_FIRM)}/relations/graph"
    found = api(factory.ZHANG).get(f"{url}?depth=2").json()
    assert [(one["name"], one["depth"], one["through"]) for one in found["nodes"]] == [
        (HEAD_FIRM, 0, None),
        (BRANCH, 1, code_of(HEAD_FIRM)),
        (third, 2, code_of(BRANCH)),
    ]
    assert [(one["upper"], one["lower"], one["role"]) for one in found["edges"]] == [
        (code_of(HEAD_FIRM), code_of(BRANCH), "group"),
        (code_of(BRANCH), code_of(third), "group"),
    ]
    assert (found["hidden"], found["is_cut"]) == (0, False)
    assert AuditEvent.objects.filter(act="customer.open", subject=code_of(HEAD_FIRM)).count() == 1
    assert api(factory.ZHANG).get(f"{url}?depth=9").status_code == 422
    assert api(LI).get(url).status_code == 404


def test_two_hundred_cost_as_much_as_two(firms: Client) -> None:
    """≤ 12 queries, and more than fit are said to be more."""
    chain(firms)
    url = f"/customers/{code_of(HEAD_FIRM)}/relations/graph/?depth=3"
    few = queries_of(firms, url)
    factory.take(*factory.many(230))
    with scope.bulk():
        parties = list(SourceParty.objects.order_by("id"))
        hub = SourceParty.objects.get(customer__name=HEAD_FIRM)
        others = [party for party in parties if party.pk > hub.pk][-230:]
        Relation.objects.bulk_create(
            Relation(
                party=hub, other_party=other, type="correspondence", role="sender", upper="party",
                source="declared", state="confirmed", confidence=100, rule_version=0, since=clock.now(),
            )
            for other in others
        )  # fmt: skip
    assert queries_of(firms, url) <= few <= MOST_QUERIES
    data = graph_data(firms, HEAD_FIRM, "?depth=3")
    assert len(data["nodes"]) == 200
    assert len({(node["x"], node["y"]) for node in data["nodes"]}) == 200
    assert "这里只画出最近" in firms.get(url).content.decode()
    assert len(tab(firms, HEAD_FIRM)) > 0
