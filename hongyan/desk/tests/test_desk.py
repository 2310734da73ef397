"""Saved views and messages through their doors."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from hongyan.core import scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.core.versions import mark
from hongyan.desk import notices
from hongyan.desk.actions import notify
from hongyan.desk.actions.saved_views import change_view, create_view
from hongyan.desk.models import Notification, SavedView
from hongyan.desk.queries import opening_query, saved_views, unread
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.models import Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import post_row, small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

LIST = {"headers": {"Referer": "http://testserver/customers/?kind=A"}}


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()
        take_in_posts(
            [
                post_row("qian", "钱进", "L1", Role.MANAGER),
                post_row("wu", "吴县", "370102", Role.COUNTY_HEAD),
            ],
            actor=SYSTEM,
        )
        zhang = Staff.objects.get(staff_no="zhang")
        Staff.objects.filter(staff_no__in=("qian", "wu")).update(
            password=zhang.password, password_set_at=zhang.password_set_at
        )


def view_of(staff_no: str, name: str = "我的企业客户", **changes: object) -> SavedView:
    viewer = find_viewer(staff_no)
    given = {"list_key": "customers", "path": "/customers/", "name": name, "query": "type=O", **changes}
    with scope.acting(viewer.scope):
        return create_view(viewer, **given)


def names(staff_no: str) -> list[str]:
    return [view.name for view in saved_views(find_viewer(staff_no), "customers")]


class TestSavedViews:
    def test_keeps_what_the_list_showed_without_the_position(self):
        answer = logged_in("zhang").post(
            "/views/save/customers/",
            {"name": "企业", "query": "type=O&sort=-created&after=abc&view=7"},
            **LIST,
        )
        view = SavedView.objects.get()
        assert (view.path, view.query, view.is_shared) == ("/customers/", "type=O&sort=-created", False)
        assert answer["Location"] == f"/customers/?view={view.pk}&type=O&sort=-created"

    def test_is_audited_without_what_was_looked_for(self):
        assert view_of("zhang", query="q=张三&type=O").query == "type=O"
        with scope.acting(scope.EVERYTHING):
            event = AuditEvent.objects.get(act="saved_view.create")
        assert event.after["conditions"] == 1
        assert "张三" not in str(event.after)

    @pytest.mark.parametrize(
        "referrer",
        [
            "", "https://evil.example/customers/", f"http://testserver/{'x' * 200}",
            "http://testserver//evil.example/",
        ],
    )  # fmt: skip
    def test_needs_a_list_of_ours(self, referrer):
        answer = logged_in("zhang").post(
            "/views/save/customers/", {"name": "企业"}, headers={"Referer": referrer}
        )
        assert (answer.status_code, SavedView.objects.count()) == (422, 0)

    @pytest.mark.parametrize("name", ["", " ", "长" * 41])
    def test_needs_a_name(self, name):
        answer = logged_in("zhang").post("/views/save/customers/", {"name": name}, **LIST)
        assert (answer.status_code, SavedView.objects.count()) == (422, 0)

    def test_of_a_list_key_too_long_to_keep_is_refused(self):
        answer = logged_in("zhang").post(f"/views/save/{'x' * 61}/", {"name": "企业"}, **LIST)
        assert answer.status_code == 422
        assert not SavedView.objects.exists()

    def test_name_is_taken_once_a_person_and_list(self):
        view_of("zhang")
        answer = logged_in("zhang").post("/views/save/customers/", {"name": "我的企业客户"}, **LIST)
        assert (answer.status_code, SavedView.objects.count()) == (422, 1)
        view_of("li")

    def test_sharing_needs_the_right(self):
        answer = logged_in("qian").post("/views/save/customers/", {"name": "企业", "is_shared": "1"}, **LIST)
        assert (answer.status_code, SavedView.objects.count()) == (403, 0)

    def test_is_shared_with_the_unit_and_those_beneath(self):
        view_of("zhang", "支局", is_shared=True)
        view_of("wu", "全县", is_shared=True)
        view_of("wu", "私有")
        assert names("qian") == ["全县", "支局"]
        assert names("zhang") == ["全县", "支局"]
        assert names("wu") == ["全县", "私有"]
        assert names("li") == []

    def test_of_others_cannot_be_changed(self):
        view = view_of("zhang", is_shared=True)
        client = logged_in("qian")
        shown = saved_views(find_viewer("qian"), "customers")[0]
        assert (shown.save_url, shown.delete_url, shown.is_pinned) == ("", "", False)
        for address in ("", "save/", "delete/"):
            assert (
                client.post(f"/views/{view.pk}/{address}", {"name": "改", "query": "x=1"}).status_code == 404
            )
        view.refresh_from_db()
        assert (view.name, view.query) == ("我的企业客户", "type=O")

    def test_changes(self):
        view = view_of("zhang")
        client = logged_in("zhang")
        client.post(f"/views/{view.pk}/save/", {"query": "type=P", "seen": mark(view.kept)})
        view.refresh_from_db()
        client.post(f"/views/{view.pk}/", {"name": "个人", "is_default": "on", "seen": mark(view.kept)})
        view.refresh_from_db()
        assert (view.name, view.query, view.is_default, view.is_pinned) == ("个人", "type=P", True, False)

    def test_one_default_a_list(self):
        viewer = find_viewer("zhang")
        views = [view_of("zhang", name) for name in ("一", "二")]
        with scope.acting(viewer.scope):
            for view in views:
                change_view(viewer, view.pk, name=view.name, is_shared=False, is_pinned=True, is_default=True)
        shown = saved_views(viewer, "customers")
        assert [view.name for view in shown if view.is_default] == ["二"]
        assert opening_query(shown, QueryDict("")) == f"?view={views[1].pk}&type=O"
        assert opening_query(shown, QueryDict("view=")) == ""

    def test_delete_leads_back_to_the_whole_list(self):
        view = view_of("zhang")
        assert logged_in("zhang").post(f"/views/{view.pk}/delete/")["Location"] == "/customers/?view="
        assert not SavedView.objects.exists()

    def test_page_lists_own_views(self):
        view_of("zhang", "<b>粗</b>")
        page = logged_in("zhang").get("/views/").content.decode()
        assert "&lt;b&gt;粗" in page
        assert "<b>粗" not in page


def test_every_kind_is_in_a_family():
    assert [kind for kind, family in notices._family_of.items() if family == notices.OTHER] == []


class TestNotifications:
    @pytest.fixture(autouse=True)
    def _kind(self, monkeypatch):
        monkeypatch.setattr(notices, "_sentences", {})
        monkeypatch.setattr(notices, "_family_of", dict(notices._family_of))
        notices.register("test.done", lambda params: f"{params['count']} 行完成")

    def test_reads_as_its_kind_says(self):
        notify("zhang", "test.done", {"count": 3})
        assert "3 行完成" in logged_in("zhang").get("/notifications/").content.decode()

    def test_of_an_unknown_kind_still_shows(self):
        notify("zhang", "gone")
        assert "有一条新消息" in logged_in("zhang").get("/notifications/").content.decode()

    def test_kind_is_registered_once(self):
        with pytest.raises(ValueError, match=r"test\.done"):
            notices.register("test.done", str)

    def test_opening_marks_it_read_and_leads_on(self):
        message = notify("zhang", "test.done", {"count": 1}, url="/customers/")
        client = logged_in("zhang")
        assert unread(find_viewer("zhang")).count() == 1
        assert client.get(f"/notifications/{message.pk}/")["Location"] == "/customers/"
        assert unread(find_viewer("zhang")).count() == 0

    def test_never_leads_elsewhere(self):
        message = notify("zhang", "test.done", {"count": 1}, url="//evil.example/")
        assert logged_in("zhang").get(f"/notifications/{message.pk}/")["Location"] == "/notifications/"

    def test_of_others_is_absent_and_stays_unread(self):
        message = notify("zhang", "test.done", {"count": 1})
        client = logged_in("li")
        assert client.get(f"/notifications/{message.pk}/").status_code == 404
        client.post("/notifications/read/")
        assert Notification.objects.get().read_at is None

    def test_all_read_at_once(self):
        for count in range(3):
            notify("zhang", "test.done", {"count": count})
        logged_in("zhang").post("/notifications/read/")
        assert unread(find_viewer("zhang")).count() == 0

    def test_filter_by_unread(self):
        notify("zhang", "test.done", {"count": 1})
        client = logged_in("zhang")
        assert "1 行完成" in client.get("/notifications/?unread=1").content.decode()
        assert "1 行完成" not in client.get("/notifications/?unread=0").content.decode()

    def test_filter_by_family(self, monkeypatch):
        notices.register("test.waits", lambda _params: "等签字", family=notices.WAITING)
        notify("zhang", "test.done", {"count": 1})
        notify("zhang", "test.waits")
        client = logged_in("zhang")
        shown = {
            key: client.get(f"/notifications/?family={key}").content.decode() for key in ("waiting", "other")
        }
        assert ("等签字" in shown["waiting"], "1 行完成" in shown["waiting"]) == (True, False)
        assert ("等签字" in shown["other"], "1 行完成" in shown["other"]) == (False, True)

    def test_bell_counts_up_to_a_hundred(self):
        for _ in range(120):
            notify("zhang", "test.done", {"count": 1})
        assert unread(find_viewer("zhang")).count() == 120
        assert "99+" in logged_in("zhang").get("/me/").content.decode()
