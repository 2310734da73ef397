"""Deciding a review case (待核处理, SM11): the same, not the same, cannot tell; and taking a word back."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, NotAllowed, NotFound
from hongyan.customer.actions.merge import merge, said
from hongyan.customer.codes import CaseState, PairVerdict
from hongyan.customer.models import Customer, PairDecision, ReviewCase, SourceParty
from hongyan.customer.projections import project
from hongyan.customer.queries.merges import propose_survivor
from hongyan.customer.rules.cases import may_become
from hongyan.customer.rules.merging import NO_CHOICES, Choices
from hongyan.org.codes import Right, Viewer

_BECOMES = {PairVerdict.DIFFERENT: CaseState.REJECTED, PairVerdict.UNSURE: CaseState.SHELVED}


def decide_case(
    viewer: Viewer,
    case_id: int,
    verdict: PairVerdict,
    *,
    reason: str = "",
    survivor: str = "",
    choices: Choices = NO_CHOICES,
    override: bool = False,
    seen: str | None = None,
) -> ReviewCase:
    """Say what the two customers of a case are; its state tells what became of it.

    SAME merges them, or asks a second person where it takes two (ASKED): `survivor` is the code that stays, proposed by
    the house where it is empty; `choices` and `override` are as in `merge`. DIFFERENT and UNSURE are kept; UNSURE needs
    a reason. `seen` is the state the viewer saw, None to take it as it stands. Saying the same again changes nothing.
    Errors: NotAllowed without the right; NotFound for customers out of scope; Conflict when somebody was faster;
    Invalid without a reason where one is needed; otherwise as `merge`.
    """
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
    reason = said(reason, needed=verdict == PairVerdict.UNSURE or override)
    with transaction.atomic(), scope.bulk():
        case, codes = _locked(viewer, case_id)
        if case.decided_by == viewer.staff_no and case.state in _results(verdict):
            return case
        _ask_unchanged(case, seen, _results(verdict))
        if verdict == PairVerdict.SAME:
            stays, goes = _order(viewer, codes, survivor)
            merge(viewer, stays, goes, reason=reason, choices=choices, override=override, case=case)
            case.refresh_from_db()
            return case
        _write(viewer, case, _BECOMES[verdict], reason=reason)
        _note(viewer, case, verdict, reason=reason)
        _audit(viewer, case, f"review_case.{verdict}", reason)
    return case


def reopen_case(viewer: Viewer, case_id: int, *, reason: str = "") -> ReviewCase:
    """Take back a word that did not merge: the case waits again. What was merged is split instead.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict for a case that cannot be opened again.
    """
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
    reason = said(reason, needed=False)
    with transaction.atomic(), scope.bulk():
        case, _codes = _locked(viewer, case_id)
        if case.state == CaseState.OPEN:
            return case
        if case.state == CaseState.ASKED:
            raise Conflict("review_case", _("归并正在等待审批，请先撤回申请。"))
        _ask_unchanged(case, None, {CaseState.OPEN})
        _write(viewer, case, CaseState.OPEN, reason=reason)
        _note(viewer, case, PairVerdict.UNSURE, reason=reason)
        _audit(viewer, case, "review_case.reopen", reason)
    return case


def _locked(viewer: Viewer, case_id: int) -> tuple[ReviewCase, tuple[str, str]]:
    """A case, locked, and the codes that its two customers stand under now.

    Errors: NotFound when either customer is out of the viewer's scope.
    """
    case = ReviewCase.objects.select_for_update().filter(pk=case_id).first()
    if case is not None:
        pair = (case.customer_id, case.candidate_id)
        found = Customer.objects.visible_to(viewer).select_related("survivor").in_bulk(pair)
        if len(found) == len(pair):
            one, other = (found[key].survivor or found[key] for key in pair)
            return case, (one.code, other.code)
    raise NotFound("review_case", case_id)


def _results(verdict: PairVerdict) -> set[CaseState]:
    return {_BECOMES[verdict]} if verdict in _BECOMES else {CaseState.MERGED, CaseState.ASKED}


def _ask_unchanged(case: ReviewCase, seen: str | None, results: Collection[CaseState]) -> None:
    """Errors: Conflict saying who did what since, and when."""
    if seen in {None, case.state} and any(may_become(case.state, result) for result in results):
        return
    when = f"{timezone.localtime(case.decided_at):%Y-%m-%d %H:%M}" if case.decided_at else "—"
    told = _("这一件已由{who}于 {time} 处理为“{state}”，没有保存您的判定。").format(
        who=case.decided_by or _("系统"), time=when, state=case.get_state_display()
    )
    raise Conflict("review_case", told)


def _order(viewer: Viewer, codes: tuple[str, str], survivor: str) -> tuple[str, str]:
    """(survivor, absorbed), as chosen or as the house proposes."""
    if survivor in codes:
        return survivor, codes[codes[0] == survivor]
    return propose_survivor(viewer, *codes)


def _write(viewer: Viewer, case: ReviewCase, state: CaseState, *, reason: str) -> None:
    case.state, case.decided_by, case.decided_at = state, viewer.staff_no, clock.now()
    case.reason, case.second_by = reason, ""
    case.save(update_fields=["state", "decided_by", "decided_at", "reason", "second_by"])
    concerned = Customer.objects.filter(pk__in=(case.customer_id, case.candidate_id))
    # Lists show who waits for a steward.
    roots = sorted({customer.survivor_id or customer.pk for customer in concerned})
    project(roots, replace=roots)


def _note(viewer: Viewer, case: ReviewCase, verdict: PairVerdict, *, reason: str) -> None:
    one, other = _parties(case)
    PairDecision.objects.create(
        customer_id=case.customer_id,
        candidate_id=case.candidate_id,
        party_id=one,
        other_party_id=other,
        verdict=verdict,
        reason=reason,
        evidence=case.evidence,
        case=case,
        by=viewer.staff_no,
        at=clock.now(),
    )


def _parties(case: ReviewCase) -> tuple[int, int]:
    """The parties that stand for the two codes: the one that opened the case, and the first at home in the other."""
    told = SourceParty.objects.get(pk=case.party_id)

    def stands_for(code: int) -> int:
        if code == (told.home_id or told.customer_id):
            return told.pk
        at_home = Q(home_id=code) | Q(home=None, customer_id=code)
        return int(SourceParty.objects.filter(at_home).order_by("id").values_list("id", flat=True)[0])

    return stands_for(case.customer_id), stands_for(case.candidate_id)


def _audit(viewer: Viewer, case: ReviewCase, act: str, reason: str) -> None:
    audit.record(viewer.actor, act, "review_case", case.pk, after={"state": case.state}, purpose=reason)
