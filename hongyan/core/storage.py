"""Sealed files (密封文件): large things kept as received, unreadable without the vault.

A file is `HYS1 · key id (1 byte)` and then chunks of `nonce (12) · ciphertext and tag`, 1 MiB of content each. Every
chunk authenticates the owner's UUID, its own number and whether it is the last, so chunks cannot be moved,
repeated, dropped or taken from another file. Both directions stream: memory does not grow with the file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag

from hongyan.core import vault

MAGIC = b"HYS1"
CHUNK_BYTES = 1 << 20


class TooLarge(Exception):
    """The content is longer than the limit; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was sealed: length in bytes and SHA-256 of the content, in hex."""

    size: int
    digest: str


def seal_stream(source: BinaryIO, path: Path, *, record: UUID, limit: int) -> Stored:
    """Seal all of a stream into a file, which appears whole or not at all.

    `limit` is in bytes of content. Errors: TooLarge, after which no file is left.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft_of(path)
    try:
        with os.fdopen(_private(draft), "wb") as sealed:
            stored = _seal(source, sealed, record, limit)
            sealed.flush()
            os.fsync(sealed.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return stored


def seal_chunks(chunks: Iterable[bytes], path: Path, *, record: UUID, limit: int) -> Stored:
    """`seal_stream` for content that is made while it is sealed. Errors: TooLarge, after which no file is left."""
    return seal_stream(cast(BinaryIO, _Chunks(iter(chunks))), path, record=record, limit=limit)


def unseal_chunks(path: Path, *, record: UUID) -> Iterator[bytes]:
    """The content in chunks of 1 MiB, each checked before it is handed out. Errors: vault.Tampered."""
    with path.open("rb") as sealed:
        if sealed.read(len(MAGIC)) != MAGIC:
            raise vault.Tampered("file")
        cipher = vault.cipher(int.from_bytes(sealed.read(1)))
        if cipher is None:
            raise vault.Tampered("file")
        size = vault.NONCE_BYTES + CHUNK_BYTES + vault.TAG_BYTES
        number, chunk = 0, sealed.read(size)
        while True:
            following = sealed.read(size)
            nonce, body = chunk[: vault.NONCE_BYTES], chunk[vault.NONCE_BYTES :]
            try:
                yield cipher.decrypt(nonce, body, _bound(record, number, is_last=not following))
            except (InvalidTag, ValueError) as error:
                raise vault.Tampered("file") from error
            if not following:
                return
            number, chunk = number + 1, following


def discard(path: Path) -> None:
    """Remove a sealed file, and what a killed process left of one."""
    for one in (path, _draft_of(path)):
        one.unlink(missing_ok=True)


def key_of(path: Path) -> int | None:
    """The number of the key a file is sealed under; None for what is no sealed file."""
    with path.open("rb") as sealed:
        return int.from_bytes(sealed.read(1)) if sealed.read(len(MAGIC)) == MAGIC else None


def reseal(path: Path, *, record: UUID) -> None:
    """Seal a file anew under the present key; it is there, whole, at every moment. Errors: vault.Tampered."""
    size = path.stat().st_size
    seal_chunks(unseal_chunks(path, record=record), path, record=record, limit=size)


class _Chunks:
    """Chunks of any size, empty ones too, to be read like a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, bytearray()

    def read(self, size: int) -> bytes:
        while len(self._rest) < size and (chunk := next(self._chunks, None)) is not None:
            self._rest += chunk
        given = bytes(self._rest[:size])
        del self._rest[:size]
        return given


def _seal(source: BinaryIO, sealed: BinaryIO, record: UUID, limit: int) -> Stored:
    keys = vault.ring()
    cipher = keys.ciphers[keys.current]
    sealed.write(MAGIC + bytes([keys.current]))
    digest, size, number = hashlib.sha256(), 0, 0
    chunk = _read(source)
    while True:
        size += len(chunk)
        if size > limit:
            raise TooLarge(size)
        digest.update(chunk)
        following = _read(source)
        nonce = os.urandom(vault.NONCE_BYTES)
        sealed.write(nonce + cipher.encrypt(nonce, chunk, _bound(record, number, is_last=not following)))
        if not following:
            return Stored(size, digest.hexdigest())
        number, chunk = number + 1, following


def _read(source: BinaryIO) -> bytes:
    """A whole chunk, even from streams that answer in smaller pieces."""
    pieces = bytearray()
    while len(pieces) < CHUNK_BYTES and (piece := source.read(CHUNK_BYTES - len(pieces))):
        pieces += piece
    return bytes(pieces)


def _bound(record: UUID, number: int, *, is_last: bool) -> bytes:
    return record.bytes + number.to_bytes(8) + bytes([is_last])


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.draft")


def _private(path: Path) -> int:
    """A new file that only this process's user can read."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
