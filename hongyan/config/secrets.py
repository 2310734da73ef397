"""Keys and passwords of one installation, made at the first start; only data keys are added later.

One file per secret in `var/secrets/`, mode 0600, known without Django. Two processes that start together
agree: a secret is written whole under another name and then linked into place, which only one of them can do.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hongyan.config.home import Home

KEY_BYTES = 32
LAST_KEY = 255
DATA_ALGORITHMS = {"international": "aes-256-gcm", "gm": "sm4-gcm"}


class SecretsError(Exception):
    """A secret that cannot be made, read or used as asked; the message is one line for the operator."""


def secret_key(home: Home) -> str:
    """Django's key for signing sessions and tokens."""
    return _kept(home.secrets / "django-key", lambda: secrets.token_urlsafe(48))


def app_password(home: Home) -> str:
    """Password of the database role `hongyan_app`."""
    return _kept(home.secrets / "database-app", lambda: secrets.token_urlsafe(24))


def owner_password(home: Home) -> str:
    """Password of the embedded PostgreSQL's owner."""
    return _kept(home.secrets / "database-owner", lambda: secrets.token_urlsafe(24))


def keyring(home: Home, profile: str | None = None) -> dict[str, Any]:
    """The vault's keys: `{profile, current, data: {id: {algorithm, key}}, index, audit}`, keys in base64.

    `profile` is international (AES-256-GCM, SHA-256) or gm 国密 (SM4-GCM, SM3); None takes the ring's own, or
    international for a new one. Errors: SecretsError for an unknown profile, or one the ring was not made
    for: keyed hashes of two profiles never meet, so a change needs a re-blinding job, not another setting.
    """
    if profile is not None and profile not in DATA_ALGORITHMS:
        raise SecretsError(f"CRYPTO_PROFILE is {profile!r}; it can be {' or '.join(DATA_ALGORITHMS)}")
    ring = json.loads(
        _kept(home.keyring, lambda: json.dumps(_new_keyring(profile or "international"), indent=2))
    )
    if profile is not None and ring["profile"] != profile:
        raise SecretsError(
            f"the keys in {home.keyring} are {ring['profile']}, but CRYPTO_PROFILE asks for {profile}"
        )
    return dict(ring)


def add_data_key(home: Home) -> int:
    """Add a data key to the ring and seal with it from now on; the older ones stay for reading. Its number.

    Running processes go on sealing with the key they know, and read the ring again when they meet a number they do not
    know. Errors: SecretsError when the ring is full.
    """
    with _changing(home) as ring:
        number = max(map(int, ring["data"])) + 1
        if number > LAST_KEY:
            raise SecretsError(f"{home.keyring} is full: a sealed value keeps its key's number in one byte")
        ring["data"][str(number)] = {"algorithm": DATA_ALGORITHMS[ring["profile"]], "key": _key()}
        ring["current"] = number
    return number


def drop_data_key(home: Home, number: int) -> None:
    """Take a data key off the ring for good: what is still sealed under it never opens again.

    Errors: SecretsError for the current key and for one that is not there.
    """
    with _changing(home) as ring:
        if number == ring["current"]:
            raise SecretsError(f"key {number} is the one that seals now; add another first")
        if ring["data"].pop(str(number), None) is None:
            raise SecretsError(f"{home.keyring} holds no key {number}")


@contextmanager
def _changing(home: Home) -> Iterator[dict[str, Any]]:
    """The ring to be changed, stored whole at the end; one process at a time."""
    ring = keyring(home)
    with (home.secrets / ".keyring.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ring = keyring(home)
        yield ring
        draft = _draft(home.keyring, json.dumps(ring, indent=2))
        draft.replace(home.keyring)


def _new_keyring(profile: str) -> dict[str, Any]:
    return {
        "profile": profile,
        "current": 1,
        "data": {"1": {"algorithm": DATA_ALGORITHMS[profile], "key": _key()}},
        "index": _key(),
        "audit": _key(),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The text stored at `path`; made and stored first where it does not exist yet."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _store(path, make())
    except OSError as error:
        raise SecretsError(f"cannot read {path}: {error.strerror}") from error


def _store(path: Path, text: str) -> str:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _draft(path, text)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SecretsError(f"cannot write {path}: {error.strerror}") from error


def _draft(path: Path, text: str) -> Path:
    """A secret written whole beside its place, to be moved there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
