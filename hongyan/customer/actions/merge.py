"""Merging two customers by hand (归并): links and an alias, no fact is touched, and everything can be taken back.

    1. look        preview_merge: fields, owners and agreements that meet, what speaks against it
    2. ask         one person merges; agreement customers and two different IDs take a second one
    3. merge       parties and what follows from them go to the survivor; the absorbed code becomes its alias
    4. calculate   golden record, owners and projections of the survivor

Source: DESIGN 3 "Customer"; REQUIREMENTS 4.2 "Identity link / merge event", 5.5 screen 5, SM11; CUS-003.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.events import publish
from hongyan.core.free_text import require_no_numbers
from hongyan.core.versions import require_unchanged
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.move import Decision, homes_of, move_parties, take_claims
from hongyan.customer.actions.pins import pin_fields
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import CaseState, CustomersMerged, MergeState, Outcome, PairVerdict, Status
from hongyan.customer.evidence import verdict_between
from hongyan.customer.models import (
    Customer,
    GoldenChange,
    ListRow,
    Merge,
    PairDecision,
    ReviewCase,
    SearchToken,
)
from hongyan.customer.projections import project
from hongyan.customer.queries.merges import MergePreview, find_two, preview_of
from hongyan.customer.queries.records import find_customer
from hongyan.customer.rules.cases import may_become
from hongyan.customer.rules.code import serial_of
from hongyan.customer.rules.golden import GROUPS
from hongyan.customer.rules.merging import NO_CHOICES, Choices, Objection, Side
from hongyan.org.actions.approvals import submit
from hongyan.org.codes import ApprovalAct, ApprovalState, Right, Risk, Viewer
from hongyan.org.models import ApprovalEvent
from hongyan.org.queries.viewers import viewer_for

KIND = "merge"
"""The kind under which merges are approved."""

LONGEST_REASON = 300
HEADS = frozenset(group[0] for group in GROUPS)


def merge(
    viewer: Viewer,
    survivor_code: str,
    absorbed_code: str,
    *,
    reason: str,
    choices: Choices = NO_CHOICES,
    override: bool = False,
    seen: str | None = None,
    case: ReviewCase | None = None,
    key: str | None = None,
) -> Merge:
    """Merge two customers, or ask a second person where it takes two; the state of the answer tells which.

    `seen` is the mark of the preview that the viewer saw, None for processes. `override` says that two different valid
    credentials are known to be one customer's; `reason` is then the evidence. Without a `case` a reason is needed too.
    `key` is an idempotency key, with the caller's name in it: the same key answers with the same merge.
    Errors: NotAllowed without the right; NotFound for a customer out of scope; Conflict for codes that are one customer
    already, when something changed since, or a request waits already; Invalid for what the rules forbid.
    """
    _ask_right(viewer)
    reason = said(reason, needed=case is None or override)
    with transaction.atomic(), scope.bulk():
        hold_identity()
        if key is not None and (known := _known(viewer, key, survivor_code, absorbed_code, reason)):
            return known
        seeing = preview_of(*find_two(viewer, survivor_code, absorbed_code), choices)
        require_unchanged("customer", seen, seeing.seen, now=_told(seeing))
        _ask_possible(seeing, choices, override=override)
        verdict = None if case else verdict_between(seeing.survivor.pk, seeing.absorbed.pk)
        row = Merge.objects.create(
            survivor=seeing.survivor,
            absorbed=seeing.absorbed,
            state=MergeState.WAITING,
            case=case,
            reason=reason,
            score=case.score if case else verdict.score if verdict else 0,
            evidence=case.evidence if case else verdict and asdict(verdict),
            choices=_stored(seeing, choices),
            is_override=Objection.OTHER_ID in seeing.objections,
            seen=seeing.structure,
            maker_id=viewer.staff_id,
            maker_post_id=viewer.post_id,
            asked_by=viewer.staff_no,
            asked_at=clock.now(),
            asked_key=key,
        )
        if seeing.takes_two:
            _ask_second(viewer, row, seeing)
        else:
            _carry_out(viewer, row, seeing)
    return row


def settle(merge_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction: an approved merge is done, under its maker's name.

    Errors: NotAllowed when the maker may not any more, Conflict when the customers changed since; either undoes the
    decision, and the request can then only be rejected.
    """
    with scope.bulk():
        row = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
        if state == ApprovalState.APPROVED:
            _settle_approved(row, approval_id)
            return
        row.state = MergeState.REFUSED
        row.save(update_fields=["state"])
        if row.case_id is not None:
            _reopen(row)


