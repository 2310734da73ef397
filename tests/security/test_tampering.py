"""Sealed values that somebody moved in the database: noticed where they are read, and never shown (BARS A 9).

Its neighbours: a flipped bit and a foreign row or column (core/tests/test_vault.py), a kill amid a rotation and a value
that stops it (test_rotation.py), bytes and rows of the audit (core/tests/test_audit_seals.py).
"""

from __future__ import annotations

import io
import json
from itertools import permutations
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import models
from django.test import Client

from hongyan.cli.keys import keys
from hongyan.core import rotation, scope, sealed, vault
from hongyan.core.models import AuditEvent, ExceptionEvent
from hongyan.customer.actions.correct import correct
from hongyan.customer.models import SourceRecord
from hongyan.customer.tests.factory import (
    CONTACT_PHONE,
    LI,
    OTHER_PHONE,
    PHONE,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_organisation,
    state_purposes,
    take,
    viewer,
)
from hongyan.desk.queries.notice_settings import new_settings
from hongyan.integration.actions.bring_import import bring
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded
from hongyan.ledger.models import Holding
from hongyan.ledger.tests.factory import hold
from hongyan.lifecycle.tests.applying import draft
from hongyan.org.models import Staff
from hongyan.org.queries.viewers import find_viewer

pytestmark = pytest.mark.django_db

STAFF = (ZHANG, LI)
MING, GANG = "王小明", "李志刚"
OTHER_MOBILE = "13600009999"
WRONG_ID = "110105194912310021"


@pytest.fixture(autouse=True)
def _sealed(db: None) -> None:
    """Customers, accounts, rows in quarantine, imports, people with a mobile, a second factor
    and an address for mails: two of each."""
    make_organisation()
    take(Given(MING, "K1", secrets={"mobile": PHONE}), Given(GANG, "K2", secrets={"mobile": OTHER_MOBILE}))
    for number, key in (("6217000000000001", "K1"), ("6217000000000002", "K2")):
        hold(number, key, system="kgc")
    zhang = find_viewer(ZHANG)
    for name, email in ((MING, "ming@example.com"), (GANG, "gang@example.com")):
        with scope.acting(zhang.scope):
            correct(zhang, code_of(name), {"email": email}, reason="来电", key=f"test/{name}")
    for name, mobile in ((MING, PHONE), (GANG, OTHER_MOBILE)):
        draft(name, mobile)
    bad = [customer(number, 证件类型="1", 证件号码=WRONG_ID) for number in (2, 3)]
    loaded(kgc_file([*bad, *(customer(number) for number in range(10, 60))]), f"KG_CUST_{day()}.txt")
    for name in ("一.csv", "二.csv"):
        with scope.acting(viewer(ZHANG).scope):
            bring(viewer(ZHANG), name, io.BytesIO(f"姓名,手机\n{MING},{PHONE}\n".encode()))
    with scope.bulk():
        for person, mobile in zip(Staff.objects.order_by("pk"), (OTHER_PHONE, CONTACT_PHONE), strict=False):
            for column, name in Staff.SEALED.items():
                setattr(person, column, vault.seal(mobile.encode(), record=person.uuid, column=name))
            person.save()
    for staff_no in STAFF:
        settings = new_settings(find_viewer(staff_no))
        address = f"{staff_no}@post.example".encode()
        settings.address_sealed = vault.seal(
            address, record=settings.uuid, column=settings.SEALED["address_sealed"]
        )
        settings.save()


def rows_of(model: type[models.Model], column: str) -> list[tuple[int, bytes]]:
    found = model._default_manager.exclude(**{column: b""}).order_by("pk").values_list("pk", column)
    return [(pk, bytes(value)) for pk, value in found]


def opens(model: type[models.Model], pk: int, column: str, name: str) -> bool:
    row = model._default_manager.get(pk=pk)
    try:
        vault.unseal(getattr(row, column), record=row.uuid, column=name)  # type: ignore[attr-defined]
    except vault.Tampered:
        return False
    return True


def put(model: type[models.Model], pk: int, column: str, value: bytes) -> None:
    model._default_manager.filter(pk=pk).update(**{column: value})


