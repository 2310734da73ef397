"""The doors of intake: API with idempotency keys (BARS A 31), inboxes, command line."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.errors import Conflict, Invalid, SourceError
from hongyan.core.models import JobRun
from hongyan.customer.tests import factory
from hongyan.integration import inbox, places
from hongyan.integration.actions import Received
from hongyan.integration.actions.submit import KEPT_FOR, submit
from hongyan.integration.codes import Channel, Connection
from hongyan.integration.models import Delivery, Submission, SystemState
from hongyan.integration.readers.records import parse
from hongyan.integration.tests.factory import customer, day, kgc_file, received, records
from hongyan.integration.tests.test_recovery import in_threads
from hongyan.org.actions.api_tokens import make_api_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]

RECORDS = "/api/v1/intake/kgc/records"
FILES = "/api/v1/intake/kgc/files"


def token_of(staff_no: str) -> dict[str, str]:
    viewer = factory.viewer(staff_no)
    with scope.acting(viewer.scope):
        token = make_api_token(viewer, name="test")[1]
    return {"Authorization": f"Bearer {token}"}


def client_of(staff_no: str) -> Client:
    return Client(headers=token_of(staff_no))


@pytest.fixture
def head() -> Client:
    return client_of(factory.HEAD)


def send(client: Client, *rows: dict[str, str], key: str = "k1", address: str = RECORDS):
    body = {"kind": "CUST", "records": rows}
    return client.post(address, json.dumps(body), "application/json", headers={"Idempotency-Key": key})


def test_records_are_received_and_their_check_deferred(head: Client) -> None:
    answer = send(head, customer(1))
    assert answer.status_code == 202
    delivery = Delivery.objects.get()
    assert answer.json() == {"delivery": delivery.number, "state": "received", "known": False}
    assert (delivery.channel, delivery.received_by) == (Channel.API, factory.HEAD)
    assert list(JobRun.objects.values_list("task", "subject")) == [
        ("integration.check_delivery", delivery.number)
    ]
    shown = head.get(f"/api/v1/intake/deliveries/{delivery.number}").json()
    assert (shown["delivery"], shown["state"], shown["reason"]) == (delivery.number, "received", "")
    assert head.get("/api/v1/intake/deliveries/D99999999").status_code == 404


def test_half_a_character_is_received_like_anything_else(head: Client) -> None:
    """JSON can spell a lone surrogate, which no encoding can write: the row is for the check to judge."""
    assert send(head, customer(1, 客户名称="\ud800")).status_code == 202
    assert Delivery.objects.count() == 1


def test_kind_that_cannot_be_stored_is_refused() -> None:
    body = json.dumps({"kind": "\0../x", "records": [{}]})
    with pytest.raises(SourceError):
        parse(body.encode())


def test_same_key_same_answer(head: Client) -> None:
    first, second = send(head, customer(1)), send(head, customer(1))
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert send(head, customer(2)).status_code == 422
    assert send(head, customer(1), key="").status_code == 422
    assert Delivery.objects.count() == 1
    known = send(head, customer(1), key="k2")
    assert (known.status_code, known.json()["known"]) == (200, True)


def test_key_is_forgotten_after_a_day(head: Client) -> None:
    send(head, customer(1))
    Submission.objects.update(created_at=clock.now() - KEPT_FOR * 2)
    assert send(head, customer(2)).status_code == 202
    assert Delivery.objects.count() == 2


def test_second_attempt_in_flight_is_told_so() -> None:
    with transaction.atomic():
        submit(caller="a", key="k", body_digest="d", deliver=lambda: _received(1))
        [outcome] = in_threads(
            1, lambda _: submit(caller="a", key="k", body_digest="d", deliver=lambda: _received(2))
        )
    assert isinstance(outcome, Conflict)
    assert Delivery.objects.count() == 1


def _received(number: int):
    return Received(received(records(customer(number)), "a.json", channel=Channel.API), is_new=True)


def test_sixteen_attempts_are_one_delivery() -> None:
    token = token_of(factory.HEAD)

    def attempt(_: int) -> int:
        return send(Client(headers=token), customer(1)).status_code

    found = Counter(in_threads(16, attempt))
    assert set(found) <= {202, 409}
    assert found[202] >= 1
    assert Delivery.objects.count() == 1


def test_files(head: Client) -> None:
    name = f"KG_CUST_{day()}.txt"
    content = {"file": SimpleUploadedFile(name, kgc_file([customer(1)]))}
    answer = head.post(FILES, content, headers={"Idempotency-Key": "f"})
    assert answer.status_code == 202
    assert Delivery.objects.get().file_name == name


def test_strangers_and_unknown_systems(head: Client) -> None:
    assert send(client_of(factory.ZHANG), customer(1)).status_code == 403
    assert send(head, customer(1), address="/api/v1/intake/nobody/records").status_code == 404
    assert Delivery.objects.count() == 0


def test_system_that_is_not_connected(head: Client) -> None:
    SystemState.objects.create(code="kgc", connection=Connection.OFF, updated_at=clock.now(), updated_by="x")
    assert send(head, customer(1)).status_code == 422
    with pytest.raises(Invalid):
        received(records(customer(1)))
    assert Delivery.objects.count() == 0


# --- inboxes


@pytest.fixture
def drop() -> Path:
    folder = places.inbox("kgc")
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    return folder


def old(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    before = time.time() - 60
    os.utime(path, (before, before))
    return path


def test_inbox_takes_what_no_longer_grows(drop: Path) -> None:
    old(drop / f"KG_CUST_{day()}.txt", kgc_file([customer(1)]))
    old(drop / f"KG_ADDR_{day()}.txt.part", b"half")
    old(drop / ".hidden", b"x")
    (drop / f"KG_CONT_{day()}.txt").write_bytes(b"still growing")
    assert inbox.take_from_inboxes() == 1
    assert sorted(path.name for path in drop.iterdir()) == [
        ".hidden", f"KG_ADDR_{day()}.txt.part", f"KG_CONT_{day()}.txt",
    ]  # fmt: skip
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.received_by) == (Channel.DROP, "system:kgc")


def test_inbox_of_a_system_that_is_off_keeps_its_files(drop: Path) -> None:
    SystemState.objects.create(code="kgc", connection=Connection.OFF, updated_at=clock.now(), updated_by="x")
    path = old(drop / "x.txt", b"x")
    assert inbox.take_from_inboxes() == 0
    assert path.exists()
