"""Merge and split through HTTP: pages and API (CUS-003, SM11; acceptance 3 of issue 5)."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Kind, MergeState
from hongyan.customer.models import Customer, Merge, SourceParty
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, take
from hongyan.customer.tests.merging import HE, XU, customer, make_stewards, present_state, walk_in
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.models import Approval

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
ADDRESS = "山东省济南市历下区泉城路12号"


@pytest.fixture
def pair(db: None) -> tuple[str, str]:
    """Codes of two walk-ins that are one."""
    make_stewards()
    take(
        walk_in("王小明", "A", secrets={"mobile": "13800000001"}, fields={"address": ADDRESS}),
        walk_in("王大明", "B", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13800000002"}),
    )
    return customer("王小明").code, customer("王大明").code


@pytest.fixture
def xu(pair: tuple[str, str], client: Client) -> Client:
    return factory.log_in(client, XU)


def merge_url(pair: tuple[str, str]) -> str:
    return f"/customers/{pair[0]}/merge/{pair[1]}/"


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    idle = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    return len([one for one in queries if not one["sql"].startswith(idle)])


def confirm(xu: Client, pair: tuple[str, str], **more: str) -> Merge:
    seen = xu.get(merge_url(pair)).context["seeing"].seen
    answer = xu.post(
        merge_url(pair), {"reason": "同一人", "owner_01": "survivor", "seen": seen, "confirm": "1", **more}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with scope.bulk():
        return Merge.objects.latest("pk")


def test_the_dry_run_shows_everything_and_changes_nothing(xu: Client, pair: tuple[str, str]) -> None:
    before = present_state()
    answer = xu.get(merge_url(pair))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert present_state() == before
    for text in (
        "王小明",
        "王大明",
        "138****0001",
        "138****0002",
        "泉城路支局 · 张建国",
        "经十路支局 · 李卫东",
    ):
        assert text in page
    assert "13800000001" not in page
    assert ADDRESS not in page
    with scope.bulk():
        opened = AuditEvent.objects.filter(act="customer.open", purpose="verify").values_list(
            "subject", flat=True
        )
        assert set(opened) == set(pair)


def test_the_dry_run_takes_few_queries(xu: Client, pair: tuple[str, str]) -> None:
    """Twelve read the two customers with all that would change, two write the audit, three are every page's."""
    assert queries_of(xu, merge_url(pair)) <= 16


def test_whom_to_merge_with_is_named_by_code(xu: Client, pair: tuple[str, str]) -> None:
    address = f"/customers/{pair[1]}/merge/"
    assert xu.get(address).status_code == 200
    for other, status in ((pair[0], 302), (pair[1], 422), ("王小明", 422), ("H00000000991", 422)):
        assert xu.get(address, {"other": other}).status_code == status, other
    assert xu.get(address, {"other": pair[0]}).headers["Location"] == merge_url(pair)


def test_the_choices_show_in_a_second_dry_run(xu: Client, pair: tuple[str, str]) -> None:
    with scope.bulk():
        party = SourceParty.objects.get(key="B").pk
    seen = xu.get(merge_url(pair)).context["seeing"].seen
    chosen = {
        "owner_01": "absorbed",
        "field_name": str(party),
        "reason": "同一人",
        "seen": seen,
        "again": "1",
    }
    shown = xu.post(merge_url(pair), chosen).context["seeing"]

    assert {one.name: one.result for one in shown.fields}["name"] == "王大明"
    assert [one.stands for one in shown.owners] == ["absorbed"]
    with scope.bulk():
        assert not Merge.objects.exists()


def test_merge_and_split_by_pages(xu: Client, pair: tuple[str, str]) -> None:
    """The alias leads on with a word of it; a split from the history makes both as before."""
    before = present_state()
    row = confirm(xu, pair)
    alias = xu.get(f"/customers/{pair[1]}/", follow=True)
    # the steward says what for; the alias has led to the survivor's page
    assert alias.redirect_chain[0] == (f"/customers/{pair[0]}/", 302)
    assert f"{pair[1]} 已归并到本客户" in alias.content.decode()

    merged = f"/customers/merges/{row.pk}/"
    page = xu.get(merged).content.decode()
    assert "同一人" in page
    answer = xu.post(merged, {"reason": "弄错了", "seen": xu.get(merged).context["split"].seen})
    assert answer.status_code == 302
    assert present_state() == before
    assert "弄错了" in xu.get(merged).content.decode()
    assert xu.post(merged, {"reason": "再拆"}).status_code == 409


