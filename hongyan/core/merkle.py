"""Leaves and Merkle trees over audit rows (默克尔树): what a seal and an archive say of the rows they stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

ID_BYTES = 8
LEAF_BYTES = 16


def leaf(id_: int, mac: bytes) -> bytes:
    """What a seal keeps of a row: a hash of its number and its code, which covers all other columns."""
    return hashlib.sha256(id_.to_bytes(ID_BYTES, "big") + mac).digest()[:LEAF_BYTES]


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of a Merkle tree over leaves, 32 bytes; an odd node goes up as it is.

    Leaves and inner nodes are hashed under different prefixes, so that neither can pass for the other (RFC 9162, 2.1).

    >>> merkle_root([b"a", b"b"]) == merkle_root([b"b", b"a"])
    False
    """
    level = [hashlib.sha256(b"\x00" + value).digest() for value in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else hashlib.sha256(b"").digest()
