"""Splitting customers (拆分): undoing a merge at any later time, and taking single parties out to a code of their own.

What a merge brought together parts again exactly: each party has kept its home, each owner its code. What was written
under a code stays with it. Parties that came to the customer since stay with it unless people say otherwise. That the
two are not one is kept as a decision, so they never rejoin by themselves. Source: DESIGN 3 "Customer"; SM11.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, numbering, scope
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.events import publish
from hongyan.core.versions import mark, require_unchanged
from hongyan.customer.actions.calculate import calculate, calculate_aliases
from hongyan.customer.actions.merge import note_decision, said
from hongyan.customer.actions.move import (
    Decision,
    follow_owners,
    give_claims_back,
    homes_of,
    move_parties,
)
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import CaseState, CustomersSplit, MergeState, Outcome, PairVerdict
from hongyan.customer.models import Customer, GoldenPin, Merge, Ownership, PairDecision, ReviewCase
from hongyan.customer.queries.merges import SplitPreview, find_merge, leaving_with, split_of
from hongyan.customer.queries.records import find_customer
from hongyan.customer.rules.merging import above, beneath
from hongyan.customer.stated import stored_views_of
from hongyan.org.codes import Right, Viewer


def split(
    viewer: Viewer,
    merge_id: int,
    *,
    reason: str,
    along: Collection[int] = (),
    seen: str | None = None,
    key: str | None = None,
) -> Merge:
    """Undo a merge: the absorbed code is a customer of its own again, as before, plus what happened since.

    `along` are parties that came since and belong to it too. `seen` is the mark of the preview, None for processes;
    `key` an idempotency key, with the caller's name in it.
    Errors: NotAllowed without the right; NotFound out of scope; Conflict for a merge that is not in force, or when
    parties came or went meanwhile; Invalid without a reason, or for parties that cannot go along.
    """
    _ask_right(viewer)
    reason = said(reason, needed=True)
    with transaction.atomic(), scope.bulk():
        hold_identity()
        row = find_merge(viewer, merge_id)
        if key is not None and (known := Merge.objects.filter(split_key=key).first()):
            return _same(known, merge_id, reason)
        seeing = split_of(row)
        told = _("{leaving} 个来源将拆出，{came} 个为归并后新增").format(
            leaving=len(seeing.leaving), came=len(seeing.came)
        )
        require_unchanged("merge", seen, seeing.seen, now=told)
        homes = _leaving(seeing, along)
        row.state, row.split_at, row.split_by = MergeState.SPLIT, clock.now(), viewer.staff_no
        row.split_reason, row.split_key = reason, key
        row.save(update_fields=["state", "split_at", "split_by", "split_reason", "split_key"])
        _part(row, seeing, homes, along)
        after = {
            "merge": row.pk,
            "parted": row.absorbed.code,
            "remaining": seeing.survivor.code,
            "parties": len(homes),
            "along": len(along),
        }
        for code in (row.absorbed.code, seeing.survivor.code):
            audit.record(viewer.actor, "customer.split", "customer", code, after=after, purpose=reason)
    return row


def take_out(
    viewer: Viewer, code: str, party_ids: Collection[int], *, reason: str, seen: str | None = None
) -> Customer:
    """Take single source parties out of a customer, to a new customer with a code of its own; returns that one.

    `seen` is the mark of `parties_mark`, None for processes. Undo it by merging the new customer back.
    Errors: NotAllowed without the right; NotFound out of scope; Conflict when parties came or went meanwhile; Invalid
    without a reason, for parties of others, or when nothing would be left under a code.
    """
    _ask_right(viewer)
    reason = said(reason, needed=True)
    with transaction.atomic(), scope.bulk():
        hold_identity()
        customer = find_customer(viewer, code)
        homes = homes_of(customer.pk)
        told = _("客户现有 {count} 个来源").format(count=len(homes))
        require_unchanged("customer", seen, parties_mark(homes), now=told)
        going = {party: homes[party] for party in _chosen(party_ids, homes)}
        _ask_some_left(homes, going)
        now, new = clock.now(), numbering.take("customer", 1)[0]
        follow_owners(going, new, at=now)
        move_parties(dict.fromkeys(going, new), new, Decision(Outcome.SPLIT, viewer.staff_no, now))
        give_claims_back(customer.pk, new, ())
        calculate([customer.pk, new], fresh=[new], actor=viewer.staff_no, now=now)
        _calculate_left(customer.pk, going.values(), viewer.staff_no, now)
        parted = Customer.objects.get(pk=new)
        PairDecision.objects.create(
            customer=customer,
            candidate=parted,
            party_id=min(homes.keys() - going.keys()),
            other_party_id=min(going),
            verdict=PairVerdict.DIFFERENT,
            reason=reason,
            by=viewer.staff_no,
            at=now,
        )
        after = {"parted": parted.code, "remaining": customer.code, "parties": len(going)}
        for one in (customer.code, parted.code):
            audit.record(viewer.actor, "customer.take_out", "customer", one, after=after, purpose=reason)
        publish(CustomersSplit(customer.pk, new, tuple(sorted(going))))
    return parted


def parties_mark(parties: Collection[int]) -> str:
    """The mark of a customer's parties, by which a form tells that some came or went meanwhile."""
    return mark({"parties": sorted(parties)})


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)


