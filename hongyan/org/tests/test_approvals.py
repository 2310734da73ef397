"""Approvals from request to end: routes, makers and checkers, races, delegation, time-out, walls, audit (SM13)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import ProgrammingError, connection

from hongyan.core import clock, events, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.org import approvals
from hongyan.org.actions.approvals import attend_to_waiting, decide, decide_many, recall, submit
from hongyan.org.actions.change_parameter import request_change
from hongyan.org.actions.reorganise import carry_out, request_reorganisation
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.approvals import Kind
from hongyan.org.codes import (
    ApprovalAsked,
    ApprovalDecided,
    ApprovalReminded,
    ApprovalState,
    Asked,
    Joins,
    Level,
    Line,
    OnTimeout,
    ReorganisationState,
    Risk,
    Role,
    Tree,
    Verdict,
    Viewer,
)
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep, Delegation, Post, Reorganisation, Staff
from hongyan.org.queries.approvals import (
    decided_by,
    find_approval,
    made_by,
    to_decide,
    visible_approvals,
)
from hongyan.org.queries.viewers import find_viewer, viewer_for
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.org.tests.approvals import SAMPLE, declared
from hongyan.org.tests.factory import post_row, small_organisation

pytestmark = pytest.mark.django_db

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


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    organise()
    with declared():
        yield


def organise() -> None:
    with scope.bulk():
        small_organisation()
        take_in_posts([post_row(*post, row=row) for row, post in enumerate(_POSTS, 2)], actor=SYSTEM)


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
    viewer = viewer_for(Staff.objects.get(staff_no=staff_no).pk, post_id=post_id)
    assert viewer is not None
    with scope.acting(viewer.scope):
        yield viewer


def ask(staff_no: str = "qian", subject: str = "S1", **given: object) -> Approval:
    with as_(staff_no) as viewer:
        return submit(viewer, SAMPLE.key, subject, **given)


def say(staff_no: str, approval: Approval, verdict: Verdict = YES, **given: object) -> Approval:
    with as_(staff_no) as viewer:
        return decide(viewer, approval.pk, verdict, **{"step_version": now(approval).version, **given})


def now(approval: Approval) -> Approval:
    with scope.acting(scope.EVERYTHING):
        return Approval.objects.get(pk=approval.pk)


def waits_at(approval: Approval) -> list[str]:
    with scope.acting(scope.EVERYTHING):
        steps = ApprovalStep.objects.filter(approval=approval, state="open").select_related("place__unit")
        return [step.place.unit.code for step in steps]


def acts(approval: Approval) -> list[tuple[str, str | None]]:
    with scope.acting(scope.EVERYTHING):
        found = ApprovalEvent.objects.filter(approval=approval).select_related("staff").order_by("pk")
        return [(event.act, event.staff.staff_no if event.staff else None) for event in found]


def audited(approval: Approval) -> list[str]:
    with scope.acting(scope.EVERYTHING):
        rows = AuditEvent.objects.filter(subject_kind="approval", subject=approval.pk).order_by("pk")
        return [row.act for row in rows]


# --- the way of a request


def test_a_request_goes_to_the_county_head_and_ends_with_the_decision() -> None:
    with told(ApprovalAsked, ApprovalDecided) as heard:
        approval = ask(reason="季度盘点", amount=10)
        assert waits_at(approval) == ["370102"]
        assert say("wu", approval).state == ApprovalState.APPROVED
    assert heard == [
        ApprovalAsked(approval.pk, "sample", ("wu",), Asked.BEGUN),
        ApprovalDecided(approval.pk, "sample", "S1", ApprovalState.APPROVED),
    ]
    assert acts(approval) == [("submit", "qian"), ("approve", "wu")]
    assert audited(approval) == ["approval.submit", "approval.approve"]
    with scope.acting(scope.EVERYTHING):
        assert AuditEvent.objects.get(act="approval.submit").purpose == "季度盘点"


def test_steps_follow_one_another_by_amount() -> None:
    approval = ask(amount=100_001)
    for code, checker in (("370102", "wu"), ("37", "sheng"), ("H", "chen")):
        assert waits_at(approval) == [code]
        assert now(approval).state == ApprovalState.PENDING
        say(checker, approval)
    assert now(approval).state == ApprovalState.APPROVED


def test_a_refusal_needs_a_reason_and_ends_the_request_for_all_steps() -> None:
    approval = ask(amount=100_001)
    with pytest.raises(Invalid):
        say("wu", approval, NO, reason="  ")
    assert acts(approval) == [("submit", "qian")]
    assert say("wu", approval, NO, reason="没有依据").state == ApprovalState.REJECTED
    assert waits_at(approval) == []
    with pytest.raises(NotFound):  # their step never came
        say("sheng", approval)


def test_a_head_who_asks_is_checked_one_level_above() -> None:
    approval = ask("wu")
    assert waits_at(approval) == ["3701"]
    with pytest.raises(NotAllowed):
        say("wu", approval)
    assert say("shi", approval).state == ApprovalState.APPROVED


def test_where_nobody_holds_the_role_the_next_level_checks() -> None:
    with scope.bulk():
        Post.objects.filter(staff__staff_no="wu").update(valid_to=date(2020, 1, 1))
        Staff.objects.filter(staff_no="shi").update(is_active=False)
    assert waits_at(ask()) == ["37"]


def test_a_request_nobody_could_check_is_refused_and_leaves_nothing() -> None:
    with scope.bulk():
        Post.objects.filter(staff__staff_no="chen").delete()
    with pytest.raises(Invalid, match="第 3 步没有人可以审批"):
        ask(amount=100_001)
    with scope.acting(scope.EVERYTHING):
        assert not Approval.objects.exists()


def test_the_same_thing_waits_once_and_may_be_asked_again_after_the_end() -> None:
    first = ask()
    with pytest.raises(Conflict):
        ask("zhang")
    say("wu", first, NO, reason="不同意")
    assert ask().pk != first.pk


def test_a_post_counts_only_for_its_lines() -> None:
    """X-22: the line that creates approves."""
    with scope.bulk():
        Post.objects.filter(staff__staff_no="wu").update(line_codes=[Line.EXPRESS])
    assert waits_at(ask(line=Line.MAIL)) == ["3701"]
    assert waits_at(ask(subject="S2", line=Line.EXPRESS)) == ["370102"]
    with as_("wu") as viewer:
        assert [approval.subject for approval in to_decide(viewer)] == ["S2"]


# --- parallel steps


def parallel(joins: Joins) -> Kind:
    return Kind(
        "parallel",
        "并行",
        facts=lambda _viewer, _subject: (),
        route=(
            Check(1, (HEAD,), level=Level.COUNTY, joins=joins),
            Check(1, (HEAD,), level=Level.CITY, joins=joins),
        ),
    )


@pytest.mark.parametrize(("joins", "after_one"), [(Joins.ALL, "pending"), (Joins.ANY, "approved")])
def test_groups_of_one_step_all_or_any(joins: Joins, after_one: str) -> None:
    with declared(parallel(joins)), as_("qian") as viewer:
        approval = submit(viewer, "parallel", "P1")
        assert waits_at(approval) == ["370102", "3701"]
        assert say("shi", approval).state == after_one
        if joins == Joins.ALL:
            assert waits_at(approval) == ["370102"]
            assert say("wu", approval).state == "approved"


# --- maker ≠ checker, one person one step


def test_a_maker_with_another_post_that_checks_is_refused() -> None:
    """BARS A 17: by person, not by post."""
    with scope.bulk():
        take_in_posts([post_row("wu", "吴县", "L1", Role.MANAGER, is_primary=False)], actor=SYSTEM)
    as_manager = Post.objects.get(staff__staff_no="wu", role=Role.MANAGER)
    with as_("wu", as_manager.pk) as viewer:
        approval = submit(viewer, SAMPLE.key, "S1")
    assert waits_at(approval) == ["3701"]
    with scope.bulk():  # even where the step stands at the other post's unit
        ApprovalStep.objects.update(place=Post.objects.get(staff__staff_no="wu", role=Role.COUNTY_HEAD).place)
    with as_("wu") as viewer:
        assert not to_decide(viewer).exists()
        with pytest.raises(NotAllowed, match="申请人不能审批"):
            decide(viewer, approval.pk, YES)
    assert acts(approval) == [("submit", "wu")]


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


def test_who_acts_in_a_lent_post_decides_in_their_own_name() -> None:
    approval, post = ask(), lend("wu", "zhang", Role.COUNTY_HEAD)
    with as_("zhang", post) as viewer:
        assert to_decide(viewer).count() == 1
        decide(viewer, approval.pk, YES, step_version=now(approval).version)
    with scope.acting(scope.EVERYTHING):
        event = ApprovalEvent.objects.select_related("staff", "holder").get(act="approve")
    assert (event.staff.staff_no, event.holder.staff_no) == ("zhang", "wu")


@pytest.mark.parametrize("maker", ["qian", "wu"])
def test_lending_a_post_lets_no_maker_check(maker: str) -> None:
    """Neither the maker in a lent post, nor somebody else in the maker's post."""
    approval = ask(maker)
    post = lend("wu", "qian" if maker == "qian" else "zhang", Role.COUNTY_HEAD)
    with scope.bulk():
        ApprovalStep.objects.update(place=Post.objects.get(pk=post).place)
    with as_("qian" if maker == "qian" else "zhang", post) as viewer:
        assert to_decide(viewer).count() == 0
        with pytest.raises(NotAllowed, match="申请人不能审批"):
            decide(viewer, approval.pk, YES)
    assert acts(approval) == [("submit", maker)]