def test_an_alias_is_found_wherever_codes_are(xu: Client, pair: tuple[str, str]) -> None:
    """CUS-004: a code resolves for ever, in search, lists and files, also behind a chain of merges."""
    take(walk_in("李三", "C"))
    third = customer("李三").code
    confirm(xu, pair)
    xu.get(merge_url((third, pair[0])))
    confirm(xu, (third, pair[0]))
    assert xu.post("/customers/search/", {"q": pair[1]}).headers["Location"] == f"/customers/{third}/"
    (row,) = xu.get(f"/customers/?q={pair[1]}").context["list"].page.rows
    assert (row.code, row.former_codes) == (third, f"{pair[0]} {pair[1]}")
    assert xu.get(f"/customers/{pair[1]}/history/").headers["Location"] == f"/customers/{third}/history/"


def test_a_reason_is_needed_and_holds_no_number(xu: Client, pair: tuple[str, str]) -> None:
    seen = xu.get(merge_url(pair)).context["seeing"].seen
    for reason in ("", "电话 13812345678 相同"):
        sent = {"reason": reason, "owner_01": "survivor", "seen": seen, "confirm": "1"}
        assert xu.post(merge_url(pair), sent).status_code == 422


def test_a_stale_page_is_told(xu: Client, pair: tuple[str, str]) -> None:
    seen = xu.get(merge_url(pair)).context["seeing"].seen
    take(walk_in("王小明", "A", secrets={"mobile": "13800000007"}))
    sent = {"reason": "同一人", "owner_01": "survivor", "seen": seen, "confirm": "1"}
    assert xu.post(merge_url(pair), sent).status_code == 409


def test_the_second_person_sees_what_would_meet(db: None, client: Client) -> None:
    """REQUIREMENTS 5.5 screen 5: 合并后客户经理 2 人, 需定主办."""
    make_stewards()
    take(
        walk_in("王小明", "A", kind=Kind.AGREEMENT_PERSON, system="kgc", fields={"agreement_no": "AG-1"}),
        walk_in("王大明", "B", kind=Kind.AGREEMENT_PERSON, system="kgc", unit=HUAIYIN_OUTLET, manager=LI),
    )
    pair = customer("王小明").code, customer("王大明").code
    row = confirm(factory.log_in(client, XU), pair)
    assert row.state == MergeState.WAITING
    he = factory.log_in(Client(), HE)
    with scope.bulk():
        approval = Approval.objects.get(kind="merge")
    page = he.get(f"/approvals/{approval.pk}/").content.decode()
    for text in ("王小明", "王大明", "泉城路支局 · 张建国", "经十路支局 · 李卫东 不再管户"):
        assert text in page
    he.post(f"/approvals/{approval.pk}/decide/", {"verdict": "approve", "version": approval.version})
    with scope.bulk():
        row.refresh_from_db()
        assert (row.state, row.second_by) == (MergeState.DONE, HE)
    assert he.get(f"/customers/merges/{row.pk}/").status_code == 200


def test_the_tab_tells_what_was_merged_and_split(xu: Client, pair: tuple[str, str]) -> None:
    confirm(xu, pair)
    factory.state_purposes(xu, pair[0])
    assert queries_of(xu, f"/customers/{pair[0]}/merges/") <= MOST_QUERIES
    page = xu.get(f"/customers/{pair[0]}/merges/").content.decode()
    assert f"{pair[1]} 并入 {pair[0]}" in page
    history = xu.get(f"/customers/{pair[0]}/history/").content.decode()
    assert "人工归并" in history