def _same(known: Merge, merge_id: int, reason: str) -> Merge:
    """The merge that a key split before. Errors: Invalid when that was another one."""
    if (known.pk, known.split_reason) != (merge_id, reason):
        raise Invalid({"Idempotency-Key": _("这个幂等键已用于另一份内容")})
    return known


def _chosen(party_ids: Collection[int], present: Collection[int]) -> set[int]:
    """Errors: Invalid for none, or for parties that are not among the present ones."""
    chosen = set(party_ids)
    if not chosen or chosen - set(present):
        raise Invalid({"parties": _("请从本客户的来源中选择")})
    return chosen


def _ask_some_left(homes: Mapping[int, int], going: Mapping[int, int]) -> None:
    """Errors: Invalid when nothing would be left under a code: that code could never stand by itself again."""
    left = Counter(homes.values())
    left.subtract(going.values())
    if 0 in left.values():
        raise Invalid({"parties": _("不能取走一个编码下的全部来源；已归并的编码请用“拆分”恢复。")})


def _leaving(seeing: SplitPreview, along: Collection[int]) -> dict[int, int]:
    """Party → home of all that leave. Errors: Invalid for parties that cannot go along."""
    if along:
        homes = homes_of(seeing.survivor.pk)
        _chosen(along, [party.pk for party in seeing.came])
        _ask_some_left(homes, {party: homes[party] for party in along})
    home = seeing.merge.absorbed_id
    return {party.pk: party.home_id or home for party in seeing.leaving} | dict.fromkeys(along, home)


def _part(row: Merge, seeing: SplitPreview, homes: Mapping[int, int], along: Collection[int]) -> None:
    """Take the branch off the tree, with all that belongs to it, and calculate both sides anew."""
    absorbed, remaining, now = row.absorbed, seeing.survivor, clock.now()
    branch = leaving_with(absorbed)
    if along:
        came = homes_of(remaining.pk)
        follow_owners({party: came[party] for party in along}, absorbed.pk, at=now)
    # Which owners count is decided anew for both sides; one without aliases has nobody to give way to.
    aliases = Customer.objects.filter(survivor=remaining)
    Ownership.objects.filter(customer__in=[*aliases, remaining], until=None).update(gives_way=False)
    Customer.objects.filter(pk__in=branch).update(survivor=absorbed)
    Customer.objects.filter(pk=absorbed.pk).update(
        merged_into=None, survivor=None, version=F("version") + 1, updated_at=now
    )
    move_parties(homes, absorbed.pk, Decision(Outcome.SPLIT, row.split_by, now, row.score, row.evidence))
    give_claims_back(remaining.pk, absorbed.pk, branch)
    GoldenPin.objects.filter(merge=row, ended_at=None).update(ended_at=now)
    settled = ReviewCase.objects.filter(pk__in=row.snapshot["cases"], state=CaseState.MERGED)
    settled.update(state=CaseState.SPLIT, decided_by=row.split_by, decided_at=now, reason=row.split_reason)
    note_decision(row, PairVerdict.DIFFERENT, by=row.split_by, at=now, reason=row.split_reason)
    calculate([remaining.pk, absorbed.pk], actor=row.split_by, now=now)
    _calculate_left(remaining.pk, [row.survivor_id], row.split_by, now)
    publish(CustomersSplit(remaining.pk, absorbed.pk, tuple(sorted(homes))))


def _calculate_left(survivor: int, homes: Collection[int], actor: str, now: datetime) -> None:
    """Calculate the aliases that something left by way of these homes: none keeps a word of what is no longer its."""
    merged_into = dict(Customer.objects.filter(survivor_id=survivor).values_list("id", "merged_into_id"))
    concerned = {alias for home in homes for alias in above(home, merged_into)}
    if not concerned:
        return
    at_home, views = homes_of(survivor), stored_views_of([survivor])[survivor]
    trees = {alias: beneath(alias, merged_into) for alias in concerned}
    said = {
        alias: [view for view in views if at_home[view.party_id] in tree] for alias, tree in trees.items()
    }
    calculate_aliases(said, actor=actor, now=now)
