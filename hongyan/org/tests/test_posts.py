"""Posts by request and approval: who decides, in force at the next request, ended at once (BARS E 5, A 7)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import clock, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import EXCLUSIVE_ROLES, ApprovalState, PostSource, Role
from hongyan.org.models import Activation, Approval, Place, Post, PostRequest
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import POST_ROWS, post_row, small_organisation
from hongyan.org.tests.log_in import logged_in
from hongyan.org.tests.two_people import arrive, decide, last_approval

pytestmark = pytest.mark.django_db

PEOPLE = (
    ("gao", "高市", "3701", Role.CITY_ADMIN),
    ("sheng", "盛省", "37", Role.PROVINCE_ADMIN),
    ("zong", "宗总", "H", Role.GROUP_ADMIN),
    ("ma", "马明", "L1", Role.MANAGER),
)


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    """The small organisation; `gao` runs the city, `sheng` the province, `zong` the group; `ma` works in L1."""
    with scope.bulk():
        small_organisation()
    arrive(*PEOPLE)


def ask(
    client: Client, staff_no: str = "ma", *, role: Role = Role.MANAGER, unit: str = "S1", **changes: object
) -> HttpResponse:
    until = clock.business_date() + timedelta(days=30)
    sent = {"role": role, "unit": unit, "lines": ["01"], "until": until, "reason": "支援邻县", **changes}
    return client.post(f"/organisation/staff/{staff_no}/posts/new/", sent)


def granted() -> list[tuple[str, str, str]]:
    posts = Post.objects.filter(source=PostSource.GRANT, ended_at=None).order_by("pk")
    return list(posts.values_list("staff__staff_no", "place__unit__code", "role"))


def audited(act: str, result: str = "done") -> list[tuple[str, str]]:
    with scope.acting(scope.EVERYTHING):
        events = AuditEvent.objects.filter(act=act, result=result).order_by("id")
        return list(events.values_list("actor", "subject"))


# --- requested, approved, in force


def test_a_requested_post_holds_at_the_next_request_after_its_approval() -> None:
    ma = logged_in("ma")
    assert ask(logged_in("gao")).status_code == 302
    assert granted() == []
    assert "经四路支局" not in ma.get("/me/").content.decode()
    assert decide(logged_in("sheng")).status_code == 302
    assert granted() == [("ma", "S1", "manager")]
    assert "经四路支局 · 客户经理" in ma.get("/me/").content.decode()
    assert "您有了新的岗位" in ma.get("/notifications/").content.decode()
    request = PostRequest.objects.get()
    assert (request.state, request.post) == (
        ApprovalState.APPROVED,
        Post.objects.get(source=PostSource.GRANT),
    )
    assert audited("post.request") == [("gao", "ma")]
    assert audited("post.grant") == [("system:approvals", "ma")]


def test_a_granted_post_voids_the_code_that_is_out() -> None:
    """Whoever handed it out could not hand one out for the account as it is now."""
    logged_in("sheng").post("/organisation/staff/ma/activation/")
    assert Activation.objects.count() == 1
    ask(logged_in("zong"), unit="37", role=Role.SECURITY_ADMIN)
    decide(logged_in("bao"))
    assert granted() == [("ma", "37", "security_admin")]
    assert Activation.objects.count() == 0


def test_a_rejected_request_gives_nothing() -> None:
    ask(logged_in("gao"))
    assert decide(logged_in("sheng"), "reject").status_code == 302
    assert granted() == []
    assert PostRequest.objects.get().state == ApprovalState.REJECTED


def test_the_checker_sees_on_one_page_what_the_post_would_give() -> None:
    ask(logged_in("gao"), unit="370102", role=Role.COUNTY_HEAD)
    page = logged_in("qin").get(f"/approvals/{last_approval().pk}/").content.decode()
    assert all(
        text in page for text in ("马明", "历下区分公司 · 县负责人", "客户经理", "支援邻县", "导出业务")
    )


def test_a_privileged_role_goes_to_the_security_administrator() -> None:
    ask(logged_in("gao"), unit="370102", role=Role.COUNTY_HEAD)
    assert decide(logged_in("sheng")).status_code in {403, 404}
    assert granted() == []
    assert decide(logged_in("qin")).status_code == 302
    assert granted() == [("ma", "370102", "county_head")]


def test_nobody_approves_their_own_request() -> None:
    zong = logged_in("zong")
    ask(zong, "sheng", unit="3701", role=Role.ANALYST)
    assert decide(zong).status_code == 403
    assert granted() == []


def test_the_security_administrator_is_refused_as_approver_of_the_own_post() -> None:
    """The route alone would let them; the rule does not, and it goes to the next one."""
    with scope.bulk():
        take_in_posts([post_row("ke", "柯总", "H", Role.GROUP_ADMIN)], actor=SYSTEM)
    ask(logged_in("zong"), "bao", unit="37", role=Role.ANALYST)
    answer = decide(logged_in("bao"))
    assert (answer.status_code, "这项申请与您本人有关" in answer.content.decode()) == (403, True)
    assert granted() == []
    assert last_approval().state == ApprovalState.PENDING


# --- refused


def test_example_4_the_system_administrator_requests_the_role_security_administrator() -> None:
    """Issue 4, acceptance 4: refused with the rule, and audited; for oneself and for anybody else."""
    zhao = logged_in("zhao")
    for staff_no in ("zhao", "ma"):
        answer = ask(zhao, staff_no, unit="H", role=Role.SECURITY_ADMIN)
        assert answer.status_code == 403
        assert "系统管理员、安全管理员、审计三者相互制约" in answer.content.decode()
    assert "不能为自己申请" in ask(zhao, "zhao", unit="H", role=Role.SECURITY_ADMIN).content.decode()
    with scope.bulk():
        assert (PostRequest.objects.count(), Approval.objects.count()) == (0, 0)
    assert [actor for actor, _ in audited("post.request", "denied")] == ["zhao"] * 3


def roles_offered(client: Client, staff_no: str) -> dict[str, tuple[str, bool]]:
    """Role → the heading it stands under in the form, and whether it can be chosen."""
    page = client.get(f"/organisation/staff/{staff_no}/posts/new/").content.decode()
    found = {}
    for heading, options in re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.DOTALL):
        for value, more in re.findall(r'<option value="([^"]+)"([^>]*)>', options):
            found[value] = (heading, "disabled" not in more)
    return found


def test_the_form_lets_nobody_choose_what_would_be_refused_and_says_why() -> None:
    """Issue 4: by the three who watch each other, by what the person holds, by the level of the requester's units."""
    zhao = roles_offered(logged_in("zhao"), "ma")
    assert zhao["manager"] == ("可以申请", True)
    assert zhao["security_admin"] == ("三员相互制约，您的岗位不能申请", False)
    assert zhao["group_admin"] == ("不能由您的岗位申请", False)
    zong = logged_in("zong")
    assert roles_offered(zong, "ma").keys() == set(Role)
    assert all(may for _heading, may in roles_offered(zong, "ma").values())
    held = {role for role, (_heading, may) in roles_offered(zong, "sun").items() if not may}
    assert held == EXCLUSIVE_ROLES - {Role.SYSTEM_ADMIN}
    assert {may for _heading, may in roles_offered(zong, "zong").values()} == {False}
    assert "县负责人（县）" in zong.get("/organisation/staff/ma/posts/new/").content.decode()


