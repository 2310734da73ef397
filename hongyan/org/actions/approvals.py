"""Asking for approval, deciding, taking back, and what follows when nobody decides (审批, SM13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit, clock, events, parameters
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.scope import EVERYTHING, acting
from hongyan.core.workdays import OfficeHours, Workdays
from hongyan.org import approvals
from hongyan.org.codes import (
    ApprovalAct,
    ApprovalAsked,
    ApprovalDecided,
    ApprovalReminded,
    ApprovalState,
    ApprovalSubmitted,
    Asked,
    Joins,
    Level,
    OnTimeout,
    Risk,
    StepState,
    Verdict,
    Viewer,
)
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Place, Post, Staff
from hongyan.org.parameters import APPROVAL_REMINDER, OFFICE_CLOSES, OFFICE_OPENS
from hongyan.org.queries.approvals import (
    bar_of,
    chain_above,
    checkers_at,
    checkers_by_place,
    find_approval,
    open_steps_of,
    parties_of,
    stands_over,
    urgent_approvals,
)
from hongyan.org.rules.approvals import (
    Bar,
    Check,
    Course,
    Group,
    Hands,
    Parties,
    begun,
    checks_for,
    decided,
    expired,
    recalled,
    remind_after,
)

SUBJECT = "approval"
LONGEST_REASON = 300
"""Longer than forms take, since an owner may lead what somebody typed with words of its own."""


def submit(
    viewer: Viewer, kind: str, subject: str, *,
    amount: Decimal | int = 0, line: str = "", risk: Risk = Risk.NORMAL, reason: str = "", about: Staff | None = None,
) -> Approval:  # fmt: skip
    """Ask for approval of something, along the route of its kind as it holds today for the viewer's unit and line.

    `subject` is an id or code, never personal data; `amount` as the kind counts it; who it is `about` has no say.
    Errors: Invalid when the route has no line for the request, or a step nobody could check, unless the kind waits for
    somebody; Conflict when the same thing waits for approval already; KeyError for a kind no room declared.
    """
    reason = _said(reason)
    declared = approvals.find(kind)
    if declared is None:
        raise KeyError(kind)
    route = approvals.route_of(declared, units=viewer.unit_chain, line=line)
    checks = checks_for(route, amount=Decimal(amount), level=viewer.level, risk=risk)
    if not checks:
        raise Invalid({"": _("“{kind}”的审批矩阵没有适用于这次申请的一行").format(kind=declared.label)})
    place = Place.objects.select_related("unit").get(unit_id=viewer.unit_id, tree=viewer.tree)
    if not declared.may_wait:
        parties = Parties(
            Hands(viewer.people, viewer.behind),
            about=frozenset({about.pk} if about else ()),
            is_grave=risk == Risk.HIGH,
        )
        _ask_checkers(checks, place, line=line, parties=parties)
    with transaction.atomic():
        approval = _stored(
            Approval(
                kind=kind,
                subject=subject,
                maker_id=viewer.staff_id,
                holder_id=viewer.holder.staff_id if viewer.holder else None,
                about=about,
                place=place,
                line=line,
                amount=Decimal(amount),
                risk=risk,
                reason=reason,
                submitted_at=clock.now(),
            )
        )
        steps = ApprovalStep.objects.bulk_create(_step(approval, check) for check in checks)
        _note(approval, ApprovalAct.SUBMIT, viewer, reason=reason)
        audit.record(
            viewer.actor, "approval.submit", SUBJECT, approval.pk, purpose=reason,
            after={"kind": kind, "subject": subject, "amount": approval.amount, "line": line, "risk": risk},
        )  # fmt: skip
        events.publish(ApprovalSubmitted(approval.pk, kind, subject))
        _follow(approval, steps, begun(_groups(steps)))
    return approval


def decide(
    viewer: Viewer, approval_id: int, verdict: Verdict, *, reason: str = "", step_version: int | None = None
) -> Approval:
    """Say yes or no to a request. `step_version` is the version the viewer saw, None to take it as it stands now.

    Saying the same again changes nothing. A refusal needs a reason.
    Errors: NotFound for a request the viewer has nothing to do with; Conflict when somebody was faster, with who and
    when; NotAllowed for the maker, for who decided another step, and for who is no checker; Invalid without a reason.
    """
    reason = _said(reason, missing=_("请写明驳回的原因") if verdict == Verdict.REJECT else "")
    with transaction.atomic():
        approval, steps, past = _locked(viewer, approval_id)
        if _is_said(viewer, verdict, past, step_version):
            return approval
        _ask_unchanged(approval, past, step_version)
        _ask_checker(viewer, approval, steps, past)
        step = open_steps_of(viewer, approval, steps)[0]
        _note(approval, ApprovalAct(verdict), viewer, step=step, reason=reason)
        audit.record(
            viewer.actor, f"approval.{verdict}", SUBJECT, approval.pk, purpose=reason,
            after={"kind": approval.kind, "subject": approval.subject, "step": step.number},
        )  # fmt: skip
        _follow(approval, steps, decided(_course(approval, steps), steps.index(step), verdict))
    return approval


def decide_many(
    viewer: Viewer, approval_ids: Collection[int], verdict: Verdict, *, reason: str = ""
) -> list[Approval]:
    """Decide several requests of low risk at once, all or none.

    Errors: Invalid naming those that are not of low risk; otherwise as `decide`.
    """
    with transaction.atomic():
        found = [find_approval(viewer, approval_id) for approval_id in sorted(set(approval_ids))]
        if not found:
            raise Invalid({"": _("请先选择要审批的申请")})
        if grave := [approval for approval in found if approval.risk != Risk.LOW]:
            names = pgettext("审批", "、").join(name_of(approval) for approval in grave)
            raise Invalid({"": _("只有低风险的申请可以批量审批，请逐一打开：{names}").format(names=names)})
        return [decide(viewer, approval.pk, verdict, reason=reason) for approval in found]


def recall(viewer: Viewer, approval_id: int, reason: str) -> Approval:
    """Take back one's own request while it is undecided.

    Errors: NotFound; NotAllowed for anybody but the maker; Conflict when it is over; Invalid without a reason.
    """
    reason = _said(reason, missing=_("请写明撤回的原因"))
    with transaction.atomic():
        approval, steps, past = _locked(viewer, approval_id)
        if approval.maker_id != viewer.staff_id:
            raise NotAllowed("approval.recall", _("只有申请人可以撤回申请。"))
        _ask_unchanged(approval, past, None)
        _note(approval, ApprovalAct.RECALL, viewer, reason=reason)
        audit.record(
            viewer.actor, "approval.recall", SUBJECT, approval.pk, purpose=reason,
            after={"kind": approval.kind, "subject": approval.subject},
        )  # fmt: skip
        _follow(approval, steps, recalled(_course(approval, steps)))
    return approval


def name_of(approval: Approval) -> str:
    """A request as one speaks of it: its kind and number."""
    return pgettext("审批", "{kind} {number}").format(
        kind=approvals.label_of(approval.kind), number=approval.pk
    )


# --- what is asked before


def _said(reason: str, *, missing: str = "") -> str:
    """A reason without the space around it.

    Errors: Invalid when it is too long, holds somebody's number, or is empty with `missing` for that.
    """
    reason = reason.strip()
    require_no_numbers(reason=reason)
    if missing and not reason:
        raise Invalid({"reason": missing})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("最多 {count} 个字").format(count=LONGEST_REASON)})
    return reason


def _ask_checkers(checks: Sequence[Check], place: Place, *, line: str, parties: Parties) -> None:
    """Errors: Invalid for the first step that nobody could check."""
    chain = chain_above(place)
    posts = checkers_by_place(chain, line=line, parties=parties)
    for check in checks:
        if not any(checkers_at(one, check.roles, posts) for one in _from_level(chain, check.level)):
            raise Invalid(
                {
                    "": _("第 {step} 步没有人可以审批：本单位和上级单位都没有别的{who}").format(
                        step=check.step, who=approvals.who(check.roles)
                    )
                }
            )


def _is_said(viewer: Viewer, verdict: Verdict, past: Sequence[ApprovalEvent], version: int | None) -> bool:
    """Whether the viewer said exactly this already: a second click, or a request sent twice."""
    return any(
        (event.staff_id, event.act, event.version) == (viewer.staff_id, verdict.value, version)
        for event in past
    )


def _ask_unchanged(approval: Approval, past: Sequence[ApprovalEvent], version: int | None) -> None:
    """Errors: Conflict saying who did what since, and when."""
    if approval.state == ApprovalState.PENDING and version in {None, approval.version}:
        return
    last = past[-1]
    told = _("这项申请已由{name}于 {time} {act}，没有保存您的决定。").format(
        name=last.staff.name if last.staff else _("系统"),
        time=f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}",
        act=last.get_act_display(),
    )
    raise Conflict(SUBJECT, told)


def _ask_checker(
    viewer: Viewer, approval: Approval, steps: Sequence[ApprovalStep], past: Sequence[ApprovalEvent]
) -> None:
    barred = bar_of(viewer, approval, steps, past)
    if barred is not None:
        raise NotAllowed("approval.decide", words_of_bar(barred))


def words_of_bar(barred: Bar) -> str:
    """Why somebody may not decide, in a sentence."""
    return {
        Bar.MAKER: _("申请人不能审批自己的申请，换一个岗位或由别人代理也不行。"),
        Bar.ABOUT: _("这项申请与您本人有关，不能由您审批。"),
        Bar.DECIDED: _("您已经审批过这项申请的另一步。"),
        Bar.ONE_HAND: _("您的账号与申请人或前一步审批人的账号近期由激活码相关联，须由别人审批。"),
        Bar.NOT_CHECKER: _("这一步不由您现在的岗位审批。"),
    }[barred]


# --- rows


def _locked(
    viewer: Viewer | None, approval_id: int
) -> tuple[Approval, list[ApprovalStep], list[ApprovalEvent]]:
    """A request with its steps and history, locked until the transaction ends. Errors: NotFound."""
    if viewer is not None:
        find_approval(viewer, approval_id)
    approval = (
        Approval.objects.select_for_update(of=("self",))
        .select_related("maker", "holder", "place__unit")
        .get(pk=approval_id)
    )
    steps = list(approval.steps.select_related("place__unit"))
    return approval, steps, list(approval.events.select_related("staff", "holder"))


def _stored(approval: Approval) -> Approval:
    """Errors: Conflict when the same thing waits for approval already."""
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(SUBJECT, _("同一事项已经在审批中。")) from error
    return approval


def _step(approval: Approval, check: Check) -> ApprovalStep:
    return ApprovalStep(
        approval=approval,
        number=check.step,
        roles=list(check.roles),
        level=check.level,
        joins=check.joins,
        hours=check.hours,
        on_timeout=check.on_timeout,
    )


def _groups(steps: Sequence[ApprovalStep]) -> list[Group]:
    return [Group(step.number, Joins(step.joins), StepState(step.state)) for step in steps]


def _course(approval: Approval, steps: Sequence[ApprovalStep]) -> Course:
    return Course(ApprovalState(approval.state), tuple(_groups(steps)))


def _note(
    approval: Approval, act: ApprovalAct, viewer: Viewer | None, *,
    step: ApprovalStep | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Add an act to the request's history, at the place where it was done."""
    ApprovalEvent.objects.create(
        approval=approval,
        step=step,
        act=act,
        at=clock.now(),
        staff_id=viewer.staff_id if viewer else None,
        holder_id=viewer.holder.staff_id if viewer and viewer.holder else None,
        post_id=viewer.post_id if viewer else None,
        place=step.place if step else approval.place,
        version=approval.version,
        reason=reason,
    )


