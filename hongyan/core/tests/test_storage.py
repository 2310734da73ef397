"""Sealed files: what comes back is what went in, or nothing."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from uuid import uuid4

import pytest

from hongyan.core.storage import CHUNK_BYTES, TooLarge, seal_stream, unseal_chunks
from hongyan.core.vault import NONCE_BYTES, TAG_BYTES, Tampered

SEALED_CHUNK = NONCE_BYTES + CHUNK_BYTES + TAG_BYTES
HEAD = 5


class Dribble(io.BytesIO):
    """A stream that answers in small pieces, as sockets do."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 70_000))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_round_trip(tmp_path: Path, size: int) -> None:
    content, record, path = b"\x5a" * size, uuid4(), tmp_path / "a" / "file.sealed"
    stored = seal_stream(Dribble(content), path, record=record, limit=size)
    assert (stored.size, stored.digest) == (size, hashlib.sha256(content).hexdigest())
    assert b"".join(unseal_chunks(path, record=record)) == content
    assert path.stat().st_mode & 0o777 == 0o600
    # A single byte may well stand in a random nonce.
    assert size < 32 or content[:32] not in path.read_bytes()


def test_too_large_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        seal_stream(io.BytesIO(b"12345"), tmp_path / "f", record=uuid4(), limit=4)
    assert list(tmp_path.iterdir()) == []


def _sealed(path: Path) -> tuple[bytes, list[bytes]]:
    sealed = path.read_bytes()
    body = sealed[HEAD:]
    return sealed[:HEAD], [body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK)]


@pytest.mark.parametrize("harm", ["flip", "truncate", "swap", "repeat", "magic", "key"])
def test_altered_file_does_not_open(tmp_path: Path, harm: str) -> None:
    record, path = uuid4(), tmp_path / "f"
    seal_stream(io.BytesIO(b"x" * 3 * CHUNK_BYTES), path, record=record, limit=1 << 30)
    head, chunks = _sealed(path)
    if harm == "flip":
        chunks[1] = chunks[1][:-1] + bytes([chunks[1][-1] ^ 1])
    if harm == "truncate":
        chunks.pop()
    if harm == "swap":
        chunks[0], chunks[1] = chunks[1], chunks[0]
    if harm == "repeat":
        chunks.insert(1, chunks[0])
    head = {"magic": b"HYS0" + head[4:], "key": head[:4] + b"\x7f"}.get(harm, head)
    path.write_bytes(head + b"".join(chunks))
    with pytest.raises(Tampered):
        b"".join(unseal_chunks(path, record=record))


def test_file_of_another_record_does_not_open(tmp_path: Path) -> None:
    seal_stream(io.BytesIO(b"x"), tmp_path / "f", record=uuid4(), limit=9)
    with pytest.raises(Tampered):
        next(unseal_chunks(tmp_path / "f", record=uuid4()))
