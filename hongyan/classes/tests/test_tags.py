"""Tags: defined by a unit for those beneath it, set on one or many, undone, found in the list (标签)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.classes.models import CustomerTag, Tag
from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.merge import merge
from hongyan.customer.codes import Kind
from hongyan.customer.models import CustomerMark
from hongyan.customer.tests.factory import (
    HEAD,
    LI,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_town,
    state_purposes,
    take,
)
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.tests.massing import begun, chosen, looked_at, outcomes, undone
from hongyan.org.queries.viewers import find_viewer

NAME = "王小明"


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    make_town()


def defined(client: Client, name: str = "重点回访") -> Tag:
    answer = client.post("/classes/tags/", {"name": name, "colour": "good"})
    assert answer.status_code == 302, answer.content.decode()
    with scope.bulk():
        return Tag.objects.latest("pk")


def on_list(client: Client, tag: Tag) -> bool:
    page = client.get(f"/customers/?tag=tag.{tag.pk}").content.decode()
    return NAME in page


def marked(tag: Tag) -> int:
    with scope.bulk():
        return CustomerMark.objects.filter(mark=tag.mark).count()


def acts(name: str) -> int:
    with scope.bulk():
        return AuditEvent.objects.filter(act=name).count()


def test_a_tag_of_a_unit_is_for_those_beneath_it() -> None:
    """Whoever is below may set it; who is elsewhere does not know it; who may not define, defines nothing."""
    tag = defined(log_in(Client(), WANG))
    assert "重点回访" in log_in(Client(), ZHANG).get("/classes/tags/").content.decode()
    head = defined(log_in(Client(), HEAD), "集团名单")
    below = log_in(Client(), ZHANG)
    page = below.get("/classes/tags/").content.decode()
    assert "集团名单" in page
    assert find_viewer(HEAD).name not in page
    assert below.post("/classes/tags/", {"name": "私用", "colour": "good"}).status_code == 403
    assert below.post(f"/classes/tags/{head.pk}/retire/").status_code == 403
    with scope.bulk():
        assert Tag.objects.filter(retired_at=None).count() == 2
    assert (
        log_in(Client(), WANG).post("/classes/tags/", {"name": "重点回访", "colour": "good"}).status_code
        == 422
    )
    assert tag.mark == f"tag.{tag.pk}"


def test_a_name_that_holds_a_number_is_refused() -> None:
    answer = log_in(Client(), WANG).post("/classes/tags/", {"name": "13812345678", "colour": "good"})
    assert answer.status_code == 422
    with scope.bulk():
        assert not Tag.objects.exists()


def test_one_is_set_shown_found_and_taken_off() -> None:
    tag = defined(log_in(Client(), WANG))
    client, address = (
        state_purposes(log_in(Client(), ZHANG), code_of(NAME)),
        f"/classes/tags/on/{code_of(NAME)}/",
    )
    for _twice in range(2):
        assert client.post(address, {"tag": tag.pk}).status_code == 302
    assert acts("tag.set") == 1
    assert "重点回访" in client.get(f"/customers/{code_of(NAME)}/classes/").content.decode()
    assert on_list(client, tag)
    assert client.post(address, {"tag": tag.pk, "act": "unset"}).status_code == 302
    assert acts("tag.unset") == 1
    assert not on_list(client, tag)


def test_whoever_may_not_see_the_customer_or_set_tags_changes_nothing() -> None:
    tag = defined(log_in(Client(), HEAD))
    address = f"/classes/tags/on/{code_of(NAME)}/"
    assert log_in(Client(), LI).post(address, {"tag": tag.pk}).status_code == 404
    assert log_in(Client(), ZHANG).post(address, {"tag": "x"}).status_code == 404
    with scope.bulk():
        assert not CustomerTag.objects.exists()


def test_a_retired_tag_is_set_no_more() -> None:
    client = log_in(Client(), WANG)
    tag = defined(client)
    assert client.post(f"/classes/tags/{tag.pk}/retire/").status_code == 302
    assert client.post(f"/classes/tags/on/{code_of(NAME)}/", {"tag": tag.pk}).status_code == 409
    assert client.post(f"/classes/tags/{tag.pk}/retire/").status_code == 409


def test_many_get_one_and_an_undo_leaves_who_had_it_before() -> None:
    """All results of a list, in the background; who bore the tag before keeps it after the undo."""
    client = log_in(Client(), WANG)
    tag = defined(client)
    client.post(f"/classes/tags/on/{code_of(NAME)}/", {"tag": tag.pk})
    run = chosen(client, query="")
    assert "重点回访" in client.get(f"/mass/{run.pk}/?act=tag").content.decode()
    assert looked_at(client, run, "tag", way="set", tag=tag.pk).status_code == 302
    page = client.get(f"/mass/{run.pk}/").content.decode()
    assert "打上标签“重点回访”" in page
    begun(client, run)
    assert outcomes(run) == {"changed": run.size - 1, "same": 1}
    assert marked(tag) == run.size
    undone(client, run)
    assert outcomes(run) == {"restored": run.size - 1, "same": 1}
    assert marked(tag) == 1
    assert on_list(client, tag)


def test_it_is_taken_off_many_and_comes_back_as_it_was() -> None:
    """Whoever got it otherwise since keeps that; a tag retired meanwhile is put on nobody."""
    client = log_in(Client(), WANG)
    tag = defined(client)
    for name in (NAME, "济南市鼎盛食品有限公司"):
        client.post(f"/classes/tags/on/{code_of(name)}/", {"tag": tag.pk})
    with scope.bulk():
        before = list(CustomerTag.objects.order_by("pk").values_list("customer_id", "set_by", "set_at"))
    run = chosen(client, query="")
    looked_at(client, run, "tag", way="unset", tag=tag.pk)
    begun(client, run)
    assert marked(tag) == 0
    undone(client, run)
    with scope.bulk():
        assert (
            list(CustomerTag.objects.order_by("pk").values_list("customer_id", "set_by", "set_at")) == before
        )
    assert marked(tag) == 2
    again = chosen(client, ids=[code_of(NAME)])
    looked_at(client, again, "tag", way="unset", tag=tag.pk)
    begun(client, again)
    client.post(f"/classes/tags/on/{code_of(NAME)}/", {"tag": tag.pk})
    undone(client, again)
    assert outcomes(again) == {"kept/later": 1}
    last = chosen(client, ids=[code_of(NAME)])
    client.post(f"/classes/tags/{tag.pk}/retire/")
    assert looked_at(client, last, "tag", way="set", tag=tag.pk).status_code == 422


def test_a_merged_customer_bears_the_tags_of_both() -> None:
    for key, name in (("R1", "王芳"), ("R2", "李娜")):
        take(Given(name, key, system="psb", kind=Kind.REGISTERED))
    client = log_in(Client(), HEAD)
    tag = defined(client)
    client.post(f"/classes/tags/on/{code_of('李娜')}/", {"tag": tag.pk})
    one, other = code_of("王芳"), code_of("李娜")
    with scope.bulk():
        merge(find_viewer(HEAD), one, other, reason="同一人")
        (mark,) = CustomerMark.objects.filter(mark=tag.mark).select_related("customer")
    assert mark.customer.survivor_id is None
    state_purposes(client, mark.customer.code)
    page = client.get(f"/customers/{mark.customer.code}/classes/").content.decode()
    assert "重点回访" in page
    client.post(f"/classes/tags/on/{mark.customer.code}/", {"tag": tag.pk, "act": "unset"})
    with scope.bulk():
        assert not CustomerMark.objects.filter(mark=tag.mark).exists()


def test_tags_are_changed_in_the_cell_of_the_list() -> None:
    """UI pattern 6: the pencil opens the tags to tick; what is saved is answered without a page."""
    client = log_in(Client(), WANG)
    tag, other = defined(client), defined(client, "老客户")
    columns = "/customers/?cols=name,tags"
    page = client.get(columns).content.decode()
    address = f"/classes/tags/of/{code_of(NAME)}/"
    assert f'href="{address}" data-cell-edit' in page
    assert "data-cell-edit" in page
    script = {"HX-Request": "true"}
    shown = client.get(address, headers=script)
    assert shown.content.decode().lstrip().startswith("<dialog")
    seen = shown.context["form"].initial["seen"]
    assert client.post(address, {"tags": [tag.pk], "seen": seen}, headers=script).status_code == 204
    assert "重点回访" in row_of(client, columns)
    late = client.post(address, {"tags": [other.pk], "seen": seen}, headers=script)
    assert late.status_code == 409
    assert "重点回访" in late.content.decode()
    assert (acts("tag.set"), acts("tag.unset")) == (1, 0)
    seen = late.context["form"]["seen"].value()
    assert client.post(address, {"tags": [other.pk], "seen": seen}).status_code == 302
    assert ("重点回访" in row_of(client, columns), "老客户" in row_of(client, columns)) == (False, True)
    assert client.post(address, {"tags": [10**9], "seen": "x"}, headers=script).status_code == 422
    assert queries_of(client, columns) <= MOST_QUERIES

    li = log_in(Client(), LI)
    assert (li.get(address).status_code, li.post(address, {"tags": [], "seen": seen}).status_code) == (
        404,
        404,
    )
    assert acts("tag.unset") == 1


def row_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return next(row for row in page.split("<tr") if f"/customers/{code_of(NAME)}/" in row)