def said(reason: str, *, needed: bool) -> str:
    """A reason without the space around it. Errors: Invalid when it is missing, too long or holds somebody's number."""
    reason = reason.strip()
    require_no_numbers(reason=reason)
    if needed and not reason:
        raise Invalid({"reason": _("请写明理由")})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("最多 {count} 个字").format(count=LONGEST_REASON)})
    return reason


# --- what is asked before


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)


def _known(viewer: Viewer, key: str, survivor_code: str, absorbed_code: str, reason: str) -> Merge | None:
    """The merge that a key asked for before. Errors: NotFound out of scope; Invalid when that was another one."""
    for code in (survivor_code, absorbed_code):
        find_customer(viewer, code)
    known = Merge.objects.filter(asked_key=key).first()
    asked = (serial_of(survivor_code), serial_of(absorbed_code), reason)
    if known is not None and (known.survivor_id, known.absorbed_id, known.reason) != asked:
        raise Invalid({"Idempotency-Key": _("这个幂等键已用于另一份内容")})
    return known


def _told(seeing: MergePreview) -> str:
    return (
        f"{seeing.survivor.name}（{seeing.survivor.code}）、{seeing.absorbed.name}（{seeing.absorbed.code}）"
    )


def _ask_possible(seeing: MergePreview, choices: Choices, *, override: bool) -> None:
    """Errors: Invalid for what the rules forbid, or choices that cannot be made; Conflict when one waits already."""
    if Objection.OTHER_KIND in seeing.objections:
        raise Invalid({"": _("个人与单位不能归并。")})
    if Objection.OTHER_ID in seeing.objections and not override:
        raise Invalid({"override": _("双方各有一个有效且不同的证件：须写明证据，由第二人复核后才能归并。")})
    if seeing.waiting is not None:
        raise Conflict("merge", _("这个客户的归并正在等待审批。"))
    lines = {owner.line for owner in seeing.owners if owner.survivor and owner.absorbed}
    if unknown := choices.owners.keys() - lines:
        raise Invalid({"owners": _("板块 {lines} 没有两个管户可选").format(lines="、".join(sorted(unknown)))})
    parties = {field.name: {option.party_id for option in field.options} for field in seeing.fields}
    for name, party in choices.fields.items():
        if name not in HEADS or party not in parties.get(name, ()):
            raise Invalid({name: _("没有这个值可选")})


def _stored(seeing: MergePreview, choices: Choices) -> dict[str, Any]:
    """The choices as the merge keeps them: whose owner stands in each line where two meet, chosen or by the rules."""
    owners = {owner.line: owner.stands for owner in seeing.owners if owner.survivor and owner.absorbed}
    return {"owners": owners, "fields": dict(choices.fields)}


# --- the second person


def _ask_second(viewer: Viewer, row: Merge, seeing: MergePreview) -> None:
    _audit(viewer, "customer.ask_merge", row)
    submit(viewer, KIND, str(row.pk), risk=Risk.HIGH if row.is_override else Risk.NORMAL, reason=row.reason)
    if row.case_id is not None:
        _decide(ReviewCase.objects.filter(pk=row.case_id), CaseState.ASKED, row)
        roots = [seeing.survivor.pk, seeing.absorbed.pk]
        project(roots, replace=roots)


def _settle_approved(row: Merge, approval_id: int) -> None:
    maker = viewer_for(row.maker_id, post_id=row.maker_post_id)
    if maker is None or not maker.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(
            Right.CUSTOMER_MERGE, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。")
        )
    hold_identity()
    choices = Choices(row.choices["owners"], row.choices["fields"])
    seeing = preview_of(*find_two(maker, row.survivor.code, row.absorbed.code), choices)
    if (seeing.survivor.pk, seeing.absorbed.pk, seeing.structure) != (
        row.survivor_id,
        row.absorbed_id,
        row.seen,
    ):
        raise Conflict("merge", _("这两个客户在申请之后已经变了，申请已过时，没有执行。请驳回后重新申请。"))
    agreed = ApprovalEvent.objects.filter(approval_id=approval_id, act=ApprovalAct.APPROVE).order_by("-id")
    row.second_by = agreed.values_list("staff__staff_no", flat=True).first() or ""
    _carry_out(maker, row, seeing)


def _reopen(row: Merge) -> None:
    """What was not approved waits for another word."""
    case = ReviewCase.objects.select_for_update().get(merges=row)
    if case.state == CaseState.ASKED:
        case.state, case.decided_by, case.decided_at = CaseState.OPEN, "", None
        case.save(update_fields=["state", "decided_by", "decided_at"])
        concerned = Customer.objects.filter(pk__in=(case.customer_id, case.candidate_id))
        roots = sorted({customer.survivor_id or customer.pk for customer in concerned})
        project(roots, replace=roots)