def test_what_was_asked_in_a_lent_post_is_not_checked_by_its_holder() -> None:
    with scope.bulk():
        take_in_posts([post_row("wu", "吴县", "L1", Role.MANAGER, is_primary=False)], actor=SYSTEM)
    post = lend("wu", "zhang", Role.MANAGER)
    with as_("zhang", post) as viewer:
        approval = submit(viewer, SAMPLE.key, "S1")
    assert waits_at(approval) == ["3701"]


def test_nobody_checks_two_steps_of_one_request() -> None:
    with scope.bulk():
        take_in_posts([post_row("wu", "吴县", "37", Role.PROVINCE_ADMIN, is_primary=False)], actor=SYSTEM)
        Post.objects.filter(staff__staff_no="sheng").delete()
    approval = ask(amount=2000)
    say("wu", approval)
    assert waits_at(approval) == ["H"]  # the only holder at the province has decided already
    at_province = Post.objects.get(staff__staff_no="wu", role=Role.PROVINCE_ADMIN)
    with as_("wu", at_province.pk) as viewer, pytest.raises(NotAllowed, match="另一步"):
        decide(viewer, approval.pk, YES)
    assert say("zong", approval).state == ApprovalState.APPROVED


# --- races


def test_the_second_checker_hears_who_was_faster_and_changes_nothing() -> None:
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
    with clock.frozen(MONDAY):
        approval = ask()
        seen = now(approval).version
        say("wu", approval)
    with pytest.raises(Conflict, match="吴县于 2026-03-02 09:00 通过"):
        say("xia", approval, NO, reason="不行", step_version=seen)
    assert acts(approval) == [("submit", "qian"), ("approve", "wu")]