def test_a_role_that_excludes_a_held_one_is_refused_at_request() -> None:
    answer = ask(logged_in("zong"), "sun", unit="37", role=Role.AUDITOR)
    assert (answer.status_code, "不能由同一人担任" in answer.content.decode()) == (403, True)
    assert PostRequest.objects.count() == 0


def test_a_post_that_begins_later_excludes_its_opposite_today() -> None:
    """Neither by request nor by file: on its first day one person would hold two of the three (BARS E 5)."""
    later = str(clock.business_date() + timedelta(days=5))
    with scope.bulk():
        take_in_posts([post_row("ma", "马明", "37", Role.AUDITOR, valid_from=later)], actor=SYSTEM)
    answer = ask(logged_in("zong"), unit="37", role=Role.SECURITY_ADMIN)
    assert (answer.status_code, "不能由同一人担任" in answer.content.decode()) == (403, True)
    with scope.bulk():
        counts = take_in_posts([post_row("ma", "马明", "37", Role.SYSTEM_ADMIN)], actor=SYSTEM)
    assert [refusal.code for refusal in counts.refused] == ["exclusive_roles"]


def test_what_became_wrong_since_is_refused_at_the_decision() -> None:
    """By the same rule: the person took office elsewhere meanwhile. The request can then only be rejected."""
    ask(logged_in("zong"), unit="37", role=Role.AUDITOR)
    with scope.bulk():
        take_in_posts([post_row("ma", "马明", "37", Role.SYSTEM_ADMIN, is_primary=False)], actor=SYSTEM)
    bao = logged_in("bao")
    answer = decide(bao)
    assert (answer.status_code, "不能由同一人担任" in answer.content.decode()) == (403, True)
    assert granted() == []
    assert PostRequest.objects.get().state == ApprovalState.PENDING
    assert decide(bao, "reject").status_code == 302


def test_a_maker_who_left_the_post_gives_nothing() -> None:
    ask(logged_in("gao"))
    Post.objects.filter(staff__staff_no="gao").update(ended_at=clock.now())
    assert decide(logged_in("sheng")).status_code == 403
    assert granted() == []


def test_a_granted_role_keeps_its_opposite_out_of_the_files() -> None:
    """At intake by the same rule: a granted auditor is not made system administrator by the personnel system."""
    ask(logged_in("zong"), unit="37", role=Role.AUDITOR)
    decide(logged_in("bao"))
    with scope.bulk():
        counts = take_in_posts(
            [post_row("ma", "马明", "37", Role.SYSTEM_ADMIN, is_primary=False)], actor=SYSTEM
        )
    assert [refusal.code for refusal in counts.refused] == ["exclusive_roles"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": "3702"}, "没有这个机构，或不在您的范围内"),
        ({"lines": []}, "必填"),
        ({"until": "2099-01-01"}, "最长 365 天"),
        ({"until": "2001-01-01"}, "最长 365 天"),
        ({"unit": "L1"}, "此人已在该机构任这个角色"),
    ],
)
def test_input_that_cannot_be_is_named_beside_its_field(changes: dict[str, object], told: str) -> None:
    answer = ask(logged_in("gao"), **changes)  # type: ignore[arg-type]
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert PostRequest.objects.count() == 0


