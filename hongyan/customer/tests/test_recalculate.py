"""Recalculating changes nothing by itself, and everything that follows from a changed rule."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.core.clock import business_date, now
from hongyan.core.models import ParameterValue
from hongyan.customer.actions.recalculate import recalculate_all
from hongyan.customer.models import Customer, GoldenChange, ListRow, SearchToken
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import Given

pytestmark = pytest.mark.django_db
ID = "11010519491231002X"


@pytest.fixture
def one_customer_of_two_systems() -> None:
    factory.make_organisation()
    common = {"secrets": {"credential_no": ID}, "fields": {"credential_type": "01"}}
    factory.take(Given("张晓丽", "1", system="kgc", **common))
    factory.take(Given("張曉麗", "J1", system="jiyou", **common))


def everything() -> list[list[tuple]]:
    with scope.bulk():
        customers = list(Customer.objects.order_by("id").values_list("code", "name", "lineage", "version"))
        rows = list(ListRow.objects.order_by("customer_id", "org_no").values_list("code", "org_no", "name"))
        tokens = list(SearchToken.objects.order_by("token", "org_no").values_list("token", "org_no"))
    return [customers, rows, tokens]


def test_nothing_changes_by_itself(one_customer_of_two_systems: None) -> None:
    before = everything()
    assert recalculate_all(actor="system:test") == 1
    assert everything() == before


def test_a_new_order_of_trust_shows_after_recalculation(one_customer_of_two_systems: None) -> None:
    ParameterValue.objects.create(
        key="customer.source_rank",
        value=["jiyou", "kgc"],
        effective_from=business_date(),
        set_at=now(),
        set_by="x",
    )
    recalculate_all(actor="system:test")
    with scope.bulk():
        assert Customer.objects.get().name == "張曉麗"
        assert list(GoldenChange.objects.values_list("field", "before", "after")) == [
            ("name", "张晓丽", "張曉麗")
        ]
        assert ListRow.objects.get().name == "張曉麗"