def test_the_same_decision_again_changes_nothing() -> None:
    approval = ask()
    seen = now(approval).version
    say("wu", approval, step_version=seen)
    assert say("wu", approval, step_version=seen).state == ApprovalState.APPROVED
    with pytest.raises(Conflict):
        say("wu", approval, NO, reason="反悔", step_version=seen)
    assert acts(approval) == [("submit", "qian"), ("approve", "wu")]
    assert audited(approval) == ["approval.submit", "approval.approve"]


@pytest.mark.django_db(transaction=True)
def test_two_checkers_at_once_one_decides() -> None:
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
    approval = ask()
    seen, start, results = now(approval).version, Barrier(2), []

    def attempt(staff_no: str) -> None:
        try:
            with as_(staff_no) as viewer:
                start.wait(5)
                decide(viewer, approval.pk, NO, reason=staff_no, step_version=seen)
            results.append("done")
        except HongyanError as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=(staff_no,)) for staff_no in ("wu", "xia")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Conflict", "done"]
    assert len(acts(approval)) == 2


# --- recall, batches


def test_only_the_maker_recalls_and_only_while_it_is_open() -> None:
    approval = ask()
    with as_("wu") as viewer, pytest.raises(NotAllowed):
        recall(viewer, approval.pk, "想撤")
    with as_("qian") as viewer:
        with pytest.raises(Invalid):
            recall(viewer, approval.pk, " ")
        with told(ApprovalDecided) as heard:
            assert recall(viewer, approval.pk, "填错了").state == ApprovalState.RECALLED
        with pytest.raises(Conflict):
            recall(viewer, approval.pk, "再撤")
    assert heard == [ApprovalDecided(approval.pk, "sample", "S1", ApprovalState.RECALLED)]
    with pytest.raises(Conflict):
        say("wu", approval)
    assert audited(approval) == ["approval.submit", "approval.recall"]


