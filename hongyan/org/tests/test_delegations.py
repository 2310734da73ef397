"""Lent posts: acted in under one's own name, for some days, and not a request longer (BARS E 5, SM13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import EXCLUSIVE_ROLES, Role
from hongyan.org.models import ApiToken, Delegation, Post, Staff
from hongyan.org.queries.viewers import viewer_for
from hongyan.org.rules.posts import LendingFault, clashes, faults_of_lending
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in, try_log_in

DAY = date(2026, 11, 23)
needs_people = pytest.mark.django_db
MA_POST, ZHANG_POST = "泉城路支局 · 客户经理", "泉城路支局 · 网点负责人"


@pytest.fixture(autouse=True)
def _organisation(request: pytest.FixtureRequest) -> None:
    """The small organisation, and `ma`, who works in `zhang`'s outlet."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        with scope.bulk():
            small_organisation()
            take_in_posts([post_row("ma", "马明", "L1", Role.MANAGER)], actor=SYSTEM)
            password = Staff.objects.get(staff_no="zhang").password
            Staff.objects.filter(staff_no="ma").update(password=password, password_set_at=clock.now())


def lend(
    client: Client, to: str = "ma", *, first: date | None = None, days: int = 3, **changes: str
) -> HttpResponse:
    first = first or clock.business_date()
    sent = {"staff_no": to, "first": first, "last": first + timedelta(days=days - 1), "reason": "年假"}
    return client.post("/me/lend/", {**sent, **changes})


def post_of(staff_no: str) -> Post:
    return Post.objects.get(staff__staff_no=staff_no)


def switch(client: Client, post: Post) -> HttpResponse:
    return client.post("/post/", {"post": post.pk})


def audited(act: str) -> list[tuple[str, int | None]]:
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act=act).order_by("id").values_list("actor", "post_id"))


# --- the rules


@pytest.mark.parametrize(
    ("role", "held", "changes", "faults"),
    [
        (Role.OUTLET_HEAD, [Role.MANAGER], {}, []),
        (Role.AUDITOR, [Role.MANAGER], {}, []),
        (Role.AUDITOR, [Role.SYSTEM_ADMIN], {}, [LendingFault.EXCLUSIVE]),
        (Role.MANAGER, [], {"is_oneself": True}, [LendingFault.ONESELF]),
        (Role.MANAGER, [], {"first": DAY - timedelta(days=1)}, [LendingFault.PAST]),
        (Role.MANAGER, [], {"last": DAY - timedelta(days=1)}, [LendingFault.ORDER]),
        (Role.MANAGER, [], {"last": DAY + timedelta(days=29)}, []),
        (Role.MANAGER, [], {"last": DAY + timedelta(days=30)}, [LendingFault.LONG]),
    ],
)
def test_what_speaks_against_lending(
    role: Role, held: list[Role], changes: dict[str, object], faults: list[LendingFault]
) -> None:
    facts = {"is_oneself": False, "first": DAY, "last": DAY, "today": DAY, "days": 30, **changes}
    assert faults_of_lending(role, held, **facts) == faults  # type: ignore[arg-type]


@given(st.sampled_from(Role), st.lists(st.sampled_from(Role)))
def test_two_roles_clash_only_when_both_are_of_the_three(role: Role, held: list[Role]) -> None:
    assert clashes(role, held) == (
        role in EXCLUSIVE_ROLES and any(one in EXCLUSIVE_ROLES for one in held if one != role)
    )


# --- through the doors


@needs_people
def test_a_lent_post_is_acted_in_under_ones_own_name() -> None:
    zhang, ma = logged_in("zhang"), logged_in("ma")
    assert ma.get("/parameters/").status_code == 403
    assert lend(zhang).status_code == 302
    assert f"代张伟：{ZHANG_POST}" in ma.get("/me/").content.decode()
    assert "请您代理一位同事的岗位" in ma.get("/notifications/").content.decode()
    assert ma.get("/parameters/").status_code == 403
    assert switch(ma, post_of("zhang")).status_code == 302
    assert ma.get("/parameters/").status_code == 200
    assert audited("post.switch") == [("ma", post_of("ma").pk)]
    assert ma.get("/audit/").status_code == 403
    assert audited("audit.read") == [("ma", post_of("zhang").pk)]
    assert audited("delegation.give") == [("zhang", post_of("zhang").pk)]
    with scope.bulk():
        refused = AuditEvent.objects.get(act="audit.read", actor="ma").pk
    assert f"代张伟：{ZHANG_POST}" in logged_in("wang").get(f"/audit/{refused}/").content.decode()


