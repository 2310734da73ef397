"""Products: what a source's code means, by its connector first and by people afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from hongyan.core import scope
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent
from hongyan.customer.tests.factory import HEAD, ZHANG, make_organisation, viewer
from hongyan.ledger.actions.book import book
from hongyan.ledger.actions.map_products import map_product
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import Product, ProductFamily, SourceProduct
from hongyan.ledger.tests.factory import SIGNED, block, sell


@pytest.fixture(autouse=True)
def sold(db: None) -> Iterator[None]:
    """One sale each of code 1101, which the connector knows, and of 9999, which it does not."""
    make_organisation()
    rows = [sell("N1", "1.20", product_code="1101"), sell("N2", "2.00", product_code="9999")]
    text, count = block(FactKind.TRANSACTION, rows)
    with transaction.atomic(), scope.bulk():
        book(
            FactKind.TRANSACTION,
            [text],
            count,
            system="yy",
            line="01",
            known_at=SIGNED,
            delivery_id=1,
            products={"1101": "10110", "1102": "no such product"},
        )
    with scope.acting(scope.EVERYTHING):
        yield


def meanings() -> dict[str, str | None]:
    return dict(SourceProduct.objects.values_list("code", "product__code"))


def test_a_connector_says_what_its_codes_mean() -> None:
    assert meanings() == {"1101": "10110", "9999": None}


def test_people_classify_the_rest_and_it_is_audited() -> None:
    map_product(viewer(HEAD), "yy", "9999", product_code="10120")
    assert meanings()["9999"] == "10120"
    map_product(viewer(HEAD), "yy", "9999", product_code="")
    assert meanings()["9999"] is None
    assert AuditEvent.objects.filter(act="ledger.map_product").count() == 2


def test_classifying_needs_the_right_a_code_and_a_product() -> None:
    with pytest.raises(NotAllowed):
        map_product(viewer(ZHANG), "yy", "9999", product_code="10120")
    with pytest.raises(NotFound):
        map_product(viewer(HEAD), "yy", "1", product_code="10120")
    with pytest.raises(Invalid):
        map_product(viewer(HEAD), "yy", "9999", product_code="77777")


def test_a_code_means_a_product_of_its_own_line() -> None:
    with pytest.raises(Invalid):
        map_product(viewer(HEAD), "yy", "9999", product_code="11310")
    rows = [sell("N3", "3.00", product_code="3102")]
    text, count = block(FactKind.TRANSACTION, rows)
    with scope.bulk():
        book(
            FactKind.TRANSACTION,
            [text],
            count,
            system="yy",
            line="01",
            known_at=SIGNED,
            delivery_id=2,
            products={"3102": "11310"},
        )
    assert meanings()["3102"] is None


def test_every_product_has_a_family_of_every_line() -> None:
    assert set(ProductFamily.objects.values_list("line", flat=True)) == {"01", "02", "03", "04", "05"}
    assert not ProductFamily.objects.filter(products=None).exists()
    assert Product.objects.filter(code="11210", base="1", contents="1").exists()