# --- what follows


def _follow(approval: Approval, steps: Sequence[ApprovalStep], course: Course) -> None:
    """Store where a request stands after an act, open what is next, and tell who has to know."""
    opened = []
    for step, group in zip(steps, course.groups, strict=True):
        if step.state != StepState.OPEN and group.state == StepState.OPEN:
            opened.append(step)
        step.state = group.state
    _open(approval, opened)
    ApprovalStep.objects.bulk_update(steps, ["state", "place", "opened_at", "remind_at", "due_at"])
    approval.state = course.state
    approval.ended_at = clock.now() if course.is_over else None
    _save(approval, steps)
    if course.is_over:
        events.publish(ApprovalDecided(approval.pk, approval.kind, approval.subject, course.state))


def _save(approval: Approval, steps: Sequence[ApprovalStep]) -> None:
    approval.due_at = min(
        (step.due_at for step in steps if step.state == StepState.OPEN and step.due_at), default=None
    )
    approval.version += 1
    approval.save(update_fields=["state", "ended_at", "due_at", "version"])


def _open(approval: Approval, steps: Sequence[ApprovalStep]) -> None:
    """Give steps whose turn it is a place with somebody who can check.

    Where nobody can any more, the step stands at the top until somebody can, or its time is over.
    """
    if not steps:
        return
    search = _search(approval)
    for step in steps:
        _hand(approval, step, search.place_for(step) or search.chain[-1], search, Asked.BEGUN)


