"""Merges as people look at them: what one would change, how one stands, what a split would give back (归并预演)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.core.errors import Conflict, NotFound
from hongyan.core.versions import mark
from hongyan.customer.codes import MergeState, Outcome
from hongyan.customer.models import (
    Customer,
    Identifier,
    Link,
    Merge,
    Ownership,
    Relationship,
    ReviewCase,
    SourceParty,
)
from hongyan.customer.queries.records import find_customers
from hongyan.customer.rules.golden import GROUPS, Golden, View, golden
from hongyan.customer.rules.merging import (
    AGREEMENTS,
    NO_CHOICES,
    Choices,
    Keys,
    Objection,
    Owner,
    Side,
    Standing,
    beneath,
    objections,
    of_two,
    standing_owner,
    survivor_first,
    takes_two,
)
from hongyan.customer.standing import branches_of, present_owners, trees_of
from hongyan.customer.stated import pins_of, source_ranks, stored_views_of
from hongyan.identity.verdict import Verdict
from hongyan.org.codes import Viewer


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a golden field that a source party states."""

    party_id: int
    system: str
    value: Any
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One golden group by its first field: what either customer has, what comes out, and what may be chosen."""

    name: str
    survivor: Any
    absorbed: Any
    result: Any
    options: tuple[Option, ...]

    @property
    def differs(self) -> bool:
        """Whether both have a value and not the same."""
        return bool(self.survivor and self.absorbed and self.survivor != self.absorbed)


@dataclass(frozen=True, slots=True)
class OwnerPreview:
    """Who looks after the two in one line; where there are two, `stands` says whose stays, the other gives way."""

    line: str
    survivor: Ownership | None
    absorbed: Ownership | None
    stands: Side

    @property
    def meets(self) -> bool:
        """Whether two owners would meet that are not the same."""
        one, other = self.survivor, self.absorbed
        return bool(one and other and (one.unit_id, one.manager_id) != (other.unit_id, other.manager_id))

    @property
    def standing(self) -> Ownership:
        """Whose it will be."""
        found = self.survivor if self.stands == "survivor" else self.absorbed
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Everything a merge would change, and what speaks against it (dry run).

    `relationships` are those of either side, `cases` how many open review cases it would settle. `seen` is the mark of
    what is shown; `structure` the same without values, by which a request is held that waits for a second person.
    """

    survivor: Customer
    absorbed: Customer
    fields: tuple[FieldPreview, ...]
    owners: tuple[OwnerPreview, ...]
    relationships: tuple[tuple[Relationship, ...], tuple[Relationship, ...]]
    cases: tuple[ReviewCase, ...]
    waiting: Merge | None
    objections: tuple[Objection, ...]
    takes_two: bool
    seen: str
    structure: str
    verdict: Verdict | None = None
    """What speaks for one customer, where it was asked."""

    @property
    def agreements(self) -> tuple[tuple[Relationship, ...], tuple[Relationship, ...]]:
        """The relationships of either side that rest on an agreement."""
        one, other = (
            tuple(relation for relation in side if relation.kind in AGREEMENTS) for side in self.relationships
        )
        return one, other

    @property
    def meeting(self) -> tuple[OwnerPreview, ...]:
        """The lines in which somebody has to be chosen."""
        return tuple(owner for owner in self.owners if owner.meets)


def find_two(viewer: Viewer, survivor_code: str, absorbed_code: str) -> tuple[Customer, Customer]:
    """The two customers that two codes stand for now, both in scope. One query, two where either is an alias.

    Errors: NotFound out of scope; Conflict for codes of one customer.
    """
    one, other = find_customers(viewer, (survivor_code, absorbed_code))
    if one.pk == other.pk:
        raise Conflict("customer", _("这两个编码已经是同一客户 {code}。").format(code=one.code))
    return one, other


def propose_survivor(viewer: Viewer, code: str, other_code: str) -> tuple[str, str]:
    """(survivor, absorbed) of two codes as the house proposes it. Errors: as `find_two`."""
    pair = find_two(viewer, code, other_code)
    codes = {customer.pk: customer.code for customer in pair}
    kinds: dict[int, list[str]] = {customer: [] for customer in codes}
    rows = Relationship.objects.filter(customer_id__in=codes).values_list("customer_id", "kind")
    for customer, kind in rows:
        kinds[customer].append(kind)
    one, other = (Standing(frozenset(kinds[key]), len(kinds[key]), key) for key in codes)
    first, second = survivor_first(one, other)
    return codes[first], codes[second]


