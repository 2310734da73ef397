"""The stewards' desk: queue, one case, decisions (REQUIREMENTS 5.5 screen 5, SM11, L22; CUS-003)."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Kind
from hongyan.customer.models import CaseRow, Customer, Merge, PairDecision, ReviewCase
from hongyan.customer.tests.cases import make_case, make_pairs, state_of
from hongyan.customer.tests.factory import (
    HUAIYIN_OUTLET,
    ID,
    LI,
    PHONE,
    TESTER,
    WANG,
    ZHANG,
    _unit,
    log_in,
    state_purposes,
    take,
)
from hongyan.customer.tests.merging import HE, XU, make_stewards, walk_in
from hongyan.org.actions.take_in import take_in_units
from hongyan.org.codes import Level

pytestmark = pytest.mark.django_db

COUNTY_STEWARD = "ju"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(db: None) -> ReviewCase:
    """王小明 of zhang's outlet and 王大明 of li's, in the next county."""
    make_stewards()
    take(
        walk_in("王小明", "A", secrets={"mobile": PHONE, "credential_no": ID}, fields={"gender": "1"}),
        walk_in("王大明", "B", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13812345687"}),
    )
    return make_case("王小明", "王大明")


@pytest.fixture
def xu(client: Client, case: ReviewCase) -> Client:
    return log_in(client, XU)


def rows() -> dict[int, CaseRow]:
    with transaction.atomic(), scope.bulk():
        return CaseRow.objects.in_bulk()


# --- who sees which case


def test_a_case_goes_up_to_the_unit_that_covers_both(case: ReviewCase) -> None:
    """Two counties of one city: the city has it, none of the two."""
    row = rows()[case.pk]
    assert row.unit_name == "济南市"
    assert log_in(Client(), XU).get("/customers/cases/").content.decode().count("王大明") >= 1
    below = log_in(Client(), COUNTY_STEWARD)
    assert "王大明" not in below.get("/customers/cases/").content.decode()
    assert below.get(f"/customers/cases/{case.pk}/").status_code == 404
    assert below.post(f"/customers/cases/{case.pk}/decide/", {"verdict": "different"}).status_code == 404
    assert state_of(case) == "open"


def test_a_case_of_one_county_stays_there(case: ReviewCase) -> None:
    take(walk_in("李小红", "C"), walk_in("李大红", "D", unit="370102002"))
    near = make_case("李小红", "李大红")
    assert rows()[near.pk].unit_name == "历下县"
    assert log_in(Client(), COUNTY_STEWARD).get(f"/customers/cases/{near.pk}/").status_code == 200


def test_a_case_moves_with_the_tree(case: ReviewCase) -> None:
    """Once one county goes to another city, only the province covers both."""
    moved = (
        _unit(2, "3702", "青岛市分公司", Level.CITY, "3700"),
        _unit(3, "370104", "槐荫县分公司", Level.COUNTY, "3702"),
    )
    with scope.bulk():
        take_in_units(list(moved), actor=TESTER)
    assert rows()[case.pk].unit_name == "山东省"
    assert log_in(Client(), XU).get(f"/customers/cases/{case.pk}/").status_code == 200


@pytest.mark.parametrize("staff_no", [ZHANG, WANG])
def test_only_who_may_merge_sees_the_desk(case: ReviewCase, staff_no: str) -> None:
    client = log_in(Client(), staff_no)
    assert client.get("/customers/cases/").status_code == 403
    assert client.get(f"/customers/cases/{case.pk}/").status_code == 403
    assert client.post(f"/customers/cases/{case.pk}/decide/", {"verdict": "same"}).status_code == 403
    assert state_of(case) == "open"


# --- the queue


def test_what_touches_most_comes_first(xu: Client) -> None:
    take(
        walk_in("赵小一", "E", kind=Kind.AGREEMENT_PERSON, system="kgc"),
        walk_in("赵大一", "F"),
    )
    make_case("赵小一", "赵大一", score=60)
    page = xu.get("/customers/cases/").content.decode()
    assert page.index("赵小一") < page.index("王小明")
    assert "协议 1 份" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=open&band=80", True),
        ("state=open&band=50", False),
        ("state=open&worth=0", True),
        ("state=open&worth=2", False),
        ("state=open&rule=close_name", True),
        ("state=open&rule=part_same_id", False),
        ("state=open&grounds=phone", True),
        ("state=open&grounds=phone&grounds=email", False),
        ("state=open&line=01", True),
        ("state=open&line=03", False),
        ("state=open&age=7", True),
        ("state=open&age=old", False),
        ("state=open&unit=3701", True),
        ("state=open&unit=370102", False),
        ("state=shelved", False),
        ("state=open&sampled=waiting", False),
    ],
)
def test_the_queue_is_narrowed_by_its_address(xu: Client, query: str, shown: bool) -> None:
    page = xu.get(f"/customers/cases/?{query}").content.decode()
    assert ("王大明" in page) is shown


def test_the_numbers_above_the_queue_lead_to_its_rows(xu: Client) -> None:
    page = xu.get("/customers/cases/").content.decode()
    assert '<a class="num" href="/customers/cases/?state=open&amp;band=80&amp;worth=0">1</a>' in page


def test_the_queue_asks_few_questions(xu: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        xu.get("/customers/cases/")
    make_pairs(10)
    with CaptureQueriesContext(connection) as many:
        xu.get("/customers/cases/")
    assert len(many) == len(few) <= 14


def test_the_queue_leaves_as_a_file_by_right(xu: Client) -> None:
    answer = xu.get("/exports/new/cases/?state=open")
    assert answer.status_code == 200
    assert "识别工作台" in answer.content.decode()


# --- one case


def test_records_stand_side_by_side_and_hidden_digits_are_lit_in_place(xu: Client, case: ReviewCase) -> None:
    page = xu.get(f"/customers/cases/{case.pk}/").content.decode()
    assert "王<mark>小</mark>明" in page
    assert "王<mark>大</mark>明" in page
    # 13812345678 and 13812345687: the last two places, which the mask shows; the hidden ones are equal and unlit
    assert "138****56<mark>78</mark>" in page
    assert PHONE not in page
    assert ID not in page


def test_hidden_digits_that_differ_are_lit_and_stay_hidden(xu: Client) -> None:
    take(
        walk_in("钱小二", "G", secrets={"mobile": "13811115678"}),
        walk_in("钱大二", "H", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13811925678"}),
    )
    case = make_case("钱小二", "钱大二")
    page = xu.get(f"/customers/cases/{case.pk}/").content.decode()
    assert "138**<mark>**</mark>5678" in page
    assert "13811115678" not in page


def test_the_evidence_is_shown_bar_by_bar_and_in_one_sentence(xu: Client, case: ReviewCase) -> None:
    page = xu.get(f"/customers/cases/{case.pk}/").content.decode()
    assert "姓名差一个字(王小明/王大明),手机号相同 → 姓名相近可能是一家人,需人工核实" in page
    assert "+14.2" in page
    assert "-16.6" in page


def test_the_page_says_what_a_merge_would_touch(xu: Client, case: ReviewCase) -> None:
    page = xu.get(f"/customers/cases/{case.pk}/").content.decode()
    assert "归并后邮务客户经理 2 人" in page
    assert "需定主办" in page


def test_opening_a_case_is_audited_with_its_number_as_the_purpose(xu: Client, case: ReviewCase) -> None:
    """PSB-020: who reads customers' data says what for; here the case says it."""
    xu.get(f"/customers/cases/{case.pk}/")
    with transaction.atomic(), scope.bulk():
        opened = AuditEvent.objects.filter(actor=XU, act="customer.open").values_list("subject", "purpose")
        codes = Customer.objects.filter(name__in=("王小明", "王大明")).values_list("code", flat=True)
        assert set(opened) == {(code, f"R{case.pk:08}") for code in codes}