def _escalate(approval: Approval, steps: Sequence[ApprovalStep], step: ApprovalStep, *, why: str) -> bool:
    """Give an open step to the next level above with somebody who can check; False where there is nobody.

    A step that nobody at its place can check any more, or whose place stands no longer above the maker, is looked for
    from the beginning.
    """
    assert step.place is not None
    search = _search(approval)
    is_late = (
        step.due_at is not None and step.due_at <= clock.now() and stands_over(step.place, approval.place)
    )
    place = search.place_for(step, above=Level(step.place.level) if is_late else None)
    if place is None:
        return False
    actor = _system(approval)
    audit.record(
        actor, "approval.escalate", SUBJECT, approval.pk, purpose=why,
        before={"unit": step.place.unit.code}, after={"unit": place.unit.code, "step": step.number},
    )  # fmt: skip
    _note(approval, ApprovalAct.ESCALATE, None, step=step, reason=why)
    _hand(approval, step, place, search, Asked.ESCALATED)
    step.save(update_fields=["place", "opened_at", "remind_at", "due_at"])
    _save(approval, steps)
    return True


def _hand(approval: Approval, step: ApprovalStep, place: Place, search: _Search, why: Asked) -> None:
    """Begin a step's time at a place, and ask who can check there."""
    _begin(step, place)
    people = checkers_at(place, step.roles, search.posts)
    events.publish(ApprovalAsked(approval.pk, approval.kind, _numbers(people), why))


