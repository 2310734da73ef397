"""Under which keys relatives of a customer are looked up (关系检索键).

Phones, numbers, codes and names stand where the check for duplicates keeps them (``online.keys.LOOK_UPS``). Doors with
their county, and parts under the names of their companies, are keys of relations alone.
Values are clear text and personal data: blind them with a keyed hash before they touch a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hongyan.identity.model.conditions import Row
from hongyan.identity.relations.companies import whole_name
from hongyan.identity.relations.members import Member, door_of

DOOR, WHOLE = "relation.door", "relation.whole"


class Asked(NamedTuple):
    """A key to look under. ``is_shared``: where many stand under it, its value (a phone, a door) says nothing."""

    name: str
    value: str
    is_shared: bool = False


def standing_keys(row: Row) -> Iterator[Asked]:
    """Under which keys of relations alone a completed row stands.

    >>> [key.value for key in standing_keys({"name_key": "鼎盛有限公司工会", "branch": "工会"})]
    ['鼎盛有限公司']
    """
    if door := door_of(row):
        yield Asked(DOOR, door, is_shared=True)
    if name := whole_name(row):
        yield Asked(WHOLE, name)


def asked_keys(member: Member) -> Iterator[Asked]:
    """Where those may stand to whom a customer may be related, of either kind."""
    yield from (Asked(DOOR, door, is_shared=True) for door in sorted(member.doors))
    for kind in ("person", "organisation"):
        yield from (Asked(f"{kind}.phone", number, is_shared=True) for number in sorted(member.numbers))
    other = "organisation" if member.kind == "person" else "person"
    yield from (Asked(f"{other}.number", number) for number in sorted(member.cards))
    if member.kind == "organisation":
        yield from (
            Asked("organisation.code", code) for code in sorted(set(member.said("organisation_code")))
        )
        yield from (Asked("organisation.name", name) for name in whole_names(member))
        yield from (Asked(WHOLE, name) for name in own_names(member))


def whole_names(member: Member) -> list[str]:
    """The names of the companies that a branch or department says it is of."""
    return sorted({name for name in map(whole_name, member.rows) if name})


def own_names(member: Member) -> list[str]:
    """The names that a company has or had, under which its branches stand."""
    return sorted({*member.said("name_key"), *member.said("former_key")})
