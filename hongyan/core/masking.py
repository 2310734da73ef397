"""Masked forms of personal data (脱敏展示). The shapes are this house's choice; see UI.md, house rules."""

from __future__ import annotations

STAR = "*"


def mask_phone(number: str) -> str:
    """First three and last four digits of a phone.

    >>> mask_phone("13812345678"), mask_phone("0531-82345678"), mask_phone("12345")
    ('138****5678', '053******5678', '*****')
    """
    return _keep(number, 3, 4)


def mask_credential(number: str) -> str:
    """First four and last four characters of a credential number.

    >>> mask_credential("370102198001011234"), mask_credential("E1234567")
    ('3701**********1234', 'E1****67')
    """
    return _keep(number, 4, 4) if len(number) > 10 else _keep(number, 2, 2)


def mask_email(address: str) -> str:
    """First character of the mailbox, unless that is all of it, and the domain.

    >>> mask_email("wang.li@example.com"), mask_email("w@example.com"), mask_email("broken")
    ('w******@example.com', '*@example.com', '******')
    """
    box, at, domain = address.partition("@")
    first = box[: len(box) > 1]
    return f"{first}{STAR * (len(box) - len(first))}@{domain}" if at else STAR * len(address)


def mask_name(name: str) -> str:
    """Name for people outside the scope: all but the first and, when longer than two, the last character.

    >>> mask_name("王小明"), mask_name("李四"), mask_name("欧")
    ('王*明', '李*', '*')
    """
    if len(name) <= 2:
        return name[:1] + STAR if len(name) == 2 else STAR
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_address(address: str, keep: int = 9) -> str:
    """The administrative beginning of an address; street and door are hidden.

    >>> mask_address("山东省济南市历下区泉城路12号3单元401")
    '山东省济南市历下区******'
    """
    return address[:keep] + STAR * 6 if len(address) > keep else address


def _keep(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden <= 0:
        return STAR * len(text)
    return text[:head] + STAR * hidden + text[-tail:]