@dataclass(frozen=True, slots=True)
class _Search:
    """Where checkers of a request may be found: the places above its maker, nearest first, and who may check there."""

    chain: Sequence[Place]
    posts: Mapping[int, Sequence[Post]]

    def place_for(self, step: ApprovalStep, *, above: Level | None = None) -> Place | None:
        """The nearest place, at the step's level or `above` another, with somebody who can check."""
        places = (one for one in _from_level(self.chain, step.level) if above is None or one.level < above)
        return next((one for one in places if checkers_at(one, step.roles, self.posts)), None)


def _search(approval: Approval) -> _Search:
    chain = chain_above(approval.place)
    parties = parties_of(approval, approval.events.select_related("staff", "holder"))
    return _Search(chain, checkers_by_place(chain, line=approval.line, parties=parties))


def _begin(step: ApprovalStep, place: Place) -> None:
    now = clock.now()
    calendar = Workdays.near(clock.business_date(now))
    before, opens, closes = parameters.values_of(
        APPROVAL_REMINDER, OFFICE_OPENS, OFFICE_CLOSES, units=place.chain
    )
    office = OfficeHours(time.fromisoformat(opens), time.fromisoformat(closes))
    reminder = remind_after(step.hours, before)
    step.place = place
    step.opened_at = now
    step.due_at = calendar.due(now, hours=step.hours, working=True, office=office)
    step.remind_at = calendar.due(now, hours=reminder, working=True, office=office) if reminder else None


def _from_level(chain: Sequence[Place], level: int | None) -> list[Place]:
    """The places of a chain that stand at a level or higher; all without one."""
    return [place for place in chain if level is None or place.level <= level]


def _numbers(posts: Sequence[Post]) -> tuple[str, ...]:
    return tuple(sorted({post.staff.staff_no for post in posts}))


# --- when nobody decides


def attend_to_waiting() -> dict[str, int]:
    """Remind, escalate and end what nobody decided: one transaction a request, safe to repeat at any time.

    Answers how many requests were `reminded`, `escalated` and `expired`.
    """
    counts = {"reminded": 0, "escalated": 0, "expired": 0}
    with acting(EVERYTHING):
        urgent = urgent_approvals(clock.now())
    for approval_id in urgent:
        with acting(EVERYTHING):
            for done in _attend(approval_id, now=clock.now()):
                counts[done] += 1
    return counts


def _attend(approval_id: int, *, now: datetime) -> list[str]:
    """What one request needs now, done. Its state is read anew under its lock, so a second run finds nothing to do."""
    approval, steps, past = _locked(None, approval_id)
    done = []
    for step in steps:
        if step.state != StepState.OPEN or step.place is None or step.due_at is None:
            continue
        people = _checkers_now(approval, step, past)
        if step.due_at <= now:
            done.append(_time_out(approval, steps, step))
        elif not people and _escalate(approval, steps, step, why=_("原审批岗位无人")):
            done.append("escalated")
        elif step.remind_at and step.remind_at <= now:
            step.remind_at = None
            step.save(update_fields=["remind_at"])
            events.publish(ApprovalReminded(approval.pk, approval.kind, _numbers(people)))
            done.append("reminded")
    return done


def _time_out(approval: Approval, steps: Sequence[ApprovalStep], step: ApprovalStep) -> str:
    """What follows a deadline: the next level where the route says so and somebody is there, else the end."""
    why = _("{hours} 个工作小时内无人审批").format(hours=step.hours)
    if step.on_timeout == OnTimeout.ESCALATE and _escalate(approval, steps, step, why=why):
        return "escalated"
    audit.record(
        _system(approval), "approval.expire", SUBJECT, approval.pk, purpose=why,
        after={"kind": approval.kind, "subject": approval.subject, "step": step.number},
    )  # fmt: skip
    _note(approval, ApprovalAct.EXPIRE, None, step=step, reason=why)
    _follow(approval, steps, expired(_course(approval, steps), steps.index(step)))
    return "expired"


def _checkers_now(approval: Approval, step: ApprovalStep, past: Sequence[ApprovalEvent]) -> list[Post]:
    assert step.place is not None
    if not stands_over(step.place, approval.place):
        return []
    posts = checkers_by_place([step.place], line=approval.line, parties=parties_of(approval, past))
    return checkers_at(step.place, step.roles, posts)


def _system(approval: Approval) -> Actor:
    """The process that acts when people do not; what it did is read where the request was made."""
    return Actor("system:approvals", org_no=approval.place.lo)