# --- the merge


def _carry_out(viewer: Viewer, row: Merge, seeing: MergePreview) -> None:
    now, survivor, absorbed = clock.now(), seeing.survivor, seeing.absorbed
    homes = homes_of(absorbed.pk)
    row.snapshot = _snapshot(row, seeing, {"survivor": homes_of(survivor.pk), "absorbed": homes})
    row.state, row.done_at = MergeState.DONE, now
    row.save()
    move_parties(homes, survivor.pk, Decision(Outcome.MANUAL, row.asked_by, now, row.score, row.evidence))
    take_claims(survivor.pk, absorbed.pk)
    _become_alias(absorbed, survivor, row.asked_by, now)
    pin_fields(row, row.choices["fields"], at=now)
    settled = [case for case in seeing.cases if may_become(case.state, CaseState.MERGED)]
    _decide(ReviewCase.objects.filter(pk__in=[case.pk for case in settled]), CaseState.MERGED, row)
    note_decision(row, PairVerdict.SAME, by=row.asked_by, second_by=row.second_by, at=now, reason=row.reason)
    calculate([survivor.pk], actor=row.asked_by, now=now)
    _audit(viewer, "customer.merge", row)
    publish(CustomersMerged(survivor.pk, absorbed.pk, tuple(sorted(homes))))


def _snapshot(row: Merge, seeing: MergePreview, sides: Mapping[Side, Mapping[int, int]]) -> dict[str, Any]:
    """What each side (party → home) had when they became one, by ids, and the party that stands for it in decisions."""
    told = row.case.party_id if row.case else 0
    codes: dict[Side, int] = {"survivor": row.survivor_id, "absorbed": row.absorbed_id}
    owners = {
        "survivor": [one.survivor for one in seeing.owners],
        "absorbed": [one.absorbed for one in seeing.owners],
    }
    return {
        "parties": {side: sorted(homes) for side, homes in sides.items()},
        "stand_for": {side: _standing_for(codes[side], homes, told) for side, homes in sides.items()},
        "owners": {side: {owner.line: owner.pk for owner in own if owner} for side, own in owners.items()},
        "cases": [case.pk for case in seeing.cases if may_become(case.state, CaseState.MERGED)],
        "status": seeing.absorbed.status,
    }


def _standing_for(customer: int, homes: Mapping[int, int], told: int) -> int:
    """The party that opened the case, else the first that is at home under the code itself."""
    return told if told in homes else min(party for party, home in homes.items() if home == customer)


def _become_alias(absorbed: Customer, survivor: Customer, actor: str, now: datetime) -> None:
    """The absorbed code leads to the survivor from now on, and so does what led to it before."""
    Customer.objects.filter(Q(pk=absorbed.pk) | Q(survivor=absorbed)).update(survivor=survivor)
    Customer.objects.filter(pk=absorbed.pk).update(
        merged_into=survivor, status=Status.MERGED, version=F("version") + 1, updated_at=now
    )
    GoldenChange.objects.create(
        customer=absorbed, at=now, field="status", before=absorbed.status, after=Status.MERGED, actor=actor
    )
    ListRow.objects.filter(customer=absorbed).delete()
    SearchToken.objects.filter(customer=absorbed).delete()


def _decide(cases: Any, state: CaseState, row: Merge) -> None:
    cases.update(
        state=state,
        decided_by=row.asked_by,
        decided_at=clock.now(),
        reason=row.reason,
        second_by=row.second_by,
    )


def note_decision(
    row: Merge, verdict: PairVerdict, *, by: str, at: datetime, reason: str, second_by: str = ""
) -> None:
    """Keep for ever what people said of the two sides of a merge."""
    stand_for = row.snapshot["stand_for"]
    PairDecision.objects.create(
        customer_id=row.survivor_id,
        candidate_id=row.absorbed_id,
        party_id=stand_for["survivor"],
        other_party_id=stand_for["absorbed"],
        verdict=verdict,
        reason=reason,
        evidence=row.evidence,
        case_id=row.case_id,
        merge=row,
        by=by,
        second_by=second_by,
        at=at,
    )


def _audit(viewer: Viewer, act: str, row: Merge) -> None:
    """Under either code, since each is looked up by its own."""
    after = {
        "merge": row.pk,
        "survivor": row.survivor.code,
        "absorbed": row.absorbed.code,
        "override": row.is_override,
        "second": row.second_by,
        **asdict(Choices(row.choices["owners"], row.choices["fields"])),
    }
    for code in (row.survivor.code, row.absorbed.code):
        audit.record(viewer.actor, act, "customer", code, after=after, purpose=row.reason)
