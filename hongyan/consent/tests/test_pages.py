"""Consent on the customer's page, in lists and over the API (SEC-i01, X-17, PIPL 13–16, BARS A 35)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hongyan.consent.actions.silences import silence
from hongyan.consent.models import Consent, ConsentText, Silence
from hongyan.consent.queries.exclusions import exclusions
from hongyan.consent.queries.words import said_by
from hongyan.consent.tests.factory import agrees, publish, publish_all, takes_back
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.models import ContactPermission, Customer
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import (
    HEAD,
    HUAIYIN_OUTLET,
    LI,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    take,
    viewer,
)
from hongyan.customer.tests.merging import XU, make_stewards, walk_in
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> None:
    factory.make_town()
    publish_all()


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


def names_in(client: Client, query: str) -> set[str]:
    page = client.get(f"/customers/?{query}").content.decode()
    return {name for name in ("王小明", "济南市鼎盛食品有限公司", "王小丽") if name in page}


def tab(client: Client, name: str) -> str:
    return client.get(f"/customers/{code_of(name)}/consent/").content.decode()


GIVEN = {
    "purpose": "marketing", "line": "04", "source": "counter", "proof": "signed", "reference": "授权书2026-001",
}  # fmt: skip


def say(client: Client, act: str, name: str, **posted: object) -> object:
    return client.post(f"/consent/customers/{code_of(name)}/{act}/", posted)


# --- words


def test_a_consent_is_given_by_form_and_shown_with_text_and_proof(zhang: Client) -> None:
    answer = say(zhang, "give", "王小明", **GIVEN, channels=["sms", "phone"])
    assert answer.status_code == 302
    words = Consent.objects.order_by("channel")
    with scope.bulk():
        assert [(one.channel, one.is_given, one.text.version) for one in words] == [
            ("phone", True, 1),
            ("sms", True, 1),
        ]
        event = AuditEvent.objects.get(act="consent.given")
    assert event.subject == code_of("王小明")
    assert event.after["channels"] == ["phone", "sms"]
    page = tab(zhang, "王小明")
    assert "签字的授权书 授权书2026-001" in page
    assert "授权书第 1 版（同意）" in page
    assert page.count("从未同意") < page.count("从未同意") + page.count("可以")


def test_a_service_notice_takes_no_consent(zhang: Client) -> None:
    assert "服务通知" in tab(zhang, "王小明")
    answer = say(zhang, "give", "王小明", **{**GIVEN, "purpose": "service"})
    assert answer.status_code == 422
    with scope.bulk():
        assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reference": ""}, "凭证编号"),
        ({"purpose": "nothing"}, "用途"),
        ({"channels": ["carrier-pigeon"]}, "联系渠道"),
        ({"reference": "13812345678"}, "像手机号码"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    zhang: Client, changed: dict[str, object], said: str
) -> None:
    answer = say(zhang, "give", "王小明", **{**GIVEN, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope.bulk():
        assert not Consent.objects.exists()


def test_without_a_text_in_force_nothing_can_be_agreed_to(client: Client) -> None:
    factory.make_town()
    publish("marketing", "03")
    zhang = log_in(client, ZHANG)
    answer = say(zhang, "give", "王小明", **GIVEN)
    assert "还没有发布授权书" in answer.content.decode()
    with scope.bulk():
        assert not Consent.objects.exists()


def test_a_consent_ends_with_its_text(town: None) -> None:
    last = clock.business_date() + timedelta(days=30)
    publish("marketing", "04", valid_to=last)
    agrees("王小明")
    with scope.bulk():
        said = said_by([Customer.objects.get(code=code_of("王小明")).pk])
    (found,) = said.values()
    now = clock.now()
    assert found.verdict("marketing", "04", "sms", at=now).why == "allowed"
    assert found.verdict("marketing", "04", "sms", at=now + timedelta(days=32)).why == "ended"


def test_a_stranger_to_the_customer_finds_nobody(town: None, client: Client) -> None:
    li = log_in(client, LI)
    for act, posted in (("give", GIVEN), ("withdraw", {"source": "phone"}), ("silence", {"source": "phone"})):
        assert say(li, act, "王小明", **posted).status_code == 404
    with scope.bulk():
        assert not Consent.objects.exists()
        assert not Silence.objects.exists()


def test_words_stay_for_ever(town: None) -> None:
    """Append-only: not even the bulk role may change or remove one."""
    from django.db import DatabaseError, transaction

    agrees("王小明")
    for change in (lambda rows: rows.update(is_given=False), lambda rows: rows.delete()):
        with scope.bulk(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change(Consent.objects.all())


# --- lists


def test_example_19_without_consent_for_insurance_marketing_a_customer_is_in_no_list(zhang: Client) -> None:
    """Example 19: not in the list, and the count screen says how many were excluded and why."""
    agrees("王小明")
    assert names_in(zhang, "reach=marketing.04") == {"王小明"}
    page = zhang.get("/customers/?reach=marketing.04").content.decode()
    assert "/consent/excluded/?reach=marketing.04" in page
    counted = zhang.get("/consent/excluded/?reach=marketing.04").content.decode()
    assert "从未同意" in counted
    assert "reach_why=never" in counted
    assert names_in(zhang, "reach=marketing.04&reach_why=never") == {"济南市鼎盛食品有限公司"}
    assert names_in(zhang, "reach=marketing.03") == set()


def test_who_takes_consent_back_is_at_once_in_no_list_and_the_page_says_why(zhang: Client) -> None:
    """Acceptance 3 of the customer's life; BARS A 35: five minutes at most, here none."""
    agrees("王小明")
    assert names_in(zhang, "reach=marketing.04&reach_by=sms") == {"王小明"}
    answer = say(zhang, "withdraw", "王小明", purpose="marketing", line="04", source="phone")
    assert answer.status_code == 302
    assert names_in(zhang, "reach=marketing.04&reach_by=sms") == set()
    assert names_in(zhang, "reach=marketing.04&reach_why=withdrawn") == {"王小明"}
    assert "已撤回同意" in tab(zhang, "王小明")
    counted = zhang.get("/consent/excluded/?reach=marketing.04").content.decode()
    assert "已撤回同意" in counted


