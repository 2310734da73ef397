"""Approvals as somebody may see them: what they can decide, what they asked for, what they decided (审批)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.org import approvals
from hongyan.org.codes import ApprovalState, Right, StepState, Viewer
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Post
from hongyan.org.queries.checkers import bar_of, checkers_at, checkers_by_place, parties_of
from hongyan.org.routes import who
from hongyan.org.rules.approvals import Bar, words_for


def visible_approvals(viewer: Viewer) -> QuerySet[Approval]:
    """Requests the viewer made, can or could check, or decided; all in scope with the right to read the audit."""
    found = _approvals()
    if viewer.may(Right.AUDIT_READ):
        return found if viewer.scope.everything else found.filter(_in_scope(viewer))
    concerned = Approval.objects.filter(maker_id__in=viewer.people).values("pk")
    # a union of few ids is looked up; the same joined by OR would read every request there is
    return found.filter(
        pk__in=concerned.union(
            _steps_here(viewer).values("approval_id"),
            _acts_here(viewer).values("approval_id"),
            _acts_of(viewer.people).values("approval_id"),
        )
    )


def to_decide(viewer: Viewer) -> QuerySet[Approval]:
    """Requests the viewer can decide now, in the present post.

    One that a chain of activation codes still bars may stand among them, and says so when it is opened.
    """
    waiting = _approvals().filter(
        pk__in=open_steps_here(viewer).values("approval_id"),
        state=ApprovalState.PENDING,
    )
    if viewer.line_codes:
        waiting = waiting.filter(line__in=["", *viewer.line_codes])
    return waiting.exclude(_concerns(viewer)).exclude(
        Exists(_acts_of(viewer.people).filter(approval=OuterRef("pk")))
    )


def _concerns(viewer: Viewer) -> Q:
    """Requests of the viewer, about them, or of somebody who let them in lately or whom they let in."""
    people = list(viewer.people)
    let_in = Q(maker__let_in_until__gt=clock.now(), maker__let_in_by__overlap=people)
    own = Q(maker_id__in=people) | Q(holder_id__in=people) | Q(about_id__in=people)
    return own | let_in | Q(maker_id__in=viewer.behind)


def open_steps_here(viewer: Viewer) -> QuerySet[ApprovalStep]:
    """Open steps whose checkers the viewer's present post is among, whether or not something bars the viewer."""
    return _steps_here(viewer).filter(state=StepState.OPEN)


def made_by(viewer: Viewer) -> QuerySet[Approval]:
    """Requests the viewer made."""
    return _approvals().filter(maker_id=viewer.staff_id)


def decided_by(viewer: Viewer) -> QuerySet[Approval]:
    """Requests the viewer decided a step of."""
    own = ApprovalEvent.objects.filter(staff_id=viewer.staff_id, step__isnull=False)
    return _approvals().filter(pk__in=own.values("approval_id"))


def find_approval(viewer: Viewer, approval_id: int) -> Approval:
    """Errors: NotFound for one the viewer has nothing to do with."""
    approval = visible_approvals(viewer).filter(pk=approval_id).first()
    if approval is None:
        raise NotFound("approval", approval_id)
    return approval


def _approvals() -> QuerySet[Approval]:
    return Approval.objects.select_related("maker", "holder", "place__unit")


def _in_scope(viewer: Viewer) -> Q:
    return Q(place__lo__gte=viewer.scope.lo, place__lo__lte=viewer.scope.hi)


def _steps_here(viewer: Viewer) -> QuerySet[ApprovalStep]:
    """Steps whose checkers the viewer's present post is among, those still ahead left out."""
    named = words_for(viewer.role, viewer.level)
    return ApprovalStep.objects.filter(place_id=viewer.place_id, roles__overlap=list(named))


def _acts_here(viewer: Viewer) -> QuerySet[ApprovalEvent]:
    """What happened to steps while the viewer's present post was among their checkers, though they moved up since."""
    named = words_for(viewer.role, viewer.level)
    return ApprovalEvent.objects.filter(place_id=viewer.place_id, step__roles__overlap=list(named))


def _acts_of(people: Collection[int]) -> QuerySet[ApprovalEvent]:
    """What people decided, themselves or by somebody who acted in their post."""
    return ApprovalEvent.objects.filter(Q(staff_id__in=people) | Q(holder_id__in=people), step__isnull=False)


# --- one request for the page


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One group of checkers for the page: `who` they are in words, `checkers` the posts that can decide now."""

    step: ApprovalStep
    who: str
    checkers: Sequence[Post]


@dataclass(frozen=True, slots=True)
class ApprovalWay:
    """One request and its way so far; `bar` is what keeps the viewer from deciding, None when nothing does."""

    approval: Approval
    steps: Sequence[ApprovalStep]
    events: Sequence[ApprovalEvent]
    bar: Bar | None

    @property
    def may_decide(self) -> bool:
        return self.approval.state == ApprovalState.PENDING and self.bar is None


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """One request with everything a checker decides by: the owner's facts, the subject's page, who can decide."""

    way: ApprovalWay
    facts: Sequence[approvals.Fact]
    url: str
    steps: Sequence[ShownStep]
    may_recall: bool

    @property
    def approval(self) -> Approval:
        return self.way.approval


def approval_way(viewer: Viewer, approval_id: int) -> ApprovalWay:
    """One request and its way so far. Errors: NotFound as in `find_approval`."""
    approval = find_approval(viewer, approval_id)
    events = list(approval.events.select_related("staff", "holder", "place__unit"))
    steps = list(approval.steps.select_related("place__unit"))
    return ApprovalWay(approval, steps, events, bar_of(viewer, approval, steps, events))


def approval_page(viewer: Viewer, approval_id: int) -> ApprovalPage:
    """One request with everything a checker decides by. Errors: NotFound as in `find_approval`."""
    way = approval_way(viewer, approval_id)
    approval = way.approval
    kind = approvals.find(approval.kind)
    return ApprovalPage(
        way=way,
        facts=kind.facts(viewer, approval.subject) if kind else (),
        url=kind.url(approval.subject) if kind and kind.url else "",
        steps=_shown_steps(way),
        may_recall=approval.state == ApprovalState.PENDING and approval.maker_id == viewer.staff_id,
    )


def _shown_steps(way: ApprovalWay) -> list[ShownStep]:
    waiting = [step.place for step in way.steps if step.place and step.state == StepState.OPEN]
    parties = parties_of(way.approval, way.events)
    posts = checkers_by_place(waiting, line=way.approval.line, parties=parties) if waiting else {}
    return [
        ShownStep(
            step=step,
            who=who(step.roles),
            checkers=checkers_at(step.place, step.roles, posts)
            if step.place and step.state == StepState.OPEN
            else [],
        )
        for step in way.steps
    ]


# --- lists


def with_steps(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """Requests with `open_steps`, where each waits now."""
    waiting = ApprovalStep.objects.filter(state=StepState.OPEN).select_related("place__unit")
    return rows.prefetch_related(Prefetch("steps", waiting, to_attr="open_steps"))


def tell_asked(rows: Iterable[Approval]) -> None:
    """Write onto each of some requests what is `asked`, in one line. A query or two for each kind among them."""
    by_kind: dict[str, list[Approval]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    for key, found in by_kind.items():
        kind = approvals.find(key)
        asked = kind.asked({row.subject for row in found}) if kind and kind.asked else {}
        for row in found:
            row.asked = asked.get(row.subject, "")  # type: ignore[attr-defined]
