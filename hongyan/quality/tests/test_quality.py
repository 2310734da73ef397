"""How good data are: scores by the rules, at once and by night, lists and units (CCC-001, PSB-i05, 5.5 screen 4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.customer.actions.anonymise import anonymise
from hongyan.customer.actions.merge import merge
from hongyan.customer.codes import Kind, PartyType, Status
from hongyan.customer.models import Customer, CustomerMark
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import (
    ADDRESS,
    HEAD,
    ID,
    LI,
    PHONE,
    SUN,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    take,
)
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.quality.actions.diligence import note_diligence, seen_of
from hongyan.quality.actions.score import AT_ONCE, score_everybody
from hongyan.quality.models import CustomerQuality, Diligence, QualityCount, QualityDue

pytestmark = pytest.mark.django_db

BANK = {"system": "psb", "line": "03", "kind": Kind.FINANCIAL}


def night(**said: bool) -> int:
    """What the nightly job does; how many were looked at."""
    return score_everybody(clock.business_date(), by="test", **said).customers


def quality_of(name: str) -> CustomerQuality:
    with scope.bulk():
        return CustomerQuality.objects.get(customer__name=name)


@pytest.fixture
def town(db: None) -> None:
    factory.make_organisation()
    take(
        Given(
            "王小明", "K1", secrets={"mobile": PHONE, "credential_no": ID},
            fields={"address": ADDRESS, "credential_type": "01", "postcode": "250000"},
        ),
        Given("王小华", "K2", secrets={"mobile": "1381234"}),
        Given("储小强", "B1", secrets={"credential_no": ID, "mobile": PHONE}, **BANK),  # type: ignore[arg-type]
        Given("济南鼎盛公司", "K3", party_type=PartyType.ORGANISATION, kind=Kind.AGREEMENT_UNIT),
        Given("王小丽", "K4", unit=factory.HUAIYIN_OUTLET, manager=LI),
    )  # fmt: skip
    night()


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


class TestScore:
    def test_what_is_there_valid_and_fresh_counts_by_weight(self, town: None) -> None:
        """All but the e-mail of 100 points: name 15, credential 20, mobile 20, address 10, division 5, birth 5, sex 5,
        postcode 2, e-mail 3, freshness 15."""
        ming = quality_of("王小明")
        assert (ming.score, ming.gaps, ming.flaws) == (97, ["absent.email"], ["absent"])
        hua = quality_of("王小华")
        assert hua.score == 30
        assert set(hua.gaps) >= {"missing.credential", "invalid.mobile", "missing.address", "absent.email"}

    def test_a_line_asks_more_of_its_customers(self, town: None) -> None:
        """PSB-i05: the bank asks for nationality, occupation and the validity of the credential too."""
        gaps = set(quality_of("储小强").gaps)
        assert gaps >= {"missing.nationality", "missing.occupation", "missing.credential_until"}
        assert not [gap for gap in quality_of("王小明").gaps if "nationality" in gap]

    def test_organisations_are_asked_other_things(self, town: None) -> None:
        assert set(quality_of("济南鼎盛公司").gaps) >= {
            "missing.credential",
            "missing.phone",
            "absent.legal_person",
        }

    def test_who_is_frozen_or_merged_has_no_score(self, town: None) -> None:
        same = {"system": "jiyou", "kind": Kind.REGISTERED, "manager": ""}
        take(Given("并一", "J8", **same), Given("合一", "J9", **same, secrets={"email": "he@example.com"}))  # type: ignore[arg-type]
        assert "absent.email" in quality_of("并一").gaps
        head = factory.viewer(HEAD)
        with scope.acting(head.scope):
            merge(head, code_of("并一"), code_of("合一"), reason="同一人", choices=Choices())
        assert "absent.email" not in quality_of("并一").gaps
        with scope.bulk():
            assert not CustomerQuality.objects.filter(customer__name="合一").exists()
            Customer.objects.filter(name="王小华").update(status="frozen")
        night(is_whole=True)
        with scope.bulk():
            assert not CustomerQuality.objects.filter(customer__name="王小华").exists()


class TestNight:
    def test_a_second_night_looks_at_nobody(self, town: None) -> None:
        assert night() == 0
        assert night(is_whole=True) == 5

    def test_a_few_are_scored_at_once_and_many_by_night(self, town: None) -> None:
        take(Given("赵一", "N1"))
        assert quality_of("赵一").score == 30
        take(*factory.many(AT_ONCE + 1))
        with scope.bulk():
            assert QualityDue.objects.count() == AT_ONCE + 1
        assert night() == AT_ONCE + 1
        with scope.bulk():
            assert CustomerQuality.objects.count() == 5 + 1 + AT_ONCE + 1
            assert not QualityDue.objects.exists()

    def test_new_rules_score_everybody_anew(self, town: None) -> None:
        ParameterValue.objects.create(
            key="quality.rules", effective_from="2020-01-01", set_at=clock.now(), set_by="x",
            value=[{"party_type": "P", "line": "all", "item": "email", "weight": 1, "need": "must"}],
        )  # fmt: skip
        assert night() == 4, "nothing is asked of organisations"
        assert quality_of("王小明").gaps == ["missing.email"]

    def test_time_alone_makes_data_stale(self, town: None) -> None:
        with clock.frozen(clock.now() + timedelta(days=731)):
            assert night() == 5
            assert "stale.record" in quality_of("王小明").gaps
            assert night() == 0

    def test_a_day_to_come_is_refused(self, town: None) -> None:
        with pytest.raises(Invalid):
            score_everybody(clock.business_date() + timedelta(days=1), by="x")


def note(**said: object) -> Diligence:
    who = factory.viewer(ZHANG)
    with scope.acting(who.scope):
        return note_diligence(who, code_of("储小强"), **{"seen": seen_of(None), **said})  # type: ignore[arg-type]


class TestElements:
    def test_what_was_noted_counts_at_once_and_an_end_comes_near_and_passes(self, zhang: Client) -> None:
        """PSB-i05: warning before the credential ends."""
        code, today = code_of("储小强"), clock.business_date()
        form = zhang.get(f"/quality/customers/{code}/elements/").content.decode()
        assert "证件有效期至" in form
        said = {"nationality": "CHN", "occupation": "2", "credential_until": str(today + timedelta(days=100))}
        answer = zhang.post(f"/quality/customers/{code}/elements/", {**said, "seen": seen_of(None)})
        assert answer.status_code == 302
        before = quality_of("储小强")
        assert not {"missing", "expiring"} & {
            gap.partition(".")[0] for gap in before.gaps if "credential" in gap
        }
        with clock.frozen(clock.now() + timedelta(days=11)):
            assert night() == 1
            assert "expiring.credential_until" in quality_of("储小强").gaps
        with clock.frozen(clock.now() + timedelta(days=101)):
            assert night() == 1
            assert "expired.credential_until" in quality_of("储小强").gaps
        with scope.bulk():
            event = AuditEvent.objects.get(act="quality.noted")
        assert event.after["nationality"] == "CHN"
        page = zhang.get(f"/customers/{code}/quality/").content.decode()
        assert "专业技术人员" in page

    def test_the_second_editor_is_told(self, zhang: Client) -> None:
        note(is_lifelong=True)
        with pytest.raises(Conflict):
            note(nationality="CHN")
        with scope.bulk():
            assert Diligence.objects.count() == 1

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"nationality": "XXX"},
            {"occupation": "x"},
            {"is_lifelong": True, "credential_until": date(2030, 1, 1)},
            {"credential_until": date(1900, 1, 1)},
        ],
    )
    def test_nonsense_is_refused(self, town: None, said: dict[str, object]) -> None:
        with pytest.raises(Invalid):
            note(**said)
        with scope.bulk():
            assert not Diligence.objects.exists()

    def test_only_who_may_correct_notes_and_only_ones_own(self, town: None) -> None:
        code = code_of("储小强")
        said = {"nationality": "CHN", "seen": seen_of(None)}
        sun = factory.viewer(SUN)
        with scope.acting(sun.scope), pytest.raises(NotAllowed):
            note_diligence(sun, code, nationality="CHN", seen=seen_of(None))
        assert log_in(Client(), LI).post(f"/quality/customers/{code}/elements/", said).status_code == 404
        with scope.bulk():
            assert not Diligence.objects.exists()


class TestPages:
    def test_the_list_begins_with_the_poorest_and_filters(self, zhang: Client) -> None:
        page = zhang.get("/quality/customers/").content.decode()
        assert page.index("王小华") < page.index("王小明")
        assert "王小丽" not in page, "the next county's"
        invalid = zhang.get("/quality/customers/?flaw=invalid").content.decode()
        assert "王小华" in invalid
        assert "王小明" not in invalid
        lacking = zhang.get("/quality/customers/?item=nationality").content.decode()
        assert "储小强" in lacking
        assert "王小华" not in lacking
        assert "王小明" in zhang.get("/quality/customers/?band=good").content.decode()
        assert zhang.get("/quality/customers/?sort=until").status_code == 200
        assert queries_of(zhang, "/quality/customers/") <= MOST_QUERIES

    def test_the_list_of_customers_knows_the_flaws_too(self, zhang: Client) -> None:
        assert "王小华" in zhang.get("/customers/?quality=quality.invalid").content.decode()
        assert "王小明" not in zhang.get("/customers/?quality=quality.invalid").content.decode()
        with scope.bulk():
            assert CustomerMark.objects.filter(mark="quality.invalid").count() == 1

    def test_the_tab_says_why(self, zhang: Client) -> None:
        code = code_of("王小华")
        page = zhang.get(f"/customers/{code}/quality/").content.decode()
        for words in ("缺必填项 · 证件号码", "内容无效 · 手机", "可补充 · 电子邮箱"):
            assert words in page
        assert f"/customers/{code}/correct/" in page
        assert queries_of(zhang, f"/customers/{code}/quality/") <= MOST_QUERIES

    def test_units_drill_down_and_their_sums_fit(self, town: None) -> None:
        take(
            Given("两家王", "S1", manager=""),
            Given("两家王", "S2", unit=factory.HUAIYIN_OUTLET, line="02", manager=""),
        )
        night()
        head = log_in(Client(), HEAD)
        with scope.bulk():
            city = QualityCount.objects.get(org_no=number("3701"))
            beneath = [QualityCount.objects.get(org_no=number(code)) for code in ("370102", "370104")]
        assert city.customers == sum(one.customers for one in beneath)
        assert head.get("/quality/").status_code == 200
        page = head.get("/quality/?unit=3701").content.decode()
        assert "历下县" in page
        assert "/quality/customers/?unit=370102&amp;flaw=missing" in page
        assert queries_of(head, "/quality/?unit=3701") <= MOST_QUERIES
        wang = log_in(Client(), WANG)
        assert "泉城路支局" in wang.get("/quality/").content.decode()
        assert wang.get("/quality/?unit=3701").status_code == 404

    def test_months_become_a_trend(self, town: None) -> None:
        with clock.frozen(clock.now() + timedelta(days=40)):
            night()
            page = log_in(Client(), WANG).get("/quality/").content.decode()
        assert "按月趋势" in page


def number(code: str) -> int:
    from hongyan.org.models import Place

    return int(Place.objects.get(unit__code=code).lo)


def test_what_was_noted_goes_with_the_name(town: None) -> None:
    """X-20: a customer who becomes nameless keeps no nationality and no score."""
    note(nationality="CHN", occupation="2")
    with scope.bulk():
        customer = Customer.objects.get(name="储小强")
        Customer.objects.filter(pk=customer.pk).update(status=Status.DEREGISTERED)
        anonymise(customer.pk, actor=Actor("system:test"), reason="X-20")
        kept = Diligence.objects.get(customer=customer)
        assert (kept.nationality, kept.occupation) == ("", "")
        assert not CustomerQuality.objects.filter(customer=customer).exists()
