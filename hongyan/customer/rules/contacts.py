"""What a person writes down of a contact person (联系人). Pure. Source: GEN-001, KGX-i01."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from hongyan.customer.codes import Flaw, PartyType
from hongyan.customer.rules.entering import Entered, flaws_of
from hongyan.identity.normalise.dates import day_of

SORT = "contact"
"""What parts of a source party that are contact persons begin with."""
OPEN = (
    "contact_name", "role", "birthday", "preferred_channel", "preferred_time", "preferred_language", "note",
)  # fmt: skip
SECRET = ("mobile", "landline", "email")
_DAY = re.compile(r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})日?")
_LEAP = "2000"


def birthday_of(text: str) -> str:
    """A birthday as it is kept: the year where it was said, then month and day; empty for what is no day.

    >>> birthday_of("3月5日"), birthday_of("1980-03-05"), birthday_of("02-29"), birthday_of("02-30")
    ('03-05', '1980-03-05', '02-29', '')
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return ""
    year, month, day = found.groups()
    born = day_of(year or _LEAP, month.zfill(2), day.zfill(2))
    if born is None:
        return ""
    return born.isoformat() if year else f"{born:%m-%d}"


def number_flaws(typed: Mapping[str, str]) -> dict[str, Flaw]:
    """Field → what is wrong with a phone or an e-mail address.

    >>> number_flaws({"mobile": "138123", "email": "a@b.cn"})
    {'mobile': Flaw.MOBILE}
    """
    said = {name: typed.get(name, "") for name in SECRET}
    flaws = flaws_of(Entered(PartyType.PERSON, **said), today=date.max)
    return {name: flaw for name, flaw in flaws.items() if name in SECRET}


def next_number(parts: list[str]) -> int:
    """The number of a new contact: one after the highest there ever was, so that none is given twice.

    >>> next_number([]), next_number(["contact/1", "contact/12"])
    (1, 13)
    """
    return 1 + max((int(part.partition("/")[2]) for part in parts), default=0)