@needs_people
def test_it_ends_at_the_next_request_and_leaves_the_own_post() -> None:
    zhang, ma = logged_in("zhang"), logged_in("ma")
    lend(zhang)
    switch(ma, post_of("zhang"))
    given = Delegation.objects.get()
    assert zhang.post(f"/me/lend/{given.pk}/end/").status_code == 302
    answer = ma.get("/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    shown = ma.get("/me/").content.decode()
    assert "您刚才所在的岗位已经结束" in shown
    assert MA_POST in shown
    assert "代张伟" not in shown
    assert switch(ma, post_of("zhang")).status_code == 404
    assert audited("delegation.end") == [("zhang", post_of("zhang").pk)]


@needs_people
def test_what_was_sent_from_a_post_that_ended_is_not_done_in_another() -> None:
    """It was meant for the lent post; in the own one it would be another act."""
    ma = logged_in("ma")
    lend(logged_in("zhang"))
    switch(ma, post_of("zhang"))
    with clock.frozen(clock.now() + timedelta(days=3)):
        ma = logged_in("ma")  # a session of before has ended by then
        session = ma.session
        session["post"] = post_of("zhang").pk
        session.save()
        assert ma.post("/me/tokens/", {"name": "x"})["Location"] == "/"
        assert ApiToken.objects.count() == 0
        assert ma.post("/me/tokens/", {"name": "x"}).status_code == 200
        assert ApiToken.objects.count() == 1


@needs_people
def test_scripts_of_a_page_are_sent_on_and_leaving_is_still_leaving() -> None:
    zhang, ma = logged_in("zhang"), logged_in("ma")
    lend(zhang)
    switch(ma, post_of("zhang"))
    zhang.post(f"/me/lend/{Delegation.objects.get().pk}/end/")
    other = logged_in("ma")
    session = other.session
    session["post"] = post_of("zhang").pk
    session.save()
    answer = ma.get("/me/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (409, "/")
    assert other.post("/logout/").status_code == 302
    assert other.get("/me/")["Location"].startswith("/login/")


@needs_people
def test_who_was_to_act_in_it_can_give_it_back_and_goes_on_in_their_own() -> None:
    zhang, ma, li = logged_in("zhang"), logged_in("ma"), logged_in("li")
    lend(zhang)
    switch(ma, post_of("zhang"))
    given = Delegation.objects.get()
    assert li.post(f"/me/lend/{given.pk}/end/").status_code == 404
    assert Delegation.objects.get().ended_at is None
    assert ma.post(f"/me/lend/{given.pk}/end/").status_code == 302
    assert MA_POST in ma.get("/me/").content.decode()


@needs_people
def test_it_holds_from_its_first_to_its_last_day() -> None:
    staff = Staff.objects.get(staff_no="ma").pk
    start = clock.business_date() + timedelta(days=2)
    lend(logged_in("zhang"), first=start, days=2)
    now, held = clock.now(), []
    for day in range(5):
        with clock.frozen(now + timedelta(days=day)):
            held.append(viewer_for(staff, post_id=post_of("zhang").pk) is not None)
    assert held == [False, False, True, True, False]


@needs_people
def test_it_ends_with_the_post_and_with_the_account_of_its_holder() -> None:
    staff, post = Staff.objects.get(staff_no="ma").pk, post_of("zhang")
    lend(logged_in("zhang"))
    viewer = viewer_for(staff, post_id=post.pk)
    assert viewer is not None
    assert viewer.holder is not None
    assert (viewer.staff_no, viewer.holder.staff_no, viewer.role) == ("ma", "zhang", Role.OUTLET_HEAD)
    assert viewer.people == {staff, post.staff_id}
    Staff.objects.filter(staff_no="zhang").update(suspended_at=clock.now())
    assert viewer_for(staff, post_id=post.pk) is None
    Staff.objects.filter(staff_no="zhang").update(suspended_at=None)
    Post.objects.filter(pk=post.pk).update(ended_at=clock.now())
    assert viewer_for(staff, post_id=post.pk) is None
    assert viewer_for(staff) is not None


@needs_people
def test_nobody_lends_further_what_was_lent_nor_takes_a_key_to_it_along() -> None:
    zhang, ma = logged_in("zhang"), logged_in("ma")
    lend(zhang)
    switch(ma, post_of("zhang"))
    assert lend(ma, "zhang").status_code == 403
    assert ma.post("/me/tokens/", {"name": "x"}).status_code == 403
    assert (Delegation.objects.count(), ApiToken.objects.count()) == (1, 0)


@needs_people
def test_nobody_opens_the_account_of_whoever_lent_them_the_post() -> None:
    with scope.bulk():
        take_in_posts([post_row("ma", "马明", "37", Role.READER, is_primary=False)], actor=SYSTEM)
        Post.objects.filter(staff__staff_no="ma", place__unit__code="L1").update(valid_to="2001-01-01")
    lend(logged_in("qin"))
    ma = logged_in("ma")
    switch(ma, post_of("qin"))
    assert ma.get("/organisation/staff/zhang/").status_code == 200
    for staff_no in ("qin", "ma"):
        assert ma.post(f"/organisation/staff/{staff_no}/activation/").status_code == 403
    assert ma.post("/organisation/staff/zhang/activation/").status_code == 200


@needs_people
@pytest.mark.parametrize(
    ("to", "changes", "told"),
    [
        ("li", {}, "您的范围内没有这个工号"),
        ("nobody", {}, "您的范围内没有这个工号"),
        ("zhang", {}, "不能委托给自己"),
        ("ma", {"days": 31}, "最长 30 天"),
        ("ma", {"last": "2001-01-01"}, "不能早于开始日期"),
        ("ma", {"reason": " "}, "这个字段是必填项"),
    ],
)
def test_a_refused_lending_says_why_and_writes_nothing(
    to: str, changes: dict[str, object], told: str
) -> None:
    answer = lend(logged_in("zhang"), to, **changes)  # type: ignore[arg-type]
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert Delegation.objects.count() == 0


@needs_people
def test_the_same_days_are_lent_to_somebody_once() -> None:
    zhang = logged_in("zhang")
    assert lend(zhang).status_code == 302
    assert lend(zhang, days=1).status_code == 422
    assert Delegation.objects.count() == 1


@needs_people
def test_a_role_that_excludes_one_of_ones_own_cannot_be_lent_nor_acted_in() -> None:
    """Whoever comes to hold such a role later loses the lent one at the next request (三员分立)."""
    with scope.bulk():
        take_in_posts([post_row("ma", "马明", "37", Role.SYSTEM_ADMIN, is_primary=False)], actor=SYSTEM)
    refused = lend(logged_in("wang"))
    assert (refused.status_code, "相互制约" in refused.content.decode()) == (422, True)
    with scope.bulk():
        Post.objects.filter(staff__staff_no="ma", role=Role.SYSTEM_ADMIN).update(valid_to="2001-01-01")
        take_in_posts([post_row("ma", "马明", "37", Role.MANAGER, is_primary=False)], actor=SYSTEM)
    assert lend(logged_in("wang")).status_code == 302
    staff, post = Staff.objects.get(staff_no="ma").pk, post_of("wang")
    assert viewer_for(staff, post_id=post.pk) is not None
    Post.objects.filter(staff__staff_no="ma", role=Role.SYSTEM_ADMIN).update(valid_to=None)
    assert viewer_for(staff, post_id=post.pk) is None


@needs_people
def test_a_lent_privileged_post_takes_a_second_factor(settings: object) -> None:
    lend(logged_in("zhang"))
    settings.DEMO = False  # type: ignore[attr-defined]
    answer = try_log_in(Client(), "ma")
    assert answer.headers["Location"].startswith("/login/factor/")
