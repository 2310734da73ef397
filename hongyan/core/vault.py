"""The vault (保险箱): seals what must never be readable in a dump, and blinds what must still be findable.

A sealed value is `key id (1 byte) · nonce (12) · ciphertext and tag`. The record's UUID and the column are
authenticated with it, so a value moved to another row or column does not open. Blinding is a keyed hash under a
key of its own: equal values meet, nobody without the key can try all phone numbers.
Profiles: `international` (AES-256-GCM, HMAC-SHA256) and `gm` 国密 (SM4-GCM, HMAC-SM3). See BARS E 19, 27.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hongyan.config import secrets

NONCE_BYTES = 12
TAG_BYTES = 16
BLIND_BYTES = 16


class Tampered(Exception):
    """A sealed value that does not open: altered, moved, or sealed under a key the ring does not hold."""


class _Sm4Gcm:
    """SM4-GCM with the interface of AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._key = key[:16]

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        sealer = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        sealer.authenticate_additional_data(aad)
        return sealer.update(data) + sealer.finalize() + sealer.tag

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        opener = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        opener.authenticate_additional_data(aad)
        return opener.update(data[:-TAG_BYTES]) + opener.finalize()


_CIPHERS: dict[str, type[AESGCM] | type[_Sm4Gcm]] = {"aes-256-gcm": AESGCM, "sm4-gcm": _Sm4Gcm}


@dataclass(frozen=True)
class KeyRing:
    """Keys in use: one current data key, older ones for reading, one index key, one audit key."""

    ciphers: dict[int, AESGCM | _Sm4Gcm]
    current: int
    blinded: Callable[[bytes], bytes]
    audit_key: bytes
    digest: str

    @classmethod
    def read(cls, ring: Mapping[str, Any]) -> KeyRing:
        """Build from the stored form: `{profile, current, data: {id: {algorithm, key}}, index, audit}`, in base64."""
        ciphers = {
            int(number): _CIPHERS[entry["algorithm"]](base64.b64decode(entry["key"]))
            for number, entry in ring["data"].items()
        }
        digest = "sm3" if ring["profile"] == "gm" else "sha256"
        return cls(
            ciphers=ciphers,
            current=int(ring["current"]),
            blinded=keyed(base64.b64decode(ring["index"]), digest),
            audit_key=base64.b64decode(ring["audit"]),
            digest=digest,
        )


def keyed(key: bytes, digest: str) -> Callable[[bytes], bytes]:
    """HMAC (RFC 2104) with the key worked in once: half the time for the dozen short values of a record."""
    padded = key.ljust(hashlib.new(digest).block_size, b"\0")
    inner = hashlib.new(digest, bytes(byte ^ 0x36 for byte in padded))
    outer = hashlib.new(digest, bytes(byte ^ 0x5C for byte in padded))

    def hashed(message: bytes) -> bytes:
        within, around = inner.copy(), outer.copy()
        within.update(message)
        around.update(within.digest())
        return around.digest()

    return hashed


@cache
def ring() -> KeyRing:
    """The process's key ring, read once; again after `reread`."""
    return KeyRing.read(secrets.keyring(settings.HOME))


def reread() -> None:
    """Read the key ring anew: keys were added or dropped."""
    ring.cache_clear()


def cipher(number: int) -> AESGCM | _Sm4Gcm | None:
    """The cipher of a key by its number, or None; a number not known yet sends to the ring once more."""
    known = ring().ciphers.get(number)
    if known is None and number:
        reread()
        known = ring().ciphers.get(number)
    return known


def seal(plain: bytes, *, record: UUID, column: str) -> bytes:
    """Seal a value for one record and column."""
    keys = ring()
    nonce = os.urandom(NONCE_BYTES)
    sealed = keys.ciphers[keys.current].encrypt(nonce, plain, record.bytes + column.encode())
    return bytes([keys.current]) + nonce + sealed


def unseal(sealed: bytes | memoryview, *, record: UUID, column: str) -> bytes:
    """Open a sealed value. Errors: Tampered, never a wrong value."""
    sealed = bytes(sealed)
    found = cipher(sealed[0]) if sealed else None
    if found is None:
        raise Tampered(column)
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return found.decrypt(nonce, body, record.bytes + column.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(column) from error


def blind(kind: str, value: str) -> bytes:
    """Keyed hash of a normalised value for look-up; 16 bytes. The kind keeps a phone from meeting an account."""
    return ring().blinded(f"{kind}\x1f{value}".encode())[:BLIND_BYTES]


def mac(message: bytes) -> bytes:
    """Message authentication code under the audit key; 32 bytes."""
    keys = ring()
    return hmac.digest(keys.audit_key, message, keys.digest)
