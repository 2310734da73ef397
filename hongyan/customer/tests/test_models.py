"""Models of the house: trained from its parties and stewards' words, compared, put in force by two people (CUS-003)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from hongyan.core import jobs, scope
from hongyan.core.models import AuditEvent, JobRun
from hongyan.customer.in_force import forget_models, models
from hongyan.customer.models import IdentityModel, Link, ModelPair, ModelUse
from hongyan.customer.tests.cases import make_pairs
from hongyan.customer.tests.factory import HEAD, ID, TESTER, ZHANG, _post, log_in, take
from hongyan.customer.tests.merging import XU, make_stewards, walk_in
from hongyan.identity.model.weights import default_model, load_model
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Approval

pytestmark = pytest.mark.django_db

TU = "tu"
"""A steward of the whole group."""
PERSON, MODEL = "/customers/models/person/", "/customers/models/person/1/"


@pytest.fixture
def house(db: None) -> Iterator[None]:
    """Twelve pairs of customers whose names are close, most of them judged, and two who can train."""
    make_stewards()
    with scope.bulk():
        take_in_posts([_post(9, TU, "屠管家", "1000", Role.STEWARD)], actor=TESTER)
    cases = make_pairs(12)
    he = log_in(Client(), TU)
    for number, case in enumerate(cases[:10]):
        verdict = ("different", "same", "unsure:visit")[number % 3 if number < 9 else 0]
        he.post(f"/customers/cases/{case.pk}/decide/", {"verdict": verdict})
    forget_models()
    yield
    forget_models()


@pytest.fixture
def head(house: None) -> Client:
    return log_in(Client(), HEAD)


@pytest.fixture
def tu(house: None) -> Client:
    return log_in(Client(), TU)


def row(version: int = 1) -> IdentityModel:
    return IdentityModel.objects.get(party_type="P", version=version)


def run_job(version: int = 1) -> JobRun:
    """What the worker does."""
    run = JobRun.objects.get(pk=row(version).run_id)
    jobs.carry_out(run.task, run.pk, {"model_id": row(version).pk})
    run.refresh_from_db()
    assert run.error == ""
    return run


def trained(client: Client) -> IdentityModel:
    assert client.post(f"{PERSON}train/")["Location"] == MODEL
    assert run_job().state == "done"
    return row()


def decide(client: Client, verdict: str = "approve") -> int:
    """Decide what waits for approval; the status of the answer."""
    request = Approval.objects.get(kind="identity_model", state="pending")
    answer = client.post(
        f"/approvals/{request.pk}/decide/", {"verdict": verdict, "reason": "再看", "version": request.version}
    )
    forget_models()
    return answer.status_code


def use_of(client: Client, version: int, approver: Client | None) -> None:
    """Ask for a model, and let another person agree."""
    answer = client.post(f"{PERSON}{version}/use/", {"reason": "更准"})
    assert answer.status_code == 302
    if approver:
        assert decide(approver) == 302


def test_the_shipped_model_is_in_force_first_and_its_weights_are_told(head: Client) -> None:
    page = head.get("/customers/models/").content.decode()
    assert page.count("随程序提供") == 2
    assert "MP0000" in page
    weights = head.get(f"{PERSON}0/").content.decode()
    assert "姓名同音" in weights
    assert f"{default_model('person').chances['name']['homophone'].weight:+.1f}" in weights


def test_a_training_reads_parties_and_verdicts_and_leaves_what_is_in_force(head: Client) -> None:
    model = trained(head)
    assert (model.trained_at is not None, model.started_from, model.made_by) == (True, 0, HEAD)
    assert model.taught["parties"] == 24
    with transaction.atomic(), scope.bulk():
        labels = list(ModelPair.objects.exclude(label="").values_list("label", "is_held_out"))
    # seven verdicts: who could not tell teaches nothing
    assert sorted(label for label, _held in labels) == ["different"] * 4 + ["same"] * 3
    taught = [label for label, is_held_out in labels if not is_held_out]
    assert (model.taught["same"], model.taught["different"]) == (
        taught.count("same"),
        taught.count("different"),
    )
    assert model.measures["judged"] == len(labels) - len(taught)
    with scope.acting(scope.Scope(10**9, 10**9)):
        assert ModelPair.objects.count() == 0
    assert models()["person"].version == 0


def test_the_result_page_leads_to_the_pairs_behind_each_number(head: Client) -> None:
    model = trained(head)
    page = head.get(MODEL).content.decode()
    assert f"没有用于训练的人工判定 {model.measures['judged']} 对" in page
    assert f"抽取 {model.measures['drawn']} 对" in page
    listed = head.get(f"{MODEL}pairs/?of=held_out").content.decode()
    assert listed.count("<tr data-row-url=") == model.measures["judged"]
    with scope.bulk():
        assert AuditEvent.objects.filter(actor=HEAD, subject_kind="model_pair_list").exists()


def test_the_model_leaves_as_a_file_that_the_command_reads(head: Client, tmp_path: Path) -> None:
    trained(head)
    answer = head.get(f"{MODEL}file/")
    assert 'filename="MP0001.json"' in answer["Content-Disposition"]
    path = tmp_path / "model.json"
    path.write_bytes(answer.content)
    assert (load_model(path).kind, load_model(path).version) == ("person", 1)
    assert json.loads(answer.content)["origin"]["started_from"] == 0


def test_a_model_is_put_in_force_by_two_people(head: Client, tu: Client) -> None:
    trained(head)
    use_of(head, 1, None)
    assert decide(head) == 403
    assert ModelUse.objects.get().state == "waiting"
    assert decide(tu) == 302
    used = ModelUse.objects.get()
    assert (used.state, used.asked_by, used.second_by) == ("in_force", HEAD, TU)
    assert (models()["person"].version, models()["organisation"].version) == (1, 0)


def test_what_is_decided_keeps_the_version_that_decided(head: Client, tu: Client) -> None:
    trained(head)
    use_of(head, 1, tu)
    known = {"secrets": {"credential_no": ID}, "fields": {"credential_type": "01"}}
    take(walk_in("王小明", "X", **known), walk_in("王小明", "Y", **known))  # type: ignore[arg-type]
    with transaction.atomic(), scope.bulk():
        link = Link.objects.get(party__key="Y", until=None)
        assert (link.outcome, link.evidence["model"]) == ("joined", 1)


def test_back_to_an_earlier_model(head: Client, tu: Client) -> None:
    trained(head)
    use_of(head, 1, tu)
    use_of(tu, 0, head)
    assert models()["person"].version == 0
    assert [use.state for use in ModelUse.objects.order_by("id")] == ["ended", "in_force"]
    page = head.get("/customers/models/").content.decode()
    assert "曾启用" in page


def test_a_refused_model_is_not_used(head: Client, tu: Client) -> None:
    trained(head)
    use_of(head, 1, None)
    assert decide(tu, "reject") == 302
    assert (ModelUse.objects.get().state, models()["person"].version) == ("refused", 0)


@pytest.mark.parametrize("version", [0, 2])
def test_what_is_in_force_already_or_not_there_cannot_be_asked_for(head: Client, version: int) -> None:
    trained(head)
    answer = head.post(f"{PERSON}{version}/use/", {"reason": "更准"})
    assert answer.status_code == (409 if version == 0 else 404)
    assert ModelUse.objects.count() == 0


def test_a_model_needs_a_reason(head: Client) -> None:
    trained(head)
    assert head.post(f"{MODEL}use/", {"reason": " "}).status_code == 422
    assert ModelUse.objects.count() == 0


def test_a_training_can_be_stopped_and_begun_again(head: Client) -> None:
    head.post(f"{PERSON}train/")
    assert head.post(f"{PERSON}train/").status_code == 409
    assert "正在训练" in head.get(MODEL).content.decode()
    assert head.post(f"{MODEL}stop/").status_code == 302
    assert run_job().state == "cancelled"
    assert (row().content, ModelPair.objects.count()) == (None, 0)
    assert "继续训练" in head.get(MODEL).content.decode()
    assert head.get(f"{MODEL}file/").status_code == 404
    assert head.post(f"{MODEL}resume/").status_code == 302
    assert run_job().state == "done"
    assert head.post(f"{MODEL}resume/").status_code == 409


def test_what_is_in_force_or_asked_for_is_not_asked_for_again(head: Client, tu: Client) -> None:
    trained(head)

    def offered(version: int) -> bool:
        return "提请启用" in head.get(f"{PERSON}{version}/").content.decode()

    assert [offered(version) for version in (0, 1)] == [False, True]
    use_of(head, 1, None)
    assert [offered(version) for version in (0, 1)] == [False, False]
    assert decide(tu) == 302
    assert [offered(version) for version in (0, 1)] == [True, False]


def test_one_training_of_a_kind_is_at_work(head: Client) -> None:
    head.post(f"{PERSON}train/")
    head.post(f"{MODEL}stop/")
    assert run_job().state == "cancelled"
    assert head.post(f"{PERSON}train/")["Location"] == f"{PERSON}2/"
    assert head.post(f"{MODEL}resume/").status_code == 409, "the second one is at work"
    assert head.post(f"{PERSON}2/stop/").status_code == 302
    assert run_job(2).state == "cancelled"
    assert head.post(f"{MODEL}resume/").status_code == 302
    assert head.post(f"{PERSON}train/").status_code == 409, "the first one is at work again"


def test_the_same_training_ends_the_same(head: Client) -> None:
    first = trained(head)
    head.post(f"{PERSON}train/")
    run_job(2)
    second = row(2)
    assert first.content is not None
    assert second.content is not None
    assert second.content["comparisons"] == first.content["comparisons"]
    assert second.measures == first.measures


@pytest.mark.parametrize(("staff_no", "sees"), [(ZHANG, 403), (XU, 200)])
def test_only_the_group_trains(house: None, staff_no: str, sees: int) -> None:
    client = log_in(Client(), staff_no)
    assert client.get("/customers/models/").status_code == sees
    assert client.post(f"{PERSON}train/").status_code == 403
    assert client.post(f"{PERSON}0/use/", {"reason": "更准"}).status_code == 403
    assert (IdentityModel.objects.count(), ModelUse.objects.count()) == (0, 0)