def test_a_channel_that_was_taken_back_leaves_the_others(zhang: Client) -> None:
    agrees("王小明")
    takes_back("王小明", "marketing", "04", "phone")
    assert names_in(zhang, "reach=marketing.04&reach_by=phone") == set()
    assert names_in(zhang, "reach=marketing.04&reach_by=sms") == {"王小明"}
    assert names_in(zhang, "reach=marketing.04") == {"王小明"}


def test_a_silence_keeps_out_of_lists_until_it_is_over(zhang: Client) -> None:
    agrees("王小明")
    last = clock.business_date() + timedelta(days=2)
    assert say(zhang, "silence", "王小明", source="phone", last_day=last.isoformat()).status_code == 302
    assert names_in(zhang, "reach=marketing.04") == set()
    assert names_in(zhang, "reach=marketing.04&reach_why=silent") == {"王小明"}
    with clock.frozen(clock.now() + timedelta(days=4)):
        log_in(zhang, ZHANG)
        assert names_in(zhang, "reach=marketing.04") == {"王小明"}
    log_in(zhang, ZHANG)
    with scope.bulk():
        wish = Silence.objects.get()
    zhang.post(f"/consent/customers/{code_of('王小明')}/silences/{wish.pk}/end/")
    assert names_in(zhang, "reach=marketing.04") == {"王小明"}


def test_hours_of_the_day_count_when_somebody_is_addressed(town: None) -> None:
    agrees("王小明")
    from datetime import datetime, time

    who = viewer(ZHANG)
    with scope.acting(who.scope):
        silence(who, code_of("王小明"), opens=time(20), closes=time(9), source="phone")
        customer = Customer.objects.get(name="王小明").pk
    tomorrow = clock.business_date() + timedelta(days=1)
    with scope.bulk():
        for hour, why in ((8, "silent"), (10, None), (21, "silent")):
            at = datetime.combine(tomorrow, time(hour), clock.BUSINESS_ZONE)
            found = exclusions([customer], "marketing", "04", "phone", at=at)
            assert found.counts == ({why: 1} if why else {})


def test_a_silence_of_somebody_else_is_not_ended_here(zhang: Client) -> None:
    who = viewer(LI)
    with scope.acting(who.scope):
        wish = silence(who, code_of("王小丽"), source="phone")
    assert zhang.post(f"/consent/customers/{code_of('王小明')}/silences/{wish.pk}/end/").status_code == 404
    with scope.bulk():
        assert Silence.objects.get().ended_at is None


def test_bad_parts_of_the_filter_are_said(zhang: Client) -> None:
    page = zhang.get("/customers/?reach=marketing.99").content.decode()
    assert "没有这样的选项" in page


