"""Companies and what belongs to them (集团母子): branches and departments by name and code, companies of one owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hongyan.identity.model.conditions import Row
from hongyan.identity.relations.grounds import Ground, Relation, Role, related
from hongyan.identity.relations.members import Member

MARGIN = 5
"""Percent by which one company has to be likelier than the next to be the one that a branch is of."""
_GROUP = "集团"


def whole_name(row: Row) -> str:
    """The name without what marks a part of it: that of the company; "" for what is no part.

    >>> whole_name({"name_key": "苏州鼎盛食品有限公司观前街门店", "branch": "观前街门店"})
    '苏州鼎盛食品有限公司'
    """
    branch = row.get("branch")
    return str(row["name_key"]).removesuffix(branch) if branch else ""


def is_part(member: Member) -> bool:
    """Whether a party of it says that it is a part of something."""
    return any(True for _ in member.said("branch"))


def part_of(part: Member, wholes: Iterable[Member], *, least: int) -> Relation | None:
    """Which of some companies a branch or department belongs to; None when two are about equally likely, or none is."""
    found = (_belongs(part, whole, _common(part, whole)) for whole in wholes if not is_part(whole))
    ranked = sorted(
        (one for one in found if one and one.confidence >= least), key=lambda one: (-one.confidence, one)
    )
    if len(ranked) > 1 and ranked[0].confidence - ranked[1].confidence < MARGIN:
        return None
    return ranked[0] if ranked else None


def _belongs(part: Member, whole: Member, common: set[Ground]) -> Relation | None:
    named = _named_after(part, whole)
    coded = not set(part.said("organisation_code")).isdisjoint(whole.said("organisation_code"))
    if not named and not coded:
        return None
    grounds = {Ground("code")} if coded else set()
    if named:
        grounds.add(Ground(named, next(iter(sorted(part.said("branch"))))))
    role: Role = "department" if "department" in part.said("branch_kind") else "branch"
    return related((part.id, whole.id), "branch", role, grounds | common, upper=whole.id)


def _named_after(part: Member, whole: Member) -> str:
    """How a part's name holds that of the whole: ``full_name``, ``name``, ``former_name``, ``core_name`` or ""."""
    wanted = {name for name in map(whole_name, part.rows) if name}
    if any(row.get("name_form") == "full" and row["name_key"] in wanted for row in whole.rows):
        return "full_name"
    if not wanted.isdisjoint(whole.said("name_key")):
        return "name"
    if not wanted.isdisjoint(whole.said("former_key")):
        return "former_name"
    return "core_name" if _cores(part) & _cores(whole) else ""


def _cores(member: Member) -> set[tuple[str, str]]:
    """Trade name and industry, of names that have both."""
    return {(row["stem"], row["industry"]) for row in member.rows if row.get("stem") and row.get("industry")}


def affiliates(one: Member, other: Member) -> Relation | None:
    """Two companies of one trade name behind one door or on one phone, under one legal representative (关联企业).

    The one that calls itself a group stands above.
    """
    stems = set(one.said("stem")) & set(other.said("stem"))
    common = _common(one, other)
    codes = {ground.code for ground in common}
    if not stems or is_part(one) or is_part(other) or "legal_person" not in codes or len(codes) < 2:
        return None
    if _cores(one) & _cores(other) or not set(one.said("name_key")).isdisjoint(other.said("name_key")):
        return None
    groups = [
        member.id for member in (one, other) if any(_GROUP in form for form in member.said("legal_form"))
    ]
    grounds = common | {Ground("stem", min(stems))}
    upper = groups[0] if len(groups) == 1 else None
    return related((one.id, other.id), "group", "group" if upper else "affiliate", grounds, upper=upper)


def _common(one: Member, other: Member) -> set[Ground]:
    """What two organisations have in common besides their names."""
    return {Ground(code) for code in _shared(one, other)}


def _shared(one: Member, other: Member) -> Iterator[str]:
    if one.numbers & other.numbers:
        yield "phone"
    if one.doors & other.doors:
        yield "house"
    for column in ("legal_person", "email"):
        if not set(one.said(column)).isdisjoint(other.said(column)):
            yield column
    if {code[:4] for code in one.counties} & {code[:4] for code in other.counties}:
        yield "city"
