"""People who ask and check, and a kind of thing to approve that belongs to no room (样品).

In the county 370102 `qian` asks and `wu` checks; `lin` heads the next county, `shi` the city, `sheng` the province,
`zong` the group. The others are those of `factory`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hongyan.core import clock, events, parameters, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.org import approvals
from hongyan.org.actions.approvals import decide, submit
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.approvals import Kind
from hongyan.org.codes import Level, Role, Verdict, Viewer
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Delegation, Post, Staff
from hongyan.org.queries.viewers import viewer_for
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.org.tests.factory import post_row, small_organisation

YES, NO = Verdict.APPROVE, Verdict.REJECT
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai, a working day
HOUR = timedelta(hours=1)

_POSTS = (
    ("wu", "吴县", "370102", Role.COUNTY_HEAD),
    ("lin", "林邻", "370103", Role.COUNTY_HEAD),
    ("shi", "石市", "3701", Role.CITY_ADMIN),
    ("sheng", "盛省", "37", Role.PROVINCE_ADMIN),
    ("zong", "宗集", "H", Role.GROUP_ADMIN),
    ("qian", "钱进", "L1", Role.MANAGER),
)

SAMPLE = Kind(
    "sample",
    "样品",
    facts=lambda viewer, subject: (("对象", f"样品 {subject}"), ("看的人", viewer.name)),
    url=lambda _subject: "/",
    route=(
        Check(1, (HEAD,), level=Level.COUNTY),
        Check(2, (HEAD,), level=Level.PROVINCE, over=Decimal(1000)),
        Check(3, (Role.AUDITOR.value,), level=Level.GROUP, over=Decimal(100_000), hours=18),
    ),
)


@contextmanager
def declared(kind: Kind = SAMPLE) -> Iterator[None]:
    """Declare a kind with its parameter for the length of a test."""
    approvals.register(kind)
    try:
        yield
    finally:
        del approvals._kinds[kind.key], parameters._registry[f"approval.{kind.key}"]


@contextmanager
def organised() -> Iterator[None]:
    """The people described above, and the sample, for the length of a test."""
    with scope.bulk():
        small_organisation()
        take_in_posts([post_row(*post, row=row) for row, post in enumerate(_POSTS, 2)], actor=SYSTEM)
    with declared():
        yield


@contextmanager
def told(*kinds: type) -> Iterator[list[object]]:
    """The events of some kinds that are published meanwhile."""
    heard: list[object] = []
    for kind in kinds:
        events._reactions[kind].append(heard.append)
    try:
        yield heard
    finally:
        for kind in kinds:
            events._reactions[kind].remove(heard.append)


@contextmanager
def as_(staff_no: str, post_id: int | None = None) -> Iterator[Viewer]:
    """Somebody in their main post or another, and in its scope."""
    viewer = viewer_for(Staff.objects.get(staff_no=staff_no).pk, post_id=post_id)
    assert viewer is not None
    with scope.acting(viewer.scope):
        yield viewer


def ask(staff_no: str = "qian", subject: str = "S1", **given: object) -> Approval:
    """A sample that somebody asks for."""
    with as_(staff_no) as viewer:
        return submit(viewer, SAMPLE.key, subject, **given)


def say(staff_no: str, approval: Approval, verdict: Verdict = YES, **given: object) -> Approval:
    """Decide a request as it stands now."""
    with as_(staff_no) as viewer:
        return decide(viewer, approval.pk, verdict, **{"step_version": now(approval).version, **given})


def now(approval: Approval) -> Approval:
    """A request as it stands now, whoever may see it."""
    with scope.acting(scope.EVERYTHING):
        return Approval.objects.get(pk=approval.pk)


def waits_at(approval: Approval) -> list[str]:
    """Codes of the units where it is checked now."""
    with scope.acting(scope.EVERYTHING):
        steps = ApprovalStep.objects.filter(approval=approval, state="open").select_related("place__unit")
        return [step.place.unit.code for step in steps]


def acts(approval: Approval) -> list[tuple[str, str | None]]:
    """What was done on it by whom, in order; None is the system."""
    with scope.acting(scope.EVERYTHING):
        found = ApprovalEvent.objects.filter(approval=approval).select_related("staff").order_by("pk")
        return [(event.act, event.staff.staff_no if event.staff else None) for event in found]


def audited(approval: Approval) -> list[str]:
    """What the audit says of it, in order."""
    with scope.acting(scope.EVERYTHING):
        rows = AuditEvent.objects.filter(subject_kind="approval", subject=approval.pk).order_by("pk")
        return [row.act for row in rows]


def lend(holder: str, to: str, role: Role) -> int:
    """Lend a post for today; its id."""
    post = Post.objects.get(staff__staff_no=holder, role=role)
    today = clock.business_date()
    Delegation.objects.create(
        post=post,
        to_staff=Staff.objects.get(staff_no=to),
        valid_from=today,
        valid_to=today,
        reason="出差",
        given_at=clock.now(),
    )
    return post.pk
