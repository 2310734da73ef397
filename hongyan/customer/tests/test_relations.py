"""Households, company trees and legal representatives: derived, and carried by merges and splits (L09, DESIGN 3)."""

from __future__ import annotations

import pytest

from hongyan.core import clock, scope
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.relate_all import relate_all, relate_touched
from hongyan.customer.actions.split import split, take_out
from hongyan.customer.models import Customer, Relation, TouchedCustomer
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import USCC, code_of
from hongyan.customer.tests.merging import XU, make_stewards
from hongyan.customer.tests.relations import (
    HOME,
    SON,
    all_rows,
    card,
    code,
    company,
    make_family,
    person,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(db: None) -> None:
    make_family()


# --- deriving


def test_who_lives_together_is_a_family_and_stays_several_customers(family: None) -> None:
    assert told() == {
        ("孙伟", "孙建国", "family", "parent", "proposed"),
        ("周兰", "孙伟", "family", "household", "proposed"),
        ("周兰", "孙建国", "family", "spouse", "proposed"),
    }
    with scope.bulk():
        assert Customer.objects.count() == 4


def test_deriving_again_changes_nothing(family: None) -> None:
    before = all_rows()
    assert relate_touched() == (0, 0, 0, 0)
    assert relate_all(lambda *_: None) == (4, 0, 0, 0)
    assert all_rows() == before


def test_everybody_at_once_finds_what_one_by_one_finds(family: None) -> None:
    found = told()
    with scope.bulk():
        Relation.objects.update(until=clock.now())
    heard: list[tuple[int, int]] = []
    assert relate_all(lambda done, total: heard.append((done, total))).opened == len(found)
    assert told() == found
    assert heard[-1][0] == heard[-1][1]


def test_a_member_who_comes_later_is_found(family: None) -> None:
    factory.take(person("孙小燕", "5", id_="370102199003090020", mobile="13812345605", address=HOME))
    with scope.bulk():
        assert TouchedCustomer.objects.count() == 1
    assert relate_touched().opened == 3
    assert ("孙伟", "孙小燕", "family", "household", "proposed") in told()
    with scope.bulk():
        assert not TouchedCustomer.objects.exists()


def test_a_member_who_moves_out_is_none_any_more(family: None) -> None:
    factory.take(person("孙伟", "2", id_=SON, mobile="13812345602", address="山东省青岛市市南区香港路8号"))
    assert relate_touched().ended == 2
    assert told() == {("周兰", "孙建国", "family", "spouse", "proposed")}


def test_a_dormitory_is_no_household(family: None) -> None:
    """The ninth behind one door makes all of them strangers, those before too."""
    surnames = "赵钱李郑王冯"
    factory.take(
        *(
            person(f"{one}大宝", f"D{one}", mobile=f"1390000000{n}", address=HOME)
            for n, one in enumerate(surnames)
        )
    )
    relate_touched()
    assert told() == set()


def test_branches_and_departments_belong_to_their_company(db: None) -> None:
    make_stewards()
    factory.take(
        company("济南市鼎盛食品有限公司", "C1"),
        company("济南鼎盛食品有限公司泉城路门店", "C2"),
        company("济南市鼎盛食品有限公司工会", "C3"),
        company("济南市鼎新食品有限公司", "C4"),
    )
    relate_touched()
    assert told() == {
        ("济南市鼎盛食品有限公司", "济南鼎盛食品有限公司泉城路门店", "group", "branch", "proposed"),
        ("济南市鼎盛食品有限公司", "济南市鼎盛食品有限公司工会", "group", "department", "proposed"),
    }


def test_one_by_one_and_all_at_once_find_the_same(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two companies of one name neither gets the union, also where its turn comes before the other one is read."""
    make_stewards()
    factory.take(
        company("济南市鼎盛食品有限公司", "C1", secrets={"credential_no": USCC}),
        company("济南市鼎盛食品有限公司", "C2", secrets={"credential_no": code("MA3C0001")}),
        company("济南市鼎盛食品有限公司工会", "C3"),
    )
    with scope.bulk():
        assert Customer.objects.count() == 3
    relate_touched()
    assert told() == set()
    monkeypatch.setattr("hongyan.customer.actions.relate_all.BATCH", 1)
    assert relate_all(lambda *_: None) == (3, 0, 0, 0)
    assert all_rows() == []


def test_a_branch_that_was_there_before_its_company_is_found_by_it(db: None) -> None:
    make_stewards()
    factory.take(company("济南鼎盛食品有限公司泉城路门店", "C2"))
    relate_touched()
    assert told() == set()
    factory.take(company("济南市鼎盛食品有限公司", "C1"))
    relate_touched()
    assert len(told()) == 1


def test_a_legal_representative_is_tied_by_more_than_a_name(db: None) -> None:
    make_stewards()
    factory.take(
        company(
            "济南市鼎盛食品有限公司",
            "C1",
            fields={"legal_person": "孙建国"},
            secrets={"mobile": "13812345601"},
        ),
        person("孙建国", "1", mobile="13812345601"),
        person("孙建国", "9", mobile="13812345609", id_="370102197010010019"),
    )
    relate_touched()
    assert told() == {("孙建国", "济南市鼎盛食品有限公司", "legal_person", "representative", "proposed")}


def test_no_number_stands_in_the_evidence(family: None) -> None:
    with scope.bulk():
        evidence = str(list(Relation.objects.values_list("evidence", flat=True)))
    assert "138" not in evidence
    assert card(SON) not in evidence


# --- merge and split


def test_merges_and_splits_carry_relations_and_bring_them_back(family: None) -> None:
    before, rows = told(), all_rows()
    viewer = factory.viewer(XU)
    done = merge(viewer, code_of("孙建国"), code_of("吴六"), reason="同一人")
    assert told() == before
    done_too = merge(viewer, code_of("孙建国"), code_of("周兰"), reason="同一人", override=True)
    relate_touched()
    relate_all(lambda *_: None)
    assert all_rows() == rows
    if done_too.state == "done":
        split(viewer, done_too.pk, reason="不是一人")
    split(viewer, done.pk, reason="不是一人")
    relate_touched()
    assert (told(), all_rows()) == (before, rows)


def test_a_party_that_is_taken_out_has_relatives_of_its_own(family: None) -> None:
    factory.take(person("孙伟", "2b", id_=SON, system="jiyou", mobile="13812345699"))
    relate_touched()
    with scope.bulk():
        customer = Customer.objects.get(name="孙伟")
        parties = list(customer.parties.order_by("id").values_list("id", flat=True))
    take_out(factory.viewer(XU), customer.code, parties[1:], reason="另一人")
    relate_touched()
    assert {one for one in told() if "孙建国" in one} >= {("孙伟", "孙建国", "family", "parent", "proposed")}