def test_parties_are_taken_out_by_a_page(xu: Client, pair: tuple[str, str]) -> None:
    row = confirm(xu, pair)
    xu.post(
        f"/customers/merges/{row.pk}/",
        {"reason": "弄错了", "seen": xu.get(f"/customers/merges/{row.pk}/").context["split"].seen},
    )
    take(
        walk_in("王小明", "C", system="jiyou", secrets={"mobile": "13800000001"}, fields={"address": ADDRESS})
    )
    address = f"/customers/{pair[0]}/take-out/"
    page = xu.get(address)
    with scope.bulk():
        party = SourceParty.objects.get(key="C").pk
    form = page.context["form"]
    assert xu.post(address, {"reason": "儿子", "seen": form.initial["seen"]}).status_code == 422
    answer = xu.post(address, {"parties": [party], "reason": "儿子", "seen": form.initial["seen"]})
    assert answer.status_code == 302, answer.content.decode()
    with scope.bulk():
        assert SourceParty.objects.get(pk=party).customer.code not in pair
    factory.state_purposes(xu, pair[0])
    assert "拆出为" in xu.get(f"/customers/{pair[0]}/merges/").content.decode()


def test_who_may_not_merge_finds_no_button_and_no_door(pair: tuple[str, str]) -> None:
    zhang = factory.log_in(Client(), factory.ZHANG)
    assert "merge/" not in zhang.get(f"/customers/{pair[0]}/merges/").content.decode()
    assert zhang.get(merge_url(pair)).status_code == 403


# --- API


@pytest.fixture
def api(pair: tuple[str, str]) -> Client:
    who = factory.viewer(XU)
    with scope.acting(who.scope):
        _, token = make_api_token(who, name="merge")
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(
    api: Client, address: str, body: dict[str, object], key: str = "k1"
) -> tuple[int, dict[str, object]]:
    answer = api.post(
        f"/api/v1{address}", json.dumps(body), "application/json", headers={"Idempotency-Key": key}
    )
    return answer.status_code, answer.json()


def test_merge_and_split_over_the_api(api: Client, pair: tuple[str, str]) -> None:
    before = present_state()
    shown = api.get(f"/api/v1/customers/{pair[0]}/merge/{pair[1]}").json()
    assert (shown["survivor"], shown["takes_two"], shown["objections"]) == (pair[0], False, [])
    body = {"survivor": pair[0], "absorbed": pair[1], "reason": "同一人", "seen": shown["seen"]}
    status, made = send(api, "/merges", body)
    assert (status, made["state"]) == (200, "done")
    assert send(api, "/merges", body) == (200, made)
    assert send(api, "/merges", {**body, "reason": "别的"})[0] == 422
    assert send(api, "/merges", body, key="k2")[0] == 409
    assert api.get(f"/api/v1/customers/{pair[1]}?purpose=service").json()["former_codes"] == [pair[1]]
    assert api.get("/api/v1/customers").json()["items"][0]["former_codes"] == [pair[1]]

    address = f"/merges/{made['id']}/split"
    status, parted = send(api, address, {"reason": "弄错了"})
    assert (status, parted["state"]) == (200, "split")
    assert send(api, address, {"reason": "弄错了"}) == (200, parted)
    assert send(api, address, {"reason": "弄错了"}, key="k2")[0] == 409
    assert api.get(f"/api/v1/merges/{made['id']}").json() == parted
    assert present_state() == before


def test_parties_are_taken_out_over_the_api(api: Client, pair: tuple[str, str]) -> None:
    take(
        walk_in("王小明", "C", system="jiyou", secrets={"mobile": "13800000001"}, fields={"address": ADDRESS})
    )
    with scope.bulk():
        party = SourceParty.objects.get(key="C").pk
    status, parted = send(api, f"/customers/{pair[0]}/take-out", {"parties": [party], "reason": "儿子"})
    assert status == 200
    with scope.bulk():
        assert Customer.objects.get(code=parted["code"]).name == "王小明"
    assert send(api, f"/customers/{pair[0]}/take-out", {"parties": [party], "reason": "儿子"})[0] == 422
