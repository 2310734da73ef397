"""A guarded parameter takes two people, from the request to the value in force or taken back (BARS A 17, E 5)."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from hongyan.core import clock, scope
from hongyan.core.errors import NotAllowed
from hongyan.core.models import ParameterValue
from hongyan.org.actions.approvals import attend_to_waiting
from hongyan.org.actions.set_parameter import set_parameter, withdraw_parameter
from hongyan.org.codes import ApprovalState, Role
from hongyan.org.models import ParameterChange, Post
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.log_in import logged_in
from hongyan.org.tests.two_people import (
    ROUTE,
    ROWS,
    arrive,
    audited,
    change,
    decide,
    guardians,
    in_force,
    last_approval,
    page,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    guardians()


def test_a_guarded_parameter_changes_once_another_guardian_agrees() -> None:
    before, bao = in_force(), logged_in("bao")
    answer = change(bao)
    approval = last_approval()
    assert (answer.status_code, answer["Location"]) == (302, f"/approvals/{approval.pk}/")
    assert in_force() == before
    assert decide(bao).status_code == 403
    assert in_force() == before
    shown = page(logged_in("zong"), f"/approvals/{approval.pk}/")
    assert all(text in shown for text in (ROWS, str(before), "5000", "全集团", "试运行", "鲍安全"))
    assert decide(logged_in("zong")).status_code == 302
    assert in_force() == 5000
    assert ParameterValue.objects.get().set_by == "bao"
    assert audited("parameter.set") == [("bao", ROWS, approval.pk)]
    assert audited("approval.approve") == [("zong", str(approval.pk), None)]


def test_two_of_one_office_may_check_each_other_and_those_below_may_not() -> None:
    change(logged_in("bao"))
    for other in ("qin", "zhao", "chen", "sheng"):
        assert decide(logged_in(other)).status_code in {403, 404}
    assert decide(logged_in("bian")).status_code == 302
    assert in_force() == 5000


@pytest.mark.parametrize(
    ("verdict", "state"), [("reject", ApprovalState.REJECTED), ("recall", ApprovalState.RECALLED)]
)
def test_what_is_not_agreed_to_changes_nothing(verdict: str, state: ApprovalState) -> None:
    before, bao = in_force(), logged_in("bao")
    change(bao)
    if verdict == "reject":
        decide(logged_in("zong"), "reject")
    else:
        bao.post(f"/approvals/{last_approval().pk}/recall/", {"reason": "写错"})
    assert (in_force(), ParameterChange.objects.get().state) == (before, state)
    assert not ParameterValue.objects.exists()
    assert change(bao).status_code == 302, "and it can be asked for anew"


def test_nobody_in_time_changes_nothing() -> None:
    change(logged_in("bao"))
    with clock.frozen(clock.now() + timedelta(days=30)):
        attend_to_waiting()
    assert ParameterChange.objects.get().state == ApprovalState.EXPIRED
    assert not ParameterValue.objects.exists()


def test_no_action_sets_or_withdraws_a_guarded_one_alone() -> None:
    """Whatever door comes next: the actions refuse, not the page."""
    viewer, day = find_viewer("bao"), clock.business_date()
    with pytest.raises(NotAllowed), scope.acting(viewer.scope):
        set_parameter(viewer, ROWS, value="5000", unit_code="", line="", effective_from=day, reason="试")
    coming = ParameterValue.objects.create(
        key=ROWS, value=7000, effective_from=day + timedelta(days=3), set_at=clock.now(), set_by="x"
    )
    with pytest.raises(NotAllowed), scope.acting(viewer.scope):
        withdraw_parameter(viewer, ROWS, coming.pk)
    assert [row.value for row in ParameterValue.objects.all()] == [7000]


def test_a_coming_value_is_taken_back_by_two_as_well() -> None:
    coming = ParameterValue.objects.create(
        key=ROWS,
        value=7000,
        effective_from=clock.business_date() + timedelta(days=3),
        set_at=clock.now(),
        set_by="x",
    )
    bao = logged_in("bao")
    assert bao.post(f"/parameters/{ROWS}/{coming.pk}/withdraw/").status_code == 302
    assert ParameterValue.objects.filter(pk=coming.pk).exists()
    shown = page(logged_in("zong"), f"/approvals/{last_approval().pk}/")
    assert all(text in shown for text in ("撤回还没有生效的值", "7000", str(in_force())))
    assert decide(logged_in("zong")).status_code == 302
    assert not ParameterValue.objects.exists()
    assert audited("parameter.withdraw") == [("bao", ROWS, last_approval().pk)]


def test_a_value_that_came_into_force_meanwhile_is_not_taken_back() -> None:
    coming = ParameterValue.objects.create(
        key=ROWS,
        value=7000,
        effective_from=clock.business_date() + timedelta(days=1),
        set_at=clock.now(),
        set_by="x",
    )
    logged_in("bao").post(f"/parameters/{ROWS}/{coming.pk}/withdraw/")
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert decide(logged_in("zong")).status_code == 409
    assert ParameterValue.objects.filter(pk=coming.pk).exists()


def test_taking_back_a_value_is_out_of_date_when_another_would_hold_then() -> None:
    """The checker saw what would hold without the coming value; that is what has to come of it."""
    bao, zong = logged_in("bao"), logged_in("zong")
    change(bao, unit="37", effective_from=(clock.business_date() + timedelta(days=10)).isoformat())
    decide(zong)
    coming = ParameterValue.objects.get()
    bao.post(f"/parameters/{ROWS}/{coming.pk}/withdraw/")
    ParameterValue.objects.create(
        key=ROWS, value=900, effective_from=clock.business_date(), set_at=clock.now(), set_by="x"
    )
    assert decide(zong).status_code == 409
    assert ParameterValue.objects.filter(pk=coming.pk).exists()


def test_a_change_that_is_out_of_date_is_refused_and_says_so() -> None:
    """What the checker would agree to is no longer from what to what the request says."""
    change(logged_in("bao"))
    ParameterValue.objects.create(
        key=ROWS, value=900, effective_from=clock.business_date(), set_at=clock.now(), set_by="x"
    )
    zong = logged_in("zong")
    assert "申请之后已变，不能再通过" in page(zong, f"/approvals/{last_approval().pk}/")
    answer = decide(zong)
    assert (answer.status_code, "申请已过时" in unescape(answer.content.decode())) == (409, True)
    assert (in_force(), last_approval().state) == (900, ApprovalState.PENDING)
    assert decide(zong, "reject").status_code == 302


def test_a_change_approved_after_its_day_holds_from_the_approval() -> None:
    change(logged_in("bao"))
    tomorrow = clock.now() + timedelta(days=1)
    with clock.frozen(tomorrow):
        assert decide(logged_in("zong")).status_code == 302
        assert ParameterValue.objects.get().effective_from == clock.business_date()


def test_a_maker_who_left_the_post_changes_nothing() -> None:
    change(logged_in("bao"))
    Post.objects.filter(staff__staff_no="bao").update(ended_at=clock.now())
    assert decide(logged_in("zong")).status_code == 403
    assert not ParameterValue.objects.exists()


def test_one_change_of_a_place_waits_at_a_time() -> None:
    bao = logged_in("bao")
    change(bao)
    again = change(bao, value="6000")
    assert (again.status_code, "正在审批" in unescape(again.content.decode())) == (422, True)
    assert change(bao, unit="37").status_code == 302


def test_a_waiting_change_shows_on_the_parameters_page() -> None:
    bao = logged_in("bao")
    change(bao)
    shown = page(bao, f"/parameters/{ROWS}/")
    assert all(text in shown for text in ("待审批的修改", "试运行", "查看或撤回"))
    assert f"/approvals/{last_approval().pk}/" in shown
    assert "查看审批" in page(logged_in("zong"), f"/parameters/{ROWS}/")
    below = page(logged_in("sheng"), f"/parameters/{ROWS}/")
    assert "待审批的修改" in below
    assert "/approvals/" + str(last_approval().pk) not in below


def test_of_a_table_the_rows_that_go_and_come_are_shown() -> None:
    bao = logged_in("bao")
    change(bao, ROUTE, value="1|||||县负责人|县|8|reject|all")
    shown = page(logged_in("zong"), f"/approvals/{last_approval().pk}/")
    assert "改为" in shown
    assert "<del>负责人、安全管理员</del> → <ins>县负责人</ins>" in shown
    assert "<del>9</del> → <ins>8</ins>" in shown
    assert decide(logged_in("zong")).status_code == 302
    assert [row["roles"] for row in in_force(ROUTE)] == [["county_head"]]  # type: ignore[attr-defined]


def test_with_one_guardian_the_change_waits_and_says_who_is_missing() -> None:
    Post.objects.filter(staff__staff_no__in=["zong", "bian"]).update(ended_at=clock.now())
    bao = logged_in("bao")
    change(bao)
    shown = page(bao, f"/approvals/{last_approval().pk}/")
    assert "还缺一位可以审批的人" in shown
    assert "现在没有别的安全管理员、总部管理员" in shown
    arrive(("xin", "辛总", "H", Role.GROUP_ADMIN))
    assert decide(logged_in("xin")).status_code == 302
    assert in_force() == 5000


def test_nobody_takes_the_watermark_off_their_own_pages_alone() -> None:
    sheng = logged_in("sheng")
    assert change(sheng, "audit.watermark", value="false", unit="37").status_code == 403
    assert not ParameterValue.objects.exists()