def preview_merge(
    viewer: Viewer, survivor_code: str, absorbed_code: str, choices: Choices = NO_CHOICES
) -> MergePreview:
    """What merging two customers would change; nothing is written. Errors: as `find_two`."""
    survivor, absorbed = find_two(viewer, survivor_code, absorbed_code)
    return preview_of(survivor, absorbed, choices)


def preview_of(survivor: Customer, absorbed: Customer, choices: Choices = NO_CHOICES) -> MergePreview:
    """`preview_merge` of two customers that were found. Nine queries, one more where either was merged with others."""
    relationships = _relationships(survivor, absorbed)
    owners = _owners(survivor, absorbed, choices)
    found = objections({survivor.party_type, absorbed.party_type}, *_keys(survivor, absorbed))
    kinds = [relation.kind for side in relationships for relation in side]
    structure = {
        "parties": [sorted(relation.party_id for relation in side) for side in relationships],
        "owners": [(one.line, one.survivor and one.survivor.pk, one.absorbed and one.absorbed.pk) for one in owners],
    }  # fmt: skip
    return MergePreview(
        survivor=survivor,
        absorbed=absorbed,
        fields=_fields(survivor, absorbed, choices),
        owners=owners,
        relationships=relationships,
        cases=_cases(survivor, absorbed),
        waiting=Merge.objects.filter(absorbed=absorbed, state=MergeState.WAITING).first(),
        objections=found,
        takes_two=takes_two(kinds, is_override=Objection.OTHER_ID in found),
        seen=mark({**structure, "versions": (survivor.version, absorbed.version)}),
        structure=mark(structure),
    )


def _relationships(
    survivor: Customer, absorbed: Customer
) -> tuple[tuple[Relationship, ...], tuple[Relationship, ...]]:
    rows = Relationship.objects.filter(customer__in=(survivor, absorbed)).select_related("unit", "manager")
    ordered = list(rows.order_by("line", "party_id"))
    one, other = (
        tuple(relation for relation in ordered if relation.customer_id == customer.pk)
        for customer in (survivor, absorbed)
    )
    return one, other


def _keys(survivor: Customer, absorbed: Customer) -> tuple[Keys, Keys]:
    rows = Identifier.objects.filter(customer__in=(survivor, absorbed), kind__startswith="C:")
    found = [
        (customer, (kind[2:], bytes(value)))
        for customer, kind, value in rows.values_list("customer_id", "kind", "hash")
    ]
    one, other = (
        frozenset(key for customer, key in found if customer == side.pk) for side in (survivor, absorbed)
    )
    return one, other


def _cases(survivor: Customer, absorbed: Customer) -> tuple[ReviewCase, ...]:
    """The review cases whose two customers a merge would make one, under whatever code they were opened."""
    one, other = (
        Customer.objects.filter(Q(pk=customer.pk) | Q(survivor=customer)).values("pk")
        for customer in (survivor, absorbed)
    )
    between = Q(customer__in=one, candidate__in=other) | Q(customer__in=other, candidate__in=one)
    return tuple(ReviewCase.objects.filter(between).order_by("-score", "id"))


# --- golden fields


def _fields(survivor: Customer, absorbed: Customer, choices: Choices) -> tuple[FieldPreview, ...]:
    views = stored_views_of([survivor.pk, absorbed.pk])
    every = [*views[survivor.pk], *views[absorbed.pk]]
    pins = pins_of([survivor.pk], now=clock.now())[survivor.pk] | dict(choices.fields)
    result = golden(every, source_ranks(), pins)
    return tuple(
        field for group in GROUPS if (field := _field(group[0], survivor, absorbed, result, every)).options
    )


def _field(
    name: str, survivor: Customer, absorbed: Customer, result: Golden, views: Sequence[View]
) -> FieldPreview:
    winner = result.lineage.get(name, [None])[0]
    return FieldPreview(
        name=name,
        survivor=getattr(survivor, name),
        absorbed=getattr(absorbed, name),
        result=result.values.get(name),
        options=tuple(
            Option(view.party_id, view.system, view.fields[name], is_chosen=view.record_id == winner)
            for view in views
            if view.fields.get(name) not in (None, "")
        ),
    )


# --- owners


def _owners(survivor: Customer, absorbed: Customer, choices: Choices) -> tuple[OwnerPreview, ...]:
    pair = (survivor.pk, absorbed.pk)
    # where they were found by their codes, it is known whether anybody was merged into them
    merged = [one.pk for one in (survivor, absorbed) if getattr(one, "has_aliases", True)]
    trees = {key: [key] for key in pair} | trees_of(merged)
    owners = present_owners(trees)
    tree = branches_of(trees) if any(len(members) > 1 for members in trees.values()) else {}
    wanted = [owner.id for owner in owners.values()]
    rows = Ownership.objects.select_related("unit", "manager").in_bulk(wanted)

    def stands(customer: int, line: str) -> Owner | None:
        return standing_owner(customer, line, owners=owners, tree=tree)

    return tuple(
        _owner(line, stands(survivor.pk, line), stands(absorbed.pk, line), choices, rows)
        for line in sorted({line for _, line in owners})
    )