def test_a_batch_is_for_low_risk_only_and_all_or_none() -> None:
    low = [ask(subject=f"L{number}", risk=Risk.LOW) for number in range(2)]
    grave = ask(subject="H", risk=Risk.HIGH)
    with as_("wu") as viewer:
        with pytest.raises(Invalid, match=f"样品 {grave.pk}"):
            decide_many(viewer, [*(one.pk for one in low), grave.pk], YES)
        assert to_decide(viewer).count() == 3
        decide_many(viewer, [one.pk for one in low], YES)
        assert [one.pk for one in to_decide(viewer)] == [grave.pk]


# --- when nobody decides


def test_reminded_once_then_escalated_then_by_the_last_level_over() -> None:
    with clock.frozen(MONDAY):
        approval = ask()
    with told(ApprovalReminded, ApprovalAsked, ApprovalDecided) as heard:
        for passed, expected in (
            (4, (0, 0, 0)), (5, (1, 0, 0)), (6, (0, 0, 0)), (9, (0, 1, 0)), (9, (0, 0, 0)),
            (33, (0, 1, 0)), (57, (0, 1, 0)), (81, (0, 0, 1)), (82, (0, 0, 0)),
        ):  # fmt: skip
            with clock.frozen(MONDAY + passed * HOUR):
                counts = attend_to_waiting()
            assert tuple(counts.values()) == expected, passed
    assert heard[0] == ApprovalReminded(approval.pk, "sample", ("wu",))
    escalated = [event.checkers for event in heard if isinstance(event, ApprovalAsked)]
    assert escalated == [("shi",), ("sheng",), ("zong",)]
    assert heard[-1] == ApprovalDecided(approval.pk, "sample", "S1", ApprovalState.EXPIRED)
    assert audited(approval) == ["approval.submit", *["approval.escalate"] * 3, "approval.expire"]
    assert acts(approval)[-1] == ("expire", None)


def test_who_let_it_pass_still_sees_where_it_went() -> None:
    with clock.frozen(MONDAY):
        approval = ask()
    with clock.frozen(MONDAY + 24 * HOUR):
        attend_to_waiting()
        with as_("wu") as viewer:
            assert find_approval(viewer, approval.pk) == approval
            assert not to_decide(viewer).exists()
            with pytest.raises(NotAllowed, match="不由您现在的岗位"):
                decide(viewer, approval.pk, YES)


FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
"""17:00 in Shanghai."""


def test_deadlines_stand_still_by_night_and_on_days_off() -> None:
    """A working day is nine hours by default: one on Friday, eight on Monday."""
    with clock.frozen(FRIDAY):
        approval = ask()
    assert now(approval).due_at == FRIDAY + timedelta(days=3)


def test_a_house_has_its_own_office_hours() -> None:
    """Half past eight to half past five: half an hour on Friday, eight and a half on Monday."""
    for key, value in (("org.office_opens", "08:30"), ("org.office_closes", "17:30")):
        ParameterValue.objects.create(
            key=key, value=value, effective_from=FRIDAY.date(), set_at=clock.now(), set_by="x"
        )
    with clock.frozen(FRIDAY):
        approval = ask()
    assert now(approval).due_at == FRIDAY + timedelta(days=3)
    with clock.frozen(FRIDAY + timedelta(hours=2)):
        late = ask(subject="night")
    assert now(late).due_at == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


