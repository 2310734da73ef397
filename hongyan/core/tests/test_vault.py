"""The vault: sealed values open only where they were sealed, blinded ones meet only their equals."""

from __future__ import annotations

import base64
import hmac
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import vault

KEY = base64.b64encode(bytes(range(32))).decode()


def ring_of(profile: str, algorithm: str) -> vault.KeyRing:
    data = {"1": {"algorithm": algorithm, "key": KEY}}
    return vault.KeyRing.read({"profile": profile, "current": 1, "data": data, "index": KEY, "audit": KEY})


@pytest.fixture(
    params=[("international", "aes-256-gcm"), ("gm", "sm4-gcm")], ids=["international", "gm"], autouse=True
)
def ring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> vault.KeyRing:
    """Every test under both profiles (BARS E 27)."""
    keys = ring_of(*request.param)
    monkeypatch.setattr(vault, "ring", lambda: keys)
    monkeypatch.setattr(vault, "reread", lambda: None)
    return keys


RECORD = UUID("00000000-0000-0000-0000-000000000001")


def test_a_sealed_value_opens_for_its_record_and_column() -> None:
    sealed = vault.seal(b"11010519491231002X", record=RECORD, column="a")
    assert b"1949" not in sealed
    assert vault.unseal(sealed, record=RECORD, column="a") == b"11010519491231002X"


def test_a_value_moved_to_another_row_or_column_does_not_open() -> None:
    sealed = vault.seal(b"secret", record=RECORD, column="a")
    for record, column in ((uuid4(), "a"), (RECORD, "b")):
        with pytest.raises(vault.Tampered):
            vault.unseal(sealed, record=record, column=column)


def test_every_flipped_bit_is_noticed() -> None:
    sealed = vault.seal(b"secret", record=RECORD, column="a")
    for position in range(len(sealed)):
        broken = bytearray(sealed)
        broken[position] ^= 1
        with pytest.raises(vault.Tampered):
            vault.unseal(bytes(broken), record=RECORD, column="a")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x09" + bytes(40)], ids=["empty", "short", "unknown key"])
def test_what_is_no_sealed_value_is_refused(broken: bytes) -> None:
    with pytest.raises(vault.Tampered):
        vault.unseal(broken, record=RECORD, column="a")


def test_sealing_twice_looks_different_and_blinding_twice_the_same() -> None:
    assert vault.seal(b"x", record=RECORD, column="a") != vault.seal(b"x", record=RECORD, column="a")
    assert vault.blind("P", "+8613812345678") == vault.blind("P", "+8613812345678")
    assert len(vault.blind("P", "1")) == vault.BLIND_BYTES


def test_kinds_keep_equal_values_apart() -> None:
    assert vault.blind("P", "1") != vault.blind("E", "1")
    assert vault.blind("a", "b\x1fc") != vault.blind("a\x1f", "bc")


def test_an_older_key_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"algorithm": "aes-256-gcm", "key": KEY}
    stored = {"profile": "international", "current": 1, "data": {"1": entry}, "index": KEY, "audit": KEY}
    old = vault.KeyRing.read(stored)
    monkeypatch.setattr(vault, "ring", lambda: old)
    sealed = vault.seal(b"kept", record=RECORD, column="a")
    newer = {"algorithm": "sm4-gcm", "key": base64.b64encode(bytes(32)).decode()}
    both = vault.KeyRing.read({**stored, "current": 2, "data": {"1": entry, "2": newer}})
    monkeypatch.setattr(vault, "ring", lambda: both)
    assert vault.unseal(sealed, record=RECORD, column="a") == b"kept"
    assert vault.seal(b"new", record=RECORD, column="a")[0] == 2


@given(st.binary(max_size=200), st.text(max_size=20))
def test_round_trip(plain: bytes, column: str) -> None:
    sealed = vault.seal(plain, record=RECORD, column=column)
    assert vault.unseal(memoryview(sealed), record=RECORD, column=column) == plain


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=300), st.sampled_from(["sha256", "sm3"]))
def test_a_key_worked_in_once_answers_what_hmac_does(key: bytes, message: bytes, digest: str) -> None:
    assert vault.keyed(key, digest)(message) == hmac.digest(key, message, digest)
