"""A person's own file, from the request to the download (PIPL 45, BARS A 36); what it holds: tests/security."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from hongyan.consent.models import PersonRequest
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.keep_contact import add_contact
from hongyan.customer.actions.merge import merge
from hongyan.customer.codes import Kind
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import (
    CONTACT_PHONE,
    HEAD,
    ID,
    LI,
    PHONE,
    SUN,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    take,
)
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.actions.tidy_exports import tidy_exports
from hongyan.desk.codes import ExportState
from hongyan.desk.tests.exporting import content_of, last_export, limit, write_all
from hongyan.org.models import Approval

pytestmark = pytest.mark.django_db

SAID = {"purpose": "person_request", "file_format": "zip", "note": "本人要求查阅"}


@pytest.fixture
def wang(db: None) -> Client:
    """The head of the county, who answers what persons ask."""
    factory.make_town()
    take(
        Given(
            "", "K1", part="contact/1", secrets={"mobile": CONTACT_PHONE}, fields={"contact_name": "赵小芳"}
        )
    )
    return log_in(Client(), WANG)


def asked(kind: str = "copy", state: str = "working", name: str = "王小明") -> PersonRequest:
    """What somebody asks, as it stands."""
    who = factory.viewer(ZHANG)
    with scope.bulk():
        return PersonRequest.objects.create(
            customer_id=int(code_of(name)[1:-1]), kind=kind, state=state, source="counter", asked="想看我的资料",
            received_at=clock.now(), due_on=clock.business_date(), taker_id=who.staff_id, post_id=who.post_id,
            unit_id=who.unit_id,
        )  # fmt: skip


def ask(client: Client, row: PersonRequest) -> HttpResponse:
    return client.post(f"/exports/new/person_file/?request={row.pk}", SAID)


def opened(answer: HttpResponse) -> zipfile.ZipFile:
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(content_of(answer)))


def test_a_copy_is_asked_for_made_and_downloaded(wang: Client) -> None:
    row = asked()
    page = wang.get(f"/consent/requests/{row.pk}/").content.decode()
    assert "未生成" in page
    assert f"/exports/new/person_file/?request={row.pk}" in page
    form = wang.get(f"/exports/new/person_file/?request={row.pk}").content.decode()
    assert row.number in form
    assert "号码仍然脱敏" not in form
    assert "定时导出" not in form
    answer = ask(wang, row)
    assert answer.status_code == 302
    write_all()
    export = last_export()
    assert export.number in wang.get(f"/consent/requests/{row.pk}/").content.decode()
    archive = opened(wang.get(f"{answer['Location']}file/"))
    data = json.loads(archive.read("data.json"))
    html = archive.read("index.html").decode()
    assert data["customer"] == [code_of("王小明")]
    assert data["request"] == row.number
    assert {ID, PHONE} <= {str(value) for value in data["tables"]["customer_customer"][0].values()}
    assert "13787654321" not in html, "another customer's"
    assert CONTACT_PHONE not in html
    assert "赵*芳" in html
    assert "赵小芳" not in html
    assert ID in html
    assert "王秀英" in html, "the watermark says who made it"
    with scope.bulk():
        acts = AuditEvent.objects.filter(subject=export.number).order_by("pk").values_list("act", "purpose")
        assert list(acts) == [
            ("export.requested", "person_request"),
            ("export.written", "person_request"),
            ("export.downloaded", "person_request"),
        ]


def test_the_file_goes_when_its_days_are_over(wang: Client) -> None:
    answer = ask(wang, asked("access"))
    write_all()
    with clock.frozen(clock.now() + timedelta(days=4)):
        tidy_exports()
        log_in(wang, WANG)
        assert wang.get(f"{answer['Location']}file/").status_code == 404
    assert last_export().state == ExportState.GONE


def test_a_second_person_signs_where_the_parameters_say_so(wang: Client) -> None:
    limit(free_rows=0)
    answer = ask(wang, asked())
    write_all()
    assert last_export().state == ExportState.WAITING
    assert wang.get(f"{answer['Location']}file/").status_code == 404
    with scope.bulk():
        approval = Approval.objects.get()
    head = log_in(Client(), SUN)
    assert "个人信息档案" in head.get(f"/approvals/{approval.pk}/").content.decode()
    said = {"verdict": "approve", "version": approval.version}
    assert head.post(f"/approvals/{approval.pk}/decide/", said).status_code == 302
    write_all()
    assert opened(wang.get(f"{answer['Location']}file/")).namelist()
    assert head.get(f"{answer['Location']}file/").status_code == 404, "its owner's alone"


@pytest.mark.parametrize(
    ("kind", "state"), [("copy", "verified"), ("copy", "answered"), ("erase", "working")]
)
def test_nothing_is_made_before_the_request_is_worked_on(wang: Client, kind: str, state: str) -> None:
    """Nobody unverified has a file, and none without a request."""
    row = asked(kind, state)
    assert ask(wang, row).status_code == 422
    assert wang.post("/exports/new/person_file/", SAID).status_code == 422
    assert wang.post("/exports/new/person_file/?request=x", SAID).status_code == 422


def test_who_may_not_answer_requests_or_see_the_customer_has_no_file(wang: Client) -> None:
    row = asked()
    assert ask(log_in(Client(), ZHANG), row).status_code == 403
    assert ask(log_in(Client(), LI), row).status_code == 403
    assert wang.post("/exports/new/customers/", {**SAID, "purpose": "verify"}).status_code == 422, (
        "no list is a zip"
    )
    assert wang.get(f"/schedules/new/person_file/?request={row.pk}").status_code == 404


def test_a_request_answered_meanwhile_leaves_no_file(wang: Client) -> None:
    row = asked()
    ask(wang, row)
    with scope.bulk():
        PersonRequest.objects.filter(pk=row.pk).update(state="answered", is_closed=True)
    write_all()
    assert last_export().state == ExportState.FAILED


def test_a_merged_persons_file_has_both(wang: Client) -> None:
    """Whoever was merged in is the same person."""
    same = {"system": "jiyou", "kind": Kind.REGISTERED, "manager": ""}
    take(Given("并一", "K8", **same), Given("合一", "K9", **same, secrets={"mobile": "13655556666"}))  # type: ignore[arg-type]
    request, head = asked(name="合一"), factory.viewer(HEAD)
    with scope.acting(head.scope):
        merge(head, code_of("并一"), code_of("合一"), reason="同一人", choices=Choices())
    answer = ask(wang, request)
    write_all()
    data = json.loads(opened(wang.get(f"{answer['Location']}file/")).read("data.json"))
    assert len(data["customer"]) == 2
    assert "13655556666" in json.dumps(data)


def test_correction_and_freeze_are_shown_done_or_undone(wang: Client) -> None:
    correct, erase = asked("correct"), asked("erase")
    assert "未更正" in wang.get(f"/consent/requests/{correct.pk}/").content.decode()
    assert "未冻结" in wang.get(f"/consent/requests/{erase.pk}/").content.decode()
    code = code_of("王小明")
    factory.state_purposes(wang, code)
    assert wang.post(f"/consent/customers/{code}/freeze/", {"reason": "客户要求"}).status_code == 302
    page = wang.get(f"/consent/requests/{erase.pk}/").content.decode()
    assert "已冻结" in page
    assert "未冻结" not in page
    for row in (correct, erase, asked()):
        assert queries_of(wang, f"/consent/requests/{row.pk}/") <= MOST_QUERIES


def test_a_contact_written_down_by_hand_is_somebody_else(wang: Client) -> None:
    """In the file of the customer it stands masked, without what is the contact's alone (GEN-001)."""
    request, head = asked(), factory.viewer(HEAD)
    typed = {"contact_name": "陈会计", "mobile": "13805310001", "birthday": "1980-03-15", "role": "3"}
    with scope.acting(head.scope):
        add_contact(head, code_of("王小明"), typed)
    answer = ask(wang, request)
    write_all()
    told = opened(wang.get(f"{answer['Location']}file/")).read("data.json").decode()
    assert "138****0001" in told
    assert not [words for words in ("陈会计", "13805310001", "1980-03-15") if words in told]