def test_the_pages_take_few_queries(zhang: Client) -> None:
    agrees("王小明")
    takes_back("王小明", "", "", "phone")
    assert queries_of(zhang, f"/customers/{code_of('王小明')}/consent/") <= MOST_QUERIES
    assert queries_of(zhang, "/customers/?reach=marketing.04") <= MOST_QUERIES
    assert queries_of(zhang, "/consent/excluded/?reach=marketing.04") <= MOST_QUERIES
    assert queries_of(zhang, f"/customers/{code_of('王小明')}/business/") <= MOST_QUERIES
    assert queries_of(zhang, "/consent/texts/") <= MOST_QUERIES


def test_exclusions_tell_of_each_why(town: None) -> None:
    take(Given("赵敏", "K9"))
    agrees("王小明")
    agrees("济南市鼎盛食品有限公司")
    takes_back("济南市鼎盛食品有限公司")
    with scope.bulk():
        ids = {one.name: one.pk for one in Customer.objects.all()}
        found = exclusions(list(ids.values()), "marketing", "04", "sms")
    assert found.allowed == [ids["王小明"]]
    assert found.excluded["withdrawn"] == [ids["济南市鼎盛食品有限公司"]]
    assert set(found.excluded["no_consent"]) == {ids["赵敏"], ids["王小丽"]}


# --- merged customers


def _reached(name: str) -> set[str]:
    with scope.bulk():
        return set(
            ContactPermission.objects.filter(
                customer__name=name, purpose="marketing", line="04", state="given"
            ).values_list("channel", flat=True)
        )


def test_a_withdrawal_under_either_code_counts_after_a_merge_and_parts_with_a_split(db: None) -> None:
    make_stewards()
    publish_all()
    take(walk_in("孙大", "W1"), walk_in("孙二", "W2"))
    survivor, absorbed = code_of("孙大"), code_of("孙二")
    agrees("孙大")
    agrees("孙二")
    takes_back("孙二", "marketing", "04", "sms")
    assert "sms" in _reached("孙大")
    xu = viewer(XU)
    with scope.acting(xu.scope):
        made = merge(xu, survivor, absorbed, reason="同一人")
    assert made.state == "done"
    with scope.bulk():
        assert set(Customer.objects.filter(survivor=None).values_list("name", flat=True)) == {"孙大"}
    assert _reached("孙大") == {"phone", "wechat", "email", "letter", "visit"}
    assert _reached("孙二") == set()
    takes_back("孙大", "marketing", "04", "phone")
    with scope.acting(xu.scope):
        split(xu, made.pk, reason="不是同一人")
    assert _reached("孙大") == {"sms", "wechat", "email", "letter", "visit"}
    assert _reached("孙二") == {"phone", "wechat", "email", "letter", "visit"}


# --- texts


def test_only_the_group_publishes_and_the_next_version_follows(town: None, client: Client) -> None:
    posted = {
        "purpose": "marketing", "line": "", "basis": "consent", "text": "新的全文", "text_en": "The new text",
        "valid_from": clock.business_date().isoformat(),
    }  # fmt: skip
    assert log_in(client, WANG).post("/consent/texts/new/", posted).status_code == 403
    assert ConsentText.objects.filter(purpose="marketing").count() == 1
    assert log_in(client, HEAD).post("/consent/texts/new/", posted).status_code == 302
    assert list(ConsentText.objects.filter(purpose="marketing").values_list("version", flat=True)) == [1, 2]
    page = client.get("/consent/texts/?purpose=marketing").content.decode()
    assert "全部板块" in page


def test_sharing_takes_a_separate_consent(town: None, client: Client) -> None:
    posted = {
        "purpose": "sharing", "line": "04", "basis": "consent", "text": "全文", "text_en": "Text",
        "valid_from": clock.business_date().isoformat(),
    }  # fmt: skip
    answer = log_in(client, HEAD).post("/consent/texts/new/", posted)
    assert answer.status_code == 422
    assert "不能以此为依据" in answer.content.decode()


def test_scope_walls_consents(town: None) -> None:
    agrees("王小明")
    take(Given("赵敏", "K9", unit=HUAIYIN_OUTLET, manager=LI))
    li = viewer(LI)
    with scope.acting(li.scope):
        assert not Consent.objects.exists()
        assert not ContactPermission.objects.exists()
