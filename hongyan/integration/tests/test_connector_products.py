"""What connectors say about products holds: every product they name is in the catalogue."""

from __future__ import annotations

import pytest

from hongyan.integration.descriptors import all_descriptors
from hongyan.ledger.models import Product


@pytest.mark.django_db
def test_connectors_name_products_of_the_catalogue() -> None:
    named = {product for descriptor in all_descriptors() for product in descriptor.products.values()}
    assert named
    assert named <= set(Product.objects.values_list("code", flat=True))
