"""Contact persons beside those of files: written down, changed, ended, with their history (GEN-001, KGX-i01)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.errors import Conflict
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.anonymise import anonymise
from hongyan.customer.actions.correct import correct
from hongyan.customer.actions.keep_contact import add_contact
from hongyan.customer.models import Customer, Identifier, SourceRecord
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import LI, TESTER, ZHANG, code_of
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of

pytestmark = pytest.mark.django_db

FIRM, PERSON = "济南市鼎盛食品有限公司", "王小明"
MOBILE = "13805310001"


@pytest.fixture
def zhang(db: None, client: Client) -> Client:
    factory.make_town()
    return factory.log_in(client, ZHANG)


def write(client: Client, **typed: str) -> Any:
    return client.post(f"/customers/{code_of(FIRM)}/contacts/new/", {"contact_name": "陈会计", **typed})


def tab(client: Client, name: str = FIRM) -> str:
    return client.get(f"/customers/{code_of(name)}/contacts/").content.decode()


def versions() -> list[SourceRecord]:
    with scope.bulk():
        rows = SourceRecord.objects.filter(party__system="hongyan", part__startswith="contact/")
        return list(rows.select_related("party").order_by("pk"))


def address(record: SourceRecord, tail: str = "") -> str:
    return f"/customers/{code_of(FIRM)}/contacts/{record.party_id}/{record.part.split('/')[1]}/{tail}"


def test_a_contact_is_written_down_and_shown_masked_beside_those_of_files(zhang: Client) -> None:
    before = golden(FIRM)
    assert write(
        zhang, role="3", mobile=MOBILE, birthday="3月15日", preferred_channel="phone", preferred_time="morning",
        preferred_language="zh", note="报账时找她",
    ).status_code == 302  # fmt: skip
    (record,) = versions()
    assert record.fields["birthday"] == "03-15"
    assert MOBILE not in json.dumps(record.fields)
    page = tab(zhang)
    for words in (
        "陈会计",
        "财务",
        "03-15",
        "电话",
        "上午",
        "普通话",
        "报账时找她",
        "鸿雁维护",
        "138****0001",
    ):
        assert words in page
    assert MOBILE not in page
    assert golden(FIRM) == before, "nothing golden changes"
    shown = zhang.post(
        f"/customers/{code_of(FIRM)}/reveal/mobile/{record.pk}/",
        {"purpose": "service", "note": ""},
        headers={"Accept": "application/json"},
    )
    assert shown.json()["value"] == MOBILE
    (event,) = AuditEvent.objects.filter(act="customer.add_contact")
    assert MOBILE not in str(event.after)
    of_files = tab(zhang, PERSON)
    assert "周助理" in of_files
    assert "/contacts/new/" in of_files
    assert "/end/" not in of_files, "what a file said is not changed here"


def golden(name: str) -> dict[str, Any]:
    with scope.bulk():
        row = Customer.objects.values().get(name=name)
        return {key: row[key] for key in row if key not in ("version", "updated_at", "lineage")}


def test_changing_keeps_numbers_and_former_versions(zhang: Client) -> None:
    write(zhang, role="3", mobile=MOBILE, email="chen@dingsheng.cn")
    (first,) = versions()
    form = zhang.get(address(first)).context["form"]
    typed = {"contact_name": "陈会计", "role": "1", "seen": form.initial["seen"], "clear": ["email"]}
    assert zhang.post(address(first), typed).status_code == 302
    second = versions()[-1]
    assert (second.version, second.is_current) == (2, True)
    assert second.fields["mobile_masked"] == "138****0001"
    assert "email_masked" not in second.fields
    page = tab(zhang)
    assert "决策" in page
    assert "以前的版本" in page
    stale = zhang.post(address(first), {**typed, "clear": []})
    assert stale.status_code == 409
    assert "别人已经改过" in stale.content.decode()
    assert len(versions()) == 2


def test_ending_leaves_history_and_nobody_is_found_by_the_number(zhang: Client) -> None:
    write(zhang, mobile=MOBILE)
    (record,) = versions()
    assert zhang.post(address(record, "end/"), {"reason": ""}).status_code == 422
    assert zhang.post(address(record, "end/"), {"reason": "离职"}).status_code == 302
    last = versions()[-1]
    assert not last.is_current
    assert last.fields["end_reason"] == "离职"
    with scope.bulk():
        assert not Identifier.objects.filter(record_id__in=[one.pk for one in versions()]).exists()
    page = tab(zhang)
    assert "已结束 1 位" in page
    assert "离职" in page
    assert zhang.get(address(record)).status_code == 404
    assert write(zhang).status_code == 302
    assert versions()[-1].part == "contact/2", "no number twice"


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact_name": ""},
        {"mobile": "138123"},
        {"birthday": "02-30"},
        {"role": "9"},
        {"note": f"另有{MOBILE}"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(zhang: Client, wrong: dict[str, str]) -> None:
    assert write(zhang, **wrong).status_code == 422
    assert versions() == []


def test_a_name_that_stands_is_not_written_twice(zhang: Client) -> None:
    write(zhang)
    assert write(zhang).status_code == 422
    assert len(versions()) == 1


def test_others_and_those_without_the_right_write_nothing(zhang: Client) -> None:
    write(zhang)
    (record,) = versions()
    li = factory.log_in(Client(), LI)
    assert write(li).status_code == 404
    assert li.post(address(record, "end/"), {"reason": "x"}).status_code == 404
    assert len(versions()) == 1


def test_a_correction_goes_on_from_the_same_party(zhang: Client) -> None:
    write(zhang)
    viewer = factory.viewer(ZHANG)
    with scope.acting(viewer.scope):
        correct(viewer, code_of(FIRM), {"short_name": "鼎盛"}, reason="来函", key="zhang/1")
    assert golden(FIRM)["short_name"] == "鼎盛"
    assert "陈会计" in tab(zhang)


def test_anonymising_empties_it(zhang: Client) -> None:
    viewer = factory.viewer(ZHANG)
    with scope.acting(viewer.scope):
        add_contact(
            viewer, code_of(PERSON), {"contact_name": "陈会计", "mobile": MOBILE, "birthday": "1980-03-15"}
        )
    with scope.bulk():
        customer = Customer.objects.get(name=PERSON)
        Customer.objects.filter(pk=customer.pk).update(status="deregistered")
        anonymise(customer.pk, actor=TESTER, reason="期满")
    (record,) = versions()
    assert (record.is_current, record.sealed, "contact_name" in record.fields) == (False, b"", False)
    with scope.acting(viewer.scope), pytest.raises(Conflict):
        add_contact(viewer, customer.code, {"contact_name": "陈会计"})


def test_the_pages_cost_the_same_however_many(zhang: Client) -> None:
    for n in range(4):
        write(zhang, contact_name=f"陈{chr(0x4E00 + n)}")
    record = versions()[0]
    zhang.post(address(record, "end/"), {"reason": "离职"})
    url = f"/customers/{code_of(FIRM)}/contacts/"
    for page in (url, f"{url}new/", address(versions()[1]), address(versions()[1], "end/")):
        assert queries_of(zhang, page) <= MOST_QUERIES