def test_a_route_may_refuse_instead_of_escalating() -> None:
    kind = Kind(
        "strict",
        "严格",
        lambda _viewer, _subject: (),
        route=(Check(1, on_timeout=OnTimeout.REJECT, hours=8),),
    )
    with declared(kind), clock.frozen(MONDAY), as_("qian") as viewer:
        approval = submit(viewer, "strict", "X")
    with declared(kind), clock.frozen(MONDAY + 8 * HOUR):
        assert attend_to_waiting()["expired"] == 1
    assert now(approval).state == ApprovalState.EXPIRED


def test_a_step_whose_checker_left_moves_to_the_next_level_at_once() -> None:
    approval = ask()
    with scope.bulk():
        Post.objects.filter(staff__staff_no="wu").update(ended_at=clock.now())
    assert attend_to_waiting()["escalated"] == 1
    assert waits_at(approval) == ["3701"]
    assert attend_to_waiting() == {"reminded": 0, "escalated": 0, "expired": 0}


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=7)])
def test_a_step_follows_the_maker_to_another_city(late: timedelta) -> None:
    """After a reorganisation, on time or overdue: those it stood with no longer see it."""
    with scope.bulk():
        take_in_posts([post_row("qing", "青市", "3702", Role.CITY_ADMIN)], actor=SYSTEM)
    with clock.frozen(MONDAY):
        approval = ask("wu")
        assert waits_at(approval) == ["3701"]
    with as_("zhao") as viewer:
        move = request_reorganisation(
            viewer, tree=Tree.POSTAL, codes=["370102"], parent_code="3702", effective_on=clock.business_date(),
            reason="文件 12 号",
        )  # fmt: skip
    with scope.bulk():
        Reorganisation.objects.filter(pk=move.pk).update(state=ReorganisationState.WAITING)
    carry_out(move.pk)
    with clock.frozen(MONDAY + HOUR + late):
        assert attend_to_waiting()["escalated"] == 1
        assert waits_at(approval) == ["3702"]
        assert say("qing", approval).state == ApprovalState.APPROVED


def test_who_takes_the_post_decides_from_then_on() -> None:
    """A change of posts takes effect at the next request."""
    approval = ask()
    with scope.bulk():
        take_in_posts([post_row("xia", "夏副", "370102", Role.COUNTY_HEAD)], actor=SYSTEM)
        Post.objects.filter(staff__staff_no="wu").delete()
    assert say("xia", approval).state == ApprovalState.APPROVED


# --- what is seen


def test_who_has_nothing_to_do_with_a_request_does_not_see_it() -> None:
    approval = ask()
    for stranger in ("li", "lin", "zhang", "sheng", "bao", "zhao"):
        with as_(stranger) as viewer:
            assert not visible_approvals(viewer).exists(), stranger
            with pytest.raises(NotFound):
                find_approval(viewer, approval.pk)
            with pytest.raises(NotFound):
                decide(viewer, approval.pk, YES)
    for reader in ("qian", "wu", "wang", "chen"):  # maker, checker, auditors of province and group
        with as_(reader) as viewer:
            assert find_approval(viewer, approval.pk) == approval
    assert acts(approval) == [("submit", "qian")]


def test_boxes() -> None:
    mine, theirs = ask("wu", "W"), ask("qian", "Q")
    say("wu", theirs)
    with as_("wu") as viewer:
        assert (list(made_by(viewer)), list(decided_by(viewer))) == ([mine], [theirs])
        assert to_decide(viewer).count() == 0


def test_the_database_shows_no_request_of_another_county_and_none_without_a_scope() -> None:
    ask()
    with as_("li"):
        assert [model.objects.count() for model in (Approval, ApprovalStep, ApprovalEvent)] == [0, 0, 0]
    with as_("wu"):
        assert [model.objects.count() for model in (Approval, ApprovalStep, ApprovalEvent)] == [1, 1, 1]
    with scope.acting(scope.NOTHING):
        assert [model.objects.count() for model in (Approval, ApprovalStep, ApprovalEvent)] == [0, 0, 0]


