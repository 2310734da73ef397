"""API tokens as text: made once, kept only as a keyed digest."""

from __future__ import annotations

import secrets

from hongyan.core import vault

PREFIX = "hongyan_"
"""Lets people and secret scanners recognise a token that lies about."""

TOKEN_BYTES = 32


def new_token() -> str:
    """A token nobody can guess, to be shown once."""
    return PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What the database keeps of a token; 32 bytes. Keyed, so a stolen database does not verify guesses."""
    return vault.mac(b"api-token\x1f" + token.encode())
