"""One-time codes of an authenticator app (动态口令), RFC 6238. Pure."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS = 6
STEP_SECONDS = 30
NEIGHBOURS = 1
"""Steps before and after the present one whose codes count: clocks differ, and typing takes time."""

SECRET_BYTES = 20
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> bytes:
    """A secret of 160 bits, as RFC 4226 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def step_of(secret: bytes, code: str, *, now: datetime, after: int) -> int | None:
    """The time step whose code was given, None when it is wrong; a step up to `after` was used and counts no more.

    >>> from datetime import UTC
    >>> t = datetime.fromtimestamp(59, UTC)
    >>> step_of(b"12345678901234567890", "287082", now=t, after=0)  # RFC 6238, appendix B
    1
    >>> step_of(b"12345678901234567890", "287082", now=t, after=1)
    """
    present = int(now.timestamp()) // STEP_SECONDS
    given = code.replace(" ", "")
    if len(given) != DIGITS or not (given.isascii() and given.isdigit()):
        return None
    codes = HOTP(secret, DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303  the apps know no other
    steps = range(max(present - NEIGHBOURS, after + 1), present + NEIGHBOURS + 1)
    return next(
        (step for step in steps if secrets.compare_digest(codes.generate(step), given.encode())), None
    )


def address_of(secret: bytes, *, account: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code.

    >>> address_of(b"12345678901234567890", account="100001", issuer="鸿雁")
    'otpauth://totp/%E9%B8%BF%E9%9B%81:100001?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E9%B8%BF%E9%9B%81'
    """
    name = quote(issuer)
    return f"otpauth://totp/{name}:{quote(account)}?secret={spelled(secret)}&issuer={name}"


def spelled(secret: bytes) -> str:
    """A secret to be typed, in base 32."""
    return base64.b32encode(secret).decode()


def new_codes() -> list[str]:
    """Recovery codes to be printed: two groups of five letters, 49 bits each.

    >>> len(new_codes()), len(new_codes()[0])
    (10, 11)
    """
    return ["-".join(random_letters(5) for _group in range(2)) for _code in range(RECOVERY_CODES)]


def random_letters(length: int) -> str:
    """Random letters and digits, none of which is mistaken for another."""
    return "".join(secrets.choice(_LETTERS) for _letter in range(length))