def test_the_same_post_is_requested_once_at_a_time() -> None:
    gao = logged_in("gao")
    ask(gao)
    answer = ask(gao)
    assert (answer.status_code, "同样的申请正在审批" in answer.content.decode()) == (422, True)


def test_people_out_of_scope_are_absent() -> None:
    with scope.bulk():
        take_in_posts([post_row("far", "远方", "3702", Role.MANAGER)], actor=SYSTEM)
    assert ask(logged_in("gao"), "far").status_code == 404
    assert PostRequest.objects.count() == 0


# --- ended


def end(client: Client, staff_no: str, post: Post) -> HttpResponse:
    return client.post(f"/organisation/staff/{staff_no}/posts/{post.pk}/end/", {"reason": "离岗"})


def test_an_ended_post_is_gone_at_the_next_request() -> None:
    ma, post = logged_in("ma"), Post.objects.get(staff__staff_no="ma")
    assert ma.get("/me/").status_code == 200
    assert end(logged_in("gao"), "ma", post).status_code == 302
    assert ma.get("/me/").status_code == 302
    assert audited("post.end") == [("gao", "ma")]


def test_files_neither_revive_an_ended_post_nor_touch_a_granted_one() -> None:
    gao = logged_in("gao")
    ask(gao)
    decide(logged_in("sheng"))
    before = Post.objects.filter(source=PostSource.GRANT).values().get()
    end(gao, "ma", Post.objects.get(staff__staff_no="ma", source=PostSource.FILE))
    rows = [
        *POST_ROWS,
        *(post_row(*person) for person in PEOPLE),
        post_row("ma", "马明", "S1", Role.MANAGER, is_primary=False),
    ]
    with scope.bulk():
        take_in_posts(rows, actor=SYSTEM)
    assert Post.objects.filter(source=PostSource.GRANT).values().get() == before
    own = Post.objects.get(staff__staff_no="ma", source=PostSource.FILE, place__unit__code="L1")
    assert own.ended_at is not None
    assert Post.objects.filter(staff__staff_no="ma", place__unit__code="S1").count() == 2


@pytest.mark.parametrize(
    ("by", "staff_no", "status"),
    [
        ("gao", "gao", 403),
        ("gao", "sheng", 404),
        ("zhao", "bao", 403),
        ("bao", "zhao", 403),
        ("ma", "zhang", 403),
        ("zong", "sheng", 302),
    ],
)
def test_who_cannot_give_a_post_cannot_end_it(by: str, staff_no: str, status: int) -> None:
    post = Post.objects.get(staff__staff_no=staff_no)
    assert end(logged_in(by), staff_no, post).status_code == status
    post.refresh_from_db()
    assert (post.ended_at is not None) == (status == 302)


# --- pages


def test_the_page_of_a_person_offers_what_the_viewer_may_do() -> None:
    gao, ma = logged_in("gao"), Post.objects.get(staff__staff_no="ma")
    page = gao.get("/organisation/staff/ma/").content.decode()
    assert "/organisation/staff/ma/posts/new/" in page
    assert f"/organisation/staff/ma/posts/{ma.pk}/end/" in page
    own = gao.get("/organisation/staff/gao/").content.decode()
    assert "/posts/new/" not in own
    assert "/end/" not in own
    assert "/posts/new/" not in logged_in("zhang").get("/organisation/staff/ma/").content.decode()


def test_the_list_of_requests_shows_those_in_scope_with_their_state() -> None:
    ask(logged_in("gao"))
    page = logged_in("sheng").get("/organisation/posts/").content.decode()
    assert all(text in page for text in ("马明", "经四路支局 · 客户经理", "审批中"))
    assert "马明" not in logged_in("sheng").get("/organisation/posts/?state=approved").content.decode()
    with scope.bulk():
        take_in_posts([post_row("qing", "青岛", "3702", Role.CITY_ADMIN)], actor=SYSTEM)
    viewer = find_viewer("qing")
    assert not viewer.scope.covers(Place.objects.get(unit__code="S1").lo)


@pytest.mark.parametrize(
    "path", ["/organisation/posts/", "/organisation/staff/ma/", "/me/", "/organisation/staff/ma/posts/new/"]
)
def test_pages_take_few_queries_however_much_they_show(path: str) -> None:
    gao = logged_in("gao")
    few = _queries(gao, path)
    for unit in ("L1", "L2", "S1", "S2", "370102", "370103"):
        for role in (Role.READER, Role.AGENT, Role.QUALITY):
            ask(gao, unit=unit, role=role)
    assert _queries(gao, path) == few <= 12


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
