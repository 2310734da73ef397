"""How people hear of things: rules of quiet, settings, addresses, the outbox and what is sent (SVC-004)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as sent
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import clock, scope
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.models import AuditEvent, CalendarDay, ExceptionEvent
from hongyan.core.versions import mark
from hongyan.desk import mail_words
from hongyan.desk.actions import notify
from hongyan.desk.actions.mails import plan_digests, tidy_mails
from hongyan.desk.actions.send_mails import send_mails
from hongyan.desk.codes import MailFailure, MailState, Way
from hongyan.desk.models import Mail, NoticeSettings, Notification
from hongyan.desk.queries import unread
from hongyan.desk.rules import Quiet, after_quiet
from hongyan.org.models import Staff
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

SETTINGS = "/notifications/settings/"
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=BUSINESS_ZONE)
ADDRESS = "zhang@post.example"

hours = st.integers(0, 23)
quiets = st.builds(Quiet, hours, hours, st.booleans())
instants = st.integers(0, 400 * 24 * 60).map(lambda minutes: MONDAY_NOON + timedelta(minutes=minutes))
days_off = st.sets(st.integers(0, 6), max_size=6)


class TestQuiet:
    """The rule alone."""

    @given(quiets, instants, days_off)
    def test_the_first_instant_that_is_not_quiet(self, quiet: Quiet, now: datetime, off: set[int]) -> None:
        def is_working(day: date) -> bool:
            return day.weekday() not in off

        def is_quiet(at: datetime) -> bool:
            return quiet.holds(at.hour) or (quiet.on_days_off and not is_working(at.date()))

        at = after_quiet(quiet, now, is_working=is_working)
        assert at >= now
        assert not is_quiet(at)
        before = [
            now + timedelta(minutes=20 * step) for step in range(int((at - now) / timedelta(minutes=20)))
        ]
        assert all(map(is_quiet, before))
        assert after_quiet(quiet, at, is_working=is_working) == at

    @given(quiets, instants)
    def test_a_calendar_without_working_days_holds_no_mail_for_ever(
        self, quiet: Quiet, now: datetime
    ) -> None:
        at = after_quiet(quiet, now, is_working=lambda _day: False)
        assert at - now < timedelta(days=33)

    @given(hours, instants)
    def test_the_same_hour_twice_is_never_quiet(self, hour: int, now: datetime) -> None:
        assert after_quiet(Quiet(hour, hour), now, is_working=lambda _day: True) == now


@pytest.fixture
def house(db: None, settings) -> None:
    """An installation that sends mails; Monday noon."""
    settings.MAIL_SITE = "https://crm.post.example"
    settings.DEFAULT_FROM_EMAIL = "crm@post.example"
    with scope.bulk():
        small_organisation()
    with clock.frozen(MONDAY_NOON):
        yield


def choose(client, **ways: str) -> None:
    """Save the form with some ways, quiet from 21 to 7."""
    given = {f"way_{family}": way for family, way in ways.items()}
    page = client.get(SETTINGS).content.decode()
    chosen = dict(re.findall(r'<select name="(way_\w+)".*?<option value="(\w+)" selected', page, re.S))
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    sent_form = {**chosen, **given, "quiet_from": "21", "quiet_to": "7", "quiet_days": "on", "seen": seen}
    assert client.post(SETTINGS, sent_form).status_code == 302


def prove_address(client, address: str = ADDRESS) -> None:
    assert client.post(f"{SETTINGS}mail/", {"email": address}).status_code == 302
    send_mails()
    code = re.search(r"\b\d{6}\b", sent.outbox[-1].body)[0]
    assert client.post(f"{SETTINGS}mail/confirm/", {"code": code}).status_code == 302
    sent.outbox.clear()


@pytest.fixture
def zhang(house: None):
    """zhang with a proved address, who wants what waits for them at once and results in a digest."""
    client = logged_in("zhang")
    prove_address(client)
    choose(client, waiting=Way.MAIL, answers=Way.DIGEST, account=Way.MUTED)
    return client


def waiting(**params: object) -> Notification:
    return notify("zhang", "approval.waiting", {"number": 7, "kind": "export", **params}, url="/approvals/7/")


class TestSettings:
    def test_who_never_chose_hears_in_the_page_alone(self, house):
        waiting()
        assert (unread(find_viewer("zhang")).count(), Mail.objects.count()) == (1, 0)

    def test_page_keeps_what_was_chosen_and_asks_few_queries(self, zhang):
        with CaptureQueriesContext(connection) as queries:
            page = zhang.get(SETTINGS).content.decode()
        assert len(queries) <= 12
        assert ADDRESS in page
        kept = NoticeSettings.objects.get()
        assert (kept.ways["waiting"], kept.ways["answers"], kept.wants_digest) == ("mail", "digest", True)
        with scope.acting(scope.EVERYTHING):
            event = AuditEvent.objects.get(act="notice_settings.changed")
        assert event.after["ways"]["waiting"] == "mail"

    @pytest.mark.parametrize("way", ["muted", "gone"])
    def test_what_asks_for_an_answer_cannot_be_muted(self, house, way):
        sent_form = {"way_waiting": way, "quiet_from": "21", "quiet_to": "7"}
        assert logged_in("zhang").post(SETTINGS, sent_form).status_code == 422
        assert not NoticeSettings.objects.exists()

    def test_muted_stays_in_the_list_and_does_not_ring(self, zhang):
        notify("zhang", "post.granted")
        assert unread(find_viewer("zhang")).count() == 0
        assert "您有了新的岗位" in zhang.get("/notifications/").content.decode()

    def test_a_second_window_is_told(self, zhang):
        seen = mark({"ways": {}})
        form = {f"way_{key}": way for key, way in NoticeSettings.objects.get().ways.items()}
        answer = zhang.post(SETTINGS, {**form, "quiet_from": "1", "quiet_to": "2", "seen": seen})
        assert (answer.status_code, NoticeSettings.objects.get().quiet_from) == (409, 21)

    def test_without_a_server_no_mail_is_asked_for_or_queued(self, zhang, settings):
        settings.MAIL_SITE = ""
        page = zhang.get(SETTINGS).content.decode()
        assert ("没有设置发邮件" in page, 'value="mail"' in page, ADDRESS in page) == (True, False, False)
        assert zhang.post(f"{SETTINGS}mail/", {"email": "x@post.example"}).status_code == 422
        waiting()
        assert (Mail.objects.filter(state=MailState.WAITING).count(), plan_digests()) == (0, 0)
        assert send_mails() == {"sent": 0, "dropped": 0, "failed": 0}


class TestAddress:
    def test_counts_once_it_is_proved_and_is_kept_sealed(self, house):
        client = logged_in("zhang")
        client.post(f"{SETTINGS}mail/", {"email": ADDRESS})
        kept = NoticeSettings.objects.get()
        assert (kept.confirmed_at, kept.address_masked) == (None, "z****@post.example")
        assert ADDRESS.encode() not in bytes(kept.address_sealed)
        choose(client, waiting=Way.MAIL)
        waiting()
        send_mails()
        assert [one.to for one in sent.outbox] == [[ADDRESS]]  # the code alone

    def test_wrong_and_late_codes_prove_nothing(self, house):
        client = logged_in("zhang")
        client.post(f"{SETTINGS}mail/", {"email": ADDRESS})
        send_mails()
        code = re.search(r"\b\d{6}\b", sent.outbox[-1].body)[0]
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for _try in range(5):
            assert client.post(f"{SETTINGS}mail/confirm/", {"code": wrong}).status_code == 422
        assert client.post(f"{SETTINGS}mail/confirm/", {"code": code}).status_code == 422, "worn out"
        client.post(f"{SETTINGS}mail/", {"email": ADDRESS})
        send_mails()
        code = re.search(r"\b\d{6}\b", sent.outbox[-1].body)[0]
        with clock.frozen(MONDAY_NOON + timedelta(minutes=31)):
            answer = logged_in("zhang").post(f"{SETTINGS}mail/confirm/", {"code": code})
        assert answer.status_code == 422
        assert NoticeSettings.objects.get().confirmed_at is None

    def test_codes_of_a_day_are_limited(self, house):
        client = logged_in("zhang")
        codes = [client.post(f"{SETTINGS}mail/", {"email": ADDRESS}).status_code for _try in range(6)]
        assert codes == [302] * 5 + [422]
        assert Mail.objects.count() == 5

    def test_a_removed_address_gets_nothing_any_more(self, zhang):
        waiting()
        zhang.post(f"{SETTINGS}mail/remove/")
        assert send_mails() == {"sent": 0, "dropped": 1, "failed": 0}
        assert (sent.outbox, Mail.objects.latest("pk").state) == ([], MailState.DROPPED)
        assert NoticeSettings.objects.get().address_masked == ""


class TestSending:
    def test_says_the_sentence_and_leads_to_the_page(self, zhang):
        message = waiting()
        assert send_mails()["sent"] == 1
        (one,) = sent.outbox
        assert (one.to, one.from_email, one.subject) == (
            [ADDRESS],
            "crm@post.example",
            "鸿雁客户系统：等我处理",
        )
        assert "导出 7 等您审批" in one.body
        assert f"https://crm.post.example/notifications/{message.pk}/" in one.body
        assert send_mails() == {"sent": 0, "dropped": 0, "failed": 0}

    def test_waits_through_quiet_hours_and_days_off(self, zhang):
        CalendarDay.objects.create(day="2026-11-24", is_working=False, updated_at=clock.now())
        with clock.frozen(MONDAY_NOON + timedelta(hours=10)):
            waiting()
        (due,) = Mail.objects.filter(state=MailState.WAITING)
        assert due.next_at == datetime(2026, 11, 25, 7, 0, tzinfo=BUSINESS_ZONE)
        with clock.frozen(due.next_at - timedelta(seconds=1)):
            assert send_mails()["sent"] == 0
        with clock.frozen(due.next_at):
            assert send_mails()["sent"] == 1

    def test_what_was_read_meanwhile_is_not_sent(self, zhang):
        zhang.get(f"/notifications/{waiting().pk}/")
        send_mails()
        assert sent.outbox == []

    def test_nothing_goes_to_who_left(self, zhang):
        waiting()
        Staff.objects.filter(staff_no="zhang").update(is_active=False)
        send_mails()
        assert sent.outbox == []

    def test_an_act_that_is_rolled_back_leaves_no_mail(self, zhang):
        with transaction.atomic():
            waiting()
            transaction.set_rollback(True)
        assert not Mail.objects.filter(state=MailState.WAITING).exists()

    def test_a_sentence_with_a_number_of_a_person_stays_in_the_page(self, zhang, monkeypatch):
        monkeypatch.setattr(mail_words, "sentence_of", lambda _kind, _params: "请打 13812345678")
        waiting()
        send_mails()
        assert ("有一条新消息" in sent.outbox[0].body, "13812345678" in sent.outbox[0].body) == (True, False)

    def test_is_tried_again_later_and_given_up_in_the_end(self, zhang, monkeypatch):
        def away(_self: object, *_given: object, **_named: object) -> int:
            raise SMTPServerDisconnected

        monkeypatch.setattr(sent.EmailMessage, "send", away)
        waiting()
        waiting()
        assert send_mails() == {"sent": 0, "dropped": 0, "failed": 1}, (
            "the others do not wait for the same server"
        )
        first, second = Mail.objects.filter(notification__isnull=False).order_by("pk")
        assert (first.tries, first.failure, first.next_at) == (
            1, MailFailure.SERVER, MONDAY_NOON + timedelta(minutes=2),
        )  # fmt: skip
        assert second.tries == 0
        with clock.frozen(MONDAY_NOON + timedelta(days=1)):
            for _try in range(20):
                Mail.objects.filter(state=MailState.WAITING).update(next_at=clock.now())
                send_mails()
        assert set(Mail.objects.filter(notification__isnull=False).values_list("state", "tries")) == {
            ("dead", 8)
        }
        page = zhang.get(SETTINGS).content.decode()
        assert ("发送失败" in page, "连接不上邮件服务器" in page) == (True, True)
        assert ExceptionEvent.objects.filter(name="MailServer").exists()

    def test_a_refused_address_is_no_trouble_of_others(self, zhang, monkeypatch):
        send = sent.EmailMessage.send
        refused = iter([True, False])

        def one_refused(message: sent.EmailMessage, *given: object, **named: object) -> int:
            if next(refused):
                raise SMTPRecipientsRefused({ADDRESS: (550, b"no such box")})
            return send(message, *given, **named)

        monkeypatch.setattr(sent.EmailMessage, "send", one_refused)
        waiting()
        waiting()
        assert send_mails() == {"sent": 1, "dropped": 0, "failed": 1}
        assert list(Mail.objects.filter(notification__isnull=False).order_by("pk").values_list("state", "failure")) == [
            ("dead", "address"), ("sent", ""),
        ]  # fmt: skip

    def test_the_outbox_forgets_in_time(self, zhang):
        waiting()
        send_mails()
        with clock.frozen(MONDAY_NOON + timedelta(days=90)):
            assert tidy_mails() == 0
        with clock.frozen(MONDAY_NOON + timedelta(days=91)):
            waiting()
            assert tidy_mails() == 2  # the code and the message
        assert [one.state for one in Mail.objects.all()] == [MailState.WAITING]


class TestDigest:
    def test_tells_once_a_day_what_is_new_and_unread_by_family(self, zhang):
        for number in (1, 2):
            notify("zhang", "approval.approved", {"number": number, "kind": "export"})
        zhang.get(f"/notifications/{Notification.objects.earliest('pk').pk}/")
        tuesday = datetime(2026, 11, 24, 8, 0, tzinfo=BUSINESS_ZONE)
        with clock.frozen(tuesday - timedelta(minutes=1)):
            assert plan_digests() == 0
        with clock.frozen(tuesday):
            assert (plan_digests(), plan_digests()) == (1, 0)
            assert send_mails()["sent"] == 1
        (one,) = sent.outbox
        assert one.subject == "鸿雁客户系统：每日汇总"
        assert "我的申请结果 (1)" in one.body
        assert ("导出 2 已通过" in one.body, "导出 1 已通过" in one.body) == (True, False)
        with clock.frozen(tuesday + timedelta(days=1)):
            assert plan_digests() == 0, "nothing new"

    def test_of_a_day_off_comes_on_the_next_working_day(self, zhang):
        notify("zhang", "approval.approved", {"number": 1, "kind": "export"})
        CalendarDay.objects.create(day="2026-11-24", is_working=False, updated_at=clock.now())
        planned = []
        for days in (1, 2):
            with clock.frozen(MONDAY_NOON + timedelta(days=days)):
                planned.append(plan_digests())
        assert planned == [0, 1]
