"""What a text typed into a search box can mean (检索意图). Pure reading, no database.

Personal numbers — phones, credentials, e-mail addresses — leave this module only as keyed hashes: these may stand in an
address or a log, the numbers may not. `name`, `code` and `number` are not personal (DESIGN 3, Personal data).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hongyan.core import vault
from hongyan.customer.rules.code import serial_of
from hongyan.customer.rules.tokens import TOKEN_LENGTH, bigrams, is_chinese
from hongyan.identity.normalise.credentials import credential
from hongyan.identity.normalise.phones import phones
from hongyan.identity.normalise.text import clean, email_key, simplify

LONGEST = 100
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{3,59}")
_BLANKS = re.compile(r"\s+")
_LETTERS = re.compile(r"[^a-z0-9]+")
_NAME_DOTS = re.compile(r"[\s·•‧∙⋅・.]+")
_CREDENTIAL_LENGTH = 6
_PHONE_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Terms:
    """The meanings of one text, none of which excludes the others.

    `tokens` must all be found; `serial` is that of a customer code; `number` an agreement number or sub-code; `keys`
    are keyed hashes of personal numbers, any of which may be found. `name` is the text as names compare. `is_personal`
    says that the text must not stand in an address: it is a personal number, or long enough to be a mistyped one.
    """

    name: str = ""
    tokens: tuple[str, ...] = ()
    serial: int | None = None
    number: str = ""
    keys: tuple[bytes, ...] = ()
    is_personal: bool = False

    def __bool__(self) -> bool:
        return bool(self.tokens or self.serial is not None or self.number or self.keys)


def read_terms(text: str) -> Terms:
    """Everything a text can mean; nothing when it is empty.

    >>> read_terms("王小明").tokens, read_terms("王").tokens, read_terms("Wang Xiaoming").tokens
    (('王小', '小明'), ('王',), ('wangxiaoming',))
    >>> read_terms("h00000000010").serial, read_terms("AG-2026-001").number, read_terms("ag 2026 001").number
    (1, 'AG-2026-001', 'ag2026001')
    >>> bool(read_terms("")), read_terms("1381234567").is_personal
    (False, True)
    """
    written = clean(text)[:LONGEST]
    if not written:
        return Terms()
    keys, serial = personal_keys(written), serial_of(written)
    is_chinese_text = any(map(is_chinese, written))
    digits = sum(map(str.isdigit, written))
    name = _NAME_DOTS.sub("", simplify(written))
    return Terms(
        name=name,
        tokens=() if keys else _tokens(name),
        serial=serial,
        number=_number(written),
        keys=keys,
        is_personal=bool(keys)
        or "@" in written
        or (digits >= _PHONE_LENGTH and serial is None and not is_chinese_text),
    )


def personal_keys(text: str) -> tuple[bytes, ...]:
    """Keyed hashes of what looks like a phone, a credential or an e-mail address; empty for anything else.

    The kinds are those under which `actions.prepare` stores them: P, E, and C with the type of the credential.
    """
    written = clean(text)
    if "@" in written:
        address = email_key(written)
        return (vault.blind("E", address),) if address else ()
    if any(map(is_chinese, written)) or sum(map(str.isdigit, written)) < _CREDENTIAL_LENGTH:
        return ()
    found = [vault.blind("P", phone.number) for phone in phones(written) if phone.valid]
    for kind in ("person", "organisation"):
        read = credential(kind, "", written)
        if read and read.valid:
            found.append(vault.blind(f"C:{read.identity_type}", read.number))
    return tuple(dict.fromkeys(found))


def joined_keys(keys: tuple[bytes, ...]) -> str:
    """Keyed hashes as an address writes them."""
    return ".".join(key.hex() for key in keys)


def _number(written: str) -> str:
    """The text as an agreement number or sub-code, without the blanks by which people set long numbers in groups."""
    joined = _BLANKS.sub("", written)
    is_whole = joined == written or any(map(str.isdigit, joined))
    return joined if is_whole and _NUMBER.fullmatch(joined) else ""


def _tokens(name: str) -> tuple[str, ...]:
    if any(map(is_chinese, name)):
        return tuple(bigrams(name)) or (name,)
    letters = _LETTERS.sub("", name.casefold())[:TOKEN_LENGTH]
    return (letters,) if letters and not letters.isdigit() else ()
