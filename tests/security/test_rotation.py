"""Rotating the data key: everything opens at every moment, a kill is made good, nothing is left behind (BARS A 38)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import BinaryField
from pytest_django import Settings

from hongyan.config.home import Home
from hongyan.config.secrets import SecretsError, add_data_key, drop_data_key
from hongyan.core import rotation, scope, storage, vault
from hongyan.customer.models import SourceRecord
from hongyan.customer.tests.factory import ID, PHONE, make_town
from hongyan.ledger.models import Holding
from hongyan.ledger.tests.factory import hold
from hongyan.org.models import Staff

pytestmark = pytest.mark.django_db

OF_A_HASH = re.compile("hash|digest|mac|root|leaves")
"""Binary columns that seal nothing: they hold hashes."""


class Killed(Exception):
    """Stands for a kill between two chunks."""


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Iterator[Home]:
    """A home of its own with the tests' keys, which the test may add to."""
    shutil.copytree(settings.HOME.secrets, tmp_path / "secrets")
    settings.HOME = here = Home(tmp_path)
    vault.reread()
    yield here
    vault.reread()  # the fixture `settings` puts the home back after this; nobody reads a key in between


@pytest.fixture
def town(home: Home) -> None:
    """Sealed customers, an account, and a sealed file, all under the first key."""
    make_town()
    with scope.bulk():
        for person in Staff.objects.all():
            person.mobile_sealed = vault.seal(PHONE.encode(), record=person.uuid, column="mobile")
            person.save(update_fields=["mobile_sealed"])
    hold("6217000000000001", "K1", system="kgc")


def opened() -> list[bytes]:
    """Everything that is sealed, in the open."""
    texts = []
    with scope.bulk():
        for sealed in rotation.sealed_columns():
            for record, value in sealed.model.objects.values_list("uuid", sealed.column).order_by("id"):
                if value:
                    texts.append(vault.unseal(value, record=record, column=sealed.name))
    return texts


def file_of(home: Home, content: bytes) -> tuple[Path, bytes]:
    record = uuid4()
    path = home.files / "intake" / f"{record}.sealed"
    storage.seal_stream(BytesIO(content), path, record=record, limit=1 << 30)
    return path, content


def test_every_sealed_column_is_declared() -> None:
    declared = {(sealed.model, sealed.column) for sealed in rotation.sealed_columns()}
    named = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, BinaryField) and not OF_A_HASH.search(field.name)
    }
    assert declared == named
    assert {SourceRecord, Staff, Holding} <= {model for model, _ in declared}


@pytest.mark.usefixtures("town")
def test_everything_is_under_the_new_key_afterwards_and_says_the_same(home: Home) -> None:
    path, content = file_of(home, b"x" * (3 << 20))
    before = opened()
    assert any(ID.encode() in text for text in before)
    assert add_data_key(home) == 2
    total = sum(rotation.counts_by_key().values())
    assert rotation.rotate() == total
    assert rotation.counts_by_key() == {2: total}
    assert opened() == before
    assert b"".join(storage.unseal_chunks(path, record=rotation.UUID(path.stem))) == content
    assert rotation.rotate() == 0
    drop_data_key(home, 1)
    vault.reread()
    assert opened() == before


@pytest.mark.usefixtures("town")
def test_a_kill_after_any_chunk_is_made_good_by_starting_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "CHUNK_VALUES", 2)
    before = opened()
    add_data_key(home)
    total = sum(rotation.counts_by_key().values())
    starts = 0

    def kill(done: int, _total: int) -> None:
        if done:
            raise Killed

    while True:
        starts += 1
        try:
            rotation.rotate(kill)
        except Killed:
            assert opened() == before
        else:
            break
    assert starts > 3
    assert rotation.counts_by_key() == {2: total}
    assert opened() == before


@pytest.mark.usefixtures("town")
def test_a_process_with_the_old_ring_reads_what_is_sealed_under_the_new_key(home: Home) -> None:
    assert vault.ring().current == 1
    add_data_key(home)
    fresh = vault.KeyRing.read(rotation.vault.secrets.keyring(home))
    record = uuid4()
    old, vault_ring = vault.ring(), vault.ring
    assert old.current == 1
    try:
        vault.ring = lambda: fresh  # type: ignore[assignment]
        sealed = vault.seal(b"news", record=record, column="a")
    finally:
        vault.ring = vault_ring
    assert sealed[0] == 2
    assert vault.unseal(sealed, record=record, column="a") == b"news"
    assert vault.ring().current == 2


@pytest.mark.usefixtures("town")
def test_a_value_that_was_altered_stops_the_rotation_and_stays_as_it_is(home: Home) -> None:
    with scope.bulk():
        record = SourceRecord.objects.exclude(sealed=b"").order_by("id").first()
        assert record is not None
        broken = bytes(record.sealed)[:-1] + bytes([record.sealed[-1] ^ 1])
        SourceRecord.objects.filter(id=record.id).update(sealed=broken)
    add_data_key(home)
    with pytest.raises(vault.Tampered):
        rotation.rotate()
    with scope.bulk():
        assert bytes(SourceRecord.objects.get(id=record.id).sealed) == broken


def test_the_key_that_seals_is_not_dropped_nor_one_that_is_not_there(home: Home) -> None:
    with pytest.raises(SecretsError, match="seals now"):
        drop_data_key(home, 1)
    with pytest.raises(SecretsError, match="no key 7"):
        drop_data_key(home, 7)


def test_a_ring_takes_no_more_keys_than_a_byte_can_name(home: Home) -> None:
    for number in range(2, 256):
        assert add_data_key(home) == number
    with pytest.raises(SecretsError, match="full"):
        add_data_key(home)
    assert (home.keyring.stat().st_mode & 0o777) == 0o600