def test_a_case_costs_few_questions(xu: Client, case: ReviewCase) -> None:
    """Nine for the case and its neighbours, two rows of audit, two to hold it; the rest is what every page costs."""
    xu.get(f"/customers/cases/{case.pk}/")
    with CaptureQueriesContext(connection) as asked:
        xu.get(f"/customers/cases/{case.pk}/")
    assert len(asked) <= 17, "\n".join(query["sql"][:150] for query in asked)


def test_the_customers_page_leads_to_the_case(xu: Client, case: ReviewCase) -> None:
    with transaction.atomic(), scope.bulk():
        code = Customer.objects.get(name="王小明").code
    address = f'href="/customers/cases/{case.pk}/"'
    assert address in state_purposes(xu, code).get(f"/customers/{code}/").content.decode()
    manager = log_in(Client(), ZHANG)
    assert address not in manager.get(f"/customers/{code}/").content.decode()


# --- deciding


def test_different_is_kept_and_the_next_case_comes_with_the_answer(xu: Client, case: ReviewCase) -> None:
    (following,) = make_pairs(1)
    answer = xu.post(f"/customers/cases/{case.pk}/decide/?state=open", {"verdict": "different"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Push-Url"].startswith(f"/customers/cases/{following.pk}/?")
    page = answer.content.decode()
    assert page.lstrip().startswith('<div class="page-frame desk" id="desk">')
    assert "甲小" in page
    assert f"/customers/cases/{case.pk}/undo/" in page
    assert state_of(case) == "rejected"
    with transaction.atomic(), scope.bulk():
        decision = PairDecision.objects.get()
        assert (decision.verdict, decision.by, decision.case_id) == ("different", XU, case.pk)


def test_same_merges_and_the_chosen_side_stays(xu: Client, case: ReviewCase) -> None:
    xu.post(
        f"/customers/cases/{case.pk}/decide/?state=open",
        {"verdict": "same", "survivor": "1", "owner_01": "1", "field_name": str(case.party_id)},
    )
    assert state_of(case) == "merged"
    with transaction.atomic(), scope.bulk():
        merge = Merge.objects.get()
        assert (merge.survivor_id, merge.absorbed_id) == (case.candidate_id, case.customer_id)
        assert merge.choices == {"owners": {"01": "survivor"}, "fields": {"name": case.party_id}}
        assert Customer.objects.get(pk=case.candidate_id).name == "王小明"


def test_unsure_is_shelved_with_its_reason(xu: Client, case: ReviewCase) -> None:
    xu.post(
        f"/customers/cases/{case.pk}/decide/?state=open", {"verdict": "unsure:visit", "reason": "电话没人接"}
    )
    with transaction.atomic(), scope.bulk():
        found = ReviewCase.objects.get(pk=case.pk)
        assert (found.state, found.reason) == ("shelved", "需走访或去电核实；电话没人接")
    assert "王大明" in xu.get("/customers/cases/?state=shelved").content.decode()


def test_a_reason_with_somebodys_number_is_refused_and_nothing_is_decided(
    xu: Client, case: ReviewCase
) -> None:
    answer = xu.post(
        f"/customers/cases/{case.pk}/decide/", {"verdict": "different", "reason": f"电话 {PHONE}"}
    )
    assert answer.status_code == 422
    assert state_of(case) == "open"


def test_the_second_of_two_stewards_is_told_and_nothing_is_overwritten(xu: Client, case: ReviewCase) -> None:
    log_in(Client(), HE).post(f"/customers/cases/{case.pk}/decide/", {"verdict": "different"})
    answer = xu.post(f"/customers/cases/{case.pk}/decide/", {"verdict": "same"}, headers=HTMX)
    assert answer.status_code == 409
    assert state_of(case) == "rejected"


@pytest.mark.parametrize("verdict", ["different", "same", "unsure:other"])
def test_undo_brings_a_case_back_as_it_was(xu: Client, case: ReviewCase, verdict: str) -> None:
    xu.post(f"/customers/cases/{case.pk}/decide/", {"verdict": verdict})
    assert state_of(case) != "open"
    answer = xu.post(f"/customers/cases/{case.pk}/undo/?state=open", headers=HTMX)
    assert answer.status_code == 200
    assert state_of(case) == "open"
    assert "王<mark>小</mark>明" in answer.content.decode()
    with transaction.atomic(), scope.bulk():
        assert Customer.objects.filter(survivor__isnull=False).count() == 0


def test_agreement_customers_wait_for_a_second_person(xu: Client) -> None:
    """REQUIREMENTS 5.5 screen 5: two-person rule for agreement customers."""
    take(
        walk_in("周小三", "I", kind=Kind.AGREEMENT_PERSON, system="kgc"),
        walk_in("周大三", "J", unit=HUAIYIN_OUTLET, manager=LI),
    )
    case = make_case("周小三", "周大三")
    assert "提请归并" in xu.get(f"/customers/cases/{case.pk}/").content.decode()
    xu.post(f"/customers/cases/{case.pk}/decide/", {"verdict": "same"})
    assert state_of(case) == "asked"
    with transaction.atomic(), scope.bulk():
        assert Customer.objects.filter(survivor__isnull=False).count() == 0
    xu.post(f"/customers/cases/{case.pk}/undo/")
    assert state_of(case) == "open"


def test_the_end_of_a_queue_leads_back_to_it(xu: Client, case: ReviewCase) -> None:
    answer = xu.post(
        f"/customers/cases/{case.pk}/decide/?state=open&band=80", {"verdict": "different"}, headers=HTMX
    )
    assert answer["HX-Redirect"] == "/customers/cases/?band=80&state=open"


def test_a_merged_case_still_shows_both_sides(xu: Client, case: ReviewCase) -> None:
    xu.post(f"/customers/cases/{case.pk}/decide/", {"verdict": "same"})
    page = xu.get(f"/customers/cases/{case.pk}/").content.decode()
    assert "王<mark>小</mark>明" in page
    assert "王<mark>大</mark>明" in page
    assert "撤销判定" in page
