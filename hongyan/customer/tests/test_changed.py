"""A record that changes stays with its customer; where it fits another one now, a steward is asked (ADR 0010)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from hongyan.core import scope
from hongyan.customer.models import Customer, PairDecision, ReviewCase, SourceParty
from hongyan.customer.tests.factory import ADDRESS, ID, PHONE, Given, take
from hongyan.customer.tests.merging import XU, make_stewards, walk_in
from hongyan.identity.tests.people import citizen

pytestmark = pytest.mark.django_db

KNOWN: dict[str, Any] = {"secrets": {"mobile": PHONE, "credential_no": ID}, "fields": {"address": ADDRESS}}
CHANGED = walk_in("王小明", "B", secrets={"mobile": PHONE}, fields={"address": ADDRESS})


@pytest.fixture
def two(db: None) -> tuple[int, int]:
    """王小明 with her ID, and a party of which little is known so far; their customers."""
    make_stewards()
    take(walk_in("王小明", "A", **KNOWN), walk_in("王小明", "B", fields={"address": "山东省青岛市"}))
    one, other = customer_of("A"), customer_of("B")
    assert one != other
    with transaction.atomic(), scope.bulk():
        ReviewCase.objects.all().delete()
    return one, other


def customer_of(key: str) -> int:
    with transaction.atomic(), scope.bulk():
        found = SourceParty.objects.get(key=key).customer_id
        assert found is not None
        return found


def cases() -> list[tuple[int, int, str]]:
    with transaction.atomic(), scope.bulk():
        rows = ReviewCase.objects.order_by("id").values_list("customer_id", "candidate_id", "evidence")
        return [(one, other, evidence["band"]) for one, other, evidence in rows]


def test_a_changed_record_that_fits_another_customer_opens_a_case(two: tuple[int, int]) -> None:
    one, other = two
    told = take(CHANGED)
    assert (told.updated, told.review, told.joined) == (1, 1, 0)
    assert cases() == [(other, one, "join")]
    assert customer_of("B") == other
    with transaction.atomic(), scope.bulk():
        assert set(Customer.objects.filter(list_rows__has_review=True).values_list("id", flat=True)) == {*two}


def test_the_case_is_opened_once(two: tuple[int, int]) -> None:
    take(CHANGED)
    again = take(walk_in("王小明", "B", secrets={"mobile": PHONE}, fields={"address": ADDRESS + "室"}))
    assert (again.updated, again.review, len(cases())) == (1, 0, 1)


def test_a_change_of_nothing_that_is_compared_asks_nobody(
    two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("nothing to compare")

    monkeypatch.setattr("hongyan.customer.actions.take_in.review_changed", fail)
    told = take(walk_in("王小明", "B", fields={"address": "山东省青岛市", "short_name": "小明"}))
    assert (told.updated, cases()) == (1, [])


def test_whom_people_told_apart_are_not_asked_about_again(two: tuple[int, int]) -> None:
    one, other = two
    with transaction.atomic(), scope.bulk():
        first, second = SourceParty.objects.filter(key__in="AB").order_by("key")
        PairDecision.objects.create(
            customer_id=one, candidate_id=other, party=first, other_party=second, verdict="different", by=XU,
            at=first.first_seen_at,
        )  # fmt: skip
    told = take(CHANGED)
    assert (told.updated, told.review, cases()) == (1, 0, [])


def test_what_else_is_known_of_the_own_customer_speaks_too(two: tuple[int, int]) -> None:
    """The party's customer has another valid ID by another party: it is nobody's namesake on the strength of a name."""
    _one, other = two
    with_id = Given(
        "王小明", "C", kind=CHANGED.kind, system="jiyou", secrets={"credential_no": citizen(sequence=77)},
        fields={"address": "山东省青岛市"},
    )  # fmt: skip
    take(with_id)
    with transaction.atomic(), scope.bulk():
        SourceParty.objects.filter(key="C").update(customer_id=other)
        ReviewCase.objects.all().delete()
    told = take(walk_in("王小明", "B", fields={"address": "山东省济南市历下区"}))
    assert (told.updated, told.review, cases()) == (1, 0, [])