def _owner(
    line: str, one: Owner | None, other: Owner | None, choices: Choices, rows: Mapping[int, Ownership]
) -> OwnerPreview:
    standing = of_two(one, other, choices.owners.get(line))
    return OwnerPreview(
        line=line,
        survivor=rows[one.id] if one else None,
        absorbed=rows[other.id] if other else None,
        stands="survivor" if standing == one else "absorbed",
    )


# --- merges that were made


def merges_of(customer: Customer, aliases: Sequence[Customer]) -> QuerySet[Merge]:
    """What was merged into a customer or its aliases, or split from them, or is asked to be, the latest first."""
    members = [customer, *aliases]
    concerned = Q(survivor__in=members) | Q(absorbed__in=members)
    return (
        Merge.objects.filter(concerned)
        .select_related("survivor", "absorbed", "maker", "case")
        .order_by("-asked_at", "-id")
    )


def taken_out_of(customer: Customer, aliases: Sequence[Customer]) -> QuerySet[Link]:
    """The parties that people took out of a customer or its aliases to codes of their own, the latest first."""
    members = [customer, *aliases]
    return (
        Link.objects.filter(
            outcome=Outcome.SPLIT,
            customer__decisions_as_candidate__customer__in=members,
            customer__decisions_as_candidate__merge=None,
            customer__decisions_as_candidate__at=F("since"),
        )
        .select_related("party", "customer")
        .order_by("-since", "-id")
    )


def find_merge(viewer: Viewer, merge_id: int) -> Merge:
    """A merge of two customers that the viewer may see. Errors: NotFound."""
    merge = Merge.objects.select_related("survivor", "absorbed", "maker").filter(pk=merge_id).first()
    if merge is not None:
        pair = (merge.survivor_id, merge.absorbed_id)
        if Customer.objects.visible_to(viewer).filter(pk__in=pair).count() == len(pair):
            return merge
    raise NotFound("merge", merge_id)


@dataclass(frozen=True, slots=True)
class SplitPreview:
    """What a split would give back: `leaving` go for certain, of those that `came` since people choose.

    Either carries its relationship with unit.
    """

    merge: Merge
    survivor: Customer
    leaving: tuple[SourceParty, ...]
    came: tuple[SourceParty, ...]
    seen: str


def preview_split(viewer: Viewer, merge_id: int) -> SplitPreview:
    """What undoing a merge would give back; nothing is written. Errors: NotFound; Conflict when it is not in force."""
    return split_of(find_merge(viewer, merge_id))


def split_of(merge: Merge) -> SplitPreview:
    """`preview_split` of a merge that was found."""
    ask_in_force(merge)
    survivor = Customer.objects.get(aliases=merge.absorbed)
    going = leaving_with(merge.absorbed)
    parties = (
        SourceParty.objects.filter(customer=survivor)
        .select_related("relationship__unit")
        .annotate(came_at=Min("links__since"))
        .order_by("id")
    )
    leaving = tuple(party for party in parties if party.home_id in going)
    came = tuple(
        party
        for party in parties
        if party.home_id in {None, merge.survivor_id} and party.came_at > (merge.done_at or clock.now())
    )
    shown = {"leaving": [party.pk for party in leaving], "came": [party.pk for party in came]}
    return SplitPreview(merge, survivor, leaving, came, seen=mark(shown))


def ask_in_force(merge: Merge) -> None:
    """Errors: Conflict for a merge that was never done or is undone already."""
    if merge.state == MergeState.SPLIT and merge.split_at:
        told = _("这次归并已由{who}于 {time} 拆分。").format(
            who=merge.split_by, time=f"{timezone.localtime(merge.split_at):%Y-%m-%d %H:%M}"
        )
        raise Conflict("merge", told)
    if merge.state != MergeState.DONE:
        raise Conflict("merge", _("这次归并没有生效，不能拆分。"))


def leaving_with(absorbed: Customer) -> set[int]:
    """The homes that leave a survivor with one of its aliases: the alias and what was merged into it before."""
    aliases = Customer.objects.filter(survivor_id=absorbed.survivor_id)
    merged_into = {alias: into for alias, into in aliases.values_list("id", "merged_into_id") if into}
    return beneath(absorbed.pk, merged_into)