def test_a_value_put_into_another_row_does_not_open_whatever_the_table() -> None:
    with scope.bulk():
        tried = 0
        for held in rotation.sealed_columns():
            (one, first), (other, second) = rows_of(held.model, held.column)[:2]
            assert opens(held.model, one, held.column, held.name)
            put(held.model, one, held.column, second)
            put(held.model, other, held.column, first)
            assert not opens(held.model, one, held.column, held.name), held
            assert not opens(held.model, other, held.column, held.name), held
            tried += 1
    assert tried == len(rotation.sealed_columns()) >= 4


@pytest.mark.parametrize(
    "model", sorted({one.model for one in rotation.sealed_columns()}, key=lambda one: one.__name__)
)
def test_a_value_put_into_another_row_together_with_its_uuid_does_not_open(model: type[models.Model]) -> None:
    """The UUID is made of what the row is of, so it gives away that it was moved."""
    with scope.bulk():
        for column in model.SEALED:  # type: ignore[attr-defined]
            (one, first), (other, second) = rows_of(model, column)[:2]
            uuids = dict(model._default_manager.filter(pk__in=(one, other)).values_list("pk", "uuid"))
            for pk in (one, other):  # unique in some tables
                model._default_manager.filter(pk=pk).update(uuid=uuid4())
            model._default_manager.filter(pk=one).update(**{column: second, "uuid": uuids[other]})
            model._default_manager.filter(pk=other).update(**{column: first, "uuid": uuids[one]})
            for row in model._default_manager.filter(pk__in=(one, other)):
                with pytest.raises(vault.Tampered):
                    sealed.open_sealed(row, column)
    found = [fault for fault in sealed.misplaced() if isinstance(fault, sealed.Misplaced)]
    assert {fault.id for fault in found if fault.table == model._meta.db_table} >= {one, other}


def test_a_record_that_changed_its_party_does_not_open_either() -> None:
    """Whoever moves the UUID has to move what it is made of, and then the row is another's."""
    with scope.bulk():
        one, other = SourceRecord.objects.exclude(sealed=b"").order_by("pk")[:2]
        SourceRecord.objects.filter(pk=one.pk).update(party_id=other.party_id, version=99)
        with pytest.raises(vault.Tampered):
            sealed.open_sealed(SourceRecord.objects.get(pk=one.pk), "sealed")


def test_the_command_names_what_was_moved() -> None:
    opens = CliRunner().invoke(keys, ["check", "--json"])
    assert (opens.exit_code, json.loads(opens.stdout)["opened"] >= 8) == (0, True), opens.output
    with scope.bulk():
        (one, first), (other, second) = rows_of(Holding, "sealed")[:2]
        put(Holding, one, "sealed", second)
        put(Holding, other, "sealed", first)
    named = CliRunner().invoke(keys, ["check", "--json"])
    assert named.exit_code == 1
    assert (
        f"ledger_holding.sealed {one}, ledger_holding.sealed {other}" in json.loads(named.stdout)["message"]
    )


def test_a_value_put_into_another_column_of_its_row_does_not_open() -> None:
    with scope.bulk():
        person = Staff.objects.exclude(totp_sealed=b"").earliest("pk")
        values = {column: bytes(getattr(person, column)) for column in Staff.SEALED}
        for column, other in permutations(Staff.SEALED, 2):
            put(Staff, person.pk, column, values[other])
            assert not opens(Staff, person.pk, column, Staff.SEALED[column])


def test_swapped_records_are_refused_at_the_door_and_noticed() -> None:
    """Whoever exchanges what is sealed of two customers shows neither: an error, counted for the administrators."""
    with scope.bulk():
        parties = {
            name: SourceRecord.objects.get(party__system="kgc", party__customer__name=name).pk
            for name in (MING, GANG)
        }
        sealed = dict(rows_of(SourceRecord, "sealed"))
        (one, other) = parties.values()
        first, second = sealed[one], sealed[other]
        put(SourceRecord, one, "sealed", second)
        put(SourceRecord, other, "sealed", first)
    for name in (MING, GANG):
        code = code_of(name)
        client = state_purposes(log_in(Client(raise_request_exception=False), ZHANG), code)
        answer = client.post(f"/customers/{code}/reveal/mobile/", {"purpose": "service"})
        assert answer.status_code == 500
        assert not any(phone in answer.content.decode() for phone in (PHONE, OTHER_MOBILE))
    with scope.bulk():
        assert not AuditEvent.objects.filter(act="customer.reveal", result="done").exists()
        assert sum(event.count for event in ExceptionEvent.objects.filter(name="Tampered")) == 2
