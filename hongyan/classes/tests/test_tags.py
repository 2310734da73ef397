"""Tags: defined by a unit for those beneath it, set on one or many, undone, found in the list (标签)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.classes.actions import tags
from hongyan.classes.models import CustomerTag, Tag, TagBatch
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


def run(batch: TagBatch) -> None:
    tags.carry_out(batch.pk, lambda _done, _all: None)


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
    answer = client.post("/classes/tags/many/", {"scope": "all", "query": ""})
    with scope.bulk():
        batch = TagBatch.objects.get()
    assert answer.headers["Location"] == f"/classes/tags/many/{batch.pk}/"
    assert "重点回访" in client.get(f"/classes/tags/many/{batch.pk}/").content.decode()
    assert client.post(f"/classes/tags/many/{batch.pk}/", {"tag": tag.pk}).status_code == 302
    assert client.post(f"/classes/tags/many/{batch.pk}/", {"tag": tag.pk}).status_code == 409
    run(batch)
    with scope.bulk():
        batch.refresh_from_db()
        assert (batch.state, batch.changed) == ("done", batch.size - 1)
        assert CustomerMark.objects.filter(mark=tag.mark).count() == batch.size
    assert client.post(f"/classes/tags/many/{batch.pk}/undo/").status_code == 302
    run(batch)
    with scope.bulk():
        batch.refresh_from_db()
        assert (batch.state, batch.restored) == ("undone", batch.changed)
        assert CustomerMark.objects.filter(mark=tag.mark).count() == 1
    assert on_list(client, tag)
    assert client.post(f"/classes/tags/many/{batch.pk}/undo/").status_code == 409
    assert (acts("tag.set_many"), acts("tag.undo_many")) == (1, 1)


def test_an_act_on_many_is_nobody_elses() -> None:
    client = log_in(Client(), WANG)
    tag = defined(client)
    client.post("/classes/tags/many/", {"ids": [code_of(NAME)]})
    with scope.bulk():
        batch = TagBatch.objects.get()
    assert batch.size == 1
    other = log_in(Client(), HEAD)
    assert other.get(f"/classes/tags/many/{batch.pk}/").status_code == 404
    assert other.post(f"/classes/tags/many/{batch.pk}/", {"tag": tag.pk}).status_code == 404
    assert client.post("/classes/tags/many/", {"ids": ["H00000000000"]}).status_code == 422
    with scope.bulk():
        assert TagBatch.objects.get().state == "draft"


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
