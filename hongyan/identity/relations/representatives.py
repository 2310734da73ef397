"""The person behind a company (法定代表人): named by it, and tied to it by a card, a phone or a door."""

from __future__ import annotations

from collections.abc import Iterator

from hongyan.identity.relations.grounds import Ground, Relation, related
from hongyan.identity.relations.members import Member


def represents(
    person: Member, company: Member, shared: frozenset[str], doors: frozenset[str]
) -> Relation | None:
    """Whether a person is the legal representative that a company names; ``shared`` and ``doors`` as in ``household``.

    A name alone says nothing: there are many 张伟.
    """
    named = set(company.said("legal_person"))
    is_named = not named.isdisjoint(row["name_key"] for row in person.rows if row.get("name_complete"))
    ties = {Ground(tie) for tie in _ties(person, company, shared, doors)}
    if not ties or not (is_named or (not named and Ground("id") in ties)):
        return None
    grounds = ties | ({Ground("legal_name")} if is_named else set())
    return related((person.id, company.id), "representative", "representative", grounds, upper=company.id)


def _ties(person: Member, company: Member, shared: frozenset[str], doors: frozenset[str]) -> Iterator[str]:
    if not person.cards.isdisjoint(company.cards):
        yield "id"
    if shared:
        yield "mobile"
    if doors:
        yield "house"