@pytest.mark.parametrize(
    "statement", ["UPDATE org_approvalevent SET act = 'reject'", "DELETE FROM org_approvalevent"]
)
def test_what_happened_is_only_added_to(statement: str) -> None:
    approval = ask()
    for acting_scope in (find_viewer("wu").scope, scope.EVERYTHING):
        with (
            pytest.raises(ProgrammingError) as refusal,
            scope.acting(acting_scope),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert acts(approval) == [("submit", "qian")]


# --- the route is a parameter


def set_route(text: str, **changes: object) -> None:
    """A new route, asked for by one guardian and approved by another."""
    with as_("bao") as viewer:
        approval = request_change(
            viewer,
            "approval.sample",
            **{
                "value": text,
                "unit_code": "",
                "line": "",
                "effective_from": clock.business_date(),
                "reason": "新规定",
                **changes,
            },
        )
    say("zong", approval)


def test_a_route_changes_for_a_line_from_a_day_on() -> None:
    tomorrow = clock.now() + timedelta(days=1)
    set_route(
        "1|||||市管理员|市|8|reject|all",
        line=Line.EXPRESS,
        effective_from=clock.business_date(tomorrow),
    )
    assert waits_at(ask(subject="1", line=Line.MAIL)) == ["370102"]
    with clock.frozen(tomorrow):
        assert waits_at(ask(subject="2", line=Line.MAIL)) == ["370102"]
        with scope.bulk():
            Post.objects.filter(staff__staff_no="shi").update(line_codes=[Line.EXPRESS])
        assert waits_at(ask(subject="3", line=Line.EXPRESS)) == ["3701"]


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("", "至少要有一行"),
        ("1|||||head", "第 1 行有 6 格，应有 10 格"),
        ("0|||||head|4|24|escalate|all", "第 1 行“第几步”：必须是 1 至 9 的整数"),
        ("1|many||||head|4|24|escalate|all", "第 1 行“金额超过”：不是数字"),
        ("1|-1||||head|4|24|escalate|all", "第 1 行“金额超过”：不能小于 0"),
        ("1|9|9|||head|4|24|escalate|all", "第 1 行“金额不超过”：必须大于“金额超过”"),
        ("1|||||县太爷|4|24|escalate|all", "第 1 行“审批角色”：没有“县太爷”这个角色"),
        ("1||||||4|24|escalate|all", "第 1 行“审批角色”：不能为空"),
        ("1|||||head|村|24|escalate|all", "第 1 行“从哪级起”：没有“村”这个选项"),
        ("1|||||head|4|0|escalate|all", "第 1 行“时限（工作小时）”：必须是 1 至 180 的整数"),
        ("1|||||head|4|24|later|all", "第 1 行“超时处理”：没有“later”这个选项"),
        ("1|||||head|4|24|escalate|all\n1|||||audit|4|24|escalate|any", "第 2 行“审批角色”"),
        (
            "1|||||head|4|24|escalate|all\n1|||||finance|4|24|escalate|any",
            "第 2 行“并行”：同一步的各行必须相同",
        ),
    ],
)
def test_a_route_that_makes_no_sense_is_refused_by_line_and_column(text: str, told_: str) -> None:
    with pytest.raises(Invalid) as refusal:
        set_route(text)
    assert told_ in refusal.value.fields["value"]


def test_a_route_is_written_as_it_is_read() -> None:
    kind = approvals.find("sample")
    assert kind is not None
    assert approvals.route_of(kind, units=(), line="") == list(SAMPLE.route)
    set_route(
        "1|1,000|5000.5|网点|高|负责人、审计|group_admin|48|升级|任一通过".replace("group_admin", "集团")
    )
    read = approvals.route_of(kind, units=(), line="")
    assert read == [
        Check(
            1,
            (HEAD, "auditor"),
            Level.GROUP,
            over=Decimal(1000),
            upto=Decimal("5000.5"),
            maker_level=Level.OUTLET,
            risk=Risk.HIGH,
            hours=48,
            on_timeout=OnTimeout.ESCALATE,
            joins=Joins.ANY,
        )
    ]


def test_a_request_the_route_has_no_line_for_is_refused() -> None:
    set_route("1|500||||head|4|24|escalate|all")
    with pytest.raises(Invalid, match="没有适用于这次申请的一行"):
        ask(amount=500)
    assert waits_at(ask(amount=501)) == ["370102"]
