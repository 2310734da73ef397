"""What lets a month of the audit go (归档凭证): a proof under the audit key, which the database itself checks.

The application may enter archives and call the function that drops a month; so might whoever slips a statement into its
connection. The proof is what only a process with the key ring can make. The function holds it against a key derived
from the audit key, which stands where the owner of the tables alone reads it, and counts the month itself.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.db import connection

from hongyan.core import vault
from hongyan.core.models import AuditArchive

_BLOCK_BYTES = 64  # of SHA-256
_KEEP = """
INSERT INTO core_auditguard (inner_pad, outer_pad) VALUES (%s, %s)
ON CONFLICT (is_only) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad
"""


def proof_of(archive: AuditArchive) -> bytes:
    """The proof that the house itself made an archive, file and all; 32 bytes. The function makes the same."""
    said = (
        "drop", archive.month.isoformat(), archive.uuid, archive.rows, archive.first_id, archive.last_id,
        archive.digest, bytes(archive.root).hex(),
    )  # fmt: skip
    return hmac.digest(_key(), " ".join(map(str, said)).encode(), "sha256")


def keep_guard(**_signal: Any) -> None:
    """Put the key where the function reads it: after a migration, as the owner of the tables.

    As the two padded blocks of HMAC (RFC 2104): the database can hash, but it cannot add bits of bytes.
    """
    key = _key().ljust(_BLOCK_BYTES, b"\0")
    pads = [bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('core_auditguard')")
        if cursor.fetchone() != (None,):
            cursor.execute(_KEEP, pads)


def _key() -> bytes:
    """SHA-256 under every profile: the database knows no SM3."""
    return hashlib.sha256(vault.mac(b"audit guard")).digest()
