"""The customer code (客户编码): issued once, never re-used, without meaning. Source: DESIGN 3, X-01, CUS-004."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_11_10

SERIAL_DIGITS = 10
_SHAPE = re.compile(r"H(\d{10})(\d)")


def code_for(serial: int) -> str:
    """`H`, ten digits, a check digit by ISO 7064 MOD 11,10.

    >>> code_for(1), code_for(1234567890)
    ('H00000000010', 'H12345678903')
    """
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"H{digits}{mod_11_10.calc_check_digit(digits)}"


def serial_of(text: str) -> int | None:
    """The serial number of a code as people type it (case, spaces, missing H); None when it is no code.

    >>> serial_of("h 0000000001 0"), serial_of("00000000010"), serial_of("H00000000016"), serial_of("王")
    (1, 1, None, None)
    """
    found = _SHAPE.fullmatch("H" + text.strip().replace(" ", "").upper().removeprefix("H"))
    if not found or mod_11_10.calc_check_digit(found[1]) != found[2]:
        return None
    return int(found[1])
