"""Values that stand in another's field: a phone in the column of the ID, an e-mail address as the name.

Moved only where the value says by itself what it is: eleven digits of a mobile number, a citizen's number with its
check digit, an address with its @.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hongyan.identity.normalise.credentials import citizen_check
from hongyan.identity.normalise.text import clean

SUSPECT = {
    "name": r"@|^[\d\s+-]{11,}$",
    "credential_no": r"^[\s+(]*(86|0086)?[\s)-]*1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}\s*$",
    "phone": r"\d{17}[\dXx]|\d{6}[\s-]\d{8}[\s-]\d{3}[\dXx]",
}
"""Field → what it should not look like, as a pattern for both Python and Arrow."""

_MOBILE, _CREDENTIAL, _EMAIL = (
    re.compile(SUSPECT["credential_no"], re.ASCII),
    re.compile(r"\d{17}[\dX]", re.ASCII),
    re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
)
_SEPARATORS = re.compile(r"[\s-]")


class Fields(NamedTuple):
    """The fields of a record that are taken for one another."""

    name: str
    credential_no: str
    phone: str
    email: str


def put_right(fields: Fields) -> Fields:
    """The fields with what is in a wrong one moved to its own; nothing is lost, and nothing displaces a value.

    >>> put_right(Fields("张三", "13812345678", "11010519491231002X", ""))
    Fields(name='张三', credential_no='11010519491231002X', phone='13812345678', email='')
    >>> put_right(Fields("zhang.san@example.com", "", "13812345678", ""))
    Fields(name='', credential_no='', phone='13812345678', email='zhang.san@example.com')
    >>> put_right(Fields("13812345678", "", "", ""))
    Fields(name='', credential_no='', phone='13812345678', email='')
    """
    name, credential_no, phone, email = fields
    if _is_mobile(credential_no):
        number, credential_no = credential_no, ""
        if _is_citizens(phone):
            credential_no, phone = phone, number
        else:
            phone = f"{phone}/{number}" if phone else number
    elif not credential_no and _is_citizens(phone):
        credential_no, phone = phone, ""
    if not email and _EMAIL.fullmatch(name.strip()):
        name, email = "", name
    elif not phone and _is_mobile(name):
        name, phone = "", name
    elif not credential_no and _is_citizens(name):
        name, credential_no = "", name
    return Fields(name, credential_no, phone, email)


def _is_mobile(text: str) -> bool:
    return _MOBILE.match(clean(text)) is not None


def _is_citizens(text: str) -> bool:
    number = _SEPARATORS.sub("", clean(text)).upper()
    return _CREDENTIAL.fullmatch(number) is not None and citizen_check(number[:17]) == number[17]
