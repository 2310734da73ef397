"""How somebody becomes a customer (准入): what is checked, what is submitted, and what approval brings about.

An agreement customer passes all of it; a potential one (CUS-008) is checked for duplicates and the blacklist only, and
has a flow of its own.

    1. check       line by line; the check for duplicates and the exclusion look at all customers of the group
    2. submit      nothing fails, and the maker agreed about whom the check found and gave a reason for an exception
    3. approve     the heads of the maker's line; an exception and a customer of other units go up to the province,
                   one of another province to the group
    4. admit       by the way of every customer that people enter, so that nobody exists twice

What changed between submitting and approving undoes the approval: it can then only be refused.
Source: CUS-002…007, X-22, X-23.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.classes.queries.blacklist import is_blacklisted
from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.parameters import values_of
from hongyan.customer.actions.check import Candidates, check
from hongyan.customer.actions.create import Step, create, step_for
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.prepare import credential_hashes
from hongyan.customer.codes import Kind, PartyType, Settlement, Terms
from hongyan.customer.models import CustomerScope
from hongyan.customer.rules.entering import Entered, flaws_of, record_of, sound
from hongyan.lifecycle.actions.drafts import SUBJECT, ask_draft, ask_right, own
from hongyan.lifecycle.actions.hearing import let_hear
from hongyan.lifecycle.actions.payload import entered_of
from hongyan.lifecycle.codes import (
    MAILING,
    Agreement,
    ApplicationKind,
    ApplicationState,
    Checked,
    Item,
    Outcome,
    Problem,
)
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.parameters import LEAST_AGE, ORGANISATION_NEEDS, PERSON_NEEDS
from hongyan.lifecycle.queries.agreements import agreements_of
from hongyan.lifecycle.rules.admission import Wish, admission, blacklist, duplicate, exclusion, registration
from hongyan.lifecycle.rules.exclusion import clashes
from hongyan.org.actions.approvals import submit as ask_approval
from hongyan.org.codes import Line, Right, Risk, Viewer
from hongyan.org.models import Place

FLOWS = {Line.MAIL.value: "lifecycle.admit_mail", Line.EXPRESS.value: "lifecycle.admit_express"}
OTHER_FLOW = "lifecycle.admit"
"""邮务 and 速递 have an approval flow each, the other lines one together (CUS-006)."""
PROSPECT_FLOW = "lifecycle.prospect"
"""Potential customers: registered, rested and ended (CUS-008)."""


def flow_of(row: Application) -> str:
    """The kind of approval of somebody new."""
    if row.kind == ApplicationKind.PROSPECT:
        return PROSPECT_FLOW
    return FLOWS.get(row.line, OTHER_FLOW)


@dataclass(frozen=True, slots=True)
class Examined:
    """What the admission check says of a draft: its lines, whom it may be, and which agreements exclude it."""

    lines: Sequence[Checked]
    found: Candidates
    clashing: Sequence[Agreement] = ()
    is_submitted: bool = False

    @property
    def step(self) -> Step:
        """What the check for duplicates found."""
        return step_for(self.found)

    @property
    def blocks(self) -> bool:
        """Whether a line fails, whatever the maker agrees about."""
        return any(line.blocks for line in self.lines)


def examine(viewer: Viewer, row: Application, *, seen: str = "", why: str = "") -> Examined:
    """Check a draft. `seen` and `why` are what the maker agreed about. The check for duplicates is audited."""
    entered, wish = entered_of(row), wish_of(row)
    today = clock.business_date()
    flaws, is_prospect = flaws_of(entered, today=today), row.kind == ApplicationKind.PROSPECT
    found = _candidates(viewer, entered)
    step = step_for(found)
    clashing = _clashing(row, wish, found)
    agreed = seen == found.mark and (step != "unsure" or bool(why))
    is_taken = step == "known_elsewhere" and _is_taken(row, found)
    known = [
        duplicate(step, agreed=agreed, is_taken=is_taken, is_prospect=is_prospect),
        blacklist(is_listed=_is_blacklisted(row.line, entered, found)),
    ]
    if is_prospect:
        return Examined([*registration(flaws), *known], found)
    needs = ORGANISATION_NEEDS if entered.party_type == PartyType.ORGANISATION else PERSON_NEEDS
    needed, least_age = values_of(needs, LEAST_AGE, units=viewer.unit_chain, line=row.line)
    lines = [
        *admission(entered, wish, flaws=flaws, needs=needed, least_age=least_age, today=today),
        *known,
    ]
    excepted = bool(row.exception) and row.valid_to is not None
    lines.append(exclusion(row.line, [one.number for one in clashing], excepted=excepted))
    return Examined(lines, found, clashing)


def submit(viewer: Viewer, application_id: int, *, version: int, seen: str = "", why: str = "") -> Examined:
    """Submit one's own draft for approval, where the check lets it pass; else what stands in the way.

    Errors: NotAllowed without the right; NotFound for no draft of one's own; Conflict when it was changed meanwhile;
    Invalid for a reason with somebody's number, or where nobody could approve.
    """
    ask_right(viewer)
    why = said(why, needed=False)
    with transaction.atomic():
        row = own(viewer, application_id)
        ask_draft(row, version)
        examined = examine(viewer, row, seen=seen, why=why)
        if any(line.outcome in {Outcome.FAILED, Outcome.ASKS} for line in examined.lines):
            return examined
        row.step, row.mark, row.reason = examined.step, examined.found.mark, why
        row.checks = [_stored(line) for line in examined.lines]
        row.clashing = [one.party for one in examined.clashing]
        row.heard_org_no = row.heard_until = row.answered_at = row.answerer = None
        row.objection = ""
        is_agreement = row.kind == ApplicationKind.CREATE
        if is_agreement and row.line in MAILING and examined.found.band == "join":
            with scope.bulk():
                let_hear(row, examined.found.found[0].id, viewer)
        row.state, row.submitted_at, row.changed_at = ApplicationState.SUBMITTED, clock.now(), clock.now()
        row.version += 1
        audit.record(
            viewer.actor, "application.submit", SUBJECT, row.number, purpose=row.exception or why,
            after={"line": row.line, "step": row.step, "clashing": len(row.clashing)},
        )  # fmt: skip
        is_grave = bool(row.clashing) or row.step == "known_elsewhere"
        row.approval = ask_approval(
            viewer, flow_of(row), row.number, line=row.line, reason=row.exception or why,
            risk=Risk.HIGH if is_grave else Risk.NORMAL, amount=Decimal(_reach(viewer, examined)),
        )  # fmt: skip
        row.save()
    return Examined(examined.lines, examined.found, examined.clashing, is_submitted=True)


def admit(row: Application, maker: Viewer) -> None:
    """Make an approved application true: the customer exists, with the agreement if any, under the maker's name.

    Errors: NotAllowed when the maker may not any more; Conflict when the customer or the agreements changed since.
    Call it inside the transaction of the approval.
    """
    if not (maker.may(Right.CUSTOMER_APPLY) and maker.may(Right.CUSTOMER_CREATE)):
        raise NotAllowed(Right.CUSTOMER_APPLY, _("申请人已没有办理客户准入的权限，请驳回。"))
    entered, today = entered_of(row), clock.business_date()
    found = _candidates(maker, entered)
    clashing = {one.party for one in _clashing(row, wish_of(row), found)}
    if found.mark != row.mark or not clashing <= set(row.clashing):
        raise Conflict(SUBJECT, _("这位客户或其协议在申请之后变了，申请已过时，没有执行。请驳回后重新申请。"))
    if _is_blacklisted(row.line, entered, found):
        raise Conflict(SUBJECT, _("这位客户在申请之后列入了黑名单，没有执行。请驳回。"))
    try:
        made = create(
            maker,
            entered,
            key=f"application/{row.pk}",
            line=row.line,
            seen=row.mark,
            reason=row.reason,
            terms=_terms(row, signed_on=today) if row.kind == ApplicationKind.CREATE else None,
            is_approved=True,
        )
    except Invalid as error:
        raise Conflict(SUBJECT, " ".join(map(str, error.fields.values()))) from error
    if made.entry is None:
        raise Conflict(SUBJECT, _("这位客户或其协议在申请之后变了，申请已过时，没有执行。请驳回后重新申请。"))
    row.customer, row.party = made.entry.customer, made.entry.party
    row.sealed = b""  # it stands in the source record now


def _terms(row: Application, *, signed_on: date) -> Terms:
    assert row.valid_from is not None
    return Terms(
        kind=Kind(row.wish),
        agreement_no=row.number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        settlement=Settlement(row.settlement),
        signed_on=signed_on,
        beyond=row.step == "known_elsewhere",
    )


def _stored(line: Checked) -> dict[str, Any]:
    problem = line.problem.value if line.problem else ""
    return {
        "item": line.item.value,
        "outcome": line.outcome.value,
        "problem": problem,
        "details": list(line.details),
    }


def checks_of(row: Application) -> list[Checked]:
    """How the lines of the admission check came out when an application was submitted."""
    return [
        Checked(
            Item(one["item"]),
            Outcome(one["outcome"]),
            Problem(one["problem"]) if one["problem"] else None,
            one["details"],
        )
        for one in row.checks
    ]


def wish_of(row: Application) -> Wish:
    """What an application says besides who it is about."""
    return Wish(
        line=row.line,
        families=frozenset(row.families),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        credential_until=row.credential_until,
        is_lifelong=row.is_lifelong,
        sighted=row.sighted,
    )


def _candidates(viewer: Viewer, entered: Entered) -> Candidates:
    try:
        return check(viewer, record_of(sound(entered, today=clock.business_date())))
    except Invalid:  # nothing to go by: another line of the check says so
        return Candidates(())


def _clashing(row: Application, wish: Wish, found: Candidates) -> list[Agreement]:
    """The agreements that exclude the wished one, of whom the record surely is."""
    if row.kind != ApplicationKind.CREATE or row.line not in MAILING or found.band != "join":
        return []
    wished = Agreement(row.line, wish.families, wish.valid_from, wish.valid_to)
    return clashes(wished, agreements_of(found.found[0].id), today=clock.business_date())


def _is_blacklisted(line: str, entered: Entered, found: Candidates) -> bool:
    """Whether the blacklist holds the party in a line: as the customer it surely is, or by its credentials."""
    who = found.found[0].id if found.band == "join" else None
    try:
        hashes = credential_hashes(record_of(sound(entered, today=clock.business_date())))
    except Invalid:  # another line of the check says so
        hashes = []
    return bool(is_blacklisted(customer_id=who, hashes=hashes, line=line, on=clock.business_date()))


def _is_taken(row: Application, found: Candidates) -> bool:
    """Whether somebody owns the customer in the wished line."""
    with scope.bulk():
        return CustomerScope.objects.filter(
            customer_id=found.found[0].id, line=row.line, is_assisting=False
        ).exists()


def _reach(viewer: Viewer, examined: Examined) -> int:
    """How far a customer of other units is away: 0 in scope, 1 in the maker's province, 2 beyond it."""
    if examined.step != "known_elsewhere":
        return 0
    place = Place.objects.get(unit_id=viewer.unit_id, tree=viewer.tree)
    with scope.bulk():
        numbers = CustomerScope.objects.filter(customer_id=examined.found.found[0].id).values_list("org_no")
        near = Place.objects.filter(lo__in=numbers, province_no=place.province_no)
        return 1 if near.exists() else 2
